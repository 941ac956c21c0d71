import 'server-only'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { withDirectConnection } from './direct'

/** A hole in a shard's isolation: the rule of prisma/rls-lint.sql that found it, and the table, function or role it is in. */
export type IsolationFault = Readonly<{ rule: string; object: string }>

/** The lint as SQL, for who has a connection already. */
export async function isolationLintSql(): Promise<string> {
  return readFile(path.resolve(import.meta.dirname, '../../prisma/rls-lint.sql'), 'utf8')
}

/** Every hole in the isolation of one shard; [] is what is wanted. Changes nothing; any role that may connect can ask. */
export async function findIsolationFaults(url: string): Promise<IsolationFault[]> {
  const lint = await isolationLintSql()
  return withDirectConnection(url, async (sql) => {
    // Definitions are compared as text, and are printed in full only when no schema of ours is on the path.
    await sql("set search_path = ''")
    return sql<IsolationFault>(lint)
  })
}
