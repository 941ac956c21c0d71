'use client'

import { SomethingBroke } from '@/components/shell/dead-ends'
import './globals.css'

/** The last resort, when even the document's frame failed. */
export default function GlobalError({ error, retry }: Readonly<{ error: unknown; retry: () => void }>) {
  const digest =
    typeof error === 'object' && error !== null && 'digest' in error && typeof error.digest === 'string' ? error.digest : null
  return (
    <html lang="en">
      <body>
        <SomethingBroke reference={digest} retry={retry} />
      </body>
    </html>
  )
}
