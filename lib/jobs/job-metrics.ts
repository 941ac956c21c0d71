import 'server-only'
import { Counter, Gauge, Histogram } from 'prom-client'
import { metrics } from '@/lib/metrics'
import { processWide } from '@/lib/process-wide'
import type { QueueSql } from './workers'

/** What a worker says of the queue and of its own runs; no label names a school. */
export function jobMetrics() {
  return processWide('job-metrics', () => {
    const registers = [metrics.registry]
    return {
      runSeconds: new Histogram({
        name: 'gi_job_run_seconds',
        help: 'Seconds a run of a job took, by kind of job and how it ended (repeated: another run follows)',
        labelNames: ['kind', 'outcome'] as const,
        buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 180, 600],
        registers,
      }),
      failures: new Counter({
        name: 'gi_job_failures_total',
        help: 'Jobs that failed for good, by kind',
        labelNames: ['kind'] as const,
        registers,
      }),
      workersFreed: new Counter({
        name: 'gi_workers_freed_total',
        help: 'Dead workers whose jobs this process gave to others',
        registers,
      }),
    }
  })
}

/** Shows how much waits in the queue, read when the metrics are asked for. Every worker sees the same queue. */
export function observeQueue(sql: QueueSql): void {
  processWide('queue-metrics', () => {
    const registers = [metrics.registry]
    const depth = new Gauge({
      name: 'gi_queue_jobs',
      help: 'Jobs in the queue by state: waiting for a worker, running, or waiting to be repeated',
      labelNames: ['state'] as const,
      registers,
      async collect() {
        const [row] = await sql<Readonly<{ waiting: number; running: number; repeating: number; oldest: number }>>(depthQuery)
        this.set({ state: 'waiting' }, row?.waiting ?? 0)
        this.set({ state: 'running' }, row?.running ?? 0)
        this.set({ state: 'repeating' }, row?.repeating ?? 0)
        oldest.set(row?.oldest ?? 0)
      },
    })
    const oldest = new Gauge({
      name: 'gi_queue_oldest_seconds',
      help: 'Seconds the oldest job that could run has waited for a worker',
      registers,
    })
    return { depth, oldest }
  })
}

const depthQuery = `
  select
    count(*) filter (where locked_at is null and run_at <= now())::int as waiting,
    count(*) filter (where locked_at is not null)::int as running,
    count(*) filter (where locked_at is null and run_at > now())::int as repeating,
    coalesce(extract(epoch from now() - min(run_at) filter (where locked_at is null and run_at <= now())), 0)::float8 as oldest
  from queue._private_jobs`
