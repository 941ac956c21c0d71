'use server'

import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { answered, parseInput, requireOwnOrigin } from '@/lib/action'
import type { ActionResult } from '@/lib/action-result'
import { auditRead } from '@/lib/audit/audit'
import { auditControl } from '@/lib/audit/control-audit'
import { requireHostKind, requireTenant } from '@/lib/tenancy/request'
import type { Audience } from './audience'
import { clientAddress } from './config'
import { sessionCookie, sessionSeconds } from './cookies'
import { endSessions } from './people'
import { returnPath } from './return-path'
import { findConsoleMember, findMember } from './session'
import { sealSession, sessionClaims } from './session-token'
import { credentialsSchema, signInConsoleMember, signInMember } from './sign-in'

/**
 * Signing in and out with plain forms, with or without JavaScript. The cookie set here is the one next-auth would set: same
 * name, key and content, so /api/auth and these actions know each other's sessions.
 */

type SignInResult = ActionResult<never>

/** Form: `email`, `password`, `next`. Ends at `next` (a path of this school) or comes back with what to mend. */
export async function signIn(_previous: SignInResult | null, form: FormData): Promise<SignInResult> {
  return answered('sign_in_failed', async () => {
    const ctx = await requireTenant()
    await requireOwnOrigin(ctx.slug)
    const member = await signInMember(ctx, parseInput(credentialsSchema, Object.fromEntries(form)), await address())
    await setSession({ kind: 'school', tenantId: ctx.tenantId }, member)
    redirect(returnPath(form.get('next')))
  })
}

/** As `signIn`, on the console. */
export async function consoleSignIn(_previous: SignInResult | null, form: FormData): Promise<SignInResult> {
  return answered('console_sign_in_failed', async () => {
    const { requestId } = await requireHostKind('console')
    await requireOwnOrigin('console')
    const typed = parseInput(credentialsSchema, Object.fromEntries(form))
    await setSession({ kind: 'console' }, await signInConsoleMember(typed, await address(), requestId))
    redirect(returnPath(form.get('next')))
  })
}

/** Ends this session, on this device. Safe to call without one. */
export async function signOut(): Promise<void> {
  const ctx = await requireTenant()
  await requireOwnOrigin(ctx.slug)
  const member = await findMember(ctx)
  await clearSession()
  if (member !== null) {
    const { id } = member
    await auditRead(ctx, { actor: { kind: 'member', id }, action: 'member.sign-out', subjectKind: 'member', subjectId: id })
  }
  redirect('/sign-in')
}

/** As `signOut`, on the console. */
export async function consoleSignOut(): Promise<void> {
  const { requestId } = await requireHostKind('console')
  await requireOwnOrigin('console')
  const member = await findConsoleMember()
  await clearSession()
  if (member !== null) await auditControl({ actor: { kind: 'member', id: member.id }, action: 'member.sign-out', requestId })
  redirect('/sign-in')
}

/** Ends every session of the member who asks, on every device, this one included. */
export async function signOutEverywhere(_previous: SignInResult | null, _form: FormData): Promise<SignInResult> {
  return answered('sign_out_everywhere_failed', async () => {
    const ctx = await requireTenant()
    await requireOwnOrigin(ctx.slug)
    const member = await findMember(ctx)
    if (member !== null) await endSessions(ctx, { kind: 'member', id: member.id }, member.id)
    await clearSession()
    redirect('/sign-in')
  })
}

async function setSession(audience: Audience, member: { id: string; version: number }): Promise<void> {
  const { name, options } = sessionCookie()
  const token = await sealSession(audience, sessionClaims(audience, member))
  ;(await cookies()).set(name, token, { ...options, maxAge: sessionSeconds })
}

async function clearSession(): Promise<void> {
  const { name, options } = sessionCookie()
  // Spelled with the same attributes: a browser ignores a __Host- cookie, also an empty one, that lacks Secure or Path.
  ;(await cookies()).set(name, '', { ...options, maxAge: 0 })
}

async function address(): Promise<string> {
  return clientAddress((await headers()).get('x-forwarded-for'))
}
