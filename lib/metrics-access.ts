import 'server-only'
import { createHash, timingSafeEqual } from 'node:crypto'
import { env } from '@/lib/env'
import { metrics } from '@/lib/metrics'

/**
 * The metrics in Prometheus's text format for whoever holds METRICS_TOKEN, or null: for a wrong token, and for everybody where none
 * is set. An address is no proof here, because Next believes the client's X-Forwarded-For.
 */
export async function metricsFor(authorization: string | null): Promise<Readonly<{ text: string; contentType: string }> | null> {
  const { METRICS_TOKEN } = env()
  if (METRICS_TOKEN === undefined || authorization === null) return null
  if (!timingSafeEqual(digest(authorization), digest(`Bearer ${METRICS_TOKEN}`))) return null
  return { text: await metrics.registry.metrics(), contentType: metrics.registry.contentType }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
