import 'server-only'
import { env } from '@/lib/env'

/** A session ends this long after sign-in, active or not: a long school day. */
export const sessionSeconds = 12 * 60 * 60

/**
 * Cookies of one host. Under https they carry the `__Host-` prefix, which browsers accept only without Domain, with
 * Path=/ and Secure: a sibling school's page can neither read nor plant one. Without https (a developer's machine) the
 * same host-only cookies without the prefix.
 */
export function hostCookie(name: string) {
  const secure = env().APP_PROTO === 'https'
  return {
    name: `${secure ? '__Host-' : ''}gi.${name}`,
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure } as const,
  }
}

/** The cookie that holds the session token. */
export const sessionCookie = () => hostCookie('session')
