import { withDirectConnection } from '@/lib/db/direct'

/** Shuts a database's door and throws everybody out, runs `during`, and opens it again. `url` is a superuser's. */
export async function withoutDatabase(url: string, during: () => Promise<void>): Promise<void> {
  const address = new URL(url)
  const database = address.pathname.slice(1)
  address.pathname = '/postgres'
  await withDirectConnection(address.href, async (sql) => {
    await sql(`alter database ${database} with allow_connections false`)
    await sql('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database])
  })
  try {
    await during()
  } finally {
    await withDirectConnection(address.href, (sql) => sql(`alter database ${database} with allow_connections true`))
  }
}
