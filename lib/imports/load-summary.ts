import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { findImport } from './import-row'
import { summaryOf } from './summary'
import type { ImportSummary } from './views'

/** An import as lists show it, without its plan; null when it does not exist or may not be seen. */
export async function loadSummary(ctx: TenantContext, viewer: Viewer, importId: string): Promise<ImportSummary | null> {
  const row = await readTenant(ctx, (read) => findImport(read, viewer, importId))
  return row && summaryOf(row, viewer.rights.has('grades.import'))
}
