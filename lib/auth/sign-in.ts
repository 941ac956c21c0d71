import 'server-only'
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { auditRead } from '@/lib/audit/audit'
import { auditControl } from '@/lib/audit/control-audit'
import { env } from '@/lib/env'
import { ProblemError } from '@/lib/errors'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { type Audience, audienceName } from './audience'
import { foldEmail, type MemberView } from './member'
import { type ConsoleMemberView, consoleMemberToSignIn, memberToSignIn } from './members'
import { isPasswordRight } from './passwords'
import { clearPermits, returnPermit, takePermit } from './permits'

/** What a person types to sign in. */
export const credentialsSchema = z.object({
  email: z.string({ error: 'Type your e-mail.' }).trim().min(1, 'Type your e-mail.').max(320, 'This e-mail is too long.'),
  password: z.string({ error: 'Type your password.' }).min(1, 'Type your password.').max(200, 'This password is too long.'),
})
export type Credentials = z.output<typeof credentialsSchema>

/**
 * The member these credentials belong to. Unknown, wrong and disabled end in one answer after the same work; too many tries
 * throw `rate_limited`. Both ends are in the school's audit, without the e-mail.
 */
export async function signInMember(ctx: TenantContext, typed: Credentials, address: string): Promise<MemberView> {
  const audience: Audience = { kind: 'school', tenantId: ctx.tenantId }
  return withPermits(audience, typed, address, async () => {
    const found = await memberToSignIn(ctx, foldEmail(typed.email))
    const isRight = await isPasswordRight(typed.password, found?.passwordHash ?? null)
    const isKnown = found !== null
    await auditRead(ctx, {
      actor: isRight && isKnown ? { kind: 'member', id: found.member.id } : { kind: 'system', name: 'sign-in' },
      action: isRight ? 'member.sign-in' : 'member.sign-in-failed',
      ...(isKnown ? { subjectKind: 'member', subjectId: found.member.id } : {}),
    })
    return isRight && isKnown ? found.member : null
  })
}

/** As `signInMember`, for the console; the audit is the control database's. */
export async function signInConsoleMember(typed: Credentials, address: string, requestId: string): Promise<ConsoleMemberView> {
  return withPermits({ kind: 'console' }, typed, address, async () => {
    const found = await consoleMemberToSignIn(foldEmail(typed.email))
    const isRight = await isPasswordRight(typed.password, found?.passwordHash ?? null)
    await auditControl({
      actor: isRight && found !== null ? { kind: 'member', id: found.member.id } : { kind: 'system', name: 'sign-in' },
      action: isRight ? 'member.sign-in' : 'member.sign-in-failed',
      requestId,
      detail: found === null ? {} : { member: found.member.id },
    })
    return isRight ? (found?.member ?? null) : null
  })
}

/**
 * Counts a try against the e-mail and the address before it is made, so that tries at once cannot slip through together.
 * A success clears the e-mail's count and gives the address its permit back: only failures add up there.
 */
async function withPermits<Member>(
  audience: Audience,
  { email }: Credentials,
  address: string,
  find: () => Promise<Member | null>,
): Promise<Member> {
  const emailKey = `${audienceName(audience)}:${blinded(foldEmail(email))}`
  const addressKey = `${audienceName(audience)}:${blinded(address)}`
  await takePermit('sign-in-address', addressKey)
  await takePermit('sign-in-email', emailKey)
  const member = await find()
  if (member === null) {
    throw new ProblemError('invalid_input', 'This e-mail and password do not belong together here. Check both and try again.')
  }
  await Promise.all([clearPermits('sign-in-email', emailKey), returnPermit('sign-in-address', addressKey)])
  return member
}

/** Redis is shared with operators' tools: it counts by a keyed digest and never learns an e-mail or an address. */
function blinded(text: string): string {
  return createHmac('sha256', env().NEXTAUTH_SECRET).update(`permit ${text}`).digest('base64url')
}
