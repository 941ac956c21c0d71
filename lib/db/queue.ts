import 'server-only'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { withDirectConnection } from './direct'

/**
 * The work queue's place in the control database. The tables are a library's (graphile-worker) and so are their migrations; who may do
 * what there is ours (prisma/control/queue.sql). Only the owner migrates: a worker that finds an older queue than it knows fails at start.
 */

/** The schema of the library's tables. */
export const queueSchema = 'queue'

/** The library's last migration. An update of the library that has more says so here, in its tests and in the catalogue. */
export const queueVersion = 18

/** The name under which the library's migrations are reported beside our own. */
const queueName = `queue_${String(queueVersion).padStart(6, '0')}`

/** Brings the queue up to date and grants what workers and web processes need of it. Returns what it applied; twice changes nothing. */
export async function migrateQueue(ownerUrl: string): Promise<string[]> {
  const pending = await pendingOfQueue(ownerUrl)
  await asOwner(ownerUrl, async (pool) => {
    await runMigrations({ pgPool: pool, schema: queueSchema, logger: new Logger(() => () => {}) })
    await pool.query(await readFile(path.resolve(import.meta.dirname, '../../prisma/control/queue.sql'), 'utf8'))
  })
  const version = await versionOf(ownerUrl)
  if (version !== queueVersion) throw new Error(`The queue library has migration ${version}; this release knows ${queueVersion}.`)
  return pending
}

/** The library's migrations that a control database still lacks, under one name. */
export async function pendingOfQueue(ownerUrl: string): Promise<string[]> {
  return (await versionOf(ownerUrl)) < queueVersion ? [queueName] : []
}

async function versionOf(ownerUrl: string): Promise<number> {
  return withDirectConnection(ownerUrl, async (sql) => {
    const [table] = await sql<{ exists: boolean }>("select to_regclass('queue.migrations') is not null as exists")
    if (!table?.exists) return 0
    const [last] = await sql<{ id: number }>('select coalesce(max(id), 0) as id from queue.migrations')
    return last?.id ?? 0
  })
}

/** The library makes its tables as whoever it is connected as: they must be the owner's, not the migrator's. */
async function asOwner(ownerUrl: string, work: (pool: pg.Pool) => Promise<void>): Promise<void> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1, options: '-c role=gi_owner', application_name: 'gi-migrate' })
  pool.on('error', () => {})
  try {
    await work(pool)
  } finally {
    await pool.end()
  }
}

/** A worker's connections to the queue (role gi_worker). End it when the worker has stopped. */
export function openQueue(workerUrl: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: workerUrl,
    max,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'grade-insight-worker',
  })
  // The library listens as well; a broken idle connection is already out of the pool.
  pool.on('error', () => {})
  return pool
}
