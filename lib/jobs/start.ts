import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import { commitImport } from '@/lib/imports/commit'
import { discardImport } from '@/lib/imports/discard'
import { loadOriginalState } from '@/lib/imports/downloads'
import { findImport, type ImportRow } from '@/lib/imports/import-row'
import { askForJob, askToCancel, findJob, type JobRow, progressOf } from '@/lib/imports/job-row'
import { importBytesMax } from '@/lib/imports/limits'
import { type PlanOutcome, type PlanRequest, planImport } from '@/lib/imports/plan'
import type { ImportJobKind, ImportProgress } from '@/lib/imports/progress'
import { redoImport } from '@/lib/imports/redo'
import { refuseOtherFile, type RereadOutcome, type RereadRequest, rereadImport } from '@/lib/imports/reread'
import { type SealedFile, sealFile } from '@/lib/imports/seal'
import { isLargePlan, isLargeUpload, isLargeWrite } from '@/lib/imports/size'
import { storeUpload } from '@/lib/imports/store-upload'
import { plainScope, undoImport, type UndoRequest } from '@/lib/imports/undo'
import type { ImportReceipt, RedoReceipt, UndoReceipt } from '@/lib/imports/views'
import { log } from '@/lib/log'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { queueImport } from './queue'
import { isSameWish, type Wish } from './wish'

/**
 * Where a request decides who does an import: small ones it does itself, at once; large ones it stores and asks a worker for. `queued`:
 * `loadProgress` says how far it is, and the import's own page shows what came of it.
 */
export type Queued = Readonly<{ kind: 'queued'; importId: string; progress: ImportProgress }>

/** `planImport`, or the upload stored for a worker to plan. Throws as `planImport`. */
export async function startPlan(ctx: TenantContext, viewer: Viewer, request: PlanRequest): Promise<PlanOutcome | Queued> {
  // Too large for anybody is refused at once, by its size alone.
  const { length } = request.file.bytes
  if (length > importBytesMax || !isLargeUpload(request.file.bytes)) return planImport(ctx, viewer, request)
  return queued(ctx, await storeUpload(ctx, viewer, request))
}

/** `commitImport`, or the commit of a large plan asked of a worker. Throws as `commitImport`. */
export async function startCommit(
  ctx: TenantContext,
  viewer: Viewer,
  { importId, planHash }: { importId: string; planHash: string },
): Promise<Readonly<{ kind: 'done'; receipt: ImportReceipt }> | Queued> {
  const row = await lookAt(ctx, viewer, importId)
  // What cannot be committed is refused here, in the words of the commit itself.
  const isWork = row.state === 'planned' && row.planHash === planHash && isLargeAndOpen(row)
  if (!isWork) return { kind: 'done', receipt: await commitImport(ctx, viewer, { importId, planHash }) }
  return ask(ctx, viewer, { importId, kind: 'commit', planHash, wish: null })
}

/**
 * `undoImport`, or the undo of a large import, or of a part of one, asked of a worker. A part is as much work to find as the whole.
 * Throws as `undoImport`, and `conflict` while something else is done with this import.
 */
export async function startUndo(
  ctx: TenantContext,
  viewer: Viewer,
  request: UndoRequest,
): Promise<Readonly<{ kind: 'done'; receipt: UndoReceipt }> | Queued> {
  const { importId, only } = request
  const row = await lookAt(ctx, viewer, importId)
  const isWork = row.state === 'committed' && isLargeAndOpen(row)
  if (!isWork) return { kind: 'done', receipt: await undoImport(ctx, viewer, request) }
  const wish = only === undefined ? null : { only: plainScope(only) }
  return ask(ctx, viewer, { importId, kind: 'undo', planHash: null, wish })
}

/** `redoImport`, or the redo of a large import asked of a worker. Throws as `redoImport`, and `conflict` as `startUndo`. */
export async function startRedo(
  ctx: TenantContext,
  viewer: Viewer,
  { importId }: { importId: string },
): Promise<Readonly<{ kind: 'done'; receipt: RedoReceipt }> | Queued> {
  const row = await lookAt(ctx, viewer, importId)
  const isUndone = row.state === 'undone' || (row.state === 'committed' && row.receipt?.undone !== undefined)
  if (!isUndone || !isLargeAndOpen(row)) return { kind: 'done', receipt: await redoImport(ctx, viewer, { importId }) }
  return ask(ctx, viewer, { importId, kind: 'redo', planHash: null, wish: null })
}

/**
 * `rereadImport`, or the re-reading of a large file asked of a worker. A file that is sent with it is compared at once and kept sealed
 * with the job; until it was read, plan, choices and the kept file stay as they are. Throws as `rereadImport`, but what only reading can
 * tell is said by the job; and `conflict` as `startUndo`.
 */
export async function startReread(ctx: TenantContext, viewer: Viewer, request: RereadRequest): Promise<RereadOutcome | Queued> {
  const { importId, choices, file } = request
  const row = await lookAt(ctx, viewer, importId)
  if (!(await isLargeReading(ctx, viewer, row, file !== undefined))) return rereadImport(ctx, viewer, request)
  if (file !== undefined) refuseOtherFile(row, file.bytes)
  const sent = file === undefined ? null : await sealFile({ tenantId: ctx.tenantId, importId }, file.bytes)
  const wish = { choices, isFileSent: sent !== null }
  return ask(ctx, viewer, { importId, kind: 'reread', planHash: null, wish, sent })
}

/** Whether there is a large file to be read; what cannot be read again is refused by `rereadImport` itself. */
async function isLargeReading(ctx: TenantContext, viewer: Viewer, row: ImportRow, isFileSent: boolean): Promise<boolean> {
  const isUndecided = row.state === 'reading' || row.state === 'planned' || row.state === 'blocked'
  if (!isUndecided || row.isLocked || row.isArchived) return false
  // Before its commit an import has a job only when its upload was found large, whatever was read of it since.
  const isLarge = isLargePlan(row.counts) || (await readTenant(ctx, (read) => findJob(read, row.id))) !== null
  return isLarge && (isFileSent || ((await loadOriginalState(ctx, viewer, row.id))?.isKept ?? false))
}

/** What a worker writes; what is closed is refused in the words of the work itself. */
function isLargeAndOpen({ counts, isLocked, isArchived }: ImportRow): boolean {
  return isLargeWrite(counts) && !isLocked && !isArchived
}

/**
 * Stops what a worker does for an import, and says how it stands then: a worker that has it stops within a second, unless it is already
 * writing for good (`progress.cancel` then becomes 'too_late'). An upload that is not read yet is discarded. Null when nothing was
 * ever asked of a worker. Throws `not_found` without the right to import or for an import that cannot be seen.
 */
export async function cancelImport(
  ctx: TenantContext,
  viewer: Viewer,
  { importId }: { importId: string },
): Promise<ImportProgress | null> {
  await lookAt(ctx, viewer, importId)
  const row = await writeTenant(ctx, (tx) => askToCancel(tx, importId))
  if (row?.kind === 'plan' && row.isCancelAsked) await discardImport(ctx, viewer, { importId })
  return row && progressOf(row)
}

async function lookAt(ctx: TenantContext, viewer: Viewer, importId: string): Promise<ImportRow> {
  const row = viewer.rights.has('grades.import') ? await readTenant(ctx, (read) => findImport(read, viewer, importId)) : null
  if (row === null) throw notFound(`import=${importId}`)
  return row
}

type Asked = Readonly<{
  importId: string
  kind: ImportJobKind
  planHash: string | null
  wish: Wish
  sent?: SealedFile | null
}>

async function ask(ctx: TenantContext, viewer: Viewer, asked: Asked): Promise<Queued> {
  const row = await writeTenant(ctx, (tx) => askForJob(tx, { ...asked, actor: viewer.actor, requestId: ctx.requestId }))
  if (row.kind !== asked.kind || row.planHash !== asked.planHash || !isSameWish(row.wish, asked.wish))
    throw new ProblemError('conflict', 'This import is being worked on already. Load the page again to see how far it is.')
  return queued(ctx, row)
}

/** The shard knows first, so that a wish is never lost; a queue that is away is asked again by whoever looks (load-progress.ts). */
async function queued(ctx: TenantContext, row: JobRow): Promise<Queued> {
  const { importId, kind } = row
  await queueImport({ tenantId: ctx.tenantId, importId, kind, requestId: ctx.requestId }).catch((error: unknown) =>
    log.warn('job_not_queued', { tenant: ctx.tenantId, import: importId, kind }, error),
  )
  return { kind: 'queued', importId, progress: progressOf(row) }
}
