import { isUniqueViolation, sqlState } from '@/lib/db/failures'
import { ProblemError } from '@/lib/errors'

/** The failure of a plan that no longer fits the school. */
export function staleRoster(reason: string): ProblemError {
  return new ProblemError('plan_stale', `${reason} Nothing was written. Upload the file again to see what it changes now.`)
}

/**
 * What a person is told when two writers met, or the failure as it was: somebody added the same enrolment, e-mail or number between
 * our look and our write, or another roster of the school is being written for longer than a lock is waited for.
 */
export function sayCollision(error: unknown): unknown {
  if (isUniqueViolation(error)) return staleRoster('Somebody added a person, class or enrolment of this file at this moment.')
  if (sqlState(error) !== '55P03') return error
  const message = 'Another roster of this school is being written at this moment. Wait until it is done, then try again.'
  return new ProblemError('conflict', message, { internal: 'roster lock' })
}
