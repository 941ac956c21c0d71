import { keptMark, kindOfCell, type StoredPlan } from './stored-plan'
import type { ReviewCellKind, ReviewOverview } from './views'

/** What a plan would do, over all of its rows, so that a page with a slice of them does not lose the whole. Pure. */
export function overviewOf(
  plan: StoredPlan,
  { next, old }: Readonly<{ next: readonly (readonly string[])[]; old: readonly (readonly string[])[] }>,
): ReviewOverview {
  const columns = plan.assignments.map(() => ({ new: 0, changed: 0, cleared: 0, rejected: 0, conflicts: 0 }))
  let studentsWritten = 0
  let rowsChanged = 0
  for (const [at, cells] of next.entries()) {
    let isWritten = false
    let isChanged = plan.students[at]?.state !== 'matched'
    for (const [place, token] of cells.entries()) {
      const column = columns[place]
      if (column === undefined) continue
      const isConflict = token.startsWith(keptMark)
      if (isConflict) column.conflicts++
      const kind = kindOfCell(token, old[at]?.[place] ?? '')
      if (isCounted(kind)) column[kind]++
      if (isCounted(kind) && kind !== 'rejected') isWritten = true
      if (isCounted(kind) || isConflict) isChanged = true
    }
    if (isWritten) studentsWritten++
    if (isChanged) rowsChanged++
  }
  return { studentsWritten, rowsChanged, columns, crossings: crossingsOf(plan) }
}

function isCounted(kind: ReviewCellKind): kind is 'new' | 'changed' | 'cleared' | 'rejected' {
  return kind === 'new' || kind === 'changed' || kind === 'cleared' || kind === 'rejected'
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
