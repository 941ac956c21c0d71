import 'server-only'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { processWide } from '@/lib/process-wide'

/**
 * Prometheus metrics of this process. Labels are small closed sets: never a tenant, a path or anything a client chooses,
 * so the number of series does not grow with the number of schools.
 */

function makeMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'gi_' })
  return {
    registry,
    /** Where registry lookups beyond the first level were answered. */
    registryLookups: new Counter({
      name: 'gi_registry_lookups_total',
      help: 'Registry lookups that the first level did not answer, by where the answer came from',
      labelNames: ['level'] as const,
      registers,
    }),
    registryQueries: new Counter({
      name: 'gi_registry_queries_total',
      help: 'Queries to the control database for routes; lookups that wait together share one',
      registers,
    }),
    registryFlushes: new Counter({
      name: 'gi_registry_flushes_total',
      help: 'Times the first level was distrusted after a gap or a reconnect of the invalidation channel',
      registers,
    }),
    outboxPublished: new Counter({
      name: 'gi_registry_outbox_published_total',
      help: 'Route changes this process has published',
      registers,
    }),
    redisFailures: new Counter({
      name: 'gi_redis_failures_total',
      help: 'Redis commands of the registry that failed or timed out',
      registers,
    }),
    errors: new Counter({
      name: 'gi_errors_total',
      help: 'Errors that reached a page or handler, by kind of route',
      labelNames: ['kind'] as const,
      registers,
    }),
    outboxPublishSeconds: new Histogram({
      name: 'gi_registry_outbox_publish_seconds',
      help: 'Seconds one round of publishing route changes took',
      buckets: [0.005, 0.02, 0.1, 0.5, 2],
      registers,
    }),
    isReady: new Gauge({ name: 'gi_ready', help: '1 while this process wants traffic', registers }),
  }
}

/** The process's metrics, made on first use and shared by pages, handlers and instrumentation. */
export const metrics = processWide('metrics', makeMetrics)
