'use client'

import { useEffect, useRef, useState } from 'react'

/**
 * Tells a reader that a worker has finished: the page that waited is gone by then, and what stands in its place says nothing of itself.
 * Who had the focus there is not sent back to the top of the page but stands here, before what is new. It stays while the page changes.
 */
export function WorkNotice({ isRunning, ended }: Readonly<{ isRunning: boolean; ended: string }>) {
  const wasRunning = useRef(isRunning)
  const region = useRef<HTMLParagraphElement>(null)
  const [said, setSaid] = useState('')

  useEffect(() => {
    if (wasRunning.current !== isRunning) setSaid(isRunning ? '' : ended)
    wasRunning.current = isRunning
  }, [isRunning, ended])

  useEffect(() => {
    if (said !== '' && document.activeElement === document.body) region.current?.focus()
  }, [said])

  return (
    <p ref={region} role="status" tabIndex={-1} className="sr-only">
      {said}
    </p>
  )
}
