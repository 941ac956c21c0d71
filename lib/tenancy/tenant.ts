/**
 * The words of tenancy that every other part uses. Pure types and constants: no clock, database or environment.
 */

/** `provisioning` is not served yet; `read_only` refuses writes; `suspended` and `offboarded` refuse everything. */
export type TenantStatus = 'provisioning' | 'active' | 'read_only' | 'suspended' | 'offboarded'

/** What the registry knows of a school; cached, so it holds no secret and no pupil data. */
export type TenantRecord = Readonly<{
  tenantId: string
  slug: string
  name: string
  districtId: string | null
  shard: string
  epoch: number
  status: TenantStatus
  tier: string
  timeZone: string
  locale: string
  features: Readonly<Record<string, boolean>>
  branding: Readonly<{ accent?: string; logo?: string }>
}>

declare const verified: unique symbol

/**
 * A tenant that was established for this request or command: from a signed request context, a verified token, or an
 * operator's command. Every function that touches a school's rows takes it first. Made only by `lib/tenancy/establish.ts`.
 */
export type TenantContext = TenantRecord &
  Readonly<{
    /** Joins the log lines and audit entries of one request. */
    requestId: string
    [verified]: true
  }>

/** Who does something, for history and audit: ids only. */
export type Actor = Readonly<{ kind: 'member'; id: string } | { kind: 'token'; id: string } | { kind: 'system'; name: string }>

/** `member:<id>`, `token:<id>` or `system:<name>`: how an actor stands in history and audit rows. */
export function actorKey(actor: Actor): string {
  return actor.kind === 'system' ? `system:${actor.name}` : `${actor.kind}:${actor.id}`
}
