/** The cells of a plan that two people want different. Pure. */
import { unpackCells } from '@/lib/gradebook/cell'
import { clear } from './cells'
import { keptMark, type StoredPlan, takenMark } from './stored-plan'
import type { ConflictCell } from './wizard-views'

/** A cell in conflict, without who made the change that stands. */
export type FoundConflict = Omit<ConflictCell, 'by' | 'at'> & Readonly<{ studentId: string; assignmentId: string }>

/** How many are listed one by one. */
const conflictsMax = 1_000

/** How many cells of a plan are in conflict, and how many of them are kept as they stand. */
export function countConflicts({ next }: StoredPlan): Readonly<{ all: number; kept: number }> {
  if (!hasConflicts(next)) return { all: 0, kept: 0 }
  const starts = (mark: string) => next.split(/[\t\n]/).filter((token) => token.startsWith(mark)).length
  const kept = starts(keptMark)
  return { all: kept + starts(takenMark), kept }
}

/** No other cell holds one of the marks. */
function hasConflicts(next: string): boolean {
  return next.includes(keptMark) || next.includes(takenMark)
}

/** The conflicts of a plan in the file's order, the first 1,000. */
export function conflictsOf(plan: StoredPlan): FoundConflict[] {
  if (!hasConflicts(plan.next)) return []
  const size = [plan.students.length, plan.assignments.length] as const
  const [next, old] = [unpackCells(plan.next, ...size), unpackCells(plan.old, ...size)]
  const found: FoundConflict[] = []
  for (const [at, { id, row, lastName, firstName }] of plan.students.entries()) {
    for (const [column, assignment] of plan.assignments.entries()) {
      const token = next[at]?.[column] ?? ''
      const isKept = token.startsWith(keptMark)
      if (!(isKept || token.startsWith(takenMark)) || id === null || assignment.id === null) continue
      const wanted = token.slice(1)
      found.push({
        row,
        column: assignment.columns?.[0] ?? 0,
        student: [lastName, firstName].filter((part) => part !== '').join(', '),
        assignment: assignment.title,
        now: old[at]?.[column] ?? '',
        wanted: wanted === clear ? '' : wanted,
        choice: isKept ? 'keep' : 'take',
        studentId: id,
        assignmentId: assignment.id,
      })
      if (found.length === conflictsMax) return found
    }
  }
  return found
}
