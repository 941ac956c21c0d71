import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import { findImport } from '@/lib/imports/import-row'
import { findJob, progressOf } from '@/lib/imports/job-row'
import type { ImportProgressView } from '@/lib/imports/progress'
import type { TenantContext } from '@/lib/tenancy/tenant'

/**
 * How far the worker is with this import, or with what was last asked of it; null when the import does not exist or the viewer may
 * not see it. Light enough to be asked every second.
 */
export function loadProgress(ctx: TenantContext, viewer: Viewer, importId: string): Promise<ImportProgressView | null> {
  return readTenant(ctx, async (read) => {
    const found = await findImport(read, viewer, importId)
    if (found === null) return null
    const row = await findJob(read, importId)
    return { importId, state: found.state, progress: row && progressOf(row) }
  })
}
