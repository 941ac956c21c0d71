import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { visibleClasses } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import { notFound } from '@/lib/errors'
import type { Page } from '@/lib/gradebook/views'
import { isId } from '@/lib/ids'
import { pageLimit, pageOf, readCursor } from '@/lib/page-cursor'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { importColumns, type ImportRow, importTables } from './import-row'
import { summaryOf } from './summary'
import type { ImportSummary } from './views'

/**
 * The imports into the classes the viewer may see, newest first; of one class when `classId` is given. At most 100 a page,
 * 25 by default. Throws `not_found` without the right to classes, or for a class id that cannot be one.
 */
export async function listImports(
  ctx: TenantContext,
  viewer: Viewer,
  { classId = null, cursor, limit }: { classId?: string | null; cursor?: string; limit?: number } = {},
): Promise<Page<ImportSummary>> {
  if (!viewer.rights.has('classes.read') || (classId !== null && !isId(classId))) throw notFound('right=classes.read')
  const list = `${ctx.tenantId} imports ${classId}`
  const after = readCursor(list, cursor)
  const count = pageLimit(limit, 25, 100)
  const values: unknown[] = [ctx.tenantId, classId, after, count + 1]
  // Ids are UUIDv7: their order is the order of time.
  const rows = await readTenant(ctx, ({ sql }) =>
    sql<ImportRow>(
      `select ${importColumns}
       from ${importTables}
       where i.tenant_id = $1 and ($2::uuid is null or i.class_id = $2) and ($3::uuid is null or i.id < $3)
         and ${visibleClasses(viewer, 'c.id', values)}
       order by i.id desc
       limit $4`,
      values,
    ),
  )
  return pageOf(rows, count, { list, idOf: (row) => row.id, itemOf: (row) => summaryOf(row, viewer.rights.has('grades.import')) })
}
