import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import { commitImport } from '@/lib/imports/commit'
import { discardImport } from '@/lib/imports/discard'
import { findImport, type ImportRow } from '@/lib/imports/import-row'
import { askForJob, askToCancel, type JobRow, progressOf } from '@/lib/imports/job-row'
import { importBytesMax } from '@/lib/imports/limits'
import { type PlanOutcome, type PlanRequest, planImport } from '@/lib/imports/plan'
import type { ImportJobKind, ImportProgress } from '@/lib/imports/progress'
import { isLargeUpload, isLargeWrite } from '@/lib/imports/size'
import { storeUpload } from '@/lib/imports/store-upload'
import { undoImport } from '@/lib/imports/undo'
import type { ImportReceipt, UndoReceipt } from '@/lib/imports/views'
import { log } from '@/lib/log'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { queueImport } from './queue'

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
  const isWork =
    row.state === 'planned' && row.planHash === planHash && isLargeWrite(row.counts) && !row.isLocked && !row.isArchived
  if (!isWork) return { kind: 'done', receipt: await commitImport(ctx, viewer, { importId, planHash }) }
  return ask(ctx, viewer, { importId, kind: 'commit', planHash })
}

/** `undoImport` as a whole, or the undo of a large import asked of a worker. Throws as `undoImport`. */
export async function startUndo(
  ctx: TenantContext,
  viewer: Viewer,
  { importId }: { importId: string },
): Promise<Readonly<{ kind: 'done'; receipt: UndoReceipt }> | Queued> {
  const row = await lookAt(ctx, viewer, importId)
  const isWork = row.state === 'committed' && isLargeWrite(row.counts) && !row.isLocked && !row.isArchived
  if (!isWork) return { kind: 'done', receipt: await undoImport(ctx, viewer, { importId }) }
  return ask(ctx, viewer, { importId, kind: 'undo', planHash: null })
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

async function ask(
  ctx: TenantContext,
  viewer: Viewer,
  { importId, kind, planHash }: { importId: string; kind: ImportJobKind; planHash: string | null },
): Promise<Queued> {
  const wish = { importId, kind, planHash, actor: viewer.actor, requestId: ctx.requestId }
  const row = await writeTenant(ctx, (tx) => askForJob(tx, wish))
  if (row.kind !== kind || row.planHash !== planHash)
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
