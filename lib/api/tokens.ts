import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { TokenScope } from '@/lib/auth/rights'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { notFound } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { type Actor, actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { signToken } from './token'

/** A token as its school lists it. The secret itself is shown once, when it is made. */
export type TokenSummary = Readonly<{
  id: string
  name: string
  scopes: readonly string[]
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
}>

/** What a new token is to be. */
export type NewToken = Readonly<{ name: string; scopes: readonly TokenScope[]; days: number }>

/** Makes a token that holds these schools; gives its id and, this once, the token itself. */
export async function createToken(
  schools: readonly TenantContext[],
  actor: Actor,
  { name, scopes, days }: NewToken,
): Promise<Readonly<{ id: string; token: string; expiresAt: Date }>> {
  const id = newId()
  const expiresAt = new Date(Date.now() + days * 86_400_000)
  // Signed last: were a school unreachable, the rows written until then would belong to a token that nobody has.
  for (const ctx of schools) await insertToken(ctx, actor, { id, name, scopes, expiresAt })
  const token = await signToken({ jti: id, tids: schools.map(({ tenantId }) => tenantId), scopes }, expiresAt)
  return { id, token, expiresAt }
}

/** The school's tokens, newest first. */
export async function listTokens(ctx: TenantContext): Promise<TokenSummary[]> {
  return readTenant(ctx, ({ sql, tenantId }) =>
    sql<TokenSummary>(`select ${columns} from app.api_tokens where tenant_id = $1 order by created_at desc, id`, [tenantId]),
  )
}

/** Takes a token back in this school: its next request is refused. Throws `not_found`; a second time changes nothing. */
export async function revokeToken(ctx: TenantContext, actor: Actor, id: string): Promise<void> {
  await writeTenant(ctx, async (tx) => {
    const rows = await tx.sql<{ id: string }>(
      `update app.api_tokens set revoked_at = coalesce(revoked_at, now()) where tenant_id = $1 and id = $2 returning id`,
      [tx.tenantId, id],
    )
    if (rows.length === 0) throw notFound('token')
    await audit(tx, { actor, action: 'token.revoke', subjectKind: 'token', subjectId: id, requestId: ctx.requestId })
  })
}

/** Scopes of a token that this school lets in now; null when it never did, took it back, or it is over. */
export async function liveTokenScopes(ctx: TenantContext, id: string): Promise<readonly string[] | null> {
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<{ scopes: string[] }>(
      `select scopes from app.api_tokens where tenant_id = $1 and id = $2 and revoked_at is null and expires_at > now()`,
      [tenantId, id],
      { name: 'live_token_scopes' },
    ),
  )
  return rows[0]?.scopes ?? null
}

async function insertToken(
  ctx: TenantContext,
  actor: Actor,
  { id, name, scopes, expiresAt }: Readonly<{ id: string; name: string; scopes: readonly string[]; expiresAt: Date }>,
): Promise<void> {
  await writeTenant(ctx, async (tx) => {
    await tx.sql(
      `insert into app.api_tokens (tenant_id, id, name, scopes, created_by, expires_at) values ($1, $2, $3, $4::text[], $5, $6)`,
      [tx.tenantId, id, name, scopes, actorKey(actor), expiresAt],
    )
    await audit(tx, {
      actor,
      action: 'token.create',
      subjectKind: 'token',
      subjectId: id,
      requestId: ctx.requestId,
      detail: { scopes: scopes.join(' ') },
    })
  })
}

const columns = `id, name, scopes, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"`
