import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import { unpackCells } from '@/lib/gradebook/cell'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { clear } from './cells'
import { findImport, readPlanText } from './import-row'
import { pause } from './pause'
import { decodePlan, keptMark, kindOfCell, type PlannedStudent, same, type StoredPlan, writtenBy } from './stored-plan'
import { rejected } from './parsed'
import { overviewOf } from './review-overview'
import { summaryOf } from './summary'
import type { ImportReview, ReviewPage, ReviewRow } from './views'

const rowsMax = 500

type Slice = Readonly<{ rowOffset?: number; rowLimit?: number }>

/**
 * The stored plan, cell by cell, old beside new; null when the import does not exist or may not be seen. Rows with changes
 * come first, then those with rejected or kept cells, then the rest, each in the file's order; `rowLimit` at most 500, 200
 * when not said. The read is recorded.
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

/** As `loadReview`, with the overview of all rows. With `column`, a column's place, rows are put in order by that column alone. */
export async function loadReviewPage(
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
  { rowOffset = 0, rowLimit = 200, column }: Slice & Readonly<{ column?: number }> = {},
): Promise<ReviewPage | null> {
  const found = await readTenant(ctx, async (read) => {
    const row = await findImport(read, viewer, importId)
    return row && { row, text: await readPlanText(read, importId) }
  })
  if (!found) return null
  const plan = decodePlan(found.text, found.row.planHash)
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'import.read',
    subjectKind: 'import',
    subjectId: importId,
    detail: { students: plan.students.length },
  })
  const cells = await cellsOf(plan)
  const sorted = sortRows(plan, cells, column)
  await pause()
  const overview = overviewOf(plan, cells)
  await pause()
  const from = Math.max(0, Math.trunc(rowOffset))
  const limit = Math.min(Math.max(1, Math.trunc(rowLimit)), rowsMax)
  return {
    summary: summaryOf(found.row, viewer.rights.has('grades.import')),
    planHash: found.row.planHash,
    columns: plan.assignments.map(({ id, title, state, old, maxPoints, dueOn }) => ({
      assignmentId: id,
      title,
      state,
      maxPoints: { old: old?.maxPoints ?? null, new: maxPoints },
      dueOn: { old: old?.dueOn ?? null, new: dueOn },
    })),
    rows: sorted
      .slice(from, from + limit)
      .map(({ student, at }) => reviewRow(student, cells.next[at] ?? [], cells.old[at] ?? [])),
    rowCount: plan.students.length,
    problems: plan.problems,
    ignored: plan.ignored,
    warnings: plan.warnings,
    overview,
  }
}

type Cells = Readonly<{ next: string[][]; old: string[][] }>

/** Every cell of the plan. Half a million of them are looked through in steps, between which others are answered. */
async function cellsOf(plan: StoredPlan): Promise<Cells> {
  const size = [plan.students.length, plan.assignments.length] as const
  const next = unpackCells(plan.next, ...size)
  await pause()
  const old = unpackCells(plan.old, ...size)
  await pause()
  return { next, old }
}

function sortRows(plan: StoredPlan, { next }: Cells, column: number | undefined) {
  const rank = (student: PlannedStudent, cells: readonly string[]) =>
    column === undefined ? rankOf(student, cells) : rankOfCells([cells[column] ?? ''])
  return plan.students
    .map((student, at) => ({ student, at, rank: rank(student, next[at] ?? []) }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
}

function rankOf(student: PlannedStudent, next: readonly string[]): number {
  return student.state === 'matched' ? rankOfCells(next) : 0
}

function rankOfCells(next: readonly string[]): number {
  if (next.some((token) => token !== '' && token !== same && token !== rejected && !token.startsWith(keptMark))) return 0
  return next.some((token) => token === rejected || token.startsWith(keptMark)) ? 1 : 2
}

function reviewRow(
  { id, state, lastName, firstName, totals }: PlannedStudent,
  next: readonly string[],
  old: readonly string[],
): ReviewRow {
  const [totalBefore, letterBefore, totalAfter, letterAfter] = totals
  return {
    studentId: id,
    name: [lastName, firstName].filter((part) => part !== '').join(', '),
    state,
    cells: next.map((token, column) => {
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
