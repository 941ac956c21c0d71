import 'server-only'
import { Gauge } from 'prom-client'
import { controlStatistics } from '@/lib/db/control-db'
import { shardStatistics } from '@/lib/db/shards'
import { metrics } from '@/lib/metrics'
import { processWide } from '@/lib/process-wide'

/** Shows the connection pools in the metrics, read when they are asked for. One series a shard and state. */
export function observePools(): void {
  processWide('pool-metrics', () => [
    new Gauge({
      name: 'gi_pool_connections',
      help: 'Connections of each pool by state; max is the limit',
      labelNames: ['pool', 'state'] as const,
      registers: [metrics.registry],
      collect() {
        this.reset()
        for (const { pool, total, idle, waiting, max } of pools()) {
          this.set({ pool, state: 'used' }, total - idle)
          this.set({ pool, state: 'idle' }, idle)
          this.set({ pool, state: 'waiting' }, waiting)
          this.set({ pool, state: 'max' }, max)
        }
      },
    }),
    new Gauge({
      name: 'gi_pool_acquires',
      help: 'Connections taken from each pool since start, by outcome',
      labelNames: ['pool', 'outcome'] as const,
      registers: [metrics.registry],
      collect() {
        this.reset()
        for (const { pool, acquiredTotal, acquireFailuresTotal } of pools()) {
          this.set({ pool, outcome: 'acquired' }, acquiredTotal)
          this.set({ pool, outcome: 'failed' }, acquireFailuresTotal)
        }
      },
    }),
  ])
}

function pools() {
  const control = controlStatistics()
  const shards = shardStatistics().map(({ shard, ...statistics }) => ({ pool: shard, ...statistics }))
  return control === null ? shards : [{ pool: 'control', ...control }, ...shards]
}
