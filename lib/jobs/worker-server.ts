import 'server-only'
import http from 'node:http'
import { metricsFor } from '@/lib/metrics-access'

/** What a worker says of itself, on a port of its own: `/live`, `/ready`, and `/metrics` for whoever holds METRICS_TOKEN. */
export async function serveWorkerHealth(port: number, isReady: () => boolean): Promise<Readonly<{ close: () => void }>> {
  const server = http.createServer((request, response) => {
    answer(request, isReady).then(
      ({ status, text, type }) => response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
  return {
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

type Answer = Readonly<{ status: number; text: string; type: string }>

async function answer({ url, headers }: http.IncomingMessage, isReady: () => boolean): Promise<Answer> {
  const type = 'application/json'
  if (url === '/live') return { status: 200, text: JSON.stringify({ status: 'live' }), type }
  if (url === '/ready') {
    const ready = isReady()
    return { status: ready ? 200 : 503, text: JSON.stringify({ status: ready ? 'ready' : 'not ready' }), type }
  }
  const found = url === '/metrics' ? await metricsFor(headers.authorization ?? null) : null
  return found ? { status: 200, text: found.text, type: found.contentType } : { status: 404, text: '', type }
}
