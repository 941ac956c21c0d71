import 'server-only'
import type pg from 'pg'
import { ConnectionLostError, sqlState } from '@/lib/db/failures'
import { isLost, type Query, type QueryResult, type Statement, send } from '@/lib/db/pipelined-query'
import type { DatabasePool } from '@/lib/db/shards'
import type { TenantContext } from '@/lib/tenancy/tenant'

/** What a connection enters for: `read` is a read-only transaction, whatever the query says. */
export type Access = 'read' | 'write'

const enterText = 'select guard.enter($1, $2, $3)'

/** The statement that makes the transaction this school's, or fails it (GI001, GI004, GI005). */
export function enter(ctx: Pick<TenantContext, 'tenantId' | 'epoch'>, access: Access, isPrepared: boolean): Statement {
  return {
    text: enterText,
    values: [ctx.tenantId, String(ctx.epoch), access === 'write' ? 'true' : 'false'],
    name: isPrepared ? 'gi_enter' : undefined,
  }
}

/** The statement without its name, for connections that cannot keep prepared statements. */
export function unnamed<Named extends Statement>(query: Named): Named {
  return query.name ? { ...query, name: undefined } : query
}

const graceMs = 5_000

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE'

type State = 'new' | 'open' | 'broken' | 'ended'

/**
 * One transaction of one school on one connection. `BEGIN` and `guard.enter` travel with its first query, so n queries cost n + 1
 * round trips; what is sent `later` costs none. Queries run one after another in the order they were asked for. A connection that does not come out idle is
 * destroyed, never reused.
 */
export class TenantTransaction {
  private readonly pool: DatabasePool
  private readonly client: pg.PoolClient
  private pending: Statement[]
  private state: State = 'new'
  private hasWork = false
  private isReleased = false
  private failure: unknown
  private tail: Promise<unknown> = Promise.resolve()
  private savepoints = 0
  private readonly canPrepare: boolean
  private readonly answerMs: number | undefined

  constructor(pool: DatabasePool, client: pg.PoolClient, opening: readonly Statement[], answerMs?: number) {
    this.pool = pool
    this.client = client
    this.pending = [...opening]
    this.canPrepare = pool.canPrepare(client)
    this.answerMs = answerMs
  }

  /** Takes a connection for a transaction. Nothing is sent before the first query. `statementMs` replaces the tier's statement timeout. */
  static async open(
    pool: DatabasePool,
    ctx: Pick<TenantContext, 'tenantId' | 'epoch'>,
    access: Access,
    options: { statementMs?: number; isolation?: Isolation } = {},
  ): Promise<TenantTransaction> {
    const client = await pool.acquire()
    const begin = options.isolation ? `begin isolation level ${options.isolation}` : 'begin'
    const opening: Statement[] = [{ text: begin }, enter(ctx, access, pool.canPrepare(client))]
    if (options.statementMs)
      opening.push({ text: `select set_config('statement_timeout', $1, true)`, values: [String(options.statementMs)] })
    // The server's own limit speaks first; ours is for a server that says nothing at all.
    return new TenantTransaction(pool, client, opening, options.statementMs && options.statementMs + graceMs)
  }

  /** Whether COMMIT or ROLLBACK is already under way, or over. */
  get isEnding(): boolean {
    return this.state === 'ended'
  }

  /** Runs one query inside the transaction. Throws after its end, and after a failure that left it unusable. */
  run(query: Query): Promise<QueryResult> {
    return this.inTurn(() => this.execute(query))
  }

  /**
   * Sends a statement whose rows nobody wants along with the next query, or with COMMIT. A failure of it is a failure of what it
   * travels with.
   */
  later(statement: Statement): Promise<void> {
    return this.inTurn(async () => {
      this.refuseUnusable()
      this.hasWork = true
      this.pending.push(this.canPrepare ? statement : unnamed(statement))
    })
  }

  /** Runs `fn` with the transaction to itself, as all or nothing inside it. Others wait for their turn until `fn` is done. */
  nested<T>(fn: (run: (query: Query) => Promise<QueryResult>) => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      const savepoint = `gi_${++this.savepoints}`
      const mark: Statement = { text: `savepoint ${savepoint}` }
      this.pending.push(mark)
      try {
        const result = await fn((query) => this.execute(query))
        if (this.pending.includes(mark)) this.forget(mark)
        else this.pending.push({ text: `release savepoint ${savepoint}` })
        return result
      } catch (error) {
        if (this.pending.includes(mark)) this.forget(mark)
        else await this.execute({ text: `rollback to savepoint ${savepoint}` }).catch(() => {})
        throw error
      }
    })
  }

  /**
   * Makes everything permanent and gives the connection back. Throws what broke the transaction if something did, even when the caller
   * caught it: a transaction that lost a statement is never half kept. `ConnectionLostError.isCommitUnknown` when the answer was lost.
   */
  commit(): Promise<void> {
    return this.finish(async (wasState) => {
      if (wasState === 'broken') throw this.failure
      if (!this.hasWork) return
      if (isLost(this.client)) throw new ConnectionLostError('the connection broke before COMMIT', this.failure)
      const { command } = await send(this.client, this.pending, { text: 'commit' }, this.answerMs).catch(
        async (error: unknown) => {
          if (isLost(this.client)) throw new ConnectionLostError('the connection broke at COMMIT', error, true)
          await this.undo().catch(() => {})
          throw sqlState(error) === '25P02' ? (this.failure ?? error) : error
        },
      )
      // Postgres answers COMMIT of a failed transaction with ROLLBACK, and calls that a success.
      if (command !== 'COMMIT') throw this.failure ?? new Error('the transaction was rolled back by an earlier failure')
    })
  }

  /** Undoes everything and gives the connection back. Never throws: what cannot be rolled back is ended with its connection. */
  async rollback(): Promise<void> {
    await this.finish(() => this.undo()).catch(() => {})
  }

  /** Ends the transaction now, with its connection, while a query may still be running. */
  abandon(): void {
    this.state = 'ended'
    if (this.isReleased) return
    this.isReleased = true
    this.client.release(true)
  }

  private async undo(): Promise<void> {
    if (!isLost(this.client) && this.client.getTransactionStatus() !== 'I') await send(this.client, [], { text: 'rollback' })
  }

  private finish(last: (wasState: State) => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      if (this.state === 'ended') throw new Error('the transaction has already ended')
      const wasState = this.state
      this.state = 'ended'
      try {
        await last(wasState)
      } finally {
        if (!this.isReleased) {
          this.isReleased = true
          this.pool.giveBack(this.client)
        }
      }
    })
  }

  private inTurn<T>(fn: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(fn, fn)
    this.tail = turn.catch(() => {})
    return turn
  }

  private async execute(query: Query): Promise<QueryResult> {
    this.refuseUnusable()
    this.hasWork = true
    const before = this.pending
    this.pending = []
    try {
      const result = await send(this.client, before, this.canPrepare ? query : unnamed(query), this.answerMs)
      this.keepState()
      return result
    } catch (error) {
      // "Aborted, commands ignored" only repeats that something failed before: that is what the owner must hear.
      if (sqlState(error) !== '25P02') this.failure = error
      this.failure ??= error
      this.keepState()
      throw this.failure
    }
  }

  private refuseUnusable(): void {
    if (this.state === 'ended') throw new Error('the transaction has ended; nothing may use it any more')
    if (this.state === 'broken') throw this.failure
  }

  /** Believes the server: 'T' in a transaction, 'E' failed (until rolled back to a savepoint), anything else is not ours any more. */
  private keepState(): void {
    if (this.state === 'ended') return
    const status = this.client.getTransactionStatus()
    this.state = !isLost(this.client) && (status === 'T' || status === 'E') ? 'open' : 'broken'
    if (this.state === 'open') return
    this.failure = isLost(this.client)
      ? new ConnectionLostError('the connection broke in a transaction', this.failure)
      : (this.failure ?? new Error('the transaction ended underneath its owner'))
  }

  private forget(mark: Statement): void {
    this.pending = this.pending.filter((statement) => statement !== mark)
  }
}
