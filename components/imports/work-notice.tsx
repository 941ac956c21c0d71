'use client'

import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'

type Report = (isRunning: boolean, ended: string) => void

const WorkReport = createContext<Report>(() => {})

/**
 * Where a reader hears that a worker has finished: the page that waited is gone by then, and what stands in its place says nothing of
 * itself. Who had the focus there is not sent back to the top of the page but stands here, before what is new. Around the page and not
 * in it, because another step under the same address is another page.
 */
export function WorkNotices({ children }: Readonly<{ children: ReactNode }>) {
  const wasRunning = useRef(false)
  const region = useRef<HTMLParagraphElement>(null)
  const [said, setSaid] = useState('')

  const report = useCallback<Report>((isRunning, ended) => {
    if (wasRunning.current !== isRunning) setSaid(isRunning ? '' : ended)
    wasRunning.current = isRunning
  }, [])

  useEffect(() => {
    if (said !== '' && document.activeElement === document.body) region.current?.focus()
  }, [said])

  return (
    <WorkReport value={report}>
      <p ref={region} role="status" tabIndex={-1} className="sr-only">
        {said}
      </p>
      {children}
    </WorkReport>
  )
}

/** What a page knows of the worker's work on its import: whether it runs, and how it ended. */
export function WorkNotice({ isRunning, ended }: Readonly<{ isRunning: boolean; ended: string }>) {
  const report = useContext(WorkReport)
  useEffect(() => report(isRunning, ended), [report, isRunning, ended])
  return null
}
