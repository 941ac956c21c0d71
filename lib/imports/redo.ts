import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { refuseClosed } from './class-state'
import { bulkSettings } from './grade-sql'
import { type ImportRow, lockImport } from './import-row'
import type { RedoneReceipt } from './stored-receipt'
import { refuseUndo } from './undo'
import { everyCell, restoreCells } from './undo-cells'
import { restoreMade } from './undo-made'
import { noteUndo, readRemoved, readUndos } from './undo-row'
import type { RedoReceipt } from './views'
import type { ImportWatch } from './watch'

const redoMilliseconds = 60_000
const watchedMilliseconds = 10 * 60_000

/**
 * The undo of undos: what they took back of an import is written again and what they removed comes back, in one transaction. A cell
 * somebody changed after the undo stays and is listed. A repeat answers the first receipt. `watch` follows it and may stop it. Throws `not_found`, `term_locked`,
 * `school_read_only`, and `conflict` for an import of which nothing was undone, or that is older than it can be undone.
 */
export function redoImport(
  ctx: TenantContext,
  viewer: Viewer,
  { importId }: Readonly<{ importId: string }>,
  watch: ImportWatch = {},
): Promise<RedoReceipt> {
  const timeoutMs = watch.signal === undefined ? redoMilliseconds : watchedMilliseconds
  return writeTenant(ctx, (tx) => redoIn(tx, ctx, viewer, importId, watch), { timeoutMs, signal: watch.signal })
}

async function redoIn(
  tx: TenantWriter,
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
  watch: ImportWatch,
): Promise<RedoReceipt> {
  watch.onProgress?.('checking', 0, null)
  const row = await lockImport(tx, viewer, importId)
  const done = await doneBefore(tx, row)
  if (done !== null) return { importId, ...done, wasAlreadyDone: true }
  const { made } = refuseUndo(row)
  refuseClosed(row)
  await tx.later(bulkSettings.text, [], bulkSettings)
  watch.onProgress?.('restoring', 0, null)
  const actor = actorKey(viewer.actor)
  const place = { classId: row.classId, importId }
  const back = await restoreMade(tx, place, made, await readRemoved(tx, importId))
  const cells = await restoreCells(tx, { ...place, actor, kind: 'redo', scope: everyCell, isFirst: false }, watch)
  const receipt: RedoneReceipt = {
    cellsWritten: cells.restored,
    assignmentsRestored: back.assignments,
    studentsRestored: back.students,
    kept: cells.kept,
  }
  await tx.later(
    `update app.imports
     set state = 'committed', undone_at = null, receipt = receipt - 'undo' - 'undone'
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, importId],
  )
  await noteUndo(tx, importId, { kind: 'redo', actor, receipt: { only: null, ...receipt }, removed: null })
  await audit(tx, {
    actor: viewer.actor,
    action: 'import.redo',
    subjectKind: 'import',
    subjectId: importId,
    requestId: ctx.requestId,
    detail: { class: row.classId, cellsWritten: receipt.cellsWritten, cellsKept: receipt.kept.length },
  })
  return { importId, ...receipt, wasAlreadyDone: false }
}

/** The last redo's receipt while nothing was undone since; throws `conflict` when nothing ever was. */
async function doneBefore(tx: TenantWriter, row: ImportRow): Promise<RedoneReceipt | null> {
  if (row.state === 'undone' || row.receipt?.undone !== undefined) return null
  const [last] = await readUndos(tx, row.id)
  if (last?.kind !== 'redo')
    throw new ProblemError('conflict', 'Nothing of this import was undone, so there is nothing to write again.')
  const { cellsWritten = 0, assignmentsRestored = 0, studentsRestored = 0, kept = [] } = last.receipt
  return { cellsWritten, assignmentsRestored, studentsRestored, kept }
}
