import { ProblemError } from '@/lib/errors'

/** The failure of a plan that no longer fits the school. */
export function staleRoster(reason: string): ProblemError {
  return new ProblemError('plan_stale', `${reason} Nothing was written. Upload the file again to see what it changes now.`)
}
