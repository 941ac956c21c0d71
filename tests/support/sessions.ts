import { sessionCookie } from '@/lib/auth/cookies'
import { sealSession, sessionClaims } from '@/lib/auth/session-token'
import type { SchoolFixture } from './schools'
import type { Person } from './two-schools'

/** The cookie a browser would hold after this person signed in at this school, without the work of signing in. For `request({ cookies })`. */
export async function cookieOf(school: SchoolFixture, { member }: Person): Promise<string> {
  const audience = { kind: 'school', tenantId: school.tenantId } as const
  return `${sessionCookie().name}=${await sealSession(audience, sessionClaims(audience, member))}`
}
