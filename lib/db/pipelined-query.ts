import 'server-only'
import pg from 'pg'
import { processWide } from '@/lib/process-wide'

/**
 * Several statements in one round trip.
 *
 * Postgres runs everything between two Sync messages of its extended protocol as one transaction and, after an error, skips the
 * rest up to the Sync. So `guard.enter` followed by a query, sent together, is: enter the school and read, or fail and do nothing;
 * and after the Sync nothing is left of the school on the connection. No BEGIN, no COMMIT, no second trip, and a pooler in
 * transaction mode keeps the whole batch on one server connection.
 *
 * node-postgres has its own pipelining (`pipeline: true`), which puts a Sync after every statement: four messages to execute
 * instead of two, and the statements after a failed BEGIN would still run, outside a transaction. Hence this class. It leans on
 * the protocol half of node-postgres, as pg-cursor does: `ProtocolQuery` and `ProtocolConnection` say exactly on what.
 */

/** One statement. A `name` makes it a prepared statement of the connection; the same name must always carry the same text. */
export type Statement = Readonly<{ text: string; values?: readonly unknown[]; name?: string | undefined }>

/** A statement and how its rows are wanted. */
export type Query = Statement & Readonly<{ rowMode?: 'array' | undefined; types?: pg.CustomTypesConfig | undefined }>

export type QueryResult = pg.QueryResult<Record<string, unknown>>

type ValueMapper = (value: unknown) => unknown

type ProtocolConnection = Readonly<{
  stream: { cork(): void; uncork(): void; destroy(): void }
  parsedStatements: Record<string, string | undefined>
  submittedNamedStatements: Record<string, string | undefined>
  parse(statement: { text: string; name: string | undefined }): void
  bind(binding: { statement: string | undefined; values: readonly unknown[]; valueMapper: ValueMapper }): void
  execute(): void
}>

type ProtocolQuery = {
  name: string | undefined
  text: string
  callback: ((error: Error | null | undefined, result?: QueryResult) => void) | undefined
  requiresPreparation(): boolean
  submit(connection: ProtocolConnection): Error | null
  prepare(connection: ProtocolConnection): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: ProtocolConnection): void
  handleError(error: Error, connection: ProtocolConnection): void
  handleReadyForQuery(connection: ProtocolConnection): void
}

// @types/pg leaves the protocol half of Query out.
const BaseQuery = pg.Query as unknown as new (config: Query & { queryMode: 'extended' }) => ProtocolQuery

// How node-postgres itself sends values (arrays, dates, JSON). @types/pg leaves it out, too.
const { prepareValue } = (pg as unknown as { utils: { prepareValue: ValueMapper } }).utils

class PipelinedQuery extends BaseQuery {
  private readonly main: Pick<Statement, 'name' | 'text'>
  private readonly before: readonly Statement[]
  private step = 0
  private isSubmitting = false

  constructor(before: readonly Statement[], query: Query) {
    super({ ...query, values: query.values ? [...query.values] : [], queryMode: 'extended' })
    this.main = { name: query.name, text: query.text }
    this.before = before
  }

  override submit(connection: ProtocolConnection): Error | null {
    connection.stream.cork()
    this.isSubmitting = true
    try {
      return super.submit(connection)
    } finally {
      this.isSubmitting = false
      connection.stream.uncork()
    }
  }

  override prepare(connection: ProtocolConnection): void {
    for (const statement of this.before) {
      const { name, text } = statement
      if (!name || !(connection.parsedStatements[name] ?? connection.submittedNamedStatements[name])) {
        connection.parse({ text, name })
        if (name) connection.submittedNamedStatements[name] = text
      }
      connection.bind({ statement: name, values: statement.values ?? [], valueMapper: prepareValue })
      connection.execute()
    }
    super.prepare(connection)
    this.answerAs(0)
  }

  override handleDataRow(message: unknown): void {
    if (this.isMain()) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: ProtocolConnection): void {
    if (this.isMain()) super.handleCommandComplete(message, connection)
    else this.answerAs(this.step + 1)
  }

  override handleError(error: Error, connection: ProtocolConnection): void {
    // What stood behind the failed statement was skipped by the server: none of it is prepared there.
    for (const { name } of [...this.before.slice(this.step), this.main])
      if (name && !connection.parsedStatements[name]) delete connection.submittedNamedStatements[name]
    // A value that cannot be sent leaves a half-written batch behind.
    if (this.isSubmitting) connection.stream.destroy()
    super.handleError(error, connection)
  }

  private isMain(): boolean {
    return this.step >= this.before.length
  }

  /** The client files "prepared" under the name and text of the query that is being answered: let that be the statement at hand. */
  private answerAs(step: number): void {
    this.step = step
    const { name, text } = this.before[step] ?? this.main
    this.name = name
    this.text = text
  }
}

const settleMilliseconds = 1_000
const answerMilliseconds = 20_000

/**
 * Sends `before` and `query` in one round trip and gives the result of `query`. Settles only when the server is ready again, so that
 * the caller may ask `client.getTransactionStatus()`. A client that gives no answer within `timeoutMs` counts as lost: the server
 * has its own statement timeout, but a pooler's queue or a dead network has none.
 */
export function send(
  client: pg.ClientBase,
  before: readonly Statement[],
  query: Query,
  timeoutMs = answerMilliseconds,
): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const pipelined = new PipelinedQuery(before, query)
    let isSettled = false
    const settle = (error: Error | null | undefined, result?: QueryResult) => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      if (!error && result) resolve(result)
      else whenReady(client, () => reject(scrubbed(error)))
    }
    const timer = setTimeout(() => {
      lost.add(client)
      settle(new Error('Query read timeout'))
    }, timeoutMs)
    pipelined.callback = settle
    client.query(pipelined as unknown as pg.Submittable)
  })
}

const lost = processWide('lost', () => new WeakSet<pg.ClientBase>())

/** Marks connections that fail, and answers their `error` events, which would otherwise end the process. Call once for each new client. */
export function watch(client: pg.ClientBase): void {
  client.on('error', () => lost.add(client))
  client.on('end', () => lost.add(client))
}

/** Whether the connection is gone or in an unknown state: it must be destroyed, not reused. */
export function isLost(client: pg.ClientBase): boolean {
  return lost.has(client)
}

function whenReady(client: pg.ClientBase, then: () => void): void {
  if (lost.has(client)) {
    then()
    return
  }
  const done = () => {
    clearTimeout(timer)
    client.removeListener('drain', done)
    client.removeListener('error', done)
    client.removeListener('end', done)
    then()
  }
  const timer = setTimeout(() => {
    lost.add(client)
    done()
  }, settleMilliseconds)
  client.on('drain', done)
  client.on('error', done)
  client.on('end', done)
}

/**
 * Postgres quotes rows and values in `detail` and `where`: names, e-mails, grades. They end here, before any log or page can see them;
 * of a key violation the columns stay.
 */
function scrubbed(error: Error | null | undefined): Error {
  if (!error) return new Error('the server gave no result')
  if (error instanceof pg.DatabaseError) {
    error.detail = /^Key \([^)]*\)/.exec(error.detail ?? '')?.[0]
    error.where = undefined
    error.internalQuery = undefined
    // Class 22 is "bad value", and quotes it.
    if (error.code?.startsWith('22')) error.message = error.message.replace(/".*"/s, '"…"')
  }
  return error
}
