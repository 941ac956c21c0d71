import 'server-only'
import { hkdfSync } from 'node:crypto'
import { env } from '@/lib/env'

/**
 * For whom a session is: one school, or the console. Each has a key of its own, so a cookie carried to another host does
 * not even decrypt there; the claims inside are checked as well.
 */
export type Audience = Readonly<{ kind: 'school'; tenantId: string } | { kind: 'console' }>

/** How an audience stands in a token's `aud`. The tenant id and not the slug, so that a reused slug opens nothing old. */
export function audienceName(audience: Audience): string {
  return audience.kind === 'school' ? `school:${audience.tenantId}` : 'console'
}

/** The audience's own secret (64 hex digits), derived from NEXTAUTH_SECRET. */
export function audienceSecret(audience: Audience): string {
  const key = hkdfSync('sha256', env().NEXTAUTH_SECRET, 'grade-insight session key', audienceName(audience), 32)
  return Buffer.from(key).toString('hex')
}

/** `https://northside.gradeinsight.com`, or the console's: the only origin whose pages may act for this audience. */
export function originOf(subdomain: string): string {
  return `${env().APP_PROTO}://${subdomain}.${env().ROOT_DOMAIN}`
}
