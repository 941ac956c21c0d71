import { type ProblemCode, ProblemError, problemStatus } from '@/lib/errors'
import type { ProblemDocument } from './schemas'

/** One thing wrong with a request or a file, as the API writes it. */
export type ProblemItem = ProblemDocument['problems'][number]

/** A request that cannot be done, with everything that is wrong about it. */
export class RequestProblem extends ProblemError {
  readonly problems: readonly ProblemItem[]

  constructor(code: ProblemCode, message: string, problems: readonly ProblemItem[]) {
    super(code, message)
    this.problems = problems
  }
}

/** A wrong parameter or body field. */
export function fieldProblem(field: string, message: string): ProblemItem {
  return { field, row: null, column: null, value: null, code: 'invalid', message, fix: null }
}

/** The application/problem+json answer of an expected failure. */
export function problemResponse(error: ProblemError, requestId: string): Response {
  const status = problemStatus[error.code]
  const document: ProblemDocument = {
    type: `urn:grade-insight:problem:${error.code}`,
    title: titles[error.code],
    status,
    detail: error.message,
    code: error.code,
    requestId,
    problems: error instanceof RequestProblem ? [...error.problems] : fieldsAsProblems(error.fields),
  }
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'private, no-store',
    'x-request-id': requestId,
  })
  if (error.retryAfterSeconds !== undefined) headers.set('retry-after', String(error.retryAfterSeconds))
  if (status === 401) headers.set('www-authenticate', 'Bearer realm="Grade Insight"')
  return new Response(JSON.stringify(document), { status, headers })
}

function fieldsAsProblems(fields: Readonly<Record<string, string>>): ProblemItem[] {
  return Object.entries(fields).map(([field, message]) => fieldProblem(field, message))
}

const titles: Readonly<Record<ProblemCode, string>> = {
  not_found: 'Not found',
  sign_in_required: 'A valid token is required',
  forbidden: 'Not allowed',
  invalid_input: 'The request is not valid',
  tenant_required: 'Which school?',
  conflict: 'Conflict',
  too_large: 'Too large',
  rate_limited: 'Too many requests',
  school_suspended: 'The school is suspended',
  school_read_only: 'The school is read-only',
  term_locked: 'The term is locked',
  plan_stale: 'The plan is out of date',
  idempotency_mismatch: 'The key was used for another request',
  unavailable: 'Not available at the moment',
  internal: 'Something broke on our side',
}
