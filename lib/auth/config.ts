import 'server-only'
import { headers } from 'next/headers'
import type { AuthOptions } from 'next-auth'
import credentialsProvider from 'next-auth/providers/credentials'
import { auditRead } from '@/lib/audit/audit'
import { auditControl } from '@/lib/audit/control-audit'
import { env } from '@/lib/env'
import { ProblemError } from '@/lib/errors'
import { log } from '@/lib/log'
import { contextHeader, verifyContext } from '@/lib/tenancy/context'
import { requireTenant } from '@/lib/tenancy/request'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { type Audience, audienceSecret } from './audience'
import { hostCookie, sessionCookie, sessionSeconds } from './cookies'
import { consoleMemberOfSession, memberOfSession } from './members'
import { returnPath } from './return-path'
import { claimsFor, type SessionClaims, sessionClaims } from './session-token'
import { type Credentials, credentialsSchema, signInConsoleMember, signInMember } from './sign-in'

/**
 * next-auth, one set of options for each audience: an own key, host-only cookies, and a session that is checked against the
 * member's row each time. The origin comes from the host that middleware validated, so NEXTAUTH_URL must not be set: it
 * would win over every host and send all schools to one.
 */

declare module 'next-auth' {
  interface User {
    version: number
  }
  interface Session {
    member: string
  }
}

/** Options of the host that was asked; any other host than a school's or the console's is a 404. */
export async function authOptionsOfRequest(): Promise<AuthOptions> {
  const context = await verifyContext((await headers()).get(contextHeader), env().CONTEXT_SECRET)
  if (context?.kind === 'console') return consoleAuthOptions(context.requestId)
  return schoolAuthOptions(await requireTenant())
}

/** Options for the sign-in of one school. */
export function schoolAuthOptions(ctx: TenantContext): AuthOptions {
  return authOptions({
    audience: { kind: 'school', tenantId: ctx.tenantId },
    signIn: (typed, address) => signInMember(ctx, typed, address),
    isCurrent: async (claims) => (await memberOfSession(ctx, claims)) !== null,
    signedOut: (id) =>
      auditRead(ctx, { actor: { kind: 'member', id }, action: 'member.sign-out', subjectKind: 'member', subjectId: id }),
  })
}

/** Options for the sign-in of the console. */
export function consoleAuthOptions(requestId: string): AuthOptions {
  return authOptions({
    audience: { kind: 'console' },
    signIn: (typed, address) => signInConsoleMember(typed, address, requestId),
    isCurrent: async (claims) => (await consoleMemberOfSession(claims)) !== null,
    signedOut: (id) => auditControl({ actor: { kind: 'member', id }, action: 'member.sign-out', requestId }),
  })
}

type Door = Readonly<{
  audience: Audience
  signIn: (typed: Credentials, address: string) => Promise<{ id: string; version: number }>
  isCurrent: (claims: SessionClaims) => Promise<boolean>
  signedOut: (memberId: string) => Promise<void>
}>

function authOptions(door: Door): AuthOptions {
  if (process.env.NEXTAUTH_URL) throw new Error('NEXTAUTH_URL must not be set: each school signs in on its own host')
  // The host is the one middleware validated and wrote over whatever the client sent.
  process.env.AUTH_TRUST_HOST ??= '1'
  const { audience } = door
  return {
    secret: audienceSecret(audience),
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    useSecureCookies: sessionCookie().options.secure,
    cookies: {
      sessionToken: sessionCookie(),
      callbackUrl: hostCookie('callback'),
      csrfToken: hostCookie('csrf'),
      pkceCodeVerifier: hostCookie('pkce'),
      state: hostCookie('state'),
      nonce: hostCookie('nonce'),
    },
    pages: { signIn: '/sign-in', signOut: '/account', error: '/sign-in' },
    providers: [
      credentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: async (typed, request) => {
          const { data } = credentialsSchema.safeParse(typed)
          if (data === undefined) return null
          const { id, version } = await quietly(() => door.signIn(data, clientAddress(request.headers?.['x-forwarded-for'])))
          return { id, version }
        },
      }),
    ],
    callbacks: {
      jwt: async ({ token, user }) => {
        // `user` is there only when somebody has just signed in.
        if (user !== undefined) return { ...sessionClaims(audience, user) }
        const claims = claimsFor(audience, token)
        // next-auth answers a throw here with an empty session and clears the cookie.
        if (claims === null || !(await door.isCurrent(claims))) throw new Error('session over')
        return { ...claims }
      },
      session: ({ session, token }) => ({ expires: session.expires, member: token.sub ?? '' }),
      redirect: ({ url, baseUrl }) => sameOrigin(url, baseUrl),
    },
    events: {
      signOut: async ({ token }) => {
        const claims = claimsFor(audience, token)
        if (claims !== null) await door.signedOut(claims.sub)
      },
    },
    logger: {
      // A session that is over is no fault of ours, and everyday.
      error: (code) => log[code === 'JWT_SESSION_ERROR' ? 'debug' : 'warn']('next_auth_error', { code }),
      warn: (code) => log.debug('next_auth_warning', { code }),
      debug: () => undefined,
    },
  }
}

/** Address of the client: the last hop's word, which the ingress writes over whatever the client sent. */
export function clientAddress(forwardedFor: unknown): string {
  const text = typeof forwardedFor === 'string' ? forwardedFor : ''
  return text.split(',').at(-1)?.trim() || 'unknown'
}

/** `url` when it stays on this very origin, else the origin's root. */
export function sameOrigin(url: string, baseUrl: string): string {
  const path = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url
  return baseUrl + returnPath(path)
}

/** next-auth shows a thrown message in an address: a limit is told by a fixed word, everything expected like a wrong password. */
async function quietly<Member>(signIn: () => Promise<Member>): Promise<Member> {
  try {
    return await signIn()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    throw new Error(error.code === 'rate_limited' ? 'RateLimited' : 'CredentialsSignin')
  }
}
