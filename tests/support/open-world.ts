import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { cloneDatabase, databaseUrl } from '@/lib/db/bootstrap'
import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { forgetEnv } from '@/lib/env'
import { databaseEnv } from '@/lib/ops/local-databases'
import { type LocalPgBouncer, startPgBouncer } from '@/lib/ops/local-pgbouncer'
import { type LocalRedis, startRedis } from '@/lib/ops/local-redis'
import { noteProcess } from './leftovers'
import { insertDistrict, insertSchool, type SchoolFixture, type SchoolOptions } from './schools'
import type { Addresses } from './servers'

/** The addresses of one shard, by who asks. */
export type ShardAddresses = Readonly<{
  /** gi_app: the web application. */
  url: string
  /** gi_migrator */
  ownerUrl: string
  /** gi_mover: passes row-level security. */
  moverUrl: string
  /** The superuser: for what a test must see or break behind everybody's back. */
  adminUrl: string
  /** gi_app through PgBouncer in transaction mode, when the world has one. */
  poolerUrl?: string
}>

/**
 * Databases of their own for one test file, so that files may run beside each other and in any order: a control database and
 * shards `shard_1`, `shard_2`, ... cloned from migrated templates, and a Redis and a PgBouncer of their own when asked for.
 */
export type World = Readonly<{
  /** Everything lib/env.ts asks for; already set in this test's process. */
  env: Readonly<Record<string, string>>
  controlUrl: string
  controlOwnerUrl: string
  /** The superuser's address of the control database. */
  adminUrl: string
  shard: (name: string) => ShardAddresses
  redisUrl?: string
  /** To stop, pause and bring back. */
  redis?: LocalRedis
  pgbouncer?: LocalPgBouncer
  addDistrict: (options: { slug: string; name: string }) => Promise<string>
  /** A school in the registry and on its shard. Without options: an active school with a name nobody else has, on shard_1. */
  addSchool: (options?: SchoolOptions) => Promise<SchoolFixture>
  /** Has the run end a server of this test if the test cannot. `mark` is a word of its command line. */
  noteProcess: (pid: number, mark: string) => void
  /** Drops the databases and ends the servers of this world. Call it in afterAll. */
  close: () => Promise<void>
}>

export type WorldOptions = Readonly<{
  /** How many shards; 2 when not said. */
  shards?: number
  redis?: boolean
  /** Server connections per database in PgBouncer, 10 when only `true`. */
  pgbouncer?: boolean | { poolSize: number }
}>

/** Makes a world on servers that somebody started. Sets this process's environment to it. */
export async function openWorld(
  servers: Addresses,
  { shards: count = 2, redis: wantsRedis, pgbouncer }: WorldOptions,
): Promise<World> {
  const id = `w_${randomBytes(5).toString('hex')}`
  const shardNames = Array.from({ length: count }, (_, index) => `shard_${index + 1}`)
  const databases = { control: `${id}_control`, shards: Object.fromEntries(shardNames.map((name) => [name, `${id}_${name}`])) }
  const env: Record<string, string> = {
    ...databaseEnv(servers.adminUrl, servers.passwords, databases),
    NODE_ENV: 'test',
    ROOT_DOMAIN: 'localhost:3000',
    APP_PROTO: 'http',
    LOG_LEVEL: 'silent',
    NEXTAUTH_SECRET: `nextauth-${randomBytes(24).toString('hex')}`,
    CONTEXT_SECRET: `context-${randomBytes(24).toString('hex')}`,
    TOKEN_SECRET: `token-${randomBytes(24).toString('hex')}`,
    FILES_SECRET: `files-${randomBytes(24).toString('hex')}`,
  }
  const openings: Array<() => Promise<void>> = []
  const close = async () => {
    for (const undo of openings.splice(0).reverse()) await undo()
  }
  const admin = <T>(database: string, fn: (sql: DirectSql) => Promise<T>) =>
    withDirectConnection(databaseUrl(servers.adminUrl, database), fn)

  try {
    const all = [
      { kind: 'control' as const, database: databases.control, template: servers.templates.control },
      ...Object.values(databases.shards).map((database) => ({
        kind: 'shard' as const,
        database,
        template: servers.templates.shard,
      })),
    ]
    for (const each of all) {
      openings.push(() =>
        admin('postgres', async (sql) => void (await sql(`drop database if exists ${each.database} with (force)`))),
      )
      await cloneDatabase({ adminUrl: servers.adminUrl, ...each })
    }
    await admin(databases.control, (sql) => sql('insert into control.shards (name) select unnest($1::text[])', [shardNames]))

    const redis = wantsRedis ? await startRedis(servers.redis) : undefined
    if (redis) {
      noteProcess(servers.folder, redis.pid(), 'server')
      openings.push(redis.stop)
      env.REDIS_URL = redis.url
    }
    const appUrls = shardNames.map((name) => env[`SHARD_URL_${name.toUpperCase()}`] ?? '')
    const bouncer = pgbouncer
      ? await startPgBouncer({
          program: servers.pgbouncer,
          folder: path.join(servers.folder, `${id}-pgbouncer`),
          urls: [env.CONTROL_URL ?? '', ...appUrls],
          poolSize: pgbouncer === true ? 10 : pgbouncer.poolSize,
        })
      : undefined
    if (bouncer) {
      noteProcess(servers.folder, bouncer.pid, 'pgbouncer')
      openings.push(bouncer.stop)
    }
    applyEnv(env)

    const address = (name: string) => {
      const value = env[name]
      if (value === undefined) throw new Error(`This world has no ${name}: make it with more shards.`)
      return value
    }
    const shard = (name: string): ShardAddresses => {
      const url = address(`SHARD_URL_${name.toUpperCase()}`)
      return {
        url,
        ownerUrl: address(`OWNER_URL_${name.toUpperCase()}`),
        moverUrl: address(`MOVER_URL_${name.toUpperCase()}`),
        adminUrl: databaseUrl(servers.adminUrl, databases.shards[name] ?? ''),
        ...(bouncer ? { poolerUrl: bouncer.urlThrough(url) } : {}),
      }
    }
    const adminUrl = databaseUrl(servers.adminUrl, databases.control)
    return {
      env,
      controlUrl: address('CONTROL_URL'),
      controlOwnerUrl: address('CONTROL_OWNER_URL'),
      adminUrl,
      shard,
      ...(redis ? { redis, redisUrl: redis.url } : {}),
      ...(bouncer ? { pgbouncer: bouncer } : {}),
      addDistrict: (district) => insertDistrict(adminUrl, district),
      addSchool: (school = {}) =>
        insertSchool({ controlAdminUrl: adminUrl, shardAdminUrl: (name) => shard(name).adminUrl }, school),
      noteProcess: (pid, mark) => noteProcess(servers.folder, pid, mark),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Sets this process's environment to a world's, and takes away the addresses of shards it does not have. */
export function applyEnv(env: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env))
    if (/^(SHARD|OWNER|MOVER)_URL_|^REDIS_URL$|^NEXTAUTH_URL$/.test(name)) delete process.env[name]
  Object.assign(process.env, env)
  forgetEnv()
}
