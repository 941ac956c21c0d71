import { ProblemList } from '@/components/imports/problem-list'
import { failedTitles, stoppedWords } from '@/components/imports/progress-words'
import { Alert } from '@/components/ui/alert'
import type { Format } from '@/components/ui/format'
import type { ImportProgress } from '@/lib/imports/progress'

/** How a worker's work ended when it did not end well, with what to do. Nothing when it did, or still runs. */
export function ProgressEnded({ progress, format }: Readonly<{ progress: ImportProgress | null; format: Format }>) {
  if (progress === null) return null
  const { state, kind, cancel, problem } = progress
  if (cancel === 'too_late' && (kind === 'commit' || kind === 'redo'))
    return (
      <Alert tone="watch" title="It was too late to stop">
        <p>The grades were already being written when you pressed Cancel. You can undo the import here.</p>
      </Alert>
    )
  if (state === 'cancelled')
    return (
      <Alert tone="info" title="Stopped">
        <p>{stoppedWords[kind]}</p>
      </Alert>
    )
  if (state !== 'failed') return null
  return (
    <>
      <Alert tone="bad" title={failedTitles[kind]}>
        <p>{problem?.message ?? 'Something broke on our side. Nothing was written. Try it again.'}</p>
      </Alert>
      {problem !== null && problem.problems.length > 0 && <ProblemList problems={problem.problems} format={format} />}
    </>
  )
}
