import { type PlanTally, quiet, written } from './cell-tally'
import type { PlannedStudent, StoredPlan } from './stored-plan'
import type { ReviewOverview } from './views'

/** What a plan would do, over all of its rows, so that a page with a slice of them does not lose the whole. Pure. */
export function overviewOf(plan: StoredPlan, { columns, ranks }: PlanTally): ReviewOverview {
  const rows = [...ranks]
  return {
    studentsWritten: rows.filter((rank) => rank === written).length,
    rowsChanged: plan.students.filter((student, at) => (rows[at] ?? quiet) !== quiet || isOther(student)).length,
    columns,
    crossings: crossingsOf(plan),
  }
}

/** True when a student is new here or their total becomes another one, whatever happens in their own cells. */
export function isOther({ state, totals: [before, from, after, to] }: PlannedStudent): boolean {
  return state !== 'matched' || before !== after || from !== to
}

/** Students whose letter would be another one; getting a first letter crosses nothing. */
function crossingsOf({ students }: StoredPlan): ReviewOverview['crossings'] {
  return students.flatMap(({ lastName, firstName, row, totals: [before, from, after, to] }) =>
    from === null || to === null || from === to
      ? []
      : [
          {
            row,
            name: [lastName, firstName].filter((part) => part !== '').join(', '),
            from,
            to,
            isUp: Number(after) > Number(before),
          },
        ],
  )
}
