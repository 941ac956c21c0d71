/**
 * Expected failures, as values with two texts: one for the person, one for the log.
 * Domain functions throw `ProblemError` for what a person can mend; everything else that is thrown is a surprise.
 */

/** What went wrong, in a word that pages, the API and tests share. The API writes it as the problem's `code`. */
export type ProblemCode =
  | 'not_found'
  | 'sign_in_required'
  | 'forbidden'
  | 'invalid_input'
  | 'tenant_required'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'school_suspended'
  | 'school_read_only'
  | 'term_locked'
  | 'plan_stale'
  | 'idempotency_mismatch'
  | 'unavailable'
  | 'internal'

/** HTTP status of each code; the unseen and the non-existent are the same 404. */
export const problemStatus: Readonly<Record<ProblemCode, number>> = {
  not_found: 404,
  sign_in_required: 401,
  forbidden: 403,
  invalid_input: 422,
  tenant_required: 400,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  school_suspended: 403,
  school_read_only: 409,
  term_locked: 409,
  plan_stale: 409,
  idempotency_mismatch: 409,
  unavailable: 503,
  internal: 500,
}

/** A failure a person can understand and answer. `message` says what happened, where, and what to do; it is safe to show. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  /** Messages by form field, when the input was at fault. */
  readonly fields: Readonly<Record<string, string>>
  /** For the log only: ids and counts, never a name or a grade. */
  readonly internal: string | undefined
  /** When to ask again (rate limits, outages), in whole seconds; the API writes it as Retry-After. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ProblemCode,
    message: string,
    options: {
      fields?: Readonly<Record<string, string>>
      internal?: string
      retryAfterSeconds?: number
      cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ProblemError'
    this.code = code
    this.fields = options.fields ?? {}
    this.internal = options.internal
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** The one answer for what does not exist and for what this person may not see. */
export function notFound(internal?: string): ProblemError {
  return new ProblemError(
    'not_found',
    'There is nothing here, or you may not see it.',
    internal === undefined ? {} : { internal },
  )
}

/** The value, or the one 404 when there is none. */
export function found<Value>(value: Value | null): Value {
  if (value === null) throw notFound()
  return value
}
