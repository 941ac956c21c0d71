import 'server-only'
import { EventEmitter } from 'node:events'
import { Logger, type Runner, run, type WorkerEvents } from 'graphile-worker'
import { openQueue, queueSchema } from '@/lib/db/queue'
import { controlWorkerUrl } from '@/lib/env'
import { log } from '@/lib/log'
import { jobMetrics, observeQueue } from './job-metrics'
import { schedule, tasks } from './tasks'
import { beat, beatEveryMs, type QueueSql, stopBeating, sweep, sweepEveryMs } from './workers'

/**
 * A process that works the queue. It takes jobs (the library), says that it lives and frees what dead ones hold (workers.ts). Its jobs
 * reach schools through the same door and role as the web.
 */
export type Worker = Readonly<{
  /** Whether it is connected and takes work. */
  isReady: () => boolean
  /** Takes no more work, lets what runs go on for `drainMs`, then hands it back for others, and ends. Twice is harmless. */
  stop: () => Promise<void>
  /** Resolves when it has ended, by `stop` or because it could not go on. */
  ended: Promise<void>
}>

export type WorkerOptions = Readonly<{ concurrency: number; drainMs: number }>

/** How often a worker looks for work nobody told it of: after a crash, and when a repeat is due. */
const pollMs = 1_000

/** Starts working. Throws when the queue cannot be reached or is of another release. */
export async function startWorker({ concurrency, drainMs }: WorkerOptions): Promise<Worker> {
  // One each for the jobs' own bookkeeping, one that listens, one that beats.
  const pool = openQueue(controlWorkerUrl(), concurrency + 3)
  const sql: QueueSql = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await pool.query(text, [...values])).rows as Row[] // the caller's word
  const workerIds: string[] = []
  // The library's own type of an emitter; it only adds types of the events.
  const events = new EventEmitter() as WorkerEvents
  events.on('worker:create', ({ worker }) => workerIds.push(worker.workerId))
  let runner: Runner
  try {
    // Before it looks for work: what a crash of the last process left is free first.
    await sweep(sql)
    runner = await run({
      pgPool: pool,
      schema: queueSchema,
      concurrency,
      pollInterval: pollMs,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: drainMs,
      taskList: tasks(),
      parsedCronItems: schedule(),
      events,
      logger: new Logger(() => reportLibrary),
    })
    await beat(sql, workerIds)
  } catch (error) {
    await pool.end()
    throw error
  }
  observeQueue(sql)
  const rounds = [
    every(beatEveryMs, 'beat_failed', () => beat(sql, workerIds)),
    every(sweepEveryMs, 'sweep_failed', async () => jobMetrics().workersFreed.inc(await sweep(sql))),
  ]
  const state = { isReady: true }
  const ended = runner.promise
    .catch((error: unknown) => log.error('worker_ended', {}, error))
    .then(async () => {
      state.isReady = false
      for (const stop of rounds) stop()
      await stopBeating(sql, workerIds).catch(() => {})
      await pool.end()
    })
  const stop = async () => {
    if (state.isReady) {
      state.isReady = false
      await runner.stop().catch((error: unknown) => log.error('worker_stop_failed', {}, error))
    }
    await ended
  }
  // One of its hands is lost for good, because the end of a job could not be written: better all of them anew.
  events.on('worker:fatalError', () => void stop())
  return { isReady: () => state.isReady, stop, ended }
}

/** Of the library's lines only what went wrong, and never its words: they may repeat those of a database. */
function reportLibrary(level: string, _message: string, meta?: Readonly<Record<string, unknown>>): void {
  if (level === 'error' && meta?.failure !== true) log.warn('queue_trouble', {}, meta?.error)
}

function every(pauseMs: number, event: string, work: () => Promise<unknown>): () => void {
  let isStopped = false
  let timer: NodeJS.Timeout
  const round = async () => {
    await work().catch((error: unknown) => log.warn(event, {}, error))
    if (!isStopped) next()
  }
  const next = () => {
    timer = setTimeout(() => void round(), pauseMs)
  }
  next()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
