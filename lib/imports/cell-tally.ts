/** What the cells of a plan come to, counted once when the plan is made, so that nobody who looks at it counts them again. Pure. */
import { unpackCells } from '@/lib/gradebook/cell'
import { rejected } from './parsed'
import { keptMark, kindOfCell, same, type StoredPlan } from './stored-plan'
import type { ReviewCellKind, ReviewOverview } from './views'

/** Of each column how many cells are of each kind, and a digit a row: `written`, `left` or `quiet`. */
export type PlanTally = Readonly<{ columns: ReviewOverview['columns']; ranks: string }>

/** At least one cell of the row is written or cleared. */
export const written = '0'
/** None is, but at least one was left out or kept against the file's will. */
export const left = '1'
/** Nothing happens in the row. */
export const quiet = '2'

type Line = Readonly<{ next: readonly string[]; old: readonly string[] }>

/** `kinds` counts all cells but blank ones over no grade. */
export function tallyCells(
  lines: readonly Line[],
  columnCount: number,
): PlanTally & Readonly<{ kinds: Readonly<Record<ReviewCellKind, number>> }> {
  const columns = Array.from({ length: columnCount }, () => ({ new: 0, changed: 0, cleared: 0, rejected: 0, conflicts: 0 }))
  const kinds = { same: 0, kept: 0, new: 0, changed: 0, cleared: 0, rejected: 0 }
  let ranks = ''
  for (const { next, old } of lines) {
    let rank = quiet
    for (const [place, column] of columns.entries()) {
      const token = next[place] ?? ''
      const before = old[place] ?? ''
      if (token === '' && before === '') continue
      const kind = kindOfCell(token, before)
      kinds[kind]++
      if (kind === 'kept') {
        if (!token.startsWith(keptMark)) continue
        column.conflicts++
      } else if (kind !== 'same') column[kind]++
      const own = rankOf(token)
      if (own < rank) rank = own
    }
    ranks += rank
  }
  return { columns, ranks, kinds }
}

/** `written`, `left` or `quiet`, of one cell. */
export function rankOf(token: string): string {
  if (token === '' || token === same) return quiet
  return token === rejected || token.startsWith(keptMark) ? left : written
}

/** A stored plan's tally; one of an older release is counted. */
export function tallyOf(plan: StoredPlan): PlanTally {
  if (plan.tally !== undefined) return plan.tally
  const size = [plan.students.length, plan.assignments.length] as const
  const [next, old] = [unpackCells(plan.next, ...size), unpackCells(plan.old, ...size)]
  return tallyCells(
    next.map((cells, at) => ({ next: cells, old: old[at] ?? [] })),
    plan.assignments.length,
  )
}
