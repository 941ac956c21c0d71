import 'server-only'
import { createHash } from 'node:crypto'
import pg from 'pg'
import { ConnectionLostError } from '@/lib/db/failures'
import { isLost, type Query, type QueryResult, send } from '@/lib/db/pipelined-query'
import type { DatabasePool } from '@/lib/db/shards'
import { enter, type Isolation, TenantTransaction, unnamed } from '@/lib/db/tenant-transaction'
import type { TenantContext } from '@/lib/tenancy/tenant'

/**
 * What Prisma takes for a pool of connections, and what is in truth one school.
 *
 * A Prisma client must never serve two schools: it merges `findUnique` calls of the same tick into one query and runs lazy promises
 * when they are awaited, in whatever context is current then. So every school has its own client, and every client has one of these
 * façades, which knows its school from birth and cannot be told another. Prisma's driver adapter accepts only an instance of pg.Pool;
 * ours connects to nothing and borrows from the shard's real pool.
 *
 * `TenantReadPool`: each plain query is its own read-only transaction in one round trip; Prisma's BEGIN opens a read-only one.
 * `TenantSeat`: everything goes to the one write transaction that sits on it; Prisma's BEGIN inside it becomes a savepoint.
 */

type Tenant = Pick<TenantContext, 'tenantId' | 'epoch'>

/** Runs one query as its own read-only transaction of the school: enter and query in one round trip. */
export async function readOnce(pool: DatabasePool, tenant: Tenant, query: Query): Promise<QueryResult> {
  const client = await pool.acquire()
  try {
    const isPrepared = pool.canPrepare(client)
    return await send(client, [enter(tenant, 'read', isPrepared)], isPrepared ? query : unnamed(query))
  } catch (error) {
    throw isLost(client) ? new ConnectionLostError('the connection broke in a read', error) : error
  } finally {
    pool.giveBack(client)
  }
}

/** A façade for reading. */
export class TenantReadPool extends pg.Pool {
  private readonly shard: DatabasePool
  private readonly tenant: Tenant

  constructor(shard: DatabasePool, tenant: Tenant) {
    super({ max: 1 })
    this.shard = shard
    this.tenant = { tenantId: tenant.tenantId, epoch: tenant.epoch }
    refuseCallbacks(this, {
      query: (query) => readOnce(this.shard, this.tenant, plain(query)),
      connect: async () => new ReadConnection(this.shard, this.tenant),
    })
  }
}

/** A façade for writing: usable only while a transaction sits on it, and by one transaction at a time. */
export class TenantSeat extends pg.Pool {
  private transaction: TenantTransaction | null = null

  constructor() {
    super({ max: 1 })
    refuseCallbacks(this, {
      query: (query) => this.occupant().run(plain(query)),
      connect: async () => new NestedConnection(this.occupant()),
    })
  }

  /** Lets a transaction sit down. Throws when the seat is taken. */
  take(transaction: TenantTransaction): void {
    if (this.transaction) throw new Error('this seat is taken by another transaction')
    this.transaction = transaction
  }

  leave(): void {
    this.transaction = null
  }

  private occupant(): TenantTransaction {
    if (!this.transaction) throw new Error('the transaction has ended; nothing may use it any more')
    return this.transaction
  }
}

type Doors = Readonly<{ query: (query: unknown) => Promise<QueryResult>; connect: () => Promise<FacadeConnection> }>

/** Puts our two doors over pg.Pool's many overloads; Prisma uses only the forms that return a promise. */
function refuseCallbacks(pool: pg.Pool, doors: Doors): void {
  Object.defineProperties(pool, { query: { value: doors.query }, connect: { value: doors.connect } })
}

/** What Prisma's driver adapter uses of a checked-out connection. */
abstract class FacadeConnection {
  abstract query(query: unknown): Promise<QueryResult>
  abstract release(error?: unknown): void
  // Failures come with the query they hit; a connection that breaks between two is found by the next.
  on(): this {
    return this
  }
  removeListener(): this {
    return this
  }
}

const nothing: QueryResult = { command: '', rowCount: 0, oid: 0, fields: [], rows: [] }

/** A read-only transaction of Prisma's. The connection is borrowed at the first real query, so nobody waits with one in hand. */
class ReadConnection extends FacadeConnection {
  private readonly shard: DatabasePool
  private readonly tenant: Tenant
  private state: 'fresh' | 'begun' | 'ended' = 'fresh'
  private isolation: Isolation | undefined
  private transaction: Promise<TenantTransaction> | null = null

  constructor(shard: DatabasePool, tenant: Tenant) {
    super()
    this.shard = shard
    this.tenant = tenant
  }

  async query(input: unknown): Promise<QueryResult> {
    const query = plain(input)
    const word = controlWord(query)
    if (word === 'begin') return this.begin()
    if (this.state !== 'begun') throw new Error('a query outside a transaction on a connection of a school')
    if (word === 'commit' || word === 'rollback') return this.end(word)
    if (word) return this.isolate(query)
    this.transaction ??= TenantTransaction.open(this.shard, this.tenant, 'read', { isolation: this.isolation })
    const transaction = await this.transaction
    return transaction.run(query)
  }

  release(): void {
    this.state = 'ended'
    // Normally ended by COMMIT or ROLLBACK; when Prisma lets go in the middle, nothing of it may stay open.
    this.transaction?.then(
      (transaction) => transaction.abandon(),
      () => {},
    )
  }

  private begin(): QueryResult {
    if (this.state !== 'fresh') throw new Error('BEGIN twice on a connection of a school')
    this.state = 'begun'
    return nothing
  }

  private isolate(query: Query): QueryResult {
    const level = /isolation level (read committed|repeatable read|serializable)$/i.exec(query.text)?.[1]
    if (!level || this.transaction) throw new Error(`a transaction cannot be told: ${query.text}`)
    this.isolation = level.toUpperCase() as Isolation // one of the three the pattern lets through
    return nothing
  }

  private async end(word: 'commit' | 'rollback'): Promise<QueryResult> {
    this.state = 'ended'
    const transaction = await this.transaction
    await transaction?.[word]()
    return nothing
  }
}

/** A transaction of Prisma's inside a write transaction: a nested write, or a batch. All or nothing by a savepoint. */
class NestedConnection extends FacadeConnection {
  private readonly transaction: TenantTransaction
  private run: ((query: Query) => Promise<QueryResult>) | null = null
  private end: ((word: 'commit' | 'rollback') => Promise<void>) | null = null

  constructor(transaction: TenantTransaction) {
    super()
    this.transaction = transaction
  }

  async query(input: unknown): Promise<QueryResult> {
    const query = plain(input)
    const word = controlWord(query)
    if (word === 'begin') await this.begin()
    else if (!this.run || !this.end) throw new Error('a query outside a transaction on a connection of a school')
    else if (word === 'commit' || word === 'rollback') await this.end(word)
    else if (word) throw new Error(`a transaction cannot be told: ${query.text}`)
    else return this.run(query)
    return nothing
  }

  release(): void {
    this.end?.('rollback').catch(() => {})
  }

  /** Waits for its turn in the transaction, then keeps it until COMMIT or ROLLBACK. */
  private begin(): Promise<void> {
    return new Promise((begun, refused) => {
      const whole = this.transaction.nested(
        (run) =>
          new Promise<void>((keep, undo) => {
            this.run = run
            this.end = (word) => {
              this.run = null
              this.end = null
              if (word === 'commit') keep()
              else undo(rolledBack)
              return whole.catch((error: unknown) => {
                if (error !== rolledBack) throw error
              })
            }
            begun()
          }),
      )
      whole.catch(refused)
    })
  }
}

const rolledBack = new Error('rolled back')

function controlWord({ text }: Query): 'begin' | 'commit' | 'rollback' | 'set' | null {
  const word = /^(begin|commit|rollback|set transaction)$|^set transaction /i.exec(text)
  if (!word) return null
  const found = word[0].trim().toLowerCase()
  return found === 'begin' || found === 'commit' || found === 'rollback' ? found : 'set'
}

/** Prisma sends `{ text, values, name, rowMode, types }`. */
function plain(query: unknown): Query {
  if (typeof query === 'object' && query !== null && 'text' in query && typeof query.text === 'string') return query as Query // checked
  throw new Error('a query of a form the façade does not know')
}

/**
 * Names for Prisma's statements, so that Postgres parses and plans each once a connection. What Prisma writes varies with the length
 * of lists, so only the first `namesMax` texts of a process get one; '' is the
 * unnamed statement. A name comes from the text: other copies of this module share
 * the connections.
 */
export function statementName({ sql }: { sql: string }): string {
  const known = names.get(sql)
  if (known || names.size >= namesMax) return known ?? ''
  const name = `gi_${createHash('sha256').update(sql).digest('base64url').slice(0, 32)}`
  names.set(sql, name)
  return name
}

const namesMax = 400
const names = new Map<string, string>()
