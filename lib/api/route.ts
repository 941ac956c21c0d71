import 'server-only'
import type { z } from 'zod'
import { originOf } from '@/lib/auth/audience'
import { env } from '@/lib/env'
import { notFound, ProblemError } from '@/lib/errors'
import { fileHeaders } from '@/lib/file-headers'
import { once as doneOnce, requestDigest } from '@/lib/idempotency'
import { reportSurprise } from '@/lib/surprise'
import { contextHeader, verifyContext } from '@/lib/tenancy/context'
import { type ApiVisit, requireToken } from './bearer'
import { parseBody, readBody, wrongFields } from './body'
import { type CursorPlace, openCursor, sealCursor } from './cursor'
import type { Operation } from './operations'
import { fieldProblem, problemResponse, RequestProblem } from './problem'
import { exportedFile } from './schemas'

/** What a handler is given: the caller and the checked parts of the request. */
export type ApiCall<Params, Query, Body> = ApiVisit &
  Readonly<{
    params: Params
    query: Query
    body: Body
    /** The key of a POST, to pass on to a domain function that knows keys of its own. */
    idempotencyKey: string | undefined
  }>

/** What `show` gives for something that a worker does yet: answered with 202 by the operation's `laterAnswer`. */
export class Later {
  readonly answer: Readonly<Record<string, unknown>>

  constructor(answer: Readonly<Record<string, unknown>>) {
    this.answer = answer
  }
}

/** An answer as domain functions give it: nobody may change it on its way. */
type Shown<T> = T extends Uint8Array ? T : T extends object ? { readonly [Key in keyof T]: Shown<T[Key]> } : T

/**
 * What an operation does. Most are one function from call to answer. One that does something and answers much splits in two:
 * `act` gives a small value, which is what an idempotency key keeps, and `show` makes the answer of it.
 */
type Run<Call, Answer> =
  | ((call: Call) => Promise<Shown<Answer>>)
  | Readonly<{ act: (call: Call) => Promise<string>; show: (call: Call, done: string) => Promise<Shown<Answer> | Later> }>

type RouteContext = Readonly<{ params: Promise<Readonly<Record<string, unknown>>> }>
export type RouteHandler = (request: Request, context: RouteContext) => Promise<Response>

/**
 * A route handler of the API, always in this order: host, token and school, scope, input, idempotency key, `run`, checked
 * answer. On any host but the API's it does not exist. Expected failures become application/problem+json; surprises are
 * logged under a reference.
 */
export function apiRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodObject,
>(
  operation: Operation<Params, Query, Body, Answer>,
  run: Run<ApiCall<z.output<Params>, z.output<Query>, z.output<Body>>, z.input<Answer>>,
): RouteHandler {
  return onApiHost(async (request, { params: routeParams }, requestId, known) => {
    const visit = await requireToken(request.headers, operation.scope, requestId)
    known.tenant = visit.ctx.tenantId
    const received = await readBody(request, operation.bodyKind)
    const params = parseParams(operation.params, await routeParams)
    const place: CursorPlace = { tenantId: visit.ctx.tenantId, list: [operation.id, ...Object.values(params)].join(' ') }
    const query = parseQuery(operation.query, new URL(request.url).searchParams, operation.isPaged ? place : null)
    const body = await parseBody(operation, received)
    const idempotencyKey = keyOf(request)
    const call = { ...visit, params, query, body, idempotencyKey }
    const asked = idempotencyKey && {
      key: idempotencyKey,
      request: await requestDigest({ operation: operation.id, params, query, body }),
    }

    const { answer, isRepeat } = await answerOf(run, call, asked)
    const replayed: Readonly<Record<string, string>> = isRepeat ? { 'idempotency-replayed': 'true' } : {}
    if (answer instanceof Later) {
      if (operation.laterAnswer === undefined) throw new Error('this operation never answers later')
      return jsonResponse(202, operation.laterAnswer.parse(answer.answer), requestId, { ...replayed, 'retry-after': '1' })
    }
    const checked = operation.answer.parse(answer)
    if (operation.answersFile !== undefined) return fileAnswer(exportedFile.parse(checked), requestId)
    const shown = operation.isPaged ? sealed(checked, place) : checked
    return jsonResponse(operation.status, shown, requestId, replayed)
  })
}

async function answerOf<Call extends ApiVisit, Answer>(
  run: Run<Call, Answer>,
  call: Call,
  asked: Readonly<{ key: string; request: string }> | '' | undefined,
): Promise<Readonly<{ answer: Shown<Answer> | Later; isRepeat: boolean }>> {
  const once = async <Value>(work: () => Promise<Value>) =>
    asked ? doneOnce(call.ctx, { ...asked, actor: call.viewer.actor }, work) : { answer: await work(), isRepeat: false }
  if (typeof run === 'function') return once(() => run(call))
  const { answer: done, isRepeat } = await once(() => run.act(call))
  return { answer: await run.show(call, done), isRepeat }
}

/**
 * Wraps a handler that needs no token: the host is checked, failures are answered, and it is told the request's id. What it learns
 * of the request for the log, it writes into its last argument.
 */
export function onApiHost(
  handle: (request: Request, context: RouteContext, requestId: string, known: { tenant?: string }) => Promise<Response>,
): RouteHandler {
  return async (request, routeContext) => {
    const context = await verifyContext(request.headers.get(contextHeader), env().CONTEXT_SECRET)
    if (context?.kind !== 'api') return new Response(null, { status: 404 })
    const { requestId } = context
    const known: { tenant?: string } = {}
    try {
      return await handle(request, routeContext, requestId, known)
    } catch (error) {
      if (error instanceof ProblemError) return problemResponse(error, requestId)
      const { message } = reportSurprise('api_failed', error, { request: requestId, method: request.method, ...known })
      return problemResponse(new ProblemError('internal', message), requestId)
    }
  }
}

/** Where this API answers, for the document. */
export function apiAddress(): string {
  return `${originOf('api')}/api/v1`
}

/** A JSON answer that no shared cache may keep. */
export function jsonResponse(
  status: number,
  body: unknown,
  requestId: string,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = { 'content-type': 'application/json', 'cache-control': 'private, no-store', 'x-request-id': requestId, ...more }
  return new Response(JSON.stringify(body), { status, headers })
}

function fileAnswer(file: z.output<typeof exportedFile>, requestId: string): Response {
  return new Response(new Uint8Array(file.bytes), { headers: { ...fileHeaders(file), 'x-request-id': requestId } })
}

/** An id that is none cannot be the id of anything: the same 404 as for one that nobody has. */
function parseParams<Schema extends z.ZodObject>(schema: Schema, params: unknown): z.output<Schema> {
  const parsed = schema.safeParse(params ?? {})
  if (!parsed.success) throw notFound('malformed id')
  return parsed.data
}

/** A parameter nobody knows is refused: a misspelled `limit` or `term` must not be ignored silently. */
function parseQuery<Schema extends z.ZodObject>(
  schema: Schema,
  given: URLSearchParams,
  place: CursorPlace | null,
): z.output<Schema> {
  const twice = [...new Set(given.keys())].filter((name) => given.getAll(name).length > 1)
  if (twice.length > 0) {
    const problems = twice.map((name) => fieldProblem(`query.${name}`, 'Given more than once.'))
    throw new RequestProblem('invalid_input', 'The request is not valid. `problems` names each part that is wrong.', problems)
  }
  const fields = Object.fromEntries(given)
  const cursor = place === null || fields.cursor === undefined ? {} : { cursor: openCursor(place, fields.cursor) }
  const parsed = schema.strict().safeParse({ ...fields, ...cursor })
  if (!parsed.success) throw wrongFields('query', parsed.error)
  // `strict()` takes fields away from what is accepted and changes none of what comes out.
  return parsed.data as z.output<Schema>
}

function keyOf(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key')
  if (key === null || request.method !== 'POST') return undefined
  if (/^[\x21-\x7e]{8,200}$/.test(key)) return key
  throw new RequestProblem(
    'invalid_input',
    'The Idempotency-Key must be 8 to 200 visible ASCII characters, for example a UUID.',
    [fieldProblem('header.idempotency-key', 'Not 8 to 200 visible ASCII characters.')],
  )
}

function sealed(answer: Readonly<Record<string, unknown>>, place: CursorPlace): Record<string, unknown> {
  return { ...answer, nextCursor: sealCursor(place, typeof answer.nextCursor === 'string' ? answer.nextCursor : null) }
}
