import 'server-only'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { ConnectionLostError } from '@/lib/db/failures'
import { PrismaClient } from '@/lib/db/generated/control/client'
import { isLost, type Query, type QueryResult, send } from '@/lib/db/pipelined-query'
import { type DatabasePool, openPool } from '@/lib/db/shards'
import { assertPlainStatement, type Sql, sqlTypes } from '@/lib/db/sql'
import { env } from '@/lib/env'
import { processWide } from '@/lib/process-wide'

/**
 * The control database: registry, districts, console. It holds no pupil's row. Its time limits are short, because a lookup stands
 * before every page: better the caches' last word than a wait.
 */

const queryMilliseconds = 3_000
const connectionsMax = 5

const control = processWide<{ pool: DatabasePool | null; prisma: PrismaClient | null }>('control', () => ({
  pool: null,
  prisma: null,
}))

/** Runs one statement in the control database. Throws `ConnectionLostError` when it cannot be reached. */
export const controlSql: Sql = async <Row>(text: string, values: readonly unknown[] = [], options: { name?: string } = {}) => {
  assertPlainStatement(text)
  return (await onControl((client) => ask(client, { text, values, name: options.name }))) as Row[] // the caller's word
}

/** Runs `fn` in one transaction of the control database: all or nothing. */
export async function withControl<T>(fn: (tx: Readonly<{ sql: Sql }>) => Promise<T>): Promise<T> {
  return onControl(async (client) => {
    await send(client, [], { text: 'begin' }, queryMilliseconds)
    let isOver = false
    const sql: Sql = async <Row>(text: string, values: readonly unknown[] = [], options: { name?: string } = {}) => {
      if (isOver) throw new Error('the transaction has ended; nothing may use it any more')
      assertPlainStatement(text)
      return (await ask(client, { text, values, name: options.name })) as Row[] // the caller's word
    }
    try {
      const result = await fn({ sql })
      isOver = true
      const { command } = await send(client, [], { text: 'commit' }, queryMilliseconds)
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back by an earlier failure')
      return result
    } catch (error) {
      isOver = true
      if (!isLost(client) && client.getTransactionStatus() !== 'I')
        await send(client, [], { text: 'rollback' }, queryMilliseconds)
      throw error
    }
  })
}

/** Prisma over the control database. */
export function prismaControl(): PrismaClient {
  control.prisma ??= new PrismaClient({
    adapter: new PrismaPg(new ControlPool(), { schema: 'control' }),
    errorFormat: 'minimal',
  })
  return control.prisma
}

/** Statistics of the control database's pool, or null before its first use. */
export function controlStatistics(): ReturnType<DatabasePool['statistics']> | null {
  return control.pool?.statistics() ?? null
}

/** Ends the pool. A later use opens a new one. */
export async function closeControl(): Promise<void> {
  const { pool, prisma } = control
  control.pool = null
  control.prisma = null
  await prisma?.$disconnect()
  await pool?.end()
}

function controlPool(): DatabasePool {
  control.pool ??= openPool(env().CONTROL_URL, connectionsMax)
  return control.pool
}

async function onControl<T>(fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const pool = controlPool()
  const client = await pool.acquire()
  try {
    return await fn(client)
  } catch (error) {
    throw isLost(client) ? new ConnectionLostError('the connection to the control database broke', error) : error
  } finally {
    pool.giveBack(client)
  }
}

async function ask(client: pg.ClientBase, query: Query): Promise<QueryResult['rows']> {
  const name = controlPool().canPrepare(client) ? query.name : undefined
  return (await send(client, [], { ...query, name, types: sqlTypes }, queryMilliseconds)).rows
}

/** What Prisma's adapter takes for a pool (it wants an instance of pg.Pool): our own, with its limits. */
class ControlPool extends pg.Pool {
  constructor() {
    super({ max: 1 })
    Object.defineProperties(this, {
      query: { value: (query: Query) => onControl((client) => send(client, [], query, queryMilliseconds)) },
      connect: { value: () => borrow() },
    })
  }
}

async function borrow() {
  const pool = controlPool()
  const client = await pool.acquire()
  let isReleased = false
  return {
    query: (query: Query) => send(client, [], query, queryMilliseconds),
    release: () => {
      if (isReleased) return
      isReleased = true
      pool.giveBack(client)
    },
    on: () => {},
    removeListener: () => {},
  }
}
