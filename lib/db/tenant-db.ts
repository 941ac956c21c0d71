import 'server-only'
import { ConnectionLostError, isRepeatable, isStaleRoute, problemOf } from '@/lib/db/failures'
import { shardPool } from '@/lib/db/shards'
import { assertPlainStatement, type Sql, sqlTypes } from '@/lib/db/sql'
import {
  borrowReader,
  borrowWriter,
  forgetClients,
  type TenantPrisma,
  type TenantPrismaTransaction,
} from '@/lib/db/tenant-clients'
import { readOnce } from '@/lib/db/tenant-pool'
import { TenantTransaction } from '@/lib/db/tenant-transaction'
import { ProblemError } from '@/lib/errors'
import { processWide } from '@/lib/process-wide'
import type { TenantContext } from '@/lib/tenancy/tenant'

/**
 * The one door to a school's rows.
 *
 * Nothing is ambient: the school is the first argument, and what comes out is bound to it for good. The database has the last word
 * all the same: every query enters through `guard.enter`, which knows whether the school lives here, is suspended or read-only, and
 * row-level security shows that school's rows only. Queries name `tenant_id` as well.
 */

export type { Sql }

/** What a read gets. Each query is a read-only transaction of its own, in one round trip. */
export type TenantReader = Readonly<{ db: TenantPrisma; sql: Sql; tenantId: string }>
/** What a write gets. `db`, `sql` and `later` are the same transaction. */
export type TenantWriter = Readonly<{
  db: TenantPrismaTransaction
  sql: Sql
  /**
   * Runs a statement whose rows nobody wants, without a round trip of its own: it travels with the next query, or with COMMIT.
   * A failure of it is thrown there.
   */
  later: (...statement: Parameters<Sql>) => Promise<void>
  tenantId: string
}>

/**
 * Reads a school. `fn` may be called again when the school has moved meanwhile.
 * Throws `ProblemError`: 'school_suspended', 'unavailable'. Everything else is thrown as it is.
 */
export function readTenant<T>(ctx: TenantContext, fn: (read: TenantReader) => Promise<T>): Promise<T> {
  return atHome(ctx, (current) => readAt(current, fn))
}

/**
 * Writes a school in one transaction: all of `fn` or nothing. `fn` is called again, from its start, when the school has moved or two
 * writers collided: it must do nothing that cannot be repeated. A failed query that `fn` caught still undoes everything.
 * `timeoutMs` bounds the whole transaction and replaces the tier's statement timeout (default 15 s, the tier's). An abort of `signal`
 * ends it unsaved and throws the signal's reason; once COMMIT is on its way, an abort comes too late and changes nothing.
 * Throws `ProblemError`: 'school_suspended', 'school_read_only', 'unavailable'. Everything else is thrown as it is.
 */
export function writeTenant<T>(ctx: TenantContext, fn: (tx: TenantWriter) => Promise<T>, options: WriteOptions = {}): Promise<T> {
  return atHome(ctx, (current) => writeAt(current, fn, options))
}

type WriteOptions = Readonly<{ timeoutMs?: number; signal?: AbortSignal }>

/** Asks the registry where a school lives now; null when it is gone. */
export type RouteRefresh = (tenantId: string, requestId: string) => Promise<TenantContext | null>

const refresh = processWide<{ route: RouteRefresh | null }>('route-refresh', () => ({ route: null }))

/** Tells the door whom to ask after a shard said GI001. Called once at start by the registry. */
export function registerRouteRefresh(route: RouteRefresh): void {
  refresh.route = route
}

const repeatsMax = 2
const writeMilliseconds = 15_000

async function atHome<T>(ctx: TenantContext, work: (current: TenantContext) => Promise<T>): Promise<T> {
  let current = ctx
  let isFresh = false
  for (let repeats = 0; ; ) {
    try {
      return await work(current)
    } catch (error) {
      // What fn itself said is final, whatever it was caused by.
      if (error instanceof ProblemError) throw error
      if (isStaleRoute(error) && !isFresh) {
        isFresh = true
        current = await freshRoute(current, error)
      } else if (isRepeatable(error) && repeats < repeatsMax) {
        repeats++
        await pause(repeats)
      } else throw problemOf(error, current.shard) ?? error
    }
  }
}

async function freshRoute(stale: TenantContext, error: unknown): Promise<TenantContext> {
  forgetClients(stale)
  const fresh = await refresh.route?.(stale.tenantId, stale.requestId)
  if (!fresh) throw problemOf(error, stale.shard) ?? error
  if (fresh.tenantId !== stale.tenantId) throw new Error('the registry answered with another school')
  return fresh
}

/** A few milliseconds, uneven, so that two writers that collided do not collide again. */
function pause(repeat: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, repeat * 5 + Math.random() * 20))
}

async function readAt<T>(ctx: TenantContext, fn: (read: TenantReader) => Promise<T>): Promise<T> {
  const pool = shardPool(ctx.shard)
  const client = lazily(() => borrowReader(pool, ctx))
  try {
    return await fn({
      tenantId: ctx.tenantId,
      get db() {
        return client.get().db
      },
      sql: sqlOver((query) => readOnce(pool, ctx, query)),
    })
  } finally {
    client.peek()?.release()
  }
}

async function writeAt<T>(
  ctx: TenantContext,
  fn: (tx: TenantWriter) => Promise<T>,
  { timeoutMs, signal }: WriteOptions,
): Promise<T> {
  signal?.throwIfAborted()
  const transaction = await TenantTransaction.open(shardPool(ctx.shard), ctx, 'write', { statementMs: timeoutMs })
  const deadline = startDeadline(transaction, timeoutMs ?? writeMilliseconds, signal)
  const client = lazily(() => borrowWriter(ctx, transaction))
  try {
    const result = await deadline.bound(
      fn({
        tenantId: ctx.tenantId,
        get db() {
          return client.get().db
        },
        sql: sqlOver((query) => transaction.run(query)),
        later: (text, values = [], { name } = {}) => {
          assertPlainStatement(text)
          return transaction.later({ text, values, name })
        },
      }),
    )
    await deadline.bound(transaction.commit())
    return result
  } catch (error) {
    if (!deadline.isOver()) await transaction.rollback()
    throw error
  } finally {
    deadline.clear()
    client.peek()?.release()
  }
}

/** Raw SQL never pays for a Prisma client: it is made when first asked for. */
function lazily<T>(make: () => T): Readonly<{ get: () => T; peek: () => T | undefined }> {
  let made: T | undefined
  return {
    get: () => {
      made ??= make()
      return made
    },
    peek: () => made,
  }
}

type Deadline = Readonly<{ bound: <T>(work: Promise<T>) => Promise<T>; isOver: () => boolean; clear: () => void }>

/** When time is up, or `signal` says so, the connection is ended, and the server rolls back what was not committed. */
function startDeadline(transaction: TenantTransaction, milliseconds: number, signal: AbortSignal | undefined): Deadline {
  let isOver = false
  let stop: (reason: unknown) => void = () => {}
  const over = new Promise<never>((_, reject) => {
    stop = reject
  })
  over.catch(() => {})
  const timer = setTimeout(() => {
    isOver = true
    const wasCommitting = transaction.isEnding
    transaction.abandon()
    stop(new ConnectionLostError(`the transaction took longer than ${milliseconds} ms`, undefined, wasCommitting))
  }, milliseconds)
  const onAbort = () => {
    if (transaction.isEnding) return
    isOver = true
    transaction.abandon()
    stop(signal?.reason)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    bound: (work) => Promise.race([work, over]),
    isOver: () => isOver,
    clear: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

type Run = Parameters<TenantTransaction['run']>[0]

function sqlOver(run: (query: Run) => Promise<{ rows: unknown[] }>): Sql {
  return async <Row>(text: string, values: readonly unknown[] = [], options: { name?: string } = {}) => {
    assertPlainStatement(text)
    const { rows } = await run({ text, values, name: options.name, types: sqlTypes })
    return rows as Row[] // the caller's word for what its own query selects
  }
}
