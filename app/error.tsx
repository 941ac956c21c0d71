'use client'

import { SomethingBroke } from '@/components/shell/dead-ends'

/** A surprise: the digest joins what the person reads with what the log holds. */
export default function ErrorPage({ error, retry }: Readonly<{ error: unknown; retry: () => void }>) {
  return <SomethingBroke reference={digestOf(error)} retry={retry} />
}

function digestOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return null
  return typeof error.digest === 'string' ? error.digest : null
}
