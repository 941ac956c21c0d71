import 'server-only'
import { liveTokenScopes } from '@/lib/api/tokens'
import { viewerOf } from '@/lib/auth/member'
import { memberById } from '@/lib/auth/members'
import { type Right, rightsOfTokenScope, type Viewer } from '@/lib/auth/rights'
import type { TenantContext } from '@/lib/tenancy/tenant'

/**
 * Who asked for a job, with the rights they have now and not those they had when they asked; null when they were shut out, have left, or
 * their token was revoked or is over. `actor` is as history writes it (`actorKey`).
 */
export async function findAsker(ctx: TenantContext, actor: string): Promise<Viewer | null> {
  const [kind, id] = actor.split(':')
  if (id === undefined) return null
  if (kind === 'member') {
    const member = await memberById(ctx, id)
    return member && viewerOf(member)
  }
  if (kind !== 'token') return null
  const scopes = await liveTokenScopes(ctx, id)
  return scopes && { tenantId: ctx.tenantId, actor: { kind, id }, rights: rightsOfScopes(scopes), scope: { kind: 'school' } }
}

function rightsOfScopes(scopes: readonly string[]): ReadonlySet<Right> {
  const granted = new Set(scopes)
  return new Set(
    Object.entries(rightsOfTokenScope).flatMap(([scope, rights]): readonly Right[] => (granted.has(scope) ? rights : [])),
  )
}
