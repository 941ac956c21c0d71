import 'server-only'
import pg from 'pg'
import { ConnectionLostError, isUnreachable } from '@/lib/db/failures'
import { givesWay, lowerServer } from '@/lib/db/give-way'
import { isLost, send, watch } from '@/lib/db/pipelined-query'
import { env, knownShards, shardUrl } from '@/lib/env'
import { processWide } from '@/lib/process-wide'

/**
 * One pool of connections per database and process. A school has no connections of its own: it borrows one for a query or a
 * transaction and must leave nothing behind on it.
 */

/** Longest wait for a connection, waiting in the queue and connecting together. */
export const acquireMilliseconds = 1_500
const idleMilliseconds = 30_000
const keepAliveMilliseconds = 10_000

/** A snapshot of one pool, for metrics. Counts of waits grow as long as the process lives. */
export type PoolStatistics = Readonly<{
  shard: string
  total: number
  idle: number
  waiting: number
  max: number
  acquiredTotal: number
  acquireFailuresTotal: number
  acquireSecondsTotal: number
}>

/** The connections to one database. */
export type DatabasePool = Readonly<{
  /** Takes a connection within `acquireMilliseconds`. Throws `ConnectionLostError`, and `UnsafeRoleError` of a shard. */
  acquire: () => Promise<pg.PoolClient>
  /** Gives it back when it is clean (no transaction, not failed), else destroys it. */
  giveBack: (client: pg.PoolClient) => void
  /** Whether named statements may be used on this connection. */
  canPrepare: (client: pg.ClientBase) => boolean
  statistics: () => Omit<PoolStatistics, 'shard'>
  end: () => Promise<void>
}>

/** A role that row-level security would not hold: nothing is ever read or written through it. The message names what is wrong. */
export class UnsafeRoleError extends Error {
  override readonly name = 'UnsafeRoleError'
}

/**
 * Opens a pool. `connectionString` names the role; nothing is connected before the first use. `prove` sees every new connection
 * before anybody gets it; what it throws, `acquire` throws.
 */
export function openPool(
  connectionString: string,
  max: number,
  prove: (client: pg.ClientBase) => Promise<void> = async () => {},
): DatabasePool {
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: acquireMilliseconds,
    idleTimeoutMillis: idleMilliseconds,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMilliseconds,
    application_name: 'grade-insight',
    onConnect: async (client) => {
      watch(client)
      await prove(client)
      await notePooler(client)
    },
  })
  // An idle connection that breaks is already out of the pool; the next user gets another.
  pool.on('error', () => {})
  const waits = { acquiredTotal: 0, acquireFailuresTotal: 0, acquireSecondsTotal: 0 }

  return {
    async acquire() {
      const asked = performance.now()
      try {
        const client = await pool.connect()
        waits.acquiredTotal++
        return client
      } catch (error) {
        waits.acquireFailuresTotal++
        if (error instanceof UnsafeRoleError) throw error
        throw new ConnectionLostError('no connection to the database', error)
      } finally {
        waits.acquireSecondsTotal += (performance.now() - asked) / 1000
      }
    },
    giveBack: (client) => client.release(isLost(client) || client.getTransactionStatus() !== 'I'),
    canPrepare: (client) => direct.has(client),
    statistics: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, max, ...waits }),
    end: () => pool.end(),
  }
}

const direct = processWide('direct', () => new WeakSet<pg.ClientBase>())

/**
 * A named statement lives on a server connection, and behind a pooler in transaction mode the next batch may meet another one. A
 * pooler answers with a process number of its own, so the server is asked for the real one, once for each new connection.
 */
async function notePooler(client: pg.ClientBase): Promise<void> {
  const mode = env().PREPARED_STATEMENTS
  if (mode === 'off') return
  if (mode === 'on' || (await isDirect(client))) direct.add(client)
}

async function isDirect(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await send(client, [], { text: 'select pg_backend_pid() as pid' }, acquireMilliseconds)
  return rows[0]?.pid === processIdOf(client)
}

/** Not in the library's types. */
type Connected = Readonly<{ host: string; processID: number | null }>

/** What the server, or the pooler before it, says its number is. */
function processIdOf(client: pg.ClientBase): number {
  return (client as unknown as Connected).processID ?? Number.NaN
}

function isOfThisMachine(client: pg.ClientBase): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes((client as unknown as Connected).host)
}

const pools = processWide('shard-pools', () => new Map<string, DatabasePool>())

/**
 * The pool of a shard, opened on first use. Every connection of it proves its role before it is used: a shard that was away when the
 * process started may come back with another. Throws `EnvironmentError` when the process has no address for it.
 */
export function shardPool(shard: string): DatabasePool {
  const open = pools.get(shard)
  if (open) return open
  const pool = openPool(shardUrl(shard), env().POOL_MAX, async (client) => {
    await proveRole(shard, client)
    // Behind a pooler the next to use that server process may be a page.
    if (givesWay() && isOfThisMachine(client) && (await isDirect(client))) await lowerServer(processIdOf(client))
  })
  pools.set(shard, pool)
  return pool
}

/** Statistics of every open shard pool. */
export function shardStatistics(): PoolStatistics[] {
  return [...pools].map(([shard, pool]) => ({ shard, ...pool.statistics() }))
}

/** Ends every shard pool, after the connections in use are given back. A later use opens a new one. */
export async function closeShards(): Promise<void> {
  const open = [...pools.values()]
  pools.clear()
  await Promise.all(open.map((pool) => pool.end()))
}

/**
 * Refuses a role that row-level security would not hold: superuser, BYPASSRLS, owner of tables, schemas or the database, member of
 * another role, able to make roles, databases or temporary tables. Throws `UnsafeRoleError`; the process must not serve.
 */
export async function assertSafeRole(shard: string): Promise<void> {
  const pool = shardPool(shard)
  pool.giveBack(await pool.acquire())
}

async function proveRole(shard: string, client: pg.ClientBase): Promise<void> {
  const { rows } = await send(client, [], { text: roleCheck }, acquireMilliseconds)
  const wrong = Object.entries(rows[0] ?? { role_unknown: true }).flatMap(([what, isTrue]) => (isTrue === false ? [] : [what]))
  if (wrong.length > 0)
    throw new UnsafeRoleError(`The role of shard ${shard} is not safe: ${wrong.join(', ').replaceAll('_', ' ')}.`)
}

/** `assertSafeRole` for every shard this process has an address for. A shard that cannot be reached is skipped: it serves nobody either. */
export async function assertSafeRoles(): Promise<void> {
  const outcomes = await Promise.allSettled(knownShards().map(assertSafeRole))
  for (const outcome of outcomes) if (outcome.status === 'rejected' && !isUnreachable(outcome.reason)) throw outcome.reason
}

const roleCheck = `
  select
    session_user <> current_user as acts_as_another_role,
    rolsuper as is_superuser,
    rolbypassrls as bypasses_row_level_security,
    rolcreaterole as may_create_roles,
    rolcreatedb as may_create_databases,
    rolreplication as may_replicate,
    exists (select from pg_auth_members where member = role.oid) as is_member_of_another_role,
    exists (select from pg_class where relowner = role.oid)
      or exists (select from pg_proc where proowner = role.oid)
      or exists (select from pg_namespace where nspowner = role.oid)
      or exists (select from pg_database where datdba = role.oid) as is_an_owner,
    has_database_privilege(current_database(), 'temporary') as may_create_temporary_tables,
    current_setting('row_security') <> 'on' as has_row_security_off
  from pg_roles as role
  where rolname = current_user`
