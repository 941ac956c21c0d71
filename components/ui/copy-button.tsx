'use client'

import { useState } from 'react'

/** A reference to read to somebody on the phone, or to copy. */
export function CopyableReference({ text }: Readonly<{ text: string }>) {
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setIsCopied(true)
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <code className="rounded bg-sunken px-2 py-1 font-mono text-sm select-all">{text}</code>
      <button type="button" onClick={copy} className="rounded px-2 py-1 text-sm text-accent underline">
        Copy
      </button>
      <span role="status" className="text-sm text-ink-soft">
        {isCopied ? 'Copied.' : ''}
      </span>
    </span>
  )
}
