import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createToken } from '@/lib/api/tokens'
import { endSessions, resetPassword } from '@/lib/auth/people'
import { closeAll } from '@/lib/db/close'
import { newId } from '@/lib/ids'
import type { LocalApp } from '@/lib/ops/local-app'
import { closeRegistry } from '@/lib/tenancy/registry'
import { startBuiltApp } from '../../support/app'
import { type Answer, request } from '../../support/http'
import { cookieOf } from '../../support/sessions'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

/** Signing in and the API through the front door: what next-auth, Next's forms and its body limits make of them. */

const system = { kind: 'system', name: 'test' } as const
const password = 'a long password'
let world: World
let app: LocalApp
let northside: PeopledSchool
let riverside: PeopledSchool
let token: string

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
  await resetPassword(northside.ctx, system, northside.teacher.member.id, password)
  token = (await createToken([northside.ctx], system, { name: 'test', scopes: ['classes:read', 'imports:write'], days: 1 })).token
  app = await startBuiltApp(world)
}, 300_000)
afterAll(async () => {
  await app?.stop()
  await closeRegistry()
  await closeAll()
  await world?.close()
})

describe('signing in without JavaScript', () => {
  test('the plain form signs in, and leads to the page that was asked for', async () => {
    const wanted = await ask('northside', '/classes')
    expect(wanted.status).toBe(307)
    expect(wanted.headers.location).toBe('/sign-in?next=%2Fclasses')
    const answer = await submitSignIn('northside', password, { next: '/classes' })
    expect([answer.status, answer.headers.location]).toEqual([303, '/classes'])
    const classes = await ask('northside', '/classes', { cookies: sessionOf(answer) })
    expect(classes.status).toBe(200)
    expect(classes.text).toContain('Biology 9A')
  })

  test('the cookie is host-only, out of reach of scripts, and nothing on the other school’s host', async () => {
    const answer = await submitSignIn('northside', password)
    const [cookie] = (answer.headers['set-cookie'] ?? []).filter((line) => line.startsWith('gi.session='))
    expect(cookie).toMatch(/; Path=\/;.*HttpOnly; SameSite=lax/i)
    expect(cookie).not.toMatch(/domain/i)
    const elsewhere = await ask('riverside', '/classes', { cookies: sessionOf(answer) })
    expect([elsewhere.status, elsewhere.headers.location]).toEqual([307, '/sign-in?next=%2Fclasses'])
  })

  test('a wrong password sets no cookie and says so; so does a form sent by another school’s page', async () => {
    const wrong = await submitSignIn('northside', 'a wrong password')
    expect(wrong.text).toContain('do not belong together')
    expect(sessionOf(wrong)).toEqual([])
    const foreign = await submitSignIn('northside', password, {}, `http://${host('riverside')}`)
    expect(sessionOf(foreign)).toEqual([])
    const noOrigin = await submitSignIn('northside', password, {}, null)
    expect(sessionOf(noOrigin)).toEqual([])
  })
})

describe('what a sibling school’s host can do to a browser', () => {
  test('a session tossed beside the own one shows nothing of the sibling, whichever comes first', async () => {
    const own = await cookieOf(northside, northside.teacher)
    const tossed = await cookieOf(riverside, riverside.teacher)
    for (const cookies of [
      [tossed, own],
      [own, tossed],
    ]) {
      const page = await ask('northside', '/classes', { cookies })
      expect([200, 307]).toContain(page.status)
      expect(page.text).not.toContain(riverside.classId)
      const there = await ask('riverside', `/classes/${northside.classId}`, { cookies })
      expect([404, 307]).toContain(there.status)
      expect(there.text).not.toContain(northside.students[0].email)
    }
  })

  test('a page of the time before a deploy, whose action is gone, is told so and never answered as if it had run', async () => {
    const answer = await ask('northside', '/classes', {
      method: 'POST',
      headers: { origin: `http://${host('northside')}`, 'next-action': `40${'0'.repeat(40)}`, accept: 'text/x-component' },
      cookies: [await cookieOf(northside, northside.teacher)],
      body: new URLSearchParams({ 0: '[]' }),
    })
    expect([answer.status, answer.headers['x-nextjs-action-not-found']]).toEqual([409, '1'])
  })
})

describe('next-auth’s own endpoints', () => {
  test('sign in with the same cookie that pages know, on the host that was asked', async () => {
    const csrf = await ask('northside', '/api/auth/csrf')
    const { csrfToken } = Object(csrf.json())
    const typed = {
      email: northside.teacher.member.email,
      password,
      csrfToken,
      json: 'true',
      callbackUrl: 'https://evil.example/',
    }
    const body = new URLSearchParams(typed)
    const answer = await ask('northside', '/api/auth/callback/credentials', { method: 'POST', body, cookies: csrf.cookies })
    expect(answer.json()).toEqual({ url: `http://${host('northside')}/` })
    expect((await ask('northside', '/classes', { cookies: sessionOf(answer) })).status).toBe(200)
    const session = await ask('northside', '/api/auth/session', { cookies: sessionOf(answer) })
    expect(session.json()).toMatchObject({ member: northside.teacher.member.id })
  })

  test('know a session of the form, and an ended or foreign one is empty', async () => {
    const cookie = await cookieOf(northside, northside.admin)
    expect((await ask('northside', '/api/auth/session', { cookies: [cookie] })).json()).toMatchObject({
      member: northside.admin.member.id,
    })
    for (const site of ['riverside', 'console']) {
      expect((await ask(site, '/api/auth/session', { cookies: [cookie] })).json()).toEqual({})
    }
    await endSessions(northside.ctx, system, northside.admin.member.id)
    expect((await ask('northside', '/api/auth/session', { cookies: [cookie] })).json()).toEqual({})
    expect((await ask('northside', '/classes', { cookies: [cookie] })).status).toBe(307)
  })

  test('do not exist on the API’s host or the apex', async () => {
    for (const site of ['api', '']) expect((await ask(site, '/api/auth/session')).status).toBe(404)
  })
})

describe('the API through the front door', () => {
  const bearer = () => ({ authorization: `Bearer ${token}` })

  test('answers on its own host with the token’s school, whatever else a client says', async () => {
    const headers = { ...bearer(), 'x-gi-context': 'forged', 'x-gi-tenant': 'riverside' }
    for (const path of ['/api/v1/classes', '/v1/classes', '/api/v1/classes?limit=5']) {
      const answer = await ask('api', path, { headers })
      expect(answer.status, path).toBe(200)
      expect(answer.text).toContain(northside.classId)
      expect(answer.text).not.toContain(riverside.classId)
    }
  })

  test('lets X-Tenant-ID through to the token’s own check', async () => {
    expect((await ask('api', '/api/v1/classes', { headers: { ...bearer(), 'x-tenant-id': 'northside' } })).status).toBe(200)
    expect((await ask('api', '/api/v1/classes', { headers: { ...bearer(), 'x-tenant-id': 'riverside' } })).status).toBe(403)
  })

  test('does not exist on a school’s host, not even with a token', async () => {
    for (const site of ['northside', 'console', '']) {
      expect((await ask(site, '/api/v1/classes', { headers: bearer() })).status).toBe(404)
    }
  })

  test('a session cookie opens nothing there', async () => {
    const cookies = [await cookieOf(northside, northside.teacher)]
    expect((await ask('api', '/api/v1/classes', { cookies })).status).toBe(401)
  })

  test.each([
    ['within Next’s own limit', 24_000_000],
    ['beyond it, where Next cuts bodies off without a word', 30_000_000],
  ])('a file %s but too large for us is a 413 and never a shorter file', async (_, length) => {
    const body = new FormData()
    body.set('file', new File([new Uint8Array(length).fill(120)], 'large.csv'))
    const options = { method: 'POST', headers: bearer(), body }
    const answer = await ask('api', `/api/v1/imports?class=${northside.classId}`, options)
    expect([answer.status, Object(answer.json()).code]).toEqual([413, 'too_large'])
  })

  test('a file beyond Next’s default of 10 MB arrives whole', async () => {
    const [{ lastName, firstName, email }] = northside.students
    const rows = [
      'Last Name,First Name,Email,Long Quiz',
      'Date,,,2026-10-05',
      'Points,,,10',
      `${lastName},${firstName},${email},7`,
    ]
    const text = `${rows.join('\n')}\n${`${',,,'.padEnd(1000, ' ')}\n`.repeat(12_000)}`
    const body = new FormData()
    body.set('file', new File([text], 'long.csv'))
    const answer = await ask('api', `/api/v1/imports?class=${northside.classId}`, {
      method: 'POST',
      headers: { ...bearer(), 'idempotency-key': newId() },
      body,
    })
    // So large a file is left to a worker; what was taken in is what was sent.
    expect(answer.status, answer.text.slice(0, 500)).toBe(202)
    const { createHash } = await import('node:crypto')
    const read = await ask('api', `/api/v1/imports/${Object(answer.json()).importId}`, { headers: bearer() })
    expect(read.text).toContain(`"fileSha256":"${createHash('sha256').update(text).digest('hex')}"`)
  })
})

type Site = 'northside' | 'riverside' | 'console' | 'api' | ''

function host(site: string): string {
  return `${site === '' ? '' : `${site}.`}${app.env.ROOT_DOMAIN}`
}

function ask(site: string, path: string, options: Parameters<typeof request>[2] = {}): Promise<Answer> {
  return request(host(site), path, { port: app.port, ...options })
}

/** Sends the sign-in form as a browser without JavaScript does: every field that stands in the page, and what was typed. */
async function submitSignIn(
  site: Site,
  typed: string,
  more: Record<string, string> = {},
  origin: string | null = `http://${host(site)}`,
) {
  const path = more.next === undefined ? '/sign-in' : `/sign-in?next=${encodeURIComponent(more.next)}`
  const { text } = await ask(site, path)
  const body = new FormData()
  for (const [input] of text.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    body.set(attribute(input, 'name'), attribute(input, 'value'))
  }
  body.set('email', northside.teacher.member.email)
  body.set('password', typed)
  return ask(site, path, { method: 'POST', body, headers: origin === null ? {} : { origin } })
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  return value.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

function sessionOf({ cookies }: Answer): string[] {
  return cookies.filter((cookie) => /^gi\.session=./.test(cookie))
}
