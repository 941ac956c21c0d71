import type { ImportProblem } from '@/lib/imports/views'
import { RequestProblem } from './problem'

type Planned =
  | Readonly<{ kind: 'planned' | 'blocked'; importId: string }>
  | Readonly<{ kind: 'refused'; problems: readonly ImportProblem[] }>

/** Id of the planned import. A file that cannot be read at all is refused with everything that is wrong with it. */
export function plannedOrRefused(plan: Planned): string {
  if (plan.kind !== 'refused') return plan.importId
  const problems = plan.problems.map(({ severity: _, ...problem }) => ({ field: null, ...problem }))
  throw new RequestProblem('invalid_input', 'This file cannot be imported. `problems` says why and what to do.', problems)
}
