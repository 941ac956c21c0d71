import 'server-only'
import pg from 'pg'
import { ProblemError } from '@/lib/errors'

/**
 * What a failed query means. An error of Postgres arrives bare from typed SQL and wrapped by Prisma, which keeps the code several
 * levels down; these functions look through both.
 */

/** A connection could not be had, was lost, or ended in an unknown state. */
export class ConnectionLostError extends Error {
  /** True when the loss came while committing: the work may have been saved or not. */
  readonly isCommitUnknown: boolean

  constructor(message: string, cause: unknown, isCommitUnknown = false) {
    super(message, { cause })
    this.name = 'ConnectionLostError'
    this.isCommitUnknown = isCommitUnknown
  }
}

/** The SQLSTATE (five characters, ours begin with GI) of whatever was thrown by a query, or null when no database said anything. */
export function sqlState(error: unknown): string | null {
  for (const { code } of trail(error))
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P\d/.test(code)) return code
  return null
}

/** A unique key was violated, of `constraint` when given (Postgres's name of the index). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== '23505') return false
  return constraint === undefined || constraintOf(error) === constraint
}

/** A row was named that does not exist in this school. */
export function isForeignKeyViolation(error: unknown): boolean {
  return sqlState(error) === '23503'
}

/** The wall refused a row of another school, or the role may not do this at all. */
export function isRefusedByWall(error: unknown): boolean {
  return sqlState(error) === '42501'
}

/** Name of the violated constraint, or null. */
export function constraintOf(error: unknown): string | null {
  for (const { constraint } of trail(error)) {
    if (typeof constraint === 'string') return constraint
    if (isRecord(constraint) && typeof constraint.index === 'string') return constraint.index
  }
  return null
}

/** The shard has another idea of where this school lives: ask the registry again. */
export function isStaleRoute(error: unknown): boolean {
  return sqlState(error) === 'GI001'
}

/** The same work may succeed when it is done again from its start: serialization failure, deadlock, a plan older than a migration. */
export function isRepeatable(error: unknown): boolean {
  const state = sqlState(error)
  if (state === '40001' || state === '40P01') return true
  return state === '0A000' && messages(error).some((text) => text.includes('cached plan must not change result type'))
}

/** The database cannot be reached or used now: refused, timed out, shutting down, out of connections, or the pooler says so. */
export function isUnreachable(error: unknown): boolean {
  if (trail(error).some(isConnectionLost)) return true
  const state = sqlState(error)
  if (state !== null && (/^(08|57P0[1-5])/.test(state) || state === '53300' || state === '55000')) return true
  for (const { code } of trail(error)) if (typeof code === 'string' && networkCodes.has(code)) return true
  return messages(error).some((text) => connectionMessages.test(text))
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'EPIPE',
  'P1001',
  'P1017',
])
const connectionMessages =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated|Client (has encountered|was closed)|Query read timeout|Cannot use a pool after calling end)/

/** What the person is told of a failure of the door, or null when it is no business of the door's and passes as it is. */
export function problemOf(error: unknown, shard: string): ProblemError | null {
  if (error instanceof ProblemError) return error
  const state = sqlState(error)
  if (state === 'GI004')
    return new ProblemError('school_suspended', 'This school is suspended. Ask your district for help.', { cause: error })
  if (state === 'GI005')
    return new ProblemError('school_read_only', 'This school is read-only at the moment. Nothing was saved; try again later.', {
      cause: error,
    })
  if (state === 'GI001')
    return unavailable(
      'This school is being moved. Nothing was saved; try again in a moment.',
      `stale_route shard=${shard}`,
      error,
    )
  if (!isUnreachable(error)) return null
  return trail(error).some((found) => isConnectionLost(found) && found.isCommitUnknown === true)
    ? unavailable(
        'The connection broke while saving. Look whether your change is there before you repeat it.',
        `commit_unknown shard=${shard}`,
        error,
      )
    : unavailable(
        'The school’s data cannot be reached at the moment. Nothing was saved; try again.',
        `shard_unreachable shard=${shard}`,
        error,
      )
}

function unavailable(message: string, internal: string, cause: unknown): ProblemError {
  return new ProblemError('unavailable', message, { internal, cause })
}

type Found = Readonly<Record<string, unknown>>

/** The error and everything it wraps, outermost first: `cause`, Prisma's `meta.driverAdapterError` and its `cause`. */
function trail(error: unknown): Found[] {
  const found: Found[] = []
  const visit = (value: unknown) => {
    if (!isRecord(value) || found.includes(value) || found.length > 20) return
    found.push(value instanceof pg.DatabaseError || !('originalCode' in value) ? value : { ...value, code: value.originalCode })
    visit(value.meta)
    visit(value.driverAdapterError)
    visit(value.cause)
  }
  visit(error)
  return found
}

// By name: Next may hold several copies of this module, each with a class of its own.
function isConnectionLost(found: Found): boolean {
  return found.name === 'ConnectionLostError'
}

function messages(error: unknown): string[] {
  return trail(error).flatMap(({ message, originalMessage }) =>
    [message, originalMessage].filter((text) => typeof text === 'string'),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
