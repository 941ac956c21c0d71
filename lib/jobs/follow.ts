import 'server-only'
import { writeTenant } from '@/lib/db/tenant-db'
import { type JobRun, noteProgress } from '@/lib/imports/job-row'
import type { ImportPhase, ImportWatch } from '@/lib/imports/watch'
import { log } from '@/lib/log'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { JobStopped } from './stops'

/** Between two notes of how far a run is. */
const noteEveryMs = 300

/** One run of a job, followed: what the work is watched by, and the end of the watching. */
export type Followed = Readonly<{ watch: ImportWatch; stop: () => Promise<void> }>

/**
 * Notes how far a run is while it works, each time in a small transaction of its own, and stops it when somebody cancelled, when the job
 * was given to another worker, or when this process ends. A note that fails is only missed: the work goes on.
 */
export function followRun(ctx: TenantContext, run: JobRun, shutdown: AbortSignal): Followed {
  const controller = new AbortController()
  const latest: { phase: ImportPhase | null; done: number; total: number | null } = { phase: null, done: 0, total: null }
  const onShutdown = () => controller.abort(new JobStopped('shutdown'))
  if (shutdown.aborted) onShutdown()
  shutdown.addEventListener('abort', onShutdown, { once: true })

  const note = async () => {
    const answer = await writeTenant(ctx, (tx) => noteProgress(tx, run, latest))
    if (answer === null) controller.abort(new JobStopped('taken_over'))
    else if (answer.isCancelAsked) controller.abort(new JobStopped('cancelled'))
  }
  const notes = repeat(noteEveryMs, () =>
    note().catch((error: unknown) => log.warn('progress_not_noted', { import: run.importId }, error)),
  )
  return {
    watch: {
      signal: controller.signal,
      onProgress: (phase, done, total) => void Object.assign(latest, { phase, done, total }),
    },
    stop: async () => {
      shutdown.removeEventListener('abort', onShutdown)
      await notes.stop()
    },
  }
}

/** Repeats with a pause between the end of one round and the next. `stop` waits for the round that runs. */
function repeat(pauseMs: number, work: () => Promise<void>): Readonly<{ stop: () => Promise<void> }> {
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  let wake: () => void = () => {}
  const rounds = (async () => {
    while (!isOver) {
      await work()
      if (isOver) return
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, pauseMs)
      })
    }
  })()
  return {
    stop: async () => {
      isOver = true
      clearTimeout(timer)
      wake()
      await rounds
    },
  }
}
