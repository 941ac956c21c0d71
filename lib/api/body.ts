import 'server-only'
import type { z } from 'zod'
import { ProblemError } from '@/lib/errors'
import { importBytesMax } from '@/lib/imports/limits'
import type { Operation } from './operations'
import { fieldProblem, RequestProblem } from './problem'

/** A request's body, read once. */
export type RequestBody = Readonly<{ bytes: Uint8Array<ArrayBuffer>; contentType: string }>

// A file of the largest size with the dress of its form; next.config.js lets a little more through, so that what is too
// large is refused here and never cut off there.
const fileBodyBytesMax = importBytesMax + 1_000_000
const jsonBodyBytesMax = 100_000

/**
 * Reads the body up to the operation's limit. Throws `too_large` beyond it, and `invalid_input` when fewer bytes came than
 * the request announced: what was cut off on its way must not look like a shorter file.
 */
export async function readBody(request: Request, kind: Operation['bodyKind']): Promise<RequestBody> {
  const limit = kind === 'file' ? fileBodyBytesMax : jsonBodyBytesMax
  const announced = announcedBytes(request.headers.get('content-length'))
  if (announced !== null && announced > limit) throw tooLarge(limit)
  const bytes = await readUpTo(request.body, limit)
  if (announced !== null && announced !== bytes.byteLength) {
    throw new ProblemError('invalid_input', 'The request was cut off on its way. Nothing was saved; send it again.', {
      internal: `announced=${announced} received=${bytes.byteLength}`,
    })
  }
  return { bytes, contentType: request.headers.get('content-type') ?? '' }
}

/** The body as the operation's schema has it. Throws `RequestProblem` with everything that is wrong. */
export async function parseBody<Schema extends z.ZodType>(
  { bodyKind, body }: Readonly<{ bodyKind: Operation['bodyKind']; body: Schema }>,
  received: RequestBody,
): Promise<z.output<Schema>> {
  const raw = bodyKind === 'file' ? await formFields(received) : bodyKind === 'json' ? jsonOf(received) : undefined
  const parsed = body.safeParse(raw)
  if (parsed.success) return parsed.data
  throw wrongFields('body', parsed.error)
}

/** Everything zod found wrong in one part of a request. */
export function wrongFields(part: string, error: z.ZodError): RequestProblem {
  const problems = error.issues.map(({ path, message }) => fieldProblem([part, ...path].join('.'), message))
  return new RequestProblem('invalid_input', 'The request is not valid. `problems` names each part that is wrong.', problems)
}

function announcedBytes(header: string | null): number | null {
  if (header === null) return null
  if (!/^\d{1,15}$/.test(header)) throw new ProblemError('invalid_input', 'Content-Length must be a number.')
  return Number(header)
}

async function readUpTo(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body ?? []) {
    length += part.byteLength
    if (length > limit) throw tooLarge(limit)
    parts.push(part)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}

function tooLarge(limit: number): ProblemError {
  const megabytes = limit > 1_000_000 ? `${Math.floor(limit / 1_000_000)} MB` : `${limit / 1000} kB`
  return new ProblemError('too_large', `The request is larger than ${megabytes}. Split the file, for example by class or term.`)
}

async function formFields({ bytes, contentType }: RequestBody): Promise<Record<string, unknown>> {
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) throw notAForm()
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData().catch(() => null)
  if (form === null) throw notAForm()
  return Object.fromEntries(form)
}

function notAForm(): RequestProblem {
  return new RequestProblem('invalid_input', 'Send the file as multipart/form-data, in a field named `file`.', [
    fieldProblem('body', 'Not a multipart form.'),
  ])
}

function jsonOf({ bytes }: RequestBody): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new RequestProblem('invalid_input', 'The body is not JSON in UTF-8.', [fieldProblem('body', 'Not JSON.')])
  }
}
