'use client'

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'

const Say = createContext<(message: string) => void>(() => {})

/** What forms of a step say when their answer was taken. */
export const useSay = () => useContext(Say)

/**
 * Where a step says that an answer was taken. Outside of the forms, because the answered question is gone with its form; then the
 * focus comes here, so that nobody at a keyboard is sent back to the top of the page.
 */
export function WizardNotice({
  version,
  children,
}: Readonly<{
  /** Another one when the page shows the import anew. */
  version: string
  children: ReactNode
}>) {
  const [message, setMessage] = useState('')
  const region = useRef<HTMLParagraphElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked whenever the message or what stands below may have changed
  useEffect(() => {
    if (message !== '' && document.activeElement === document.body) region.current?.focus()
  }, [message, version])

  return (
    <Say value={setMessage}>
      <p
        ref={region}
        role="status"
        tabIndex={-1}
        className="rounded-md border-s-4 border-good bg-good-soft px-4 py-2 outline-none empty:absolute empty:border-0 empty:p-0"
      >
        {message}
      </p>
      {children}
    </Say>
  )
}
