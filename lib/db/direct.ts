import 'server-only'
import pg from 'pg'

/** Runs one statement and returns its rows; `$1` parameters. */
export type DirectSql = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>

/**
 * One connection of its own, outside every pool and every tenant: for commands that create roles and databases or ask a server
 * whether it is up. Never used by the web application. Throws when the server does not answer within `timeoutMs`.
 */
export async function withDirectConnection<T>(url: string, fn: (sql: DirectSql) => Promise<T>, timeoutMs = 5_000): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs })
  // Without a listener a server that stops while we are connected would end the whole process.
  client.on('error', () => {})
  try {
    await client.connect()
    return await fn(
      async <Row extends object>(text: string, values: readonly unknown[] = []) =>
        (await client.query<Row>(text, [...values])).rows,
    )
  } finally {
    await client.end()
  }
}
