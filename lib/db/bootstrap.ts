import 'server-only'
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'

/** The passwords of the roles that sign in. Roles belong to the whole cluster, so every database of one cluster gets the same. One left out stays as it is. */
export type RolePasswords = Readonly<Partial<Record<'gi_migrator' | 'gi_app' | 'gi_control' | 'gi_worker' | 'gi_mover', string>>>

type Target = Readonly<{
  /** A superuser's address of the cluster; the database it names does not matter. */
  adminUrl: string
  /** The database to make or bring up to date. */
  database: string
}>
type NewTarget = Target & Readonly<{ passwords: RolePasswords }>

/** Roles, the control database and its schemas: everything a first migration needs. Repeating it changes nothing. */
export async function bootstrapControl(options: NewTarget): Promise<void> {
  await bootstrap('control', options)
}

/** Roles, one shard database and its schemas: everything a first migration needs. Repeating it changes nothing. */
export async function bootstrapShard(options: NewTarget): Promise<void> {
  await bootstrap('shard', options)
}

/**
 * A new database that is a copy of `template`, locked down like it: Postgres copies the tables with their policies and grants,
 * but not who may connect to the database. Nobody may be connected to the template. Throws 42P04 when the database exists.
 */
export async function cloneDatabase(options: Target & Readonly<{ template: string; kind: 'control' | 'shard' }>): Promise<void> {
  const { adminUrl, database, template, kind } = options
  await alone(adminUrl, (admin) =>
    admin.query(`create database ${pg.escapeIdentifier(database)} template ${pg.escapeIdentifier(template)}`),
  )
  await connected(databaseUrl(adminUrl, database), async (db) => db.query(await bootstrapSql(kind)))
}

/** The same server and account, another database. */
export function databaseUrl(url: string, database: string): string {
  const result = new URL(url)
  result.pathname = `/${encodeURIComponent(database)}`
  return result.href
}

async function bootstrap(kind: 'control' | 'shard', { adminUrl, database, passwords }: NewTarget): Promise<void> {
  await alone(adminUrl, async (admin) => {
    await admin.query(await bootstrapSql('roles'))
    for (const [role, password] of Object.entries(passwords)) {
      await admin.query(`alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(scramVerifier(password))}`)
    }
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [database])
    // One locale everywhere: the order of an index must not change with the machine it was restored on.
    if (rowCount === 0) {
      await admin.query(`create database ${pg.escapeIdentifier(database)} template template0 encoding 'UTF8'
        locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C'`)
    }
    await connected(databaseUrl(adminUrl, database), async (db) => db.query(await bootstrapSql(kind)))
  })
}

/** Runs `work` while no other bootstrap of this cluster does. Advisory locks are a database's own, so all meet in `postgres`. */
async function alone<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  return connected(databaseUrl(adminUrl, 'postgres'), async (admin) => {
    await admin.query("select pg_advisory_lock(hashtextextended('gi.bootstrap', 0))")
    return work(admin)
  })
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'gi-bootstrap', connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function bootstrapSql(name: 'roles' | 'control' | 'shard'): Promise<string> {
  return readFile(path.resolve(import.meta.dirname, '../../prisma/bootstrap', `${name}.sql`), 'utf8')
}

/** What Postgres keeps of a password (RFC 5803). Sent instead of the password, so that no server log can hold it. */
function scramVerifier(password: string): string {
  const iterations = 4096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const sign = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(sign('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${sign('Server Key').toString('base64')}`
}
