import 'server-only'
import { audit } from '@/lib/audit/audit'
import { isUniqueViolation } from '@/lib/db/failures'
import { readTenant, type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import type { Actor, TenantContext } from '@/lib/tenancy/tenant'
import { foldEmail } from './member'
import { hashPassword } from './passwords'
import type { Role } from './rights'

/** A person to be added to a school. `password` null: they cannot sign in until one is set. */
export type NewMember = Readonly<{
  email: string
  displayName: string
  roles: readonly Role[]
  password: string | null
  /** Their own student record, for a student. */
  studentId?: string | null
}>

/** Adds a member; gives their id. Throws `conflict` when the school already knows the e-mail. */
export async function createMember(ctx: TenantContext, actor: Actor, person: NewMember): Promise<string> {
  const id = newId()
  const passwordHash = person.password === null ? null : await hashPassword(person.password)
  try {
    await writeTenant(ctx, async (tx) => {
      await tx.sql(
        `insert into app.members (tenant_id, id, email, display_name, password_hash, roles, student_id)
         values ($1, $2, $3, $4, $5, $6::text[], $7)`,
        [tx.tenantId, id, foldEmail(person.email), person.displayName, passwordHash, person.roles, person.studentId ?? null],
      )
      await recordChange(ctx, tx, actor, 'member.create', id)
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new ProblemError('conflict', 'This school already has a person with this e-mail.', {
      fields: { email: 'Already in use at this school.' },
    })
  }
  return id
}

/** Sets a new password and ends every session of the member. */
export async function resetPassword(ctx: TenantContext, actor: Actor, memberId: string, password: string): Promise<void> {
  const passwordHash = await hashPassword(password)
  await writeTenant(ctx, async (tx) => {
    await changeMember(tx, memberId, 'password_hash = $3', [passwordHash])
    await recordChange(ctx, tx, actor, 'member.reset-password', memberId)
  })
}

/** Shuts a member out at once: no sign-in, and every session ends with its next request. Their history stays. */
export async function disableMember(ctx: TenantContext, actor: Actor, memberId: string): Promise<void> {
  await writeTenant(ctx, async (tx) => {
    await changeMember(tx, memberId, 'disabled_at = coalesce(disabled_at, now())', [])
    await recordChange(ctx, tx, actor, 'member.disable', memberId)
  })
}

/** Ends every session of a member. */
export async function endSessions(ctx: TenantContext, actor: Actor, memberId: string): Promise<void> {
  await writeTenant(ctx, async (tx) => {
    await changeMember(tx, memberId, null, [])
    await recordChange(ctx, tx, actor, 'member.sign-out-everywhere', memberId)
  })
}

/** Id of the member with this e-mail. Throws `not_found`. */
export async function memberIdByEmail(ctx: TenantContext, email: string): Promise<string> {
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<{ id: string }>('select id from app.members where tenant_id = $1 and email = $2', [tenantId, foldEmail(email)]),
  )
  if (rows[0] === undefined) throw notFound('member by e-mail')
  return rows[0].id
}

// Every change of a membership raises its version, which is what ends the sessions made before.
async function changeMember(
  tx: TenantWriter,
  memberId: string,
  assignment: string | null,
  values: readonly unknown[],
): Promise<void> {
  const assignments = ['version = version + 1', ...(assignment === null ? [] : [assignment])].join(', ')
  const rows = await tx.sql<{ id: string }>(
    `update app.members set ${assignments} where tenant_id = $1 and id = $2 returning id`,
    [tx.tenantId, memberId, ...values],
  )
  if (rows.length === 0) throw notFound('member')
}

async function recordChange(
  ctx: TenantContext,
  tx: TenantWriter,
  actor: Actor,
  action: 'member.create' | 'member.reset-password' | 'member.disable' | 'member.sign-out-everywhere',
  memberId: string,
): Promise<void> {
  await audit(tx, { actor, action, subjectKind: 'member', subjectId: memberId, requestId: ctx.requestId })
}
