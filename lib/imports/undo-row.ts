import 'server-only'
import type { Sql, TenantWriter } from '@/lib/db/tenant-db'
import { newId } from '@/lib/ids'
import type { StoredUndo } from './stored-receipt'
import type { Removed } from './undo-made'

export type UndoRow = Readonly<{
  id: string
  kind: 'undo' | 'redo'
  actor: string
  actorName: string | null
  at: Date
  receipt: StoredUndo
}>

type Reader = Readonly<{ sql: Sql; tenantId: string }>

/** Every undo and redo of an import, newest first, without the rows they took. Who may see the import is the caller's question. */
export function readUndos(read: Reader, importId: string): Promise<UndoRow[]> {
  return read.sql<UndoRow>(
    `select u.id, u.kind, u.actor, u.at, u.receipt,
       (select member.display_name from app.members member
        where member.tenant_id = $1 and 'member:' || member.id = u.actor) as "actorName"
     from app.import_undos u
     where u.tenant_id = $1 and u.import_id = $2
     order by u.id desc`,
    [read.tenantId, importId],
  )
}

/** What the undos since the last redo took away, all together. */
export async function readRemoved(read: Reader, importId: string): Promise<Removed> {
  const rows = await read.sql<{ removed: Removed }>(
    `select u.removed
     from app.import_undos u
     where u.tenant_id = $1 and u.import_id = $2 and u.kind = 'undo' and not exists (
       select from app.import_undos later
       where later.tenant_id = $1 and later.import_id = $2 and later.kind = 'redo' and later.id > u.id)
     order by u.id`,
    [read.tenantId, importId],
  )
  const of = (table: keyof Removed) => rows.flatMap(({ removed }) => removed[table])
  return {
    students: of('students'),
    identifiers: of('identifiers'),
    enrolments: of('enrolments'),
    assignments: of('assignments'),
    assignmentTags: of('assignmentTags'),
    links: of('links'),
    categories: of('categories'),
    tags: of('tags'),
  }
}

/** Writes one down; travels with the next statement. */
export async function noteUndo(
  tx: TenantWriter,
  importId: string,
  { kind, actor, receipt, removed }: Pick<UndoRow, 'kind' | 'actor' | 'receipt'> & Readonly<{ removed: Removed | null }>,
): Promise<void> {
  await tx.later(
    `insert into app.import_undos (tenant_id, import_id, id, kind, actor, receipt, removed)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb)`,
    [tx.tenantId, importId, newId(), kind, actor, JSON.stringify(receipt), JSON.stringify(removed ?? {})],
  )
}
