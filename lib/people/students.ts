import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { ownStudents, visibleClasses, visibleStudents } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import { notFound } from '@/lib/errors'
import type { Page, StudentSummary } from '@/lib/gradebook/views'
import { lostPlace, pageLimit, pageOf, readCursor } from '@/lib/page-cursor'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { compareByName, listName, type NameParts } from './names'

type StudentRow = NameParts & Readonly<{ id: string; email: string | null; number: string | null; classNames: readonly string[] }>

/**
 * The students the viewer may see who have not left the school, by name. `query` keeps those whose last or first name, or
 * either order of both, begins with it, whatever the case. At most 200 a page, 50 by default. Throws `not_found` without
 * the right to students.
 */
export async function listStudents(
  ctx: TenantContext,
  viewer: Viewer,
  { query = '', cursor, limit }: { query?: string; cursor?: string; limit?: number } = {},
): Promise<Page<StudentSummary>> {
  if (!viewer.rights.has('students.read')) throw notFound('right=students.read')
  const list = `${ctx.tenantId} students`
  const after = readCursor(list, cursor)
  const count = pageLimit(limit, 50, 200)
  const values: unknown[] = [ctx.tenantId, prefixPattern(query), after, count + 1]
  const name = (alias: string) => `${alias}.last_name collate "und-x-icu", ${alias}.first_name collate "und-x-icu", ${alias}.id`
  // `like` is not leakproof, so under row-level security it can only filter what the tenant's own index range yields: the
  // cost is bounded by the school, not by the shard.
  const rows = await readTenant(ctx, ({ sql }) =>
    sql<StudentRow>(
      `select ${summaryColumns(viewer, values)}
       from app.students s
       where s.tenant_id = $1 and s.left_at is null and ${visibleStudents(viewer, 's.id', values)}
         and ($2::text is null
           or lower(s.last_name collate "und-x-icu") like $2
           or lower(s.first_name collate "und-x-icu") like $2
           or lower(s.last_name || ' ' || s.first_name collate "und-x-icu") like $2
           or lower(s.first_name || ' ' || s.last_name collate "und-x-icu") like $2)
         and ($3::uuid is null or (${name('s')}) > (
           select ${name('last')} from app.students last
           where last.tenant_id = $1 and last.id = $3 and ${visibleStudents(viewer, 'last.id', values)}))
       order by ${name('s')}
       limit $4`,
      values,
    ),
  )
  if (rows.length === 0 && after !== null) throw lostPlace()
  return pageOf(rows, count, { list, idOf: (row) => row.id, itemOf: summaryOf })
}

/** The viewer's own record and the children they guard, by name; empty for everybody else. */
export async function listOwnStudents(ctx: TenantContext, viewer: Viewer): Promise<readonly StudentSummary[]> {
  if (!viewer.rights.has('own.read')) return []
  const values: unknown[] = [ctx.tenantId]
  const rows = await readTenant(ctx, ({ sql }) =>
    sql<StudentRow>(
      `select ${summaryColumns(viewer, values)}
       from app.students s
       where s.tenant_id = $1 and ${ownStudents(viewer, 's.id', values)}`,
      values,
    ),
  )
  return [...rows].sort(compareByName(ctx.locale)).map(summaryOf)
}

/** A teacher reads only the names of classes they teach; the student's own people read all of them. */
function summaryColumns(viewer: Viewer, values: unknown[]): string {
  const identifier = (kind: 'email' | 'number') => `(
    select i.value from app.student_identifiers i
    where i.tenant_id = $1 and i.student_id = s.id and i.kind = '${kind}' and i.is_primary
    order by i.created_at desc, i.folded
    limit 1) as "${kind}"`
  return `s.id, s.last_name as "lastName", s.first_name as "firstName", ${identifier('email')}, ${identifier('number')},
    array(
      select c.name
      from app.enrolments e
      join app.classes c on c.tenant_id = e.tenant_id and c.id = e.class_id
      where e.tenant_id = $1 and e.student_id = s.id and e.left_at is null and c.archived_at is null
        and (${visibleClasses(viewer, 'c.id', values)} or ${ownStudents(viewer, 's.id', values)})
      order by c.name) as "classNames"`
}

function summaryOf({ id, email, number, classNames, ...name }: StudentRow): StudentSummary {
  return { id, name: listName(name), email, number, classNames }
}

/** A pattern for what begins with the query, or null for everything. A comma as in 'Smith, Al' counts as a space. */
function prefixPattern(query: string): string | null {
  const words = query
    .normalize('NFC')
    .replace(/[\s,]+/g, ' ')
    .trim()
  if (words === '') return null
  return `${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
}
