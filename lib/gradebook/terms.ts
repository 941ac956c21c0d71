import 'server-only'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { type SchoolFrame, type SchoolFrameRow, schoolFrame, schoolFrameColumns } from './school-frame'
import type { TermView } from './views'

/** The school's terms, oldest first. Everybody of the school may know them. */
export async function listTerms(ctx: TenantContext): Promise<readonly TermView[]> {
  return (await loadSchoolFrame(ctx)).terms
}

/** The term that began last, or the first to come when none has begun; null when the school has no term. */
export async function currentTerm(ctx: TenantContext): Promise<TermView | null> {
  return (await listTerms(ctx)).find((term) => term.isCurrent) ?? null
}

/** Terms, letters and colours of the school. */
export async function loadSchoolFrame(ctx: TenantContext): Promise<SchoolFrame> {
  const [row] = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<SchoolFrameRow>(
      `select ${schoolFrameColumns}
       from app.schools school
       where school.tenant_id = $1`,
      [tenantId],
      { name: 'school_frame' },
    ),
  )
  if (row === undefined) throw new Error(`tenant ${ctx.tenantId} has no row in app.schools`)
  return schoolFrame(row)
}
