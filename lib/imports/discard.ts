import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { lockImport } from './import-row'
import { dropOriginal } from './original'

/**
 * Puts an import away that was not committed; a repeat does nothing. Throws `not_found`, and `conflict` for one that was
 * committed: that is undone, not discarded.
 */
export function discardImport(ctx: TenantContext, viewer: Viewer, { importId }: { importId: string }): Promise<void> {
  return writeTenant(ctx, async (tx) => {
    const { state } = await lockImport(tx, viewer, importId)
    if (state === 'discarded') return
    if (state === 'committed' || state === 'undone')
      throw new ProblemError('conflict', 'This import was committed. Undo it instead of discarding it.')
    // Unread, it is kept with what private columns hold: nobody will read it now.
    if (state === 'reading') await dropOriginal(tx, importId)
    await tx.sql(`update app.imports set state = 'discarded' where tenant_id = $1 and id = $2`, [tx.tenantId, importId])
    await audit(tx, {
      actor: viewer.actor,
      action: 'import.discard',
      subjectKind: 'import',
      subjectId: importId,
      requestId: ctx.requestId,
    })
  })
}
