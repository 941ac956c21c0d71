import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { lockRoster } from './roster-row'

/**
 * Puts a roster away that was not committed; a repeat does nothing. Throws `not_found`, and `conflict` for one that was committed:
 * that is undone, not discarded.
 */
export function discardRoster(ctx: TenantContext, viewer: Viewer, { rosterId }: { rosterId: string }): Promise<void> {
  return writeTenant(ctx, async (tx) => {
    const { state } = await lockRoster(tx, viewer, rosterId)
    if (state === 'discarded') return
    if (state !== 'planned') throw new ProblemError('conflict', 'This roster was committed. Undo it instead of discarding it.')
    await tx.later(`update app.roster_imports set state = 'discarded' where tenant_id = $1 and id = $2`, [tx.tenantId, rosterId])
    await audit(tx, {
      ...{ actor: viewer.actor, action: 'roster.discard', subjectKind: 'roster', subjectId: rosterId },
      requestId: ctx.requestId,
    })
  })
}
