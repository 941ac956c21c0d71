import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import { staleRoster } from './stale'

/** Columns of a set of rows, each with its type: what `unnest` makes rows of. */
export type SetColumns = Readonly<
  Record<string, readonly [type: 'uuid' | 'text' | 'timestamptz' | 'boolean', values: readonly unknown[]]>
>

/**
 * The rows of a set as SQL: `unnest($3::uuid[], ...) with ordinality as asked(id, ..., n)`. `values` holds the tenant as `$1` and
 * what else the statement names; the columns are appended.
 */
export function askedRows(columns: SetColumns, values: unknown[]): string {
  const parts = Object.values(columns).map(([type, column]) => `$${values.push(column)}::${type}[]`)
  return `unnest(${parts.join(', ')}) with ordinality as asked(${Object.keys(columns).join(', ')}, n)`
}

/**
 * Runs one statement over a whole set. `statement` ends with `returning`-able work on each asked row; when fewer rows than asked
 * were written, the school is not what the plan saw, and everything is undone. An empty set costs nothing.
 */
export async function writeSet(
  tx: TenantWriter,
  columns: SetColumns,
  statement: (asked: string) => string,
  more: readonly unknown[] = [],
): Promise<void> {
  const count = Object.values(columns)[0]?.[1].length ?? 0
  if (count === 0) return
  const values: unknown[] = [tx.tenantId, ...more]
  const asked = askedRows(columns, values)
  const [written] = await tx.sql<{ count: number }>(
    `with written as (${statement(asked)} returning 1) select count(*)::int as count from written`,
    values,
  )
  if (written?.count !== count) throw staleRoster('Somebody changed a person, class or enrolment of this file at this moment.')
}
