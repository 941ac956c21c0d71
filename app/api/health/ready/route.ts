import { readiness } from '@/lib/health'

export const dynamic = 'force-dynamic'

/** Whether traffic should be sent here. */
export async function GET(): Promise<Response> {
  const { isReady, reasons } = await readiness()
  return Response.json(
    { status: isReady ? 'ready' : 'not ready', reasons },
    { status: isReady ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}
