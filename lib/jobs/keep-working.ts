import 'server-only'
import { setTimeout as pause } from 'node:timers/promises'
import { log } from '@/lib/log'
import { startWorker, type Worker, type WorkerOptions } from './worker'

const againMs = 2_000

/**
 * A worker that begins anew when an outage of the control database ended it, until it is stopped. Throws when it cannot even begin the
 * first time: then somebody has to mend its environment.
 */
export async function keepWorking(options: WorkerOptions): Promise<Worker> {
  const state = { isStopped: false, current: await startWorker(options) }
  const ended = (async () => {
    for (;;) {
      await state.current.ended
      if (state.isStopped) return
      const next = await beginAgain(options, () => state.isStopped)
      if (next === null) return
      state.current = next
    }
  })()
  return {
    isReady: () => state.current.isReady(),
    stop: async () => {
      state.isStopped = true
      await state.current.stop()
      await ended
    },
    ended,
  }
}

/** Null when it was stopped before it could begin. */
async function beginAgain(options: WorkerOptions, isStopped: () => boolean): Promise<Worker | null> {
  while (!isStopped()) {
    await pause(againMs)
    try {
      const worker = await startWorker(options)
      log.info('worker_began_again')
      if (!isStopped()) return worker
      await worker.stop()
    } catch (error) {
      log.warn('worker_cannot_begin', {}, error)
    }
  }
  return null
}
