import { encode } from 'next-auth/jwt'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Audience, audienceSecret, originOf } from '@/lib/auth/audience'
import { consoleAuthOptions } from '@/lib/auth/config'
import { hostCookie, sessionSeconds } from '@/lib/auth/cookies'
import { openSession, sealSession, sessionClaims } from '@/lib/auth/session-token'
import { forgetEnv } from '@/lib/env'
import { newId } from '@/lib/ids'

const northside: Audience = { kind: 'school', tenantId: newId() }
const riverside: Audience = { kind: 'school', tenantId: newId() }
const olena = { id: newId(), version: 3 }

beforeEach(() => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  forgetEnv()
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  forgetEnv()
})

describe('a session token', () => {
  test('opens for the audience it was made for', async () => {
    const token = await sealSession(northside, sessionClaims(northside, olena))
    expect(await openSession(northside, token)).toMatchObject({ sub: olena.id, ver: 3, tid: northside.tenantId })
  })

  test('of Northside is nothing on Riverside or the console', async () => {
    const token = await sealSession(northside, sessionClaims(northside, olena))
    expect(await openSession(riverside, token)).toBeNull()
    expect(await openSession({ kind: 'console' }, token)).toBeNull()
  })

  test('with Northside’s claims under Riverside’s key is nothing: the key alone does not decide', async () => {
    const token = await sealSession(riverside, sessionClaims(northside, olena))
    expect(await openSession(riverside, token)).toBeNull()
    expect(await openSession(northside, token)).toBeNull()
  })

  test('ends with the session’s time, even when next-auth has renewed the token since', async () => {
    const claims = sessionClaims(northside, olena)
    vi.useFakeTimers({ now: Date.now() + (sessionSeconds - 60) * 1000 })
    const renewed = await sealSession(northside, claims)
    expect(await openSession(northside, renewed)).not.toBeNull()
    vi.setSystemTime(Date.now() + 120_000)
    expect(await openSession(northside, renewed)).toBeNull()
  })

  test.each([
    ['nothing', undefined],
    ['an empty cookie', ''],
    ['not a token', 'aaaa.bbbb.cccc'],
  ])('that is %s opens nothing', async (_, token) => {
    expect(await openSession(northside, token)).toBeNull()
  })

  test('with the right key but without our claims opens nothing', async () => {
    const token = await encode({ token: { sub: olena.id }, secret: audienceSecret(northside) })
    expect(await openSession(northside, token)).toBeNull()
  })

  test('that was altered in one character opens nothing', async () => {
    const token = await sealSession(northside, sessionClaims(northside, olena))
    const at = token.length - 12
    const altered = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    expect(await openSession(northside, altered)).toBeNull()
  })
})

describe('keys and cookies', () => {
  test('each audience has a key of its own, and none is the secret itself', () => {
    const keys = [northside, riverside, { kind: 'console' } as const].map(audienceSecret)
    expect(new Set([...keys, process.env.NEXTAUTH_SECRET]).size).toBe(4)
    expect(audienceSecret(northside)).toBe(keys[0])
  })

  test('under https the cookie cannot be planted or read by a sibling host', () => {
    vi.stubEnv('APP_PROTO', 'https')
    forgetEnv()
    const { name, options } = hostCookie('session')
    expect(name).toBe('__Host-gi.session')
    expect(options).toEqual({ httpOnly: true, sameSite: 'lax', path: '/', secure: true })
    expect(options).not.toHaveProperty('domain')
  })

  test('without https it is host-only all the same', () => {
    expect(hostCookie('session')).toEqual({
      name: 'gi.session',
      options: { httpOnly: true, sameSite: 'lax', path: '/', secure: false },
    })
  })

  test('the only origin that may act for a school is its own', () => {
    expect(originOf('northside')).toBe('http://northside.localhost:3000')
  })

  test('next-auth refuses to start with a NEXTAUTH_URL, which would send every school to one host', () => {
    vi.stubEnv('NEXTAUTH_URL', 'http://northside.localhost:3000')
    expect(() => consoleAuthOptions('r')).toThrow('NEXTAUTH_URL')
  })

  test('every cookie of next-auth is host-only', () => {
    vi.stubEnv('APP_PROTO', 'https')
    forgetEnv()
    const cookies = Object.values(consoleAuthOptions('r').cookies ?? {})
    expect(cookies.length).toBe(6)
    for (const cookie of cookies) {
      expect(cookie?.name).toMatch(/^__Host-gi\./)
      expect(cookie?.options).toEqual({ httpOnly: true, sameSite: 'lax', path: '/', secure: true })
    }
  })
})

const environment = {
  ...{ ROOT_DOMAIN: 'localhost:3000', APP_PROTO: 'http', CONTROL_URL: 'postgres://nobody@127.0.0.1:1/none' },
  ...{ NEXTAUTH_SECRET: 'n'.repeat(40), CONTEXT_SECRET: 'c'.repeat(40) },
  ...{ TOKEN_SECRET: 't'.repeat(40), FILES_SECRET: 'f'.repeat(40) },
}
