import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { isId } from '@/lib/ids'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { refuseClosed } from './class-state'
import { bulkSettings } from './grade-sql'
import { type ImportRow, lockImport } from './import-row'
import { undoDays } from './limits'
import type { CommitReceipt, UndoneParts, UndoneReceipt } from './stored-receipt'
import { type CellScope, everyCell, lookForStanding, restoreCells } from './undo-cells'
import { removeMade } from './undo-made'
import { noteUndo, readUndos } from './undo-row'
import type { UndoReceipt, UndoScope } from './views'
import type { ImportWatch } from './watch'

const undoMilliseconds = 60_000
const watchedMilliseconds = 10 * 60_000

export type UndoRequest = Readonly<{
  importId: string
  /** What it did to these students or assignments only; the whole import when not said. */
  only?: UndoScope
}>

/**
 * Takes a committed import back, whole or in part, in one transaction, from its history: every cell gets exactly what it had. A cell
 * that no longer holds what the import wrote was changed since: it stays and is listed. What the import made (students, enrolments,
 * identifiers, assignments) goes when nothing else hangs on it; points and dates it changed come back unless changed since.
 * Parts add up: when no grade of it stands any more, the import is undone. A repeat answers the first receipt. `watch` follows it and
 * may stop it as it may a commit. Throws `not_found`, `term_locked`, `school_read_only`, and `conflict` for an import that was never
 * committed or is older than `undoDays`.
 */
export function undoImport(
  ctx: TenantContext,
  viewer: Viewer,
  request: UndoRequest,
  watch: ImportWatch = {},
): Promise<UndoReceipt> {
  const timeoutMs = watch.signal === undefined ? undoMilliseconds : watchedMilliseconds
  return writeTenant(ctx, (tx) => undoIn(tx, ctx, viewer, request, watch), { timeoutMs, signal: watch.signal })
}

async function undoIn(
  tx: TenantWriter,
  ctx: TenantContext,
  viewer: Viewer,
  { importId, only }: UndoRequest,
  watch: ImportWatch,
): Promise<UndoReceipt> {
  watch.onProgress?.('checking', 0, null)
  const row = await lockImport(tx, viewer, importId)
  const done = await doneBefore(tx, row, only)
  if (done !== null) return { importId, ...done, wasAlreadyDone: true }
  const commit = refuseUndo(row)
  refuseClosed(row)
  await tx.later(bulkSettings.text, [], bulkSettings)
  watch.onProgress?.('restoring', 0, null)
  const actor = actorKey(viewer.actor)
  const { undo, isWhole, undone } = await takeBack(tx, row, { commit, scope: scopeOf(only), actor, watch })
  await tx.later(
    `update app.imports
     set state = case when $4 then 'undone' else state end, undone_at = case when $4 then now() end,
       receipt = receipt || case when $4 then jsonb_build_object('undo', $3::jsonb) else jsonb_build_object('undone', $5::jsonb) end
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, importId, JSON.stringify(undo.receipt), isWhole, JSON.stringify(undone)],
  )
  await noteUndo(tx, importId, {
    kind: 'undo',
    actor,
    receipt: { only: only ?? null, ...undo.receipt },
    removed: undo.removed,
  })
  await audit(tx, {
    actor: viewer.actor,
    action: 'import.undo',
    subjectKind: 'import',
    subjectId: importId,
    requestId: ctx.requestId,
    detail: {
      class: row.classId,
      whole: isWhole,
      cellsRestored: undo.receipt.cellsRestored,
      cellsKept: undo.receipt.kept.length,
      assignmentsRemoved: undo.receipt.assignmentsRemoved,
      studentsRemoved: undo.receipt.studentsRemoved,
    },
  })
  return { importId, ...undo.receipt, wasAlreadyDone: false }
}

/** Until when an import can be undone, or null when it was never committed. */
export function undoUntil(committedAt: Date | null): Date | null {
  return committedAt === null ? null : new Date(committedAt.getTime() + undoDays * 86_400_000)
}

/** What an undo and a redo begin with: throws `conflict` for an import that was never committed or is too old. */
export function refuseUndo(row: ImportRow): CommitReceipt {
  const until = undoUntil(row.committedAt)
  if (!row.receipt?.commit || until === null) {
    throw new ProblemError('conflict', 'This import was not committed, so there is nothing to undo.')
  }
  if (until.getTime() < Date.now())
    throw new ProblemError(
      'conflict',
      `An import can be undone for ${undoDays} days; this one is older. Change the grades by hand.`,
    )
  return row.receipt.commit
}

/** The receipt of what was asked for, when all of it is undone already. */
async function doneBefore(tx: TenantWriter, row: ImportRow, only: UndoScope | undefined): Promise<UndoneReceipt | null> {
  if (row.state === 'undone' && row.receipt?.undo) return row.receipt.undo
  if (only === undefined) return null
  const { studentIds, assignmentIds } = partsOf(row.receipt?.undone)
  const asked = scopeOf(only)
  const isDone =
    (asked.studentIds ?? []).every((id) => studentIds.includes(id)) &&
    (asked.assignmentIds ?? []).every((id) => assignmentIds.includes(id))
  if (!isDone) return null
  const same = (await readUndos(tx, row.id)).find(({ kind, receipt }) => kind === 'undo' && isSameScope(receipt.only, only))
  return { cellsRestored: 0, assignmentsRemoved: 0, studentsRemoved: 0, kept: [], ...withoutScope(same?.receipt) }
}

function withoutScope(receipt: Partial<UndoneReceipt> | undefined): Partial<UndoneReceipt> {
  if (receipt === undefined) return {}
  const { cellsRestored = 0, assignmentsRemoved = 0, studentsRemoved = 0, kept = [] } = receipt
  return { cellsRestored, assignmentsRemoved, studentsRemoved, kept }
}

const partsOf = (undone: UndoneParts | undefined): UndoneParts => undone ?? { studentIds: [], assignmentIds: [] }

/** The same part, said in the one way in which two of them can be compared; what cannot be an id is nobody's. */
export function plainScope(only: UndoScope): UndoScope {
  const plain = (ids: readonly string[]) => [...new Set(ids.filter(isId))].sort()
  return 'studentIds' in only ? { studentIds: plain(only.studentIds) } : { assignmentIds: plain(only.assignmentIds) }
}

function scopeOf(only: UndoScope | undefined): CellScope {
  return only === undefined ? everyCell : { ...everyCell, ...plainScope(only) }
}

function isSameScope(one: UndoScope | null, other: UndoScope): boolean {
  return one !== null && JSON.stringify(scopeOf(one)) === JSON.stringify(scopeOf(other))
}

type Undo = Readonly<{ receipt: UndoneReceipt; removed: Awaited<ReturnType<typeof removeMade>> }>

async function takeBack(
  tx: TenantWriter,
  row: ImportRow,
  { commit, scope, actor, watch }: Readonly<{ commit: CommitReceipt; scope: CellScope; actor: string; watch: ImportWatch }>,
): Promise<Readonly<{ undo: Undo; isWhole: boolean; undone: UndoneParts }>> {
  const place = { classId: row.classId, importId: row.id }
  const isFirst = row.receipt?.undone === undefined && !(await wasUndone(tx, row.id))
  const cells = await restoreCells(tx, { ...place, actor, kind: 'undo', scope, isFirst }, watch)
  await restoreComments(tx, row, commit, scope)
  const undone = withParts(partsOf(row.receipt?.undone), scope)
  const isWhole = scope === everyCell || (await isAllUndone(tx, place, undone))
  const removed = await removeMade(tx, place, commit.made, isWhole ? everyCell : scope)
  const receipt: UndoneReceipt = {
    cellsRestored: cells.restored,
    assignmentsRemoved: removed.assignments.length,
    studentsRemoved: removed.students.length,
    kept: cells.kept,
  }
  return { undo: { receipt, removed }, isWhole, undone }
}

async function wasUndone(tx: TenantWriter, importId: string): Promise<boolean> {
  const rows = await tx.sql('select from app.import_undos u where u.tenant_id = $1 and u.import_id = $2 limit 1', [
    tx.tenantId,
    importId,
  ])
  return rows.length > 0
}

function withParts(before: UndoneParts, { studentIds, assignmentIds }: CellScope): UndoneParts {
  return {
    studentIds: [...new Set([...before.studentIds, ...(studentIds ?? [])])],
    assignmentIds: [...new Set([...before.assignmentIds, ...(assignmentIds ?? [])])],
  }
}

async function isAllUndone(
  tx: TenantWriter,
  place: Readonly<{ classId: string; importId: string }>,
  undone: UndoneParts,
): Promise<boolean> {
  const { isAnyWritten, isAnyStanding } = await lookForStanding(tx, place, undone)
  return isAnyWritten && !isAnyStanding
}

async function restoreComments(tx: TenantWriter, row: ImportRow, { made }: CommitReceipt, scope: CellScope): Promise<void> {
  const comments = made.comments.filter(
    ({ studentId, assignmentId }) =>
      (scope.studentIds?.includes(studentId) ?? true) && (scope.assignmentIds?.includes(assignmentId) ?? true),
  )
  if (comments.length === 0) return
  await tx.sql(
    `update app.grades as g
     set comment = was.comment
     from unnest($3::uuid[], $4::uuid[], $5::text[]) as was(student_id, assignment_id, comment)
     where g.tenant_id = $1 and g.class_id = $2 and g.student_id = was.student_id and g.assignment_id = was.assignment_id
       and g.comment is null`,
    [
      ...[tx.tenantId, row.classId, comments.map(({ studentId }) => studentId)],
      ...[comments.map(({ assignmentId }) => assignmentId), comments.map(({ comment }) => comment)],
    ],
  )
}
