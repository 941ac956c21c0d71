import 'server-only'
import { z } from 'zod'
import { log } from '@/lib/log'
import { giveUpImportJob } from './import-job'
import { importTask } from './queue'

/**
 * Who of the workers lives. The library's own lock of a job lasts for hours; a worker that was killed would hold a school's queue as long.
 * So each worker beats, and any of them frees the jobs of those whose heart has stopped.
 */

/** The queue as gi_worker. */
export type QueueSql = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>

/** Two beats may be lost before a worker counts as dead; with a sweep every third second its jobs are free after 15 s at most. */
export const beatEveryMs = 2_000
export const deadAfterSeconds = 12
export const sweepEveryMs = 3_000

/** Says that these workers live. */
export async function beat(sql: QueueSql, workerIds: readonly string[]): Promise<void> {
  await sql(
    `insert into control.worker_heartbeats as worker (worker_id)
     select unnest($1::text[])
     on conflict (worker_id) do update set beat_at = now()`,
    [workerIds],
  )
}

/** Says that these workers ended as they should; what they hold yet is free for others at the next sweep. */
export async function stopBeating(sql: QueueSql, workerIds: readonly string[]): Promise<void> {
  await sql('delete from control.worker_heartbeats where worker_id = any($1::text[])', [workerIds])
}

/** Frees what dead workers hold, and says of jobs that no run survived that they failed. Returns how many workers were dead. */
export async function sweep(sql: QueueSql): Promise<number> {
  const dead = await findDead(sql)
  if (dead.length > 0) {
    await sql('select queue.force_unlock_workers($1::text[])', [dead])
    log.warn('workers_found_dead', { count: dead.length })
  }
  await giveUpExhausted(sql)
  await sql(`delete from control.worker_heartbeats where beat_at < now() - interval '1 hour'`)
  return dead.length
}

/** A lock younger than a heartbeat's time may be of a worker that has not beaten yet. */
async function findDead(sql: QueueSql): Promise<string[]> {
  const rows = await sql<{ workerId: string }>(
    `with held(worker_id, since) as (
       select locked_by, locked_at from queue._private_jobs where locked_by is not null
       union all
       select locked_by, locked_at from queue._private_job_queues where locked_by is not null
     )
     select distinct worker_id as "workerId"
     from held
     where since < now() - make_interval(secs => $1)
       and not exists (
         select from control.worker_heartbeats living
         where living.worker_id = held.worker_id and living.beat_at > now() - make_interval(secs => $1))`,
    [deadAfterSeconds],
  )
  return rows.map(({ workerId }) => workerId)
}

const exhaustedSchema = z.object({ id: z.string(), task: z.string(), payload: z.unknown() })

/** A run that fails says so itself. Only one that ended with its process, time after time, is left over. */
async function giveUpExhausted(sql: QueueSql): Promise<void> {
  const rows = await sql<unknown>(
    `select job.id::text as id, task.identifier as task, job.payload
     from queue._private_jobs job
     join queue._private_tasks task on task.id = job.task_id
     where job.attempts >= job.max_attempts and job.locked_at is null
     limit 20`,
  )
  for (const row of rows) {
    const { id, task, payload } = exhaustedSchema.parse(row)
    try {
      if (task === importTask) await giveUpImportJob(payload)
      await sql('select queue.complete_jobs(array[$1::bigint])', [id])
    } catch (error) {
      // Its school's shard is away: the next sweep says it.
      log.warn('job_not_given_up', {}, error)
    }
  }
}
