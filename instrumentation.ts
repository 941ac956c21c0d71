import type { Instrumentation } from 'next'

// Each in the positive form of the question, by which Next leaves the Node code out of the edge bundle.

/** Called by Next once in each process before the first request. The edge runtime of middleware has nothing to start. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { boot } = await import('@/lib/boot')
    await boot()
  }
}

/** Called by Next with whatever a page, action or handler threw and nobody answered. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { reportRequestError } = await import('@/lib/request-errors')
    reportRequestError(error, {
      method: request.method,
      headers: request.headers,
      route: context.routePath,
      kind: context.routeType,
    })
  }
}
