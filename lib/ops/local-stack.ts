import 'server-only'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { bootstrapControl, bootstrapShard, databaseUrl } from '@/lib/db/bootstrap'
import { withDirectConnection } from '@/lib/db/direct'
import { migrateControl, migrateShard } from '@/lib/db/migrations'
import { type AllPasswords, type DatabaseNames, databaseEnv, newRolePasswords } from '@/lib/ops/local-databases'
import { startPostgres } from '@/lib/ops/local-postgres'
import { findProgram, redisProgram } from '@/lib/ops/local-programs'
import { startRedis } from '@/lib/ops/local-redis'
import { withProgress } from '@/lib/ops/progress.mjs'

/** What the application stands on, on this machine: Postgres with a migrated control database and two shards, and perhaps Redis. */
export type LocalStack = Readonly<{
  /** What lib/env.ts asks for, but PORT and ROOT_DOMAIN. */
  env: Readonly<Record<string, string>>
  /** Set when we started a Redis; REDIS_URL of the caller's environment is only passed on. */
  redisPid: number | null
  stop: () => Promise<void>
}>

const databases: DatabaseNames = { control: 'gi_control', shards: { shard_1: 'gi_shard_1', shard_2: 'gi_shard_2' } }

const secretsSchema = z.object({
  NEXTAUTH_SECRET: z.string(),
  CONTEXT_SECRET: z.string(),
  TOKEN_SECRET: z.string(),
  FILES_SECRET: z.string(),
  METRICS_TOKEN: z.string(),
  passwords: z.object({
    gi_migrator: z.string(),
    gi_app: z.string(),
    gi_control: z.string(),
    gi_worker: z.string(),
    gi_mover: z.string(),
  }),
})

const keptSchema = secretsSchema.partial().extend({ passwords: secretsSchema.shape.passwords.partial().optional() })

/** Starts what is stopped and brings every database up to date; data and secrets lie in `folder` and are kept. Ends what it started when a step fails. */
export async function startStack(folder: string): Promise<LocalStack> {
  const { passwords, ...secrets } = readOrMakeSecrets(path.join(folder, 'secrets.json'))
  const postgres = await withProgress('Starting Postgres', () => startPostgres({ dataDir: path.join(folder, 'postgres') }))
  const redisUrl = process.env.REDIS_URL
  const redisServer = redisUrl ? null : findProgram(redisProgram)
  let redis: Awaited<ReturnType<typeof startRedis>> | null = null
  const stop = async () => {
    await redis?.stop()
    await postgres.stop()
  }
  try {
    if (redisServer) redis = await withProgress('Starting Redis', () => startRedis(redisServer))
    const databaseAddresses = databaseEnv(postgres.adminUrl(), passwords, databases)
    await withProgress('Preparing the databases', () => prepare(postgres.adminUrl(), passwords, databaseAddresses)).catch(
      startOver,
    )
    const url = redisUrl ?? redis?.url
    return {
      env: { ...databaseAddresses, ...secrets, APP_PROTO: 'http', ...(url ? { REDIS_URL: url } : {}) },
      redisPid: redis?.pid() ?? null,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function prepare(adminUrl: string, passwords: AllPasswords, addresses: Readonly<Record<string, string>>): Promise<void> {
  await bootstrapControl({ adminUrl, database: databases.control, passwords })
  await migrateControl(addresses.CONTROL_OWNER_URL ?? '')
  for (const [name, database] of Object.entries(databases.shards)) {
    await bootstrapShard({ adminUrl, database, passwords })
    await migrateShard(addresses[`OWNER_URL_${name.toUpperCase()}`] ?? '')
  }
  await registerShards(databaseUrl(adminUrl, databases.control))
}

function startOver(cause: unknown): never {
  const said = cause instanceof Error ? cause.message : String(cause)
  throw new Error(`${said}\nTo start over without what is in .data/: npm run demo -- --reset`, { cause })
}

async function registerShards(controlAdminUrl: string): Promise<void> {
  const names = Object.keys(databases.shards)
  await withDirectConnection(controlAdminUrl, async (sql) => {
    await sql('insert into control.shards (name) select unnest($1::text[]) on conflict do nothing', [names])
  })
}

function readOrMakeSecrets(file: string): z.infer<typeof secretsSchema> {
  const secret = () => randomBytes(32).toString('base64url')
  const fresh = {
    NEXTAUTH_SECRET: secret(),
    CONTEXT_SECRET: secret(),
    TOKEN_SECRET: secret(),
    FILES_SECRET: secret(),
    METRICS_TOKEN: secret(),
    passwords: newRolePasswords(),
  }
  const kept = keptSchema.parse(fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {})
  // A folder of an older release may lack a secret of this one.
  const secrets = secretsSchema.parse({ ...fresh, ...kept, passwords: { ...fresh.passwords, ...kept.passwords } })
  fs.writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  return secrets
}
