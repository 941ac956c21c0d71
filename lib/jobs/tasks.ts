import 'server-only'
import { type JobHelpers, type ParsedCronItem, parseCronItems, type TaskList } from 'graphile-worker'
import { log } from '@/lib/log'
import { runImportJob } from './import-job'
import { jobMetrics } from './job-metrics'
import { purgeFiles } from './purge'
import { importJobSchema, importTask } from './queue'
import { HandedBack } from './stops'

/** Daily: files past their time. */
const purgeTask = 'purge'
const dayMs = 24 * 60 * 60_000

/** What a worker can do, by the names that stand in the queue. */
export function tasks(): TaskList {
  return {
    [importTask]: measured(
      (payload) => importJobSchema.parse(payload).kind,
      async (payload, { job, abortSignal }) =>
        runImportJob(payload, {
          isLast: job.attempts >= job.max_attempts,
          shutdown: abortSignal ?? new AbortController().signal,
        }),
    ),
    [purgeTask]: measured(
      () => 'purge',
      async (_payload, { job }) => {
        await purgeFiles(`purge-${job.id}`)
        return 'done'
      },
    ),
  }
}

/** What is done by the clock (UTC), by one worker whichever it is. */
export function schedule(): ParsedCronItem[] {
  return parseCronItems([
    { task: purgeTask, match: '17 3 * * *', options: { maxAttempts: 3, backfillPeriod: dayMs, jobKey: purgeTask } },
  ])
}

type Run = (payload: unknown, helpers: JobHelpers) => Promise<string>

/** Counts and times a task. What it throws is for the log it wrote itself: the queue keeps a plain word of it. */
function measured(kindOf: (payload: unknown) => string, run: Run): TaskList[string] {
  return async (payload, helpers) => {
    const { runSeconds, failures } = jobMetrics()
    const kind = kindOf(payload)
    const stop = runSeconds.startTimer({ kind })
    try {
      const outcome = await run(payload, helpers)
      stop({ outcome })
      if (outcome === 'failed') failures.inc({ kind })
    } catch (error) {
      stop({ outcome: 'repeated' })
      if (!(error instanceof HandedBack)) log.warn('job_run_failed', { kind, attempt: helpers.job.attempts }, error)
      throw new HandedBack()
    }
  }
}
