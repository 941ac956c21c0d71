import http from 'node:http'

/** An answer, read to its end. */
export type Answer = Readonly<{
  status: number
  headers: http.IncomingHttpHeaders
  /** Bytes as they came: two refusals can be compared to the last one. */
  bytes: Buffer
  text: string
  json: () => unknown
  /** `name=value` of every cookie it set. */
  cookies: readonly string[]
}>

type RequestOptions = Readonly<{
  method?: string
  headers?: http.OutgoingHttpHeaders
  body?: string | Uint8Array | URLSearchParams | FormData
  /** `name=value` pairs. */
  cookies?: readonly string[]
  timeoutMs?: number
}>

/**
 * One request to the application under test, with whatever Host header the test wants to say: Node resolves no *.localhost, and
 * fetch would overwrite the header. Redirects are not followed. `host` is as in a browser's address, port included.
 */
export async function request(
  host: string,
  path: string,
  options: RequestOptions & Readonly<{ port?: number }> = {},
): Promise<Answer> {
  const { bytes: body, type } = await bodyOf(options.body)
  const headers = {
    host,
    ...(type ? { 'content-type': type } : {}),
    ...(body ? { 'content-length': body.byteLength } : {}),
    ...(options.cookies?.length ? { cookie: options.cookies.join('; ') } : {}),
    ...options.headers,
  }
  const port = options.port ?? Number(host.split(':')[1])
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      { host: 'localhost', port, path, method: options.method ?? 'GET', headers, agent: false },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.once('error', reject)
        response.once('end', () => resolve(answerOf(response, Buffer.concat(parts))))
      },
    )
    outgoing.setTimeout(options.timeoutMs ?? 30_000, () =>
      outgoing.destroy(new Error(`No answer to ${path} of ${host} in time.`)),
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

function answerOf(response: http.IncomingMessage, bytes: Buffer): Answer {
  const text = bytes.toString()
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    text,
    json: () => JSON.parse(text),
    cookies: (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? ''),
  }
}

async function bodyOf(body: RequestOptions['body']): Promise<{ bytes?: Uint8Array; type?: string }> {
  if (body === undefined) return {}
  if (body instanceof Uint8Array) return { bytes: body }
  // Response knows how every kind of body is written, multipart with its boundary included.
  const response = new Response(body)
  const type = typeof body === 'string' ? undefined : (response.headers.get('content-type') ?? undefined)
  return { bytes: new Uint8Array(await response.arrayBuffer()), ...(type ? { type } : {}) }
}
