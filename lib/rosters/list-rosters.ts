import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { requireWholeSchool } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import type { Page } from '@/lib/gradebook/views'
import { pageLimit, pageOf, readCursor } from '@/lib/page-cursor'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { rosterColumns, type RosterRow, summaryOf } from './roster-row'
import type { RosterSummary } from './views'

/**
 * The school's rosters, newest first. At most 100 a page, 25 by default. Throws `not_found` without the right to change the
 * school's people.
 */
export async function listRosters(
  ctx: TenantContext,
  viewer: Viewer,
  { cursor, limit }: { cursor?: string; limit?: number } = {},
): Promise<Page<RosterSummary>> {
  requireWholeSchool(ctx.tenantId, viewer, 'people.import')
  const list = `${ctx.tenantId} rosters`
  const after = readCursor(list, cursor)
  const count = pageLimit(limit, 25, 100)
  // Ids are UUIDv7: their order is the order of time.
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<RosterRow>(
      `select ${rosterColumns}
       from app.roster_imports r
       where r.tenant_id = $1 and ($2::uuid is null or r.id < $2)
       order by r.id desc
       limit $3`,
      [tenantId, after, count + 1],
    ),
  )
  const now = new Date()
  return pageOf(rows, count, { list, idOf: ({ id }) => id, itemOf: (row) => summaryOf(row, now) })
}
