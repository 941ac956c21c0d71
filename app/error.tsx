'use client'

import { Failed } from '@/components/shell/dead-ends'

/** What a page threw and nobody answered: a problem is told by its code, a surprise by its reference alone. */
export default function ErrorPage({ error, retry }: Readonly<{ error: unknown; retry: () => void }>) {
  return <Failed error={error} retry={retry} />
}
