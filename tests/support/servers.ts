import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bootstrapControl, bootstrapShard } from '@/lib/db/bootstrap'
import { type AllPasswords, newRolePasswords, roleUrl } from '@/lib/ops/local-databases'
import { abortPostgresIn, removePostgres, startPostgres } from '@/lib/ops/local-postgres'
import { isRunning } from '@/lib/ops/local-process'
import { findOrFetchProgram, type Program, pgbouncerProgram, redisProgram } from '@/lib/ops/local-programs'
import { migrateControl, migrateShard } from '@/lib/db/migrations'
import { endNotedProcesses, killNotedProcesses } from './leftovers'

/** What a test file needs to make its own world on the servers of the run. Plain data: it crosses into the test processes. */
export type Addresses = Readonly<{
  adminUrl: string
  passwords: AllPasswords
  templates: Readonly<{ control: string; shard: string }>
  redis: Program
  pgbouncer: Program
  /** A folder of this run, removed at its end. */
  folder: string
}>

/** The servers of one run of the tests, started once and ended by us. */
export type Servers = Readonly<{ addresses: Addresses; stop: () => Promise<void> }>

const runs = path.join(os.tmpdir(), `grade-insight-tests-${os.userInfo().uid}`)
const templates = { control: 'template_control', shard: 'template_shard' }

/**
 * One Postgres with two migrated templates, and the programs of Redis and PgBouncer made ready. Ends what it started when a later
 * step fails, because then nobody else would.
 */
export async function startServers(): Promise<Servers> {
  await removeAbandonedRuns()
  const folder = path.join(runs, `${process.pid}-${randomBytes(3).toString('hex')}`)
  fs.mkdirSync(folder, { recursive: true })
  for (const open of [runs, folder]) fs.chmodSync(open, 0o755)
  const dataDir = path.join(folder, 'postgres')
  // Vitest leaves at once on Ctrl-C, without its teardown.
  const abort = () => {
    killNotedProcesses(folder)
    abortPostgresIn(dataDir)
  }
  process.once('exit', abort)
  const stop = async () => {
    process.removeListener('exit', abort)
    await endNotedProcesses(folder)
    await removePostgres(dataDir)
    fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    const [postgres, redis, pgbouncer] = await Promise.all([
      startPostgres({ dataDir, isFast: true, maxConnections: 400 }),
      findOrFetchProgram(redisProgram),
      findOrFetchProgram(pgbouncerProgram),
    ])
    const passwords = newRolePasswords()
    await makeTemplates(postgres.adminUrl(), passwords)
    return { addresses: { adminUrl: postgres.adminUrl(), passwords, templates, redis, pgbouncer, folder }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeTemplates(adminUrl: string, passwords: AllPasswords): Promise<void> {
  await bootstrapControl({ adminUrl, database: templates.control, passwords })
  await bootstrapShard({ adminUrl, database: templates.shard, passwords })
  await migrateControl(roleUrl(adminUrl, passwords, 'gi_migrator', templates.control))
  await migrateShard(roleUrl(adminUrl, passwords, 'gi_migrator', templates.shard))
}

/** A run that was killed leaves its servers behind. Its folder carries its process id: when that is gone, so may they. */
async function removeAbandonedRuns(): Promise<void> {
  if (!fs.existsSync(runs)) return
  for (const runId of fs.readdirSync(runs)) {
    if (isRunning(Number(runId.split('-')[0]))) continue
    await endNotedProcesses(path.join(runs, runId))
    await removePostgres(path.join(runs, runId, 'postgres'))
    fs.rmSync(path.join(runs, runId), { recursive: true, force: true })
  }
}
