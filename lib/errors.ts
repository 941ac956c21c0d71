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
  // Told by what it carries: Next bundles pages, handlers and instrumentation apart, each with a copy of this class.
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: the class on the right of instanceof, which may be a subclass
    if (this !== ProblemError) return Function.prototype[Symbol.hasInstance].call(this, thrown)
    // biome-ignore-end lint/complexity/noThisInStatic: as above
    return thrown instanceof Error && (readDigest(thrown)?.code ?? null) !== null
  }

  readonly code: ProblemCode
  /** Messages by form field, when the input was at fault. */
  readonly fields: Readonly<Record<string, string>>
  /** For the log only: ids and counts, never a name or a grade. */
  readonly internal: string | undefined
  /** All that Next lets through to the browser when a page throws; read it with `readDigest`. */
  readonly digest: string
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
    this.digest = `problem:${code}:${newReference()}`
    this.fields = options.fields ?? {}
    this.internal = options.internal
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/**
 * What the digest of something thrown says, on the server and of what is left of it in the browser: the code of a `ProblemError`,
 * null for a surprise, and the reference that joins what the person reads with the log's line. Null without a digest.
 */
export function readDigest(thrown: unknown): Readonly<{ code: ProblemCode | null; reference: string }> | null {
  const digest = typeof thrown === 'object' && thrown !== null && 'digest' in thrown ? thrown.digest : undefined
  if (typeof digest !== 'string' || digest === '') return null
  const [, code = '', reference] = /^problem:([a-z_]+):([0-9A-Z]+)$/.exec(digest) ?? []
  return isProblemCode(code) && reference !== undefined ? { code, reference } : { code: null, reference: digest }
}

/** A short text to tell somebody: six letters and digits, without those that are misread aloud. */
export function newReference(): string {
  // 240 is the largest multiple of 30 in a byte: above it some letters would come up more often. 24 bytes hold six below it.
  const letters = [...crypto.getRandomValues(new Uint8Array(24))].filter((byte) => byte < 240)
  return letters
    .slice(0, 6)
    .map((byte) => alphabet[byte % alphabet.length])
    .join('')
}

const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problemStatus, text)
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
