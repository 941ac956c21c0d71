import { metricsFor } from '@/lib/metrics-access'

export const dynamic = 'force-dynamic'

/** Prometheus metrics for whoever holds the token; for others there is nothing here. */
export async function GET(request: Request): Promise<Response> {
  const found = await metricsFor(request.headers.get('authorization'))
  if (found === null) return new Response(null, { status: 404 })
  return new Response(found.text, { headers: { 'content-type': found.contentType, 'cache-control': 'no-store' } })
}
