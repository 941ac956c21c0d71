import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { classReach, visibleClasses } from '@/lib/auth/scope'
import type { Sql, TenantWriter } from '@/lib/db/tenant-db'
import { notFound } from '@/lib/errors'
import { isId } from '@/lib/ids'
import type { CommitReceipt, UndoneParts, UndoneReceipt } from './stored-receipt'
import type { ImportChoices } from './choices'
import type { ImportCounts, ImportState } from './views'

/** An import's row with the names around it, without its plan. */
export type ImportRow = Readonly<{
  id: string
  classId: string
  className: string
  termId: string
  termName: string
  isArchived: boolean
  isLocked: boolean
  actor: string
  actorName: string | null
  state: ImportState
  fileName: string
  fileSha256: string
  source: string
  planHash: string
  counts: ImportCounts
  /** Null: nothing was said. */
  choices: ImportChoices | null
  isFromSaved: boolean
  receipt: Readonly<{ commit?: CommitReceipt; undo?: UndoneReceipt; undone?: UndoneParts }> | null
  createdAt: Date
  committedAt: Date | null
  undoneAt: Date | null
}>

/** Columns of `ImportRow`; the query has imports as `i`, classes as `c` and terms as `term`. */
export const importColumns = `
  i.id, i.class_id as "classId", c.name as "className", i.term_id as "termId", term.name as "termName",
  c.archived_at is not null as "isArchived", term.is_locked as "isLocked",
  i.actor,
  (select member.display_name from app.members member
   where member.tenant_id = $1 and 'member:' || member.id = i.actor) as "actorName",
  i.state, i.file_name as "fileName", i.file_sha256 as "fileSha256", i.source, i.plan_hash as "planHash",
  i.counts, i.choices, i.is_from_saved as "isFromSaved", i.receipt, i.created_at as "createdAt", i.committed_at as "committedAt", i.undone_at as "undoneAt"`

/** The tables of `importColumns`. */
export const importTables = `
  app.imports i
  join app.classes c on c.tenant_id = i.tenant_id and c.id = i.class_id
  join app.terms term on term.tenant_id = i.tenant_id and term.id = i.term_id`

type Reader = Readonly<{ sql: Sql; tenantId: string }>

/** The import, or null when it does not exist or is of a class the viewer may not see. */
export function findImport(read: Reader, viewer: Viewer, importId: string): Promise<ImportRow | null> {
  return find<ImportRow>(read, viewer, importId, importColumns)
}

/**
 * As `findImport`, with the stored plan's text, '' before there is one: megabytes, and read in one statement with its hash, because
 * another window may store another plan at any time.
 */
export function findWithPlan(
  read: Reader,
  viewer: Viewer,
  importId: string,
): Promise<(ImportRow & Readonly<{ plan: string }>) | null> {
  return find<ImportRow & Readonly<{ plan: string }>>(read, viewer, importId, `${importColumns}, i.plan`)
}

async function find<Row>(read: Reader, viewer: Viewer, importId: string, columns: string): Promise<Row | null> {
  if (!viewer.rights.has('classes.read') || !isId(importId)) return null
  const values: unknown[] = [read.tenantId, importId]
  const [row] = await read.sql<Row>(
    `select ${columns}
     from ${importTables}
     where i.tenant_id = $1 and i.id = $2 and ${visibleClasses(viewer, 'c.id', values)}`,
    values,
  )
  return row ?? null
}

/**
 * The import locked for a write, and its class with it: imports into one class run one after the other.
 * Throws `not_found` without the right to import or when it cannot be seen.
 */
export function lockImport(tx: TenantWriter, viewer: Viewer, importId: string): Promise<ImportRow> {
  return lockRow<ImportRow>(tx, viewer, { importId, name: 'lock_import', columns: importColumns })
}

/** What a commit starts from. */
export type PlannedRow = ImportRow &
  Readonly<{
    /** The stored plan's text, of an import that can be committed. */
    plan: string | null
    /** The same plan of the same file, committed from another tab since this one was made. */
    twin: Readonly<{ id: string; commit: CommitReceipt }> | null
  }>

/** As `lockImport`, with all that a commit needs. */
export function lockPlanned(tx: TenantWriter, viewer: Viewer, importId: string): Promise<PlannedRow> {
  return lockRow<PlannedRow>(tx, viewer, {
    importId,
    name: 'lock_planned_import',
    columns: `${importColumns},
      case when i.state = 'planned' then i.plan end as plan,
      (select json_build_object('id', twin.id, 'commit', twin.receipt -> 'commit')
       from app.imports twin
       where twin.tenant_id = $1 and twin.class_id = i.class_id and twin.state = 'committed'
         and twin.file_sha256 = i.file_sha256 and twin.plan_hash = i.plan_hash and twin.committed_at > i.created_at
       order by twin.committed_at desc
       limit 1) as twin`,
  })
}

async function lockRow<Row>(
  tx: TenantWriter,
  viewer: Viewer,
  { importId, name, columns }: { importId: string; name: string; columns: string },
): Promise<Row> {
  if (!viewer.rights.has('grades.import') || !isId(importId)) throw notFound('right=grades.import')
  // The class before the import, as everybody takes them, so that two imports into one class cannot deadlock.
  await tx.later(
    `select from app.classes c
     where c.tenant_id = $1 and c.id = (select i.class_id from app.imports i where i.tenant_id = $1 and i.id = $2)
     for no key update`,
    [tx.tenantId, importId],
    { name: 'lock_class_of_import' },
  )
  const values: unknown[] = [tx.tenantId, importId]
  const [row] = await tx.sql<Row>(
    `select ${columns}
     from ${importTables}
     where i.tenant_id = $1 and i.id = $2 and ${visibleClasses(viewer, 'c.id', values)}
     for no key update of i
     for share of term`,
    values,
    { name: `${name}_${classReach(viewer)}` },
  )
  if (row === undefined) throw notFound(`import=${importId}`)
  return row
}

/** The stored plan's text, of an import that is locked. */
export async function readPlanText(tx: TenantWriter, importId: string): Promise<string> {
  const [row] = await tx.sql<{ plan: string }>('select plan from app.imports where tenant_id = $1 and id = $2', [
    tx.tenantId,
    importId,
  ])
  if (row === undefined) throw notFound(`import=${importId}`)
  return row.plan
}
