import 'server-only'
import { randomUUID } from 'node:crypto'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant, type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import { commitImport } from '@/lib/imports/commit'
import { findImport } from '@/lib/imports/import-row'
import { endJob, findJob, type JobEnd, type JobRow, takeJob } from '@/lib/imports/job-row'
import { dropOriginal } from '@/lib/imports/original'
import { redoImport } from '@/lib/imports/redo'
import { rereadImport } from '@/lib/imports/reread'
import { openSentFile } from '@/lib/imports/sent-file'
import { undoImport } from '@/lib/imports/undo'
import { UnreadableFile } from '@/lib/imports/unreadable'
import type { ImportWatch } from '@/lib/imports/watch'
import { log } from '@/lib/log'
import { reportSurprise } from '@/lib/surprise'
import { establishTenant } from '@/lib/tenancy/establish'
import { findTenantById } from '@/lib/tenancy/registry'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { findAsker } from './asker'
import { followRun } from './follow'
import { importJobSchema } from './queue'
import { HandedBack, JobStopped } from './stops'
import { rereadWishSchema, undoWishSchema } from './wish'

/** done, failed and cancelled are said to who waits; dropped: there was nothing to do, or this school cannot be written now. */
export type JobOutcome = 'done' | 'failed' | 'cancelled' | 'dropped'

/** A run of the queue: whether another one would follow a failure, and when this process wants to end. */
export type QueueRun = Readonly<{ isLast: boolean; shutdown: AbortSignal }>

/**
 * Runs one job of the queue. Nothing in it is believed: the school is looked up, its own row says what to do, and who asked must still
 * have the right. What a person can mend ends the job and is said to them. Throws when another run should try again.
 */
export async function runImportJob(given: unknown, queueRun: QueueRun): Promise<JobOutcome> {
  const { tenantId, importId, kind, requestId } = importJobSchema.parse(given)
  const record = await findTenantById(tenantId)
  if (record === null) return dropped('no such school', { tenant: tenantId, import: importId })
  const ctx = establishTenant(record, requestId)
  const run = { importId, runId: randomUUID() }
  try {
    const job = await writeTenant(ctx, (tx) => takeJob(tx, run, kind))
    if (job === null) return dropped('nothing was asked for', { tenant: tenantId, import: importId })
    return await runTaken(ctx, job, run.runId, queueRun)
  } catch (error) {
    if (!isClosed(error)) throw error
    // It cannot even be written that it waits. Whoever looks at it when the school is open again asks anew (load-progress.ts).
    return dropped('the school is closed', { tenant: tenantId, import: importId })
  }
}

async function runTaken(ctx: TenantContext, job: JobRow, runId: string, { isLast, shutdown }: QueueRun): Promise<JobOutcome> {
  const followed = followRun(ctx, { importId: job.importId, runId }, shutdown)
  const end = await work(ctx, job, followed.watch).then(
    (): JobEnd => ({ state: 'done' }),
    (error: unknown) => endOf(error, job, { isLast, tenant: ctx.tenantId }),
  )
  await followed.stop()
  if (end === 'gone') return 'dropped'
  await writeTenant(ctx, (tx) => close(tx, job, { runId, end }))
  if (end.state === 'queued') throw new HandedBack()
  return end.state
}

/** An upload that could not be read is not kept: nobody will take out of it what may not be kept. */
async function close(
  tx: TenantWriter,
  { importId, kind }: Pick<JobRow, 'importId' | 'kind'>,
  { runId, end }: Readonly<{ runId: string | null; end: JobEnd }>,
): Promise<void> {
  if (kind === 'plan' && end.state === 'failed') await dropOriginal(tx, importId)
  await endJob(tx, { importId, runId }, end)
}

async function work(ctx: TenantContext, job: JobRow, watch: ImportWatch): Promise<void> {
  if (job.isCancelAsked) throw new JobStopped('cancelled')
  const viewer = await findAsker(ctx, job.actor)
  if (viewer === null || !viewer.rights.has('grades.import')) throw noLongerAllowed()
  await works[job.kind](ctx, viewer, job, watch)
}

type Work = (ctx: TenantContext, viewer: Viewer, job: JobRow, watch: ImportWatch) => Promise<unknown>

const works: Readonly<Record<JobRow['kind'], Work>> = {
  plan: planUpload,
  commit: (ctx, viewer, { importId, planHash }, watch) =>
    commitImport(ctx, viewer, { importId, planHash: planHash ?? '' }, watch),
  undo: (ctx, viewer, { importId, wish }, watch) => undoImport(ctx, viewer, { importId, ...undoWishSchema.parse(wish) }, watch),
  redo: (ctx, viewer, { importId }, watch) => redoImport(ctx, viewer, { importId }, watch),
  reread: readAgain,
}

/** Reads a stored upload and makes its plan; what an earlier run has stored stays as it is. */
async function planUpload(ctx: TenantContext, viewer: Viewer, { importId }: JobRow, watch: ImportWatch): Promise<void> {
  const row = await readTenant(ctx, (read) => findImport(read, viewer, importId))
  if (row === null) throw notFound(`import=${importId}`)
  if (row.state === 'reading') await rereadImport(ctx, viewer, { importId, choices: {} }, watch)
}

/** Reads a file under other choices; what an earlier run has stored already comes out the same. */
async function readAgain(ctx: TenantContext, viewer: Viewer, { importId, wish }: JobRow, watch: ImportWatch): Promise<void> {
  const { choices, isFileSent } = rereadWishSchema.parse(wish)
  const file = isFileSent ? { bytes: await readTenant(ctx, (read) => openSentFile(read, importId)) } : undefined
  await rereadImport(ctx, viewer, { importId, choices, file }, watch)
}

/** What a failure means for the job; 'gone' when it is another run's by now. */
function endOf(error: unknown, job: JobRow, { isLast, tenant }: { isLast: boolean; tenant: string }): JobEnd | 'gone' {
  if (error instanceof JobStopped) return stopEnds[error.why]
  if (isClosed(error)) throw error
  const fields = { tenant, import: job.importId, kind: job.kind, attempt: job.attempt, request: job.requestId }
  if (error instanceof ProblemError && error.code !== 'unavailable') {
    const { message } = error.code === 'not_found' ? noLongerAllowed() : error
    return { state: 'failed', problem: { message, problems: error instanceof UnreadableFile ? error.problems : [] } }
  }
  if (!isLast) {
    log.warn('job_will_be_repeated', fields, error)
    return { state: 'queued' }
  }
  return { state: 'failed', problem: { message: reportSurprise('job_failed', error, fields).message, problems: [] } }
}

const stopEnds: Readonly<Record<JobStopped['why'], JobEnd | 'gone'>> = {
  cancelled: { state: 'cancelled' },
  shutdown: { state: 'queued' },
  taken_over: 'gone',
}

function isClosed(error: unknown): boolean {
  return error instanceof ProblemError && (error.code === 'school_suspended' || error.code === 'school_read_only')
}

function noLongerAllowed(): ProblemError {
  return new ProblemError(
    'forbidden',
    'Who asked for this may no longer import into this class, or the import is gone. Nothing was written. Somebody who teaches the class can start it again.',
  )
}

function dropped(reason: string, fields: Readonly<{ tenant: string; import: string }>): 'dropped' {
  log.info('job_dropped', { ...fields, reason })
  return 'dropped'
}

/** Says of a job whose workers died under it every time that it failed for good. For the sweep (workers.ts). */
export async function giveUpImportJob(given: unknown): Promise<void> {
  const payload = importJobSchema.safeParse(given)
  const record = payload.success ? await findTenantById(payload.data.tenantId) : null
  // Nobody waits for what names no school.
  if (!payload.success || record === null) return
  const { tenantId, importId, kind, requestId } = payload.data
  const ctx = establishTenant(record, requestId)
  const { message } = reportSurprise('job_given_up', new Error('every run ended with its worker'), {
    tenant: tenantId,
    import: importId,
  })
  const end = { state: 'failed' as const, problem: { message, problems: [] } }
  await writeTenant(ctx, async (tx) => {
    // Something else may have been asked for since.
    if ((await findJob(tx, importId))?.kind === kind) await close(tx, { importId, kind }, { runId: null, end })
  }).catch((error: unknown) => {
    if (!isClosed(error)) throw error
  })
}
