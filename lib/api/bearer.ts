import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import { takePermit } from '@/lib/auth/permits'
import { type Right, rightsOfTokenScope, type TokenScope, type Viewer } from '@/lib/auth/rights'
import { notFound, ProblemError } from '@/lib/errors'
import { establishTenant } from '@/lib/tenancy/establish'
import { findTenantById } from '@/lib/tenancy/registry'
import type { TenantContext, TenantRecord } from '@/lib/tenancy/tenant'
import { readToken, type TokenClaims } from './token'
import { liveTokenScopes } from './tokens'

/** Who calls the API, for which school. */
export type ApiVisit = Readonly<{ ctx: TenantContext; viewer: Viewer }>

/**
 * The caller of an API request: the school is what the signed token holds, and X-Tenant-ID (id or slug) only selects among
 * several. Naming any other school, existing or not, is one and the same 403 and stands in the audit of the token's own.
 */
export async function requireToken(headers: Headers, scope: TokenScope, requestId: string): Promise<ApiVisit> {
  const claims = await readToken(bearerOf(headers))
  if (claims === null) throw tokenRefused('token invalid or over')
  await takePermit('api', claims.jti)

  const schools = await schoolsOf(claims, requestId)
  const ctx = selected(schools, headers.get('x-tenant-id'))
  if (ctx === null) throw await refusedElsewhere(schools, claims)
  if (ctx.status === 'provisioning' || ctx.status === 'offboarded') throw notFound('school not open')

  const granted = await liveTokenScopes(ctx, claims.jti)
  if (granted === null) throw tokenRefused('token revoked or over')
  const scopes = grantedScopes(claims, granted)
  if (!brings(scopes, scope)) {
    throw new ProblemError('forbidden', `This token lacks the scope ${scope}. Ask for a token that has it.`)
  }
  const actor = { kind: 'token', id: claims.jti } as const
  return { ctx, viewer: { tenantId: ctx.tenantId, actor, rights: rightsOfScopes(scopes), scope: { kind: 'school' } } }
}

// Who may upload a file may see what became of it: a large one is answered by where to look.
function brings(scopes: readonly TokenScope[], needed: TokenScope): boolean {
  return scopes.includes(needed) || (needed === 'imports:read' && scopes.includes('imports:write'))
}

/** The rights that some token scopes bring together. */
export function rightsOfScopes(scopes: readonly TokenScope[]): ReadonlySet<Right> {
  return new Set(scopes.flatMap((scope): readonly Right[] => rightsOfTokenScope[scope]))
}

function bearerOf(headers: Headers): string {
  const [, token] = /^Bearer +([\w.-]+)$/i.exec(headers.get('authorization') ?? '') ?? []
  if (token === undefined) throw tokenRefused('no bearer token')
  return token
}

function tokenRefused(internal: string): ProblemError {
  return new ProblemError(
    'sign_in_required',
    'Send a valid token as `Authorization: Bearer ...`. This one is missing, over, revoked, or not ours.',
    { internal },
  )
}

async function schoolsOf({ tids }: TokenClaims, requestId: string): Promise<TenantContext[]> {
  const records = await Promise.all(tids.map((tid) => findTenantById(tid)))
  const known = records.filter((record): record is TenantRecord => record !== null)
  if (known.length === 0) throw tokenRefused('no school of the token exists')
  return known.map((record) => establishTenant(record, requestId))
}

/** The school the header names among these; without a header the only one. Null when it names another. */
function selected(schools: readonly TenantContext[], header: string | null): TenantContext | null {
  const wanted = header?.trim().toLowerCase()
  if (wanted !== undefined) return schools.find(({ tenantId, slug }) => wanted === tenantId || wanted === slug) ?? null
  const [only, ...others] = schools
  if (only !== undefined && others.length === 0) return only
  throw new ProblemError(
    'tenant_required',
    'This token holds several schools. Name one in the X-Tenant-ID header, by its slug or id.',
  )
}

async function refusedElsewhere(schools: readonly TenantContext[], { jti }: TokenClaims): Promise<ProblemError> {
  const [own] = schools
  // Only a token that its school still lets in may write to that school's audit.
  if (own === undefined || (await liveTokenScopes(own, jti)) === null) return tokenRefused('token revoked or over')
  await auditRead(own, { actor: { kind: 'token', id: jti }, action: 'token.refused', subjectKind: 'token', subjectId: jti })
  return new ProblemError('forbidden', 'This token does not hold the school that X-Tenant-ID names.')
}

/** What both the signed token and the school's row grant. */
function grantedScopes({ scopes }: TokenClaims, granted: readonly string[]): TokenScope[] {
  const both = new Set(granted.filter((scope) => scopes.includes(scope)))
  return Object.keys(rightsOfTokenScope).filter((scope): scope is TokenScope => both.has(scope))
}
