import nextAuth, { type AuthOptions } from 'next-auth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Audience } from '@/lib/auth/audience'
import { consoleAuthOptions, schoolAuthOptions } from '@/lib/auth/config'
import { memberOfSession } from '@/lib/auth/members'
import { hashPassword } from '@/lib/auth/passwords'
import { createMember, disableMember, endSessions, resetPassword } from '@/lib/auth/people'
import type { Role } from '@/lib/auth/rights'
import { openSession, sealSession, sessionClaims } from '@/lib/auth/session-token'
import { signInConsoleMember, signInMember } from '@/lib/auth/sign-in'
import { withDirectConnection } from '@/lib/db/direct'
import { ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import type { Actor } from '@/lib/tenancy/tenant'
import type { SchoolFixture } from '../../support/schools'
import { createWorld, type World } from '../../support/world'

const ops: Actor = { kind: 'system', name: 'ops' }
const password = 'northside password'
let world: World
let northside: SchoolFixture
let riverside: SchoolFixture
let olena: string

beforeAll(async () => {
  world = await createWorld({ redis: true })
  northside = await world.addSchool({ slug: 'northside', shard: 'shard_1' })
  riverside = await world.addSchool({ slug: 'riverside', shard: 'shard_2' })
  olena = await addMember(northside, 'olena@school.example')
})
afterAll(() => world?.close())

describe('signing in', () => {
  test('gives the member, however the e-mail was typed', async () => {
    const member = await signInMember(northside.ctx, { email: '  OLENA@School.Example', password }, 'a1')
    expect(member).toMatchObject({ id: olena, email: 'olena@school.example', roles: ['teacher'], version: 1 })
  })

  test('with the same e-mail in two schools is two people with two passwords', async () => {
    const other = await addMember(riverside, 'olena@school.example', { password: 'riverside password' })
    expect((await signInMember(riverside.ctx, { email: 'olena@school.example', password: 'riverside password' }, 'a2')).id).toBe(
      other,
    )
    expect((await failure(riverside, 'olena@school.example', password)).code).toBe('invalid_input')
    expect((await failure(northside, 'olena@school.example', 'riverside password')).code).toBe('invalid_input')
  })

  test('answers the same for an unknown e-mail, a wrong password, a disabled person and one without a password', async () => {
    const disabled = await addMember(northside, 'disabled@school.example')
    await disableMember(northside.ctx, ops, disabled)
    await addMember(northside, 'invited@school.example', { password: null })
    const answers = [
      await failure(northside, 'nobody@school.example', password),
      await failure(northside, 'olena@school.example', 'a wrong password'),
      await failure(northside, 'disabled@school.example', password),
      await failure(northside, 'invited@school.example', ''),
    ]
    for (const { code, message, fields } of answers) {
      expect({ code, message, fields }).toEqual({ code: 'invalid_input', message: answers[0]?.message, fields: {} })
    }
  })

  test('is in the audit both ways, with no e-mail anywhere in it', async () => {
    const school = await world.addSchool()
    const id = await addMember(school, 'audited@school.example')
    await signInMember(school.ctx, { email: 'audited@school.example', password }, 'a3')
    await failure(school, 'audited@school.example', 'wrong password')
    await failure(school, 'nobody@school.example', 'wrong password')
    const rows = await asSuperuser(
      school,
      'select actor, action, subject_id, detail from app.audit_log where tenant_id = $1 order by seq',
    )
    expect(rows.slice(1)).toEqual([
      { actor: `member:${id}`, action: 'member.sign-in', subject_id: id, detail: {} },
      { actor: 'system:sign-in', action: 'member.sign-in-failed', subject_id: id, detail: {} },
      { actor: 'system:sign-in', action: 'member.sign-in-failed', subject_id: null, detail: {} },
    ])
    expect(JSON.stringify(rows)).not.toContain('@')
  })

  test('works in a school that takes no writes', async () => {
    const school = await world.addSchool()
    const id = await addMember(school, 'reader@school.example')
    await asSuperuser(school, `update guard.tenant_home set state = 'read_only' where tenant_id = $1`)
    expect((await signInMember(school.ctx, { email: 'reader@school.example', password }, 'a4')).id).toBe(id)
  })
})

describe('guessing', () => {
  test('one person’s password ends after ten tries, says when to come back, and hits nobody else', async () => {
    await addMember(northside, 'guessed@school.example')
    for (let tries = 0; tries < 10; tries++) {
      expect((await failure(northside, 'guessed@school.example', `guess ${tries}`)).code).toBe('invalid_input')
    }
    const refused = await failure(northside, ' Guessed@school.example', password)
    expect(refused).toMatchObject({ code: 'rate_limited' })
    expect(refused.retryAfterSeconds).toBeGreaterThan(800)
    expect(refused.message).toMatch(/Wait 1[45] minutes/)
    expect((await signInMember(northside.ctx, { email: 'olena@school.example', password }, 'a5')).id).toBe(olena)
    expect((await failure(riverside, 'guessed@school.example', password)).code).toBe('invalid_input')
  })

  test('at once is counted like one after the other', async () => {
    await addMember(northside, 'burst@school.example')
    const tries = Array.from({ length: 25 }, (_, index) => failure(northside, 'burst@school.example', `guess ${index}`))
    const codes = (await Promise.all(tries)).map(({ code }) => code)
    expect(codes.filter((code) => code === 'invalid_input')).toHaveLength(10)
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(15)
  })

  test('is forgotten when the person signs in', async () => {
    await addMember(northside, 'clumsy@school.example')
    for (let round = 0; round < 3; round++) {
      for (let tries = 0; tries < 8; tries++) await failure(northside, 'clumsy@school.example', 'mistyped')
      await signInMember(northside.ctx, { email: 'clumsy@school.example', password }, 'a6')
    }
  })

  test('many e-mails from one address ends after a hundred failures; successes do not count', async () => {
    const school = await world.addSchool()
    await addMember(school, 'pupil@school.example', { password: 'pupil password' })
    const sweep = (count: number, from: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => failure(school, `nobody-${from + index}@x.example`, 'guess', 'one-nat')),
      )
    for (let successes = 0; successes < 3; successes++) {
      await signInMember(school.ctx, { email: 'pupil@school.example', password: 'pupil password' }, 'one-nat')
    }
    const codes = (await sweep(110, 0)).map(({ code }) => code)
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(10)
    expect((await failure(school, 'nobody-z@x.example', 'guess', 'another-address')).code).toBe('invalid_input')
  })

  test('leaves no e-mail and no address in Redis', async () => {
    await failure(northside, 'traced@school.example', 'guess', '203.0.113.9')
    const { Redis } = await import('ioredis')
    const client = new Redis(world.redisUrl ?? '')
    const keys = await client.keys('*')
    client.disconnect()
    expect(keys.some((key) => key.includes('permit'))).toBe(true)
    expect(keys.join()).not.toMatch(/traced|@|203\.0/)
  })
})

describe('a session', () => {
  test('ends everywhere when the person says so, and with a new password', async () => {
    const id = await addMember(northside, 'sessions@school.example')
    const claims = sessionClaims(school(northside), { id, version: 1 })
    expect(await memberOfSession(northside.ctx, claims)).toMatchObject({ id })
    await endSessions(northside.ctx, { kind: 'member', id }, id)
    expect(await memberOfSession(northside.ctx, claims)).toBeNull()
    expect(await memberOfSession(northside.ctx, { ...claims, ver: 2 })).toMatchObject({ id, version: 2 })
    await resetPassword(northside.ctx, ops, id, 'a new password')
    expect(await memberOfSession(northside.ctx, { ...claims, ver: 2 })).toBeNull()
    expect(
      (await signInMember(northside.ctx, { email: 'sessions@school.example', password: 'a new password' }, 'a7')).version,
    ).toBe(3)
  })

  test('of a disabled person ends with their next request', async () => {
    const id = await addMember(northside, 'leaving@school.example')
    const claims = sessionClaims(school(northside), { id, version: 1 })
    await disableMember(northside.ctx, ops, id)
    expect(await memberOfSession(northside.ctx, claims)).toBeNull()
    expect(await memberOfSession(northside.ctx, { ...claims, ver: 2 })).toBeNull()
  })

  test('naming Northside’s member finds nobody in Riverside', async () => {
    const claims = sessionClaims(school(northside), { id: olena, version: 1 })
    expect(await memberOfSession(northside.ctx, claims)).not.toBeNull()
    expect(await memberOfSession(riverside.ctx, claims)).toBeNull()
  })
})

describe('next-auth and the form’s own sign-in', () => {
  test('know each other’s sessions, in both directions', async () => {
    const claims = sessionClaims(school(northside), { id: olena, version: 1 })
    const mine = await sealSession(school(northside), claims)
    expect(await sessionAt(schoolAuthOptions(northside.ctx), mine)).toMatchObject({ body: { member: olena } })
    const theirs = await signInThroughNextAuth(schoolAuthOptions(northside.ctx), { email: 'olena@school.example', password })
    expect(await openSession(school(northside), theirs)).toMatchObject({ sub: olena, ver: 1 })
  })

  test('a session of Northside is an empty one on Riverside and the console, and its cookie is cleared', async () => {
    const token = await sealSession(school(northside), sessionClaims(school(northside), { id: olena, version: 1 }))
    for (const options of [schoolAuthOptions(riverside.ctx), consoleAuthOptions('r-1')]) {
      const { body, cookies } = await sessionAt(options, token)
      expect(body).toEqual({})
      expect(cookies['gi.session']).toMatchObject({ value: '' })
      expect(cookies['gi.session']?.attributes).toContain('Max-Age=0')
    }
  })

  test('a session that was ended everywhere is an empty one for next-auth too', async () => {
    const id = await addMember(northside, 'ended@school.example')
    const token = await sealSession(school(northside), sessionClaims(school(northside), { id, version: 1 }))
    expect((await sessionAt(schoolAuthOptions(northside.ctx), token)).body).toMatchObject({ member: id })
    await endSessions(northside.ctx, ops, id)
    expect((await sessionAt(schoolAuthOptions(northside.ctx), token)).body).toEqual({})
  })

  test('the session it shows holds no e-mail, no name and no right', async () => {
    const token = await sealSession(school(northside), sessionClaims(school(northside), { id: olena, version: 1 }))
    const { body } = await sessionAt(schoolAuthOptions(northside.ctx), token)
    expect(Object.keys(body).toSorted()).toEqual(['expires', 'member'])
  })

  test('a wrong password through next-auth sets no session', async () => {
    expect(
      await signInThroughNextAuth(schoolAuthOptions(northside.ctx), { email: 'olena@school.example', password: 'wrong' }),
    ).toBeUndefined()
  })
})

describe('the console', () => {
  test('has people of its own: a school’s e-mail and password open nothing there', async () => {
    const id = newId()
    await withDirectConnection(world.adminUrl, async (sql) => {
      await sql(
        `insert into control.console_members (id, email, display_name, password_hash, role) values ($1, $2, 'Pat', $3, 'platform_operator')`,
        [id, 'pat@platform.example', await hashPassword('console password')],
      )
    })
    const member = await signInConsoleMember({ email: 'Pat@platform.example', password: 'console password' }, 'a8', 'r-console')
    expect(member).toMatchObject({ id, role: 'platform_operator', districtId: null })
    await expect(signInConsoleMember({ email: 'olena@school.example', password }, 'a8', 'r')).rejects.toMatchObject({
      code: 'invalid_input',
    })
    expect((await failure(northside, 'pat@platform.example', 'console password')).code).toBe('invalid_input')
    const audited = await withDirectConnection(world.adminUrl, (sql) =>
      sql(`select actor, action, request_id from control.control_audit where request_id = 'r-console'`),
    )
    expect(audited).toEqual([{ actor: `member:${id}`, action: 'member.sign-in', request_id: 'r-console' }])
  })
})

// Last: it stops this world's Redis.
describe('with Redis gone', () => {
  test('people sign in, and guessing is limited all the same', async () => {
    await world.redis?.stop()
    await addMember(northside, 'offline@school.example')
    expect((await signInMember(northside.ctx, { email: 'offline@school.example', password }, 'a9')).email).toBe(
      'offline@school.example',
    )
    for (let tries = 0; tries < 10; tries++) await failure(northside, 'offline@school.example', `guess ${tries}`)
    expect((await failure(northside, 'offline@school.example', password)).code).toBe('rate_limited')
  })
})

function school({ tenantId }: SchoolFixture): Audience {
  return { kind: 'school', tenantId }
}

function addMember(
  { ctx }: SchoolFixture,
  email: string,
  more: { password?: string | null; roles?: readonly Role[] } = {},
): Promise<string> {
  return createMember(ctx, ops, { email, displayName: 'Somebody', roles: ['teacher'], password, ...more })
}

let addresses = 0

async function failure(
  { ctx }: SchoolFixture,
  email: string,
  typed: string,
  address = `from-${addresses++}`,
): Promise<ProblemError> {
  try {
    await signInMember(ctx, { email, password: typed }, address)
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
  throw new Error('signed in')
}

async function asSuperuser({ shard, tenantId }: SchoolFixture, text: string): Promise<object[]> {
  return withDirectConnection(world.shard(shard).adminUrl, (sql) => sql(text, [tenantId]))
}

type Answer = Readonly<{ body: Record<string, unknown>; cookies: Record<string, { value: string; attributes: string }> }>

function sessionAt(options: AuthOptions, token: string): Promise<Answer> {
  return askNextAuth(options, { method: 'GET', road: ['session'], cookies: { 'gi.session': token } })
}

/** As a browser would: the CSRF token and its cookie first, then the form. */
async function signInThroughNextAuth(
  options: AuthOptions,
  typed: { email: string; password: string },
): Promise<string | undefined> {
  const csrf = await askNextAuth(options, { method: 'GET', road: ['csrf'] })
  const answer = await askNextAuth(options, {
    method: 'POST',
    road: ['callback', 'credentials'],
    cookies: { 'gi.csrf': csrf.cookies['gi.csrf']?.value ?? '' },
    body: { ...typed, csrfToken: csrf.body.csrfToken, json: 'true' },
  })
  return answer.cookies['gi.session']?.value
}

type Asked = Readonly<{ method: string; road: string[]; cookies?: Record<string, string>; body?: Record<string, unknown> }>

/** Calls next-auth's own handler in its plain form; what it answers, and the cookies it sets by name. */
async function askNextAuth(options: AuthOptions, { method, road, cookies = {}, body = {} }: Asked): Promise<Answer> {
  const set: string[] = []
  const sent: unknown[] = []
  const response = {
    status: () => response,
    getHeader: () => set,
    setHeader: (name: string, value: unknown) => {
      if (name === 'Set-Cookie' && Array.isArray(value)) set.splice(0, set.length, ...value)
      return response
    },
    json: (value: unknown) => void sent.push(value),
    send: (value: unknown) => void sent.push(value),
    end: () => undefined,
  }
  const headers = { 'x-forwarded-host': 'northside.localhost:3000', 'x-forwarded-proto': 'http' }
  await nextAuth(options)({ method, query: { nextauth: road }, cookies, headers, body }, response)
  return { body: { ...Object(sent[0]) }, cookies: Object.fromEntries(set.map(namedCookie)) }
}

function namedCookie(header: string): [string, { value: string; attributes: string }] {
  const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*);?(.*)$/.exec(header) ?? []
  return [name, { value: decodeURIComponent(value), attributes }]
}
