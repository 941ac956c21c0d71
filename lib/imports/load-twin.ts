import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { findImport } from './import-row'

/**
 * The id of the import that wrote what this discarded one would have: the same plan of the same file, committed since this one was made, as
 * from another window. Null when there is none, and when this one is not discarded or may not be seen.
 */
export async function loadTwin(ctx: TenantContext, viewer: Viewer, importId: string): Promise<string | null> {
  return readTenant(ctx, async (read) => {
    const row = await findImport(read, viewer, importId)
    if (row?.state !== 'discarded' || row.planHash === '') return null
    const [twin] = await read.sql<{ id: string }>(
      `select twin.id
       from app.imports twin
       where twin.tenant_id = $1 and twin.class_id = $2 and twin.state in ('committed', 'undone')
         and twin.file_sha256 = $3 and twin.plan_hash = $4 and twin.committed_at > $5
       order by twin.committed_at desc
       limit 1`,
      [read.tenantId, row.classId, row.fileSha256, row.planHash, row.createdAt],
    )
    return twin?.id ?? null
  })
}
