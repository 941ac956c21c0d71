'use client'

import { Failed } from '@/components/shell/dead-ends'
import './globals.css'

/** The last resort, when even the document's frame failed. */
export default function GlobalError({ error, retry }: Readonly<{ error: unknown; retry: () => void }>) {
  return (
    <html lang="en">
      <body>
        <Failed error={error} retry={retry} />
      </body>
    </html>
  )
}
