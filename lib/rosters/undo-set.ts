import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import type { RosterJob } from './plan-ids'
import type { KeptChange } from './views'
import { askedRows, type SetColumns } from './write-set'

/** An undo under way: what it works on, and what it could not take back so far. */
export type UndoJob = RosterJob & Readonly<{ committedText: string; kept: KeptChange[] }> & { restored: number }

type Step<Item> = Readonly<{
  items: readonly Item[]
  columns: (items: readonly Item[]) => SetColumns
  /** The statement without its `returning`; `$2` is the roster, `$3` the instant of its commit. */
  statement: (asked: string) => string
  /** How an item that stays is listed. */
  keep: (item: Item) => KeptChange
}>

/** Takes one set back; items whose rows are no longer what the roster wrote stay, and are listed. */
export async function undoSet<Item>(
  tx: TenantWriter,
  job: UndoJob,
  { items, columns, statement, keep }: Step<Item>,
): Promise<void> {
  if (items.length === 0) return
  const values: unknown[] = [tx.tenantId, job.rosterId, job.committedText]
  const asked = askedRows(columns(items), values)
  const done = await tx.sql<{ n: number }>(
    `with own as (select $2::uuid as roster, $3::timestamptz as committed),
     done as (${statement(asked)} returning asked.n::int as n) select n from done`,
    values,
  )
  job.restored += done.length
  if (done.length === items.length) return
  const restored = new Set(done.map(({ n }) => n))
  job.kept.push(...items.flatMap((item, at) => (restored.has(at + 1) ? [] : [keep(item)])))
}
