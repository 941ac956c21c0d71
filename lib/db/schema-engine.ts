import 'server-only'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

/*
 * Prisma's own schema engine, as the wasm build that Prisma ships, so that migrations need no download and no binary.
 * It keeps the genuine _prisma_migrations table, takes Prisma's lock and computes Prisma's diffs. What is worked round here:
 *   - the adapter splits a script at every ';' and would cut function bodies in two: it is sent whole, as one implicit
 *     transaction, so a failed migration leaves nothing behind (and cannot hold `create index concurrently`);
 *   - the adapter cannot read the catalogue's type "char": it is passed as text and named a character;
 *   - the adapter's shadow database is the live one when it was given a connection string: there is none here; a scratch
 *     database made by lib/db/bootstrap serves for authoring;
 *   - the engine arms a timer round its lock and never clears it: it must not keep the process alive;
 *   - its lock belongs to a session, so everything goes over one connection, and closing that gives the lock back.
 */

export type MigrationFiles = Readonly<{ schemaFile: string; migrationsDir: string }>
export type Engine = glue.SchemaEngine

/** Opens the engine on one database for the time of `work`. Adds the parsed schema and migrations in the form the engine wants. */
export async function withSchemaEngine<T>(
  url: string,
  files: MigrationFiles,
  work: (engine: Engine, input: EngineInput) => Promise<T>,
): Promise<T> {
  await loadEngine()
  const input = await readInput(files)
  // A role's search_path says where _prisma_migrations goes; a superuser has none of ours.
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 10_000,
    application_name: 'gi-migrations',
    options: '-c search_path=migration',
  })
  pool.on('error', () => {})
  try {
    const engine = await glue.SchemaEngine.new(
      { datamodels: input.schema.files.map((file): [string, string] => [file.path, file.content]) },
      () => {},
      bindMigrationAwareSqlAdapterFactory(adapterOver(pool)),
    )
    try {
      return await work(engine, input)
    } finally {
      engine.free()
    }
  } finally {
    await pool.end()
  }
}

export type EngineInput = Readonly<{
  schema: glue.SchemasContainer
  migrationsList: glue.MigrationList
  filters: glue.SchemaFilter
}>

async function readInput({ schemaFile, migrationsDir }: MigrationFiles): Promise<EngineInput> {
  const names = (await readdir(migrationsDir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  return {
    schema: { files: [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }] },
    filters: { externalTables: [], externalEnums: [] },
    migrationsList: {
      baseDir: migrationsDir,
      shadowDbInitScript: '',
      lockfile: { path: 'migration_lock.toml', content: await readFile(path.join(migrationsDir, 'migration_lock.toml'), 'utf8') },
      migrationDirectories: await Promise.all(
        names.sort().map(async (name) => ({
          path: name,
          migrationFile: {
            path: 'migration.sql',
            content: { tag: 'ok' as const, value: await readFile(path.join(migrationsDir, name, 'migration.sql'), 'utf8') },
          },
        })),
      ),
    },
  }
}

function adapterOver(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const charColumns = new Map<string, readonly number[]>()
  const factory = new PrismaPg(readsCatalogue(pool, charColumns), { schema: 'migration' })
  const connect = async () => {
    const adapter = await factory.connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      for (const place of charColumns.get(query.sql) ?? []) result.columnTypes[place] = ColumnTypeEnum.Character
      return result
    }
    // Without parameters node-postgres sends the text as it is, however many statements it holds.
    adapter.executeScript = async (sql) => void (await adapter.executeRaw({ sql, args: [], argTypes: [] }))
    return adapter
  }
  const connectToShadowDb = () =>
    Promise.reject(new Error('There is no shadow database here; see authorMigration in lib/db/migrations.ts.'))
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb }
}

const charOid = 18
const textOid = 25

/** The same pool, whose results call a column of type "char" text; which those were is noted by the query's text. */
function readsCatalogue(pool: pg.Pool, charColumns: Map<string, readonly number[]>): pg.Pool {
  const query = async (config: pg.QueryConfig, ...rest: unknown[]) => {
    // The overloads of query cannot be spread; the adapter always uses the one that returns a promise.
    const result = (await Reflect.apply(pool.query, pool, [config, ...rest])) as Partial<pg.QueryResult>
    const found = (result.fields ?? []).flatMap((field, place) => (field.dataTypeID === charOid ? [place] : []))
    for (const field of result.fields ?? []) if (field.dataTypeID === charOid) field.dataTypeID = textOid
    if (found.length > 0) charColumns.set(config.text, found)
    return result
  }
  return new Proxy(pool, {
    get: (target, key) => {
      if (key === 'query') return query
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

let loading: Promise<void> | undefined

function loadEngine(): Promise<void> {
  loading ??= load()
  return loading
}

async function load(): Promise<void> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const imports: WebAssembly.ModuleImports = {}
  for (const [name, value] of Object.entries(glue)) {
    if (typeof value === 'function') imports[name] = name.startsWith('__wbg_setTimeout_') ? unrefed(value) : value
  }
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: rememberPanic } })
  const wasm = await WebAssembly.instantiate(await readFile(path.join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': imports,
  })
  glue.__wbg_set_wasm(wasm.instance.exports)
  const start = wasm.instance.exports.__wbindgen_start
  if (typeof start !== 'function')
    throw new Error('@prisma/schema-engine-wasm has another shape than the one this was written for.')
  start()
}

/** The engine's last words before a trap; the trap itself only says "unreachable". */
function rememberPanic(message: string): void {
  process.emitWarning(`Prisma's schema engine panicked: ${message}`)
}

type AnyFunction = (typeof glue)[keyof typeof glue] & object

function unrefed(setTimer: AnyFunction): (...args: unknown[]) => unknown {
  return (...args) => {
    const timer: unknown = Reflect.apply(setTimer, undefined, args)
    if (timer instanceof Object && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
    return timer
  }
}
