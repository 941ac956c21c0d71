import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { findImport } from './import-row'
import type { ImportReceipt, UndoReceipt } from './views'

/** What an import did, and what its undo did; `undo` null while it stands. Null when never committed or not to be seen. */
export async function loadReceipt(
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
): Promise<Readonly<{ commit: ImportReceipt; undo: UndoReceipt | null }> | null> {
  const row = await readTenant(ctx, (read) => findImport(read, viewer, importId))
  if (!row?.receipt?.commit) return null
  const { counts, crossed, kept } = row.receipt.commit
  const { undo } = row.receipt
  return {
    commit: { importId, counts, crossed, kept, wasAlreadyDone: true },
    undo: undo ? { importId, ...undo, wasAlreadyDone: true } : null,
  }
}
