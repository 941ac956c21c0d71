import 'server-only'
import { cookies, headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { findRequestId, requireHostKind, requireTenant } from '@/lib/tenancy/request'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { sessionCookie } from './cookies'
import { type MemberView, viewerOf } from './member'
import { type ConsoleMemberView, type ConsoleViewer, consoleMemberOfSession, consoleViewerOf, memberOfSession } from './members'
import { noteRefusedSession } from './refused-session'
import { signInPath } from './return-path'
import type { Right, Viewer } from './rights'
import { openSession } from './session-token'

/** Who asks, in which school, and what they may do there. */
export type Visit = Readonly<{ ctx: TenantContext; member: MemberView; viewer: Viewer }>

/**
 * The member who asks for a page, when they hold `right`. Otherwise the request ends here: without a session at the
 * sign-in page, without the right in the same 404 as a page that does not exist. Checked again on every call, in each page;
 * rows are a second question, which the domain function answers with the viewer.
 */
export async function requireMember(right: Right, { tenant }: { tenant: string }): Promise<Visit> {
  const ctx = await requireTenant(tenant)
  const member = await findMember(ctx)
  if (member === null) redirect(signInPath(await wantedPath()))
  const viewer = viewerOf(member)
  if (!viewer.rights.has(right)) notFound()
  return { ctx, member, viewer }
}

/** The member whose session this request carries, or null: no cookie, another school's, over, disabled, or ended since. */
export async function findMember(ctx: TenantContext): Promise<MemberView | null> {
  const token = (await cookies()).get(sessionCookie().name)?.value
  return token === undefined ? null : memberByToken(ctx, token)
}

/** As `requireMember`, on the console's host. */
export async function requireConsoleMember(
  right: Right,
): Promise<Readonly<{ member: ConsoleMemberView; viewer: ConsoleViewer }>> {
  await requireHostKind('console')
  const member = await findConsoleMember()
  if (member === null) redirect(signInPath(await wantedPath()))
  const viewer = consoleViewerOf(member)
  if (!viewer.rights.has(right)) notFound()
  return { member, viewer }
}

/** As `findMember`, on the console's host. */
export async function findConsoleMember(): Promise<ConsoleMemberView | null> {
  const token = (await cookies()).get(sessionCookie().name)?.value
  return token === undefined ? null : consoleMemberByToken(token)
}

// One read a request, however many parts of a page ask. The arguments are explicit, so nothing is shared between schools.
const memberByToken = cache(async (ctx: TenantContext, token: string): Promise<MemberView | null> => {
  const claims = await openSession({ kind: 'school', tenantId: ctx.tenantId }, token)
  const member = claims === null ? null : await memberOfSession(ctx, claims)
  if (member === null) {
    const where = { tenant: ctx.tenantId, slug: ctx.slug, request: ctx.requestId }
    await noteRefusedSession(where, claims === null ? 'token' : 'membership')
  }
  return member
})

const consoleMemberByToken = cache(async (token: string): Promise<ConsoleMemberView | null> => {
  const claims = await openSession({ kind: 'console' }, token)
  const member = claims === null ? null : await consoleMemberOfSession(claims)
  if (member === null) {
    const request = (await findRequestId()) ?? undefined
    await noteRefusedSession({ slug: 'console', request }, claims === null ? 'token' : 'membership')
  }
  return member
})

/** The path the browser asked for, as the middleware saw it before rewriting. */
async function wantedPath(): Promise<string> {
  return (await headers()).get('x-gi-path') ?? '/'
}
