import 'server-only'
import type { Sql, TenantWriter } from '@/lib/db/tenant-db'
import { actorKey, type Actor } from '@/lib/tenancy/tenant'
import type { ImportJobKind, ImportJobState, ImportProgress } from './progress'
import type { SealedFile } from './seal'
import type { ImportPhase } from './watch'

/** What a worker is asked for one import. A school has one row an import: the last thing that was asked for it. */
export type JobRow = Readonly<{
  importId: string
  kind: ImportJobKind
  state: ImportJobState
  /** Who asked, as history writes it. */
  actor: string
  requestId: string
  planHash: string | null
  /** What exactly is wished beside the kind; null: no more than the kind says. Whoever reads it checks it. */
  wish: unknown
  runId: string | null
  attempt: number
  phase: ImportPhase | null
  done: number
  total: number | null
  problem: ImportProgress['problem']
  waitedSeconds: number
  workedSeconds: number
  /** Seconds since anything was noted here. */
  quietSeconds: number
  isCancelAsked: boolean
}>

type Reader = Readonly<{ sql: Sql; tenantId: string }>

/** Columns of `JobRow`; the query has import_jobs as `job`. */
const jobColumns = `
  job.import_id as "importId", job.kind, job.state, job.actor, job.request_id as "requestId", job.plan_hash as "planHash", job.wish,
  job.run_id as "runId", job.attempt, job.phase, job.done, job.total, job.problem,
  floor(extract(epoch from coalesce(job.started_at, job.finished_at, now()) - job.queued_at))::int as "waitedSeconds",
  coalesce(floor(extract(epoch from coalesce(job.finished_at, now()) - job.started_at)), 0)::int as "workedSeconds",
  extract(epoch from now() - job.changed_at)::float8 as "quietSeconds",
  job.cancel_asked_at is not null as "isCancelAsked"`

/** What was last asked of a worker for this import, or null. Who may see the import is the caller's question. */
export async function findJob(read: Reader, importId: string): Promise<JobRow | null> {
  const [row] = await read.sql<JobRow>(
    `select ${jobColumns} from app.import_jobs job where job.tenant_id = $1 and job.import_id = $2`,
    [read.tenantId, importId],
    { name: 'find_import_job' },
  )
  return row ?? null
}

/** What of a job people see. */
export function progressOf(row: JobRow): ImportProgress {
  const { importId, kind, state, phase, done, total, waitedSeconds, workedSeconds, attempt, problem, isCancelAsked } = row
  const wasTooLate = isCancelAsked && state === 'done'
  const cancel = isCancelAsked ? (wasTooLate ? 'too_late' : 'asked') : 'none'
  return { importId, kind, state, phase, done, total, waitedSeconds, workedSeconds, attempt, cancel, problem }
}

type Ask = Readonly<{
  importId: string
  kind: ImportJobKind
  actor: Actor
  requestId: string
  planHash?: string | null
  wish?: object | null
  /** The file that comes with the wish: kept until the job ends. */
  sent?: SealedFile | null
}>

/**
 * Notes what a worker shall do for an import, and answers what stands there now. The same thing that is already under way stays as
 * it is; whatever is over, or was never taken up by a worker, gives way.
 */
export async function askForJob(
  tx: TenantWriter,
  { importId, kind, actor, requestId, planHash = null, wish = null, sent = null }: Ask,
): Promise<JobRow> {
  const [row] = await tx.sql<JobRow>(
    `insert into app.import_jobs as job (
       tenant_id, import_id, kind, actor, request_id, plan_hash, wish, sent_key_id, sent_nonce, sent_sealed)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10)
     on conflict (tenant_id, import_id) do update
       set kind = excluded.kind, state = 'queued', actor = excluded.actor, request_id = excluded.request_id,
         plan_hash = excluded.plan_hash, wish = excluded.wish, sent_key_id = excluded.sent_key_id,
         sent_nonce = excluded.sent_nonce, sent_sealed = excluded.sent_sealed, run_id = null, attempt = 0, phase = null, done = 0, total = null, problem = null,
         queued_at = now(), started_at = null, changed_at = now(), finished_at = null, cancel_asked_at = null
       where job.state in ('done', 'failed', 'cancelled')
     returning ${jobColumns}`,
    [
      ...[tx.tenantId, importId, kind, actorKey(actor), requestId, planHash, wish && JSON.stringify(wish)],
      ...[sent?.keyId ?? null, sent?.nonce ?? null, sent?.sealed ?? null],
    ],
  )
  const asked = row ?? (await findJob(tx, importId))
  if (asked === null) throw new Error('the job that was asked for is not there')
  return asked
}

/** Which run of which job: only the run that holds a job writes to it. */
export type JobRun = Readonly<{ importId: string; runId: string }>

/**
 * Takes a job for a run, also from a run that no longer answers; null when nothing of this kind waits for this import, because it was
 * done, given up or never asked for.
 */
export async function takeJob(tx: TenantWriter, { importId, runId }: JobRun, kind: ImportJobKind): Promise<JobRow | null> {
  const [row] = await tx.sql<JobRow>(
    `update app.import_jobs as job
     set state = 'working', run_id = $4, attempt = job.attempt + 1, phase = null, done = 0, total = null,
       started_at = now(), changed_at = now()
     where job.tenant_id = $1 and job.import_id = $2 and job.kind = $3 and job.state in ('queued', 'working')
     returning ${jobColumns}`,
    [tx.tenantId, importId, kind, runId],
    { name: 'take_import_job' },
  )
  return row ?? null
}

/** Notes how far a run is. Answers whether somebody wants it cancelled; null when the job is no longer this run's. */
export async function noteProgress(
  tx: TenantWriter,
  { importId, runId }: JobRun,
  { phase, done, total }: Pick<JobRow, 'phase' | 'done' | 'total'>,
): Promise<Readonly<{ isCancelAsked: boolean }> | null> {
  const [row] = await tx.sql<{ isCancelAsked: boolean }>(
    `update app.import_jobs as job
     set phase = $4, done = $5, total = $6, changed_at = now()
     where job.tenant_id = $1 and job.import_id = $2 and job.run_id = $3 and job.state = 'working'
     returning job.cancel_asked_at is not null as "isCancelAsked"`,
    [tx.tenantId, importId, runId, phase, done, total],
    { name: 'note_import_progress' },
  )
  return row ?? null
}

/** How a run ends: for good, or back into the queue for another run. */
export type JobEnd =
  | Readonly<{ state: 'done' | 'cancelled' | 'queued'; problem?: null }>
  | Readonly<{ state: 'failed'; problem: NonNullable<JobRow['problem']> }>

/**
 * Ends a run; nothing happens when the job is no longer this run's. `runId` null ends it whoever has it. One that somebody cancelled did
 * not fail, whatever it met on its way out. A file that was sent with it goes, unless another run needs it.
 */
export async function endJob(
  tx: TenantWriter,
  { importId, runId }: Readonly<{ importId: string; runId: string | null }>,
  { state, problem }: JobEnd,
): Promise<void> {
  await tx.sql(
    `update app.import_jobs as job
     set state = case when $4 = 'failed' and job.cancel_asked_at is not null then 'cancelled' else $4 end,
       problem = case when job.cancel_asked_at is null then $5::jsonb end, changed_at = now(), run_id = null,
       done = case when $4 = 'done' then coalesce(job.total, job.done) else job.done end,
       started_at = case when $4 = 'queued' then null else job.started_at end,
       finished_at = case when $4 = 'queued' then null else now() end,
       sent_key_id = case when $4 = 'queued' then job.sent_key_id end,
       sent_nonce = case when $4 = 'queued' then job.sent_nonce end,
       sent_sealed = case when $4 = 'queued' then job.sent_sealed end
     where job.tenant_id = $1 and job.import_id = $2 and job.state in ('queued', 'working')
       and ($3::uuid is null or job.run_id = $3)`,
    [tx.tenantId, importId, runId, state, problem == null ? null : JSON.stringify(problem)],
    { name: 'end_import_job' },
  )
}

/** Asks for a job to be stopped: at once when no worker has it yet. Answers what stands there then; null when nothing was asked for. */
export async function askToCancel(tx: TenantWriter, importId: string): Promise<JobRow | null> {
  await tx.sql(
    `update app.import_jobs as job
     set cancel_asked_at = coalesce(job.cancel_asked_at, now()), changed_at = now(),
       state = case when job.state = 'queued' then 'cancelled' else job.state end,
       finished_at = case when job.state = 'queued' then now() end,
       sent_key_id = case when job.state <> 'queued' then job.sent_key_id end,
       sent_nonce = case when job.state <> 'queued' then job.sent_nonce end,
       sent_sealed = case when job.state <> 'queued' then job.sent_sealed end
     where job.tenant_id = $1 and job.import_id = $2 and job.state in ('queued', 'working')`,
    [tx.tenantId, importId],
  )
  return findJob(tx, importId)
}

/** Notes that a job was put into the queue again, so that not every look at it does so. */
export async function noteAskedAgain(tx: TenantWriter, importId: string): Promise<void> {
  await tx.sql(
    `update app.import_jobs as job set changed_at = now()
     where job.tenant_id = $1 and job.import_id = $2 and job.state in ('queued', 'working')`,
    [tx.tenantId, importId],
  )
}
