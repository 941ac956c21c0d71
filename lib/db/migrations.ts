import 'server-only'
import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { bootstrapControl, bootstrapShard, databaseUrl } from './bootstrap'
import { withDirectConnection } from './direct'
import { migrateQueue, pendingOfQueue } from './queue'
import { type Engine, type EngineInput, type MigrationFiles, withSchemaEngine } from './schema-engine'

/** The two kinds of database, each with its own schema, migrations and catalogue. */
export type DatabaseKind = 'control' | 'shard'

/** Where a database stands against the migrations in this checkout; everything is empty when it is up to date and untouched. */
export type MigrationStatus = Readonly<{
  /** Not applied yet, in order. */
  pending: readonly string[]
  /** Began and failed; nothing of it is left in the database. `migrate --retry` runs it again. */
  failed: readonly string[]
  /** Applied, and its file changed since. */
  edited: readonly string[]
  /** Applied, and its file is not in this checkout: a newer release ran here. */
  unknown: readonly string[]
}>

const prismaDir = path.resolve(import.meta.dirname, '../../prisma')
const schemasOf: Readonly<Record<DatabaseKind, readonly string[]>> = {
  control: ['control', 'queue', 'public'],
  shard: ['app', 'guard', 'public'],
}

/** Brings the control database up to date. `ownerUrl` is gi_migrator's address. Returns the migrations it applied. */
export async function migrateControl(ownerUrl: string): Promise<string[]> {
  return migrate('control', ownerUrl)
}

/** Brings one shard up to date. `ownerUrl` is gi_migrator's address. Returns the migrations it applied. */
export async function migrateShard(ownerUrl: string): Promise<string[]> {
  return migrate('shard', ownerUrl)
}

/**
 * Applies what is pending, in order, each migration in its own transaction; of the control database also what its queue lacks. A second caller waits and then finds nothing to do.
 * Throws when an applied migration was edited since, when one failed before (unless `isRetry`), and with the database's own
 * words when one fails now; that one then leaves nothing behind, and those before it stay.
 */
export async function migrate(kind: DatabaseKind, ownerUrl: string, options: { isRetry?: boolean } = {}): Promise<string[]> {
  return withMigrationLock(ownerUrl, () =>
    withSchemaEngine(ownerUrl, filesOf(kind), async (engine, input) => {
      const { edited, failed } = await diagnose(engine, input)
      if (edited.length > 0)
        throw new Error(`Edited after it was applied: ${edited.join(', ')}. Restore it and write a new migration.`)
      if (failed.length > 0 && !options.isRetry)
        throw new Error(`Failed before: ${failed.join(', ')}. Nothing of it is left. Mend the cause, then: migrate --retry.`)
      for (const migrationName of failed) await engine.markMigrationRolledBack({ migrationName })
      const applied = await apply(engine, input)
      return kind === 'control' ? [...applied, ...(await migrateQueue(ownerUrl))] : applied
    }),
  )
}

/** Where one database stands; changes nothing. */
export async function migrationStatus(kind: DatabaseKind, ownerUrl: string): Promise<MigrationStatus> {
  const status = await withSchemaEngine(ownerUrl, filesOf(kind), diagnose)
  return kind === 'control' ? { ...status, pending: [...status.pending, ...(await pendingOfQueue(ownerUrl))] } : status
}

/**
 * How a database differs from what this checkout would build, in words: the SQL that Prisma would run to reach the schema, and
 * a line for every policy, grant, trigger, function, rule or role that is missing ("-") or should not be there ("+").
 */
export async function findDrift(kind: DatabaseKind, ownerUrl: string): Promise<string[]> {
  const expected = new Set((await readFile(catalogueFile(kind), 'utf8')).split('\n').filter((line) => line !== ''))
  const actual = new Set(await readCatalogue(kind, ownerUrl))
  return [
    ...(await schemaDiff(kind, ownerUrl)),
    ...[...expected].filter((line) => !actual.has(line)).map((line) => `- ${line}`),
    ...[...actual].filter((line) => !expected.has(line)).map((line) => `+ ${line}`),
  ]
}

/**
 * For who writes migrations. Builds a scratch database from this checkout and returns the SQL that its schema.prisma still
 * lacks, '' when nothing; then writes the catalogue that `findDrift` compares with. `adminUrl` is a superuser's.
 */
export async function authorMigration(kind: DatabaseKind, adminUrl: string): Promise<string> {
  return withScratchDatabase(kind, adminUrl, async (url) => {
    const sql = await schemaDiff(kind, url)
    await writeFile(catalogueFile(kind), `${(await readCatalogue(kind, url)).join('\n')}\n`)
    return sql.join('\n')
  })
}

async function withScratchDatabase<T>(kind: DatabaseKind, adminUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const database = `gi_scratch_${randomUUID()}`
  const bootstrap = kind === 'shard' ? bootstrapShard : bootstrapControl
  await bootstrap({ adminUrl, database, passwords: {} })
  try {
    const url = databaseUrl(adminUrl, database)
    await migrate(kind, url)
    return await work(url)
  } finally {
    await withDirectConnection(databaseUrl(adminUrl, 'postgres'), (sql) =>
      sql(`drop database if exists ${pg.escapeIdentifier(database)} with (force)`),
    )
  }
}

/** Prisma's own lock gives up after ten seconds; ours, taken first, waits as long as the other migrator works. */
async function withMigrationLock<T>(ownerUrl: string, work: () => Promise<T>): Promise<T> {
  return withDirectConnection(ownerUrl, async (sql) => {
    await sql('set lock_timeout = 0')
    await sql("select pg_advisory_lock(hashtextextended('gi.migrate', 0))")
    return work()
  })
}

async function apply(engine: Engine, input: EngineInput): Promise<string[]> {
  try {
    return (await engine.applyMigrations(input)).appliedMigrationNames
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The engine's message ends with a trace of its own functions.
    const [said] = error.message.split(/\n\s+0: /)
    throw new Error(said, { cause: error })
  }
}

async function diagnose(engine: Engine, input: EngineInput): Promise<MigrationStatus> {
  const found = await engine.diagnoseMigrationHistory({ ...input, optInToShadowDatabase: false })
  const history = found.history
  return {
    pending: history !== null && 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : [],
    failed: found.failedMigrationNames,
    // A failed migration is mended by editing it.
    edited: found.editedMigrationNames.filter((name) => !found.failedMigrationNames.includes(name)),
    unknown: history !== null && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [],
  }
}

async function schemaDiff(kind: DatabaseKind, url: string): Promise<string[]> {
  return withSchemaEngine(url, filesOf(kind), async (engine, { schema, filters }) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', ...schema, configDir: prismaDir },
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: true,
      filters,
    })
    return exitCode === 0 ? [] : [stdout ?? '']
  })
}

async function readCatalogue(kind: DatabaseKind, url: string): Promise<string[]> {
  const query = await readFile(path.join(prismaDir, 'catalogue.sql'), 'utf8')
  const rows = await withDirectConnection(url, async (sql) => {
    // Definitions are printed with as few schema names as the path allows: none of ours is on it.
    await sql("set search_path = ''")
    return sql<{ line: string }>(query, [schemasOf[kind]])
  })
  return rows.map(({ line }) => line.replaceAll(/\s+/g, ' '))
}

function filesOf(kind: DatabaseKind): MigrationFiles {
  return { schemaFile: path.join(prismaDir, kind, 'schema.prisma'), migrationsDir: path.join(prismaDir, kind, 'migrations') }
}

function catalogueFile(kind: DatabaseKind): string {
  return path.join(prismaDir, kind, 'catalogue.txt')
}
