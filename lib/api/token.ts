import 'server-only'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { rightsOfTokenScope, type TokenScope } from '@/lib/auth/rights'
import { env } from '@/lib/env'

/** Every scope there is, in the order they are listed. */
export const allTokenScopes = z.enum(Object.keys(rightsOfTokenScope) as [TokenScope, ...TokenScope[]]).options

const audience = 'grade-insight-api'
const claimsSchema = z.object({
  jti: z.uuid(),
  tids: z.array(z.uuid()).min(1).max(100),
  // A scope that a later version dropped is no reason to refuse the others.
  scopes: z.array(z.string()),
})

/** What a token says: its id, the schools it holds and what it may do there. Each school's own row can take it back. */
export type TokenClaims = Readonly<{ jti: string; tids: readonly string[]; scopes: readonly string[] }>

/** Signs a token that ends at `expiresAt`. */
export function signToken({ jti, tids, scopes }: TokenClaims, expiresAt: Date): Promise<string> {
  return new SignJWT({ tids, scopes })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setAudience(audience)
    .setJti(jti)
    .setIssuedAt()
    .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
    .sign(key())
}

/** The claims of a token of ours that is not over, or null. Says nothing of revocation: that is in the school's rows. */
export async function readToken(token: string): Promise<TokenClaims | null> {
  const verified = await jwtVerify(token, key(), { audience, algorithms: ['HS256'], requiredClaims: ['exp', 'jti'] }).catch(
    () => null,
  )
  return claimsSchema.safeParse(verified?.payload).data ?? null
}

function key(): Uint8Array {
  return new TextEncoder().encode(env().TOKEN_SECRET)
}
