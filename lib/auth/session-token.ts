import 'server-only'
import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'
import { type Audience, audienceName, audienceSecret } from './audience'
import { sessionSeconds } from './cookies'

const claimsSchema = z.object({ sub: z.uuid(), aud: z.string(), tid: z.uuid().nullable(), ver: z.int().positive(), at: z.int() })

/**
 * Whose session it is and at which version of their membership it was made. `tid` is null on the console. `at` is when they
 * signed in (seconds since 1970): next-auth renews a token whenever it is looked at, a session must end all the same.
 */
export type SessionClaims = z.output<typeof claimsSchema>

/** Claims of a new session for a member of this audience. */
export function sessionClaims(audience: Audience, member: { id: string; version: number }): SessionClaims {
  const tid = audience.kind === 'school' ? audience.tenantId : null
  return { sub: member.id, aud: audienceName(audience), tid, ver: member.version, at: nowSeconds() }
}

/** The very token next-auth would put into the session cookie of this audience. */
export function sealSession(audience: Audience, claims: SessionClaims): Promise<string> {
  return encode({ token: { ...claims }, secret: audienceSecret(audience), maxAge: sessionSeconds })
}

/** Claims of a session token, or null when it is not ours, not of this audience, or over. Never says which. */
export async function openSession(audience: Audience, token: string | undefined): Promise<SessionClaims | null> {
  if (token === undefined || token === '') return null
  const payload = await decode({ token, secret: audienceSecret(audience) }).catch(() => null)
  return claimsFor(audience, payload)
}

/** The claims of an already decrypted token, when they are of this audience and the session is not over. */
export function claimsFor(audience: Audience, payload: unknown): SessionClaims | null {
  const { data } = claimsSchema.safeParse(payload)
  const tid = audience.kind === 'school' ? audience.tenantId : null
  if (data === undefined || data.aud !== audienceName(audience) || data.tid !== tid) return null
  return nowSeconds() - data.at < sessionSeconds ? data : null
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
