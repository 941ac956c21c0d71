import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { visibleClasses } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import { notFound } from '@/lib/errors'
import { lostPlace, pageLimit, pageOf, readCursor } from '@/lib/page-cursor'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { ClassSummary, Page } from './views'

type ClassRow = Omit<ClassSummary, 'gradedAt'> & Readonly<{ gradedAt: Date | null }>

/**
 * The classes the viewer may see, by name: a teacher's own, all of the school for an admin or a token. `archived` lists
 * those that were put away instead. At most 200 a page, 50 by default. Throws `not_found` without the right to classes.
 */
export async function listClasses(
  ctx: TenantContext,
  viewer: Viewer,
  { cursor, limit, archived = false }: { cursor?: string; limit?: number; archived?: boolean } = {},
): Promise<Page<ClassSummary>> {
  if (!viewer.rights.has('classes.read')) throw notFound('right=classes.read')
  const list = `${ctx.tenantId} classes ${archived}`
  const after = readCursor(list, cursor)
  const count = pageLimit(limit, 50, 200)
  const values: unknown[] = [ctx.tenantId, archived, after, count + 1]
  const isVisible = (column: string) => visibleClasses(viewer, column, values)
  const rows = await readTenant(ctx, ({ sql }) =>
    sql<ClassRow>(
      `select
         c.id, c.name, c.subject,
         array(
           select teacher.display_name
           from app.class_teachers taught
           join app.members teacher on teacher.tenant_id = taught.tenant_id and teacher.id = taught.member_id
           where taught.tenant_id = $1 and taught.class_id = c.id
           order by teacher.display_name) as teachers,
         (select count(*)::int from app.enrolments e
          where e.tenant_id = $1 and e.class_id = c.id and e.left_at is null) as "studentCount",
         (select count(*)::int from app.assignments a
          where a.tenant_id = $1 and a.class_id = c.id) as "assignmentCount",
         (select max(change.at) from app.grade_changes change
          where change.tenant_id = $1 and change.class_id = c.id) as "gradedAt",
         (select i.id from app.imports i
          where i.tenant_id = $1 and i.class_id = c.id and i.state = 'committed'
          order by i.created_at desc
          limit 1) as "lastImportId"
       from app.classes c
       where c.tenant_id = $1 and (c.archived_at is not null) = $2 and ${isVisible('c.id')}
         and ($3::uuid is null or (c.name collate "und-x-icu", c.id) > (
           select last.name collate "und-x-icu", last.id from app.classes last
           where last.tenant_id = $1 and last.id = $3 and ${isVisible('last.id')}))
       order by c.name collate "und-x-icu", c.id
       limit $4`,
      values,
    ),
  )
  if (rows.length === 0 && after !== null) throw lostPlace()
  return pageOf(rows, count, {
    list,
    idOf: (row) => row.id,
    itemOf: (row) => ({ ...row, gradedAt: row.gradedAt?.toISOString() ?? null }),
  })
}
