import 'server-only'
import pg from 'pg'

/**
 * Typed SQL: `$1` parameters, one statement. Rows are as node-postgres gives them (numeric, bigint and uuid as text, timestamptz as
 * Date), except that a date is 'YYYY-MM-DD' text, because a day has no time zone, and numeric[] is text[], because a score is exact.
 * `name` prepares the statement where the connection allows it: for hot queries, whose text never varies under that name.
 */
export type Sql = <Row>(text: string, values?: readonly unknown[], options?: { name?: string }) => Promise<Row[]>

const dateOid = 1082
const dateArrayOid = 1182
const numericArrayOid = 1231
const textArray = pg.types.getTypeParser(1009 as number, 'text') // _text

/** Types of the Sql door only; given query by query, because Prisma needs its own. */
export const sqlTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === dateOid) return String
    if (oid === dateArrayOid || oid === numericArrayOid) return textArray
    return pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text')
  },
}

const transactionControl =
  /^\s*(?:begin|start|commit|end|rollback|abort|prepare|savepoint|release|set(?!\s+local\b)|reset|discard|listen)\b/i

/**
 * Refuses what would end the transaction or outlive it on a pooled connection: transactions belong to the door, settings are
 * `set local`. Throws an `Error` for the programmer.
 */
export function assertPlainStatement(text: string): void {
  if (transactionControl.test(text)) throw new Error(`The door keeps the transaction; a query may not say: ${text.slice(0, 40)}`)
}
