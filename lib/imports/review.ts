import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { left, quiet, rankOf, tallyOf, written } from './cell-tally'
import { clear } from './cells'
import { findWithPlan } from './import-row'
import { decodePlan, keptMark, kindOfCell, type PlannedStudent, same, type StoredPlan, writtenBy } from './stored-plan'
import { rejected } from './parsed'
import { isOther, overviewOf } from './review-overview'
import { summaryOf } from './summary'
import type { ImportReview, ImportSummary, ReviewPage, ReviewRow } from './views'

const rowsMax = 500

type Slice = Readonly<{ rowOffset?: number; rowLimit?: number }>

/** Which rows of a review; with `column`, a column's place, they are put in order by that column alone. */
export type ReviewSlice = Slice & Readonly<{ column?: number | undefined }>

/**
 * The stored plan, cell by cell, old beside new; null when the import does not exist or may not be seen. Rows with changes
 * come first, then those with rejected or kept cells or another total, then the rest, each in the file's order; `rowLimit` at
 * most 500, 200 when not said. The read is recorded.
 */
export async function loadReview(
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
  slice: Slice = {},
): Promise<ImportReview | null> {
  const page = await loadReviewPage(ctx, viewer, importId, slice)
  if (page === null) return null
  const { overview: _, ...review } = page
  return review
}

/** As `loadReview`, with the overview of all rows. */
export async function loadReviewPage(
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
  look: ReviewSlice = {},
): Promise<ReviewPage | null> {
  const row = await readTenant(ctx, (read) => findWithPlan(read, viewer, importId))
  if (row === null) return null
  const plan = decodePlan(row.plan, row.planHash)
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'import.read',
    subjectKind: 'import',
    subjectId: importId,
    detail: { students: plan.students.length },
  })
  return reviewOf(plan, summaryOf(row, viewer.rights.has('grades.import')), { planHash: row.planHash, ...look })
}

/** The page of a plan that was read; who may see it, and the record of that, is the caller's question. */
export function reviewOf(
  plan: StoredPlan,
  summary: ImportSummary,
  { planHash, rowOffset = 0, rowLimit = 200, column }: ReviewSlice & Readonly<{ planHash: string }>,
): ReviewPage {
  // Half a million cells: only the rows that are shown are taken apart.
  const [next, old] = [plan.next.split('\n'), plan.old.split('\n')]
  const cellsAt = (rows: readonly string[], at: number) => rows[at]?.split('\t') ?? []
  const tally = tallyOf(plan)
  const ranks = column === undefined ? [...tally.ranks] : plan.students.map((_, at) => rankOf(cellsAt(next, at)[column] ?? ''))
  const rankAt = (student: PlannedStudent, at: number) => {
    const rank = ranks[at] ?? quiet
    if (column !== undefined || !isOther(student)) return rank
    return student.state !== 'matched' || rank === written ? written : left
  }
  const sorted = plan.students
    .map((student, at) => ({ student, at, rank: rankAt(student, at) }))
    .sort((a, b) => Number(a.rank) - Number(b.rank) || a.at - b.at)
  const from = Math.max(0, Math.trunc(rowOffset))
  const limit = Math.min(Math.max(1, Math.trunc(rowLimit)), rowsMax)
  return {
    summary,
    planHash,
    columns: plan.assignments.map(({ id, title, state, old: before, maxPoints, dueOn, category = null, tags = [] }) => ({
      assignmentId: id,
      title,
      state,
      maxPoints: { old: before?.maxPoints ?? null, new: maxPoints },
      dueOn: { old: before?.dueOn ?? null, new: dueOn },
      category: category === null ? null : { old: before?.category?.name ?? null, new: category },
      tags,
    })),
    rows: sorted
      .slice(from, from + limit)
      .map(({ student, at }) => reviewRow(student, plan.assignments.length, { next: cellsAt(next, at), old: cellsAt(old, at) })),
    rowCount: plan.students.length,
    problems: plan.problems,
    ignored: plan.ignored,
    warnings: plan.warnings,
    overview: overviewOf(plan, tally),
  }
}

function reviewRow(
  { id, state, lastName, firstName, totals }: PlannedStudent,
  columnCount: number,
  { next, old }: Readonly<{ next: readonly string[]; old: readonly string[] }>,
): ReviewRow {
  const [totalBefore, letterBefore, totalAfter, letterAfter] = totals
  return {
    studentId: id,
    name: [lastName, firstName].filter((part) => part !== '').join(', '),
    state,
    cells: Array.from({ length: columnCount }, (_, column) => {
      const token = next[column] ?? ''
      const before = old[column] ?? ''
      return [kindOfCell(token, before), before, textAfter(token, before)] as const
    }),
    totalBefore,
    totalAfter,
    letterBefore,
    letterAfter,
  }
}

/** What the cell will hold; for a cell kept in a conflict, what the file wanted. */
function textAfter(token: string, before: string): string {
  if (token === '' || token === same || token === rejected) return before
  if (token.startsWith(keptMark)) return token.slice(keptMark.length)
  const text = writtenBy(token)
  return text === clear ? '' : text
}
