'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { ActionForm, type FormProblem } from '@/components/imports/action-form'
import { cancelWords, longWaitSeconds, phasePercent, phaseWord } from '@/components/imports/progress-words'
import { Alert } from '@/components/ui/alert'
import { type Format, formatNumber } from '@/components/ui/format'
import { type ImportProgress, type ImportProgressView, isRunning } from '@/lib/imports/progress'

const pollMilliseconds = 1_500

/**
 * Real progress of an import that a worker does: a bar, the phase in words, a way to stop it. The page asks again by itself; a reader
 * hears each phase and each quarter, not every step. Without scripts the page loads itself anew every few seconds.
 */
export function ProgressView({
  progress: first,
  cancel,
  format,
}: Readonly<{
  progress: ImportProgress
  /** Null for somebody who may not stop it. */
  cancel: ((state: FormProblem, form: FormData) => Promise<FormProblem>) | null
  format: Format
}>) {
  const progress = usePolled(first)
  const percent = phasePercent(progress)
  const word = phaseWord(progress)

  return (
    <div className="grid max-w-2xl gap-4">
      <noscript>
        <meta httpEquiv="refresh" content="4" />
      </noscript>
      <Bar progress={progress} percent={percent} word={word} format={format} />
      {progress.state === 'queued' && (
        <p className="figures text-sm text-ink-soft">Waiting for {formatNumber(progress.waitedSeconds, format)} seconds so far</p>
      )}
      <Announcement text={percent === null ? word : `${word}, ${Math.floor(percent / 25) * 25}%`} />
      <p className="max-w-prose">
        This is a large file, so it takes a moment. You can close this page: nothing is lost, and you find the import again under
        Imports.
      </p>
      {progress.state === 'queued' && progress.waitedSeconds >= longWaitSeconds && (
        <Alert tone="watch" title="It takes longer than usual">
          <p>Other work comes first. Your file is safe. Come back later, or tell your school’s office if it still waits then.</p>
        </Alert>
      )}
      {progress.attempt > 1 && (
        <p className="text-sm text-ink-soft">It was stopped by a fault and began again. Nothing is done twice.</p>
      )}
      {cancel !== null && progress.cancel === 'none' && (
        <ActionForm action={cancel} hidden={{ importId: progress.importId }} look="quiet" pendingText="Stopping…">
          {cancelWords[progress.kind]}
        </ActionForm>
      )}
    </div>
  )
}

/** Asks for the progress again and again; when the work is over, the page is asked for anew. A missed answer is asked for next time. */
function usePolled(first: ImportProgress): ImportProgress {
  const router = useRouter()
  const [progress, setProgress] = useState(first)
  const { importId } = first
  useEffect(() => {
    // A path of the page's own school.
    const path = `/imports/${importId}/progress`
    const ask = async () => {
      const response = await fetch(path, { cache: 'no-store' }).catch(() => null)
      // Signed out, or the import is gone: the page itself says so.
      if (response !== null && (!response.ok || response.redirected)) return router.refresh()
      const view: ImportProgressView | null = response === null ? null : await response.json()
      if (view === null) return
      if (view.progress === null || !isRunning(view.progress)) return router.refresh()
      setProgress(view.progress)
    }
    const timer = setInterval(ask, pollMilliseconds)
    return () => clearInterval(timer)
  }, [router, importId])
  return progress
}

function Bar({
  progress: { done, total },
  percent,
  word,
  format,
}: Readonly<{ progress: ImportProgress; percent: number | null; word: string; format: Format }>) {
  return (
    <div className="grid gap-2">
      <p id="progress-word" className="font-semibold">
        {word}
        {percent !== null && <span className="figures ms-2 font-normal text-ink-soft">{percent}%</span>}
      </p>
      <progress aria-labelledby="progress-word" max={100} value={percent ?? undefined} className="progress h-3 w-full" />
      {total !== null && (
        <p className="figures text-sm text-ink-soft">
          {formatNumber(done, format)} of {formatNumber(total, format)}
        </p>
      )}
    </div>
  )
}

/** Says a text when it becomes another one; the first one is on the page already. */
function Announcement({ text }: Readonly<{ text: string }>) {
  const first = useRef(text)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (text !== first.current) setSaid(text)
    first.current = text
  }, [text])
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  )
}
