import 'server-only'
import { giveWay } from '@/lib/db/give-way'
import { assertSafeRoles } from '@/lib/db/shards'
import { env } from '@/lib/env'
import { workAtMost } from '@/lib/imports/pause'
import { keepWorking } from '@/lib/jobs/keep-working'
import { serveWorkerHealth } from '@/lib/jobs/worker-server'
import { log } from '@/lib/log'
import type { Command } from '@/lib/ops/command'
import { observePools } from '@/lib/pool-metrics'
import { openRegistry } from '@/lib/tenancy/registry'

/** `ops worker`: works the queue until it is told to end. */
export const workerCommand: Command = {
  name: 'worker',
  summary: 'plan, write and undo large imports, and do what is due by the clock, until SIGTERM',
  run: async () => {
    const { WORKER_CONCURRENCY, WORKER_DRAIN_SECONDS, WORKER_PORT, WORKER_SHARE } = env()
    // Before the first connection: pages come first, on this machine and in the databases.
    await giveWay()
    workAtMost(WORKER_SHARE / 100)
    observePools()
    await assertSafeRoles()
    await openRegistry()
    const worker = await keepWorking({ concurrency: WORKER_CONCURRENCY, drainMs: WORKER_DRAIN_SECONDS * 1000 })
    const health = WORKER_PORT === undefined ? null : await serveWorkerHealth(WORKER_PORT, worker.isReady)
    log.info('worker_started', { count: WORKER_CONCURRENCY, port: WORKER_PORT })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        log.info('worker_draining', { signal, ms: WORKER_DRAIN_SECONDS * 1000 })
        void worker.stop()
      })
    }
    await worker.ended
    health?.close()
  },
}
