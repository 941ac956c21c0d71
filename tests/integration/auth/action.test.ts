import { notFound, redirect } from 'next/navigation'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { consoleAction, tenantAction } from '@/lib/action'
import { signIn, signOut, signOutEverywhere } from '@/lib/auth/actions'
import type { Audience } from '@/lib/auth/audience'
import { endSessions, resetPassword } from '@/lib/auth/people'
import { requireConsoleMember, requireMember } from '@/lib/auth/session'
import { sealSession, sessionClaims } from '@/lib/auth/session-token'
import { withDirectConnection } from '@/lib/db/direct'
import { writeTenant } from '@/lib/db/tenant-db'
import { env } from '@/lib/env'
import { ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { contextHeader, signContext } from '@/lib/tenancy/context'
import { addTwoSchools, type PeopledSchool, type Person } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

// Next gives actions their request through these two functions; here the test is the request.
const request = vi.hoisted(() => ({ headers: new Headers(), cookies: new Map<string, string>() }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: (name: string) => (request.cookies.has(name) ? { name, value: request.cookies.get(name) } : undefined),
    set: (name: string, value: string) => (value === '' ? request.cookies.delete(name) : request.cookies.set(name, value)),
  }),
}))

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool
let runs: unknown[]

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
})
beforeEach(() => {
  runs = []
})
afterAll(() => world?.close())

const input = z.object({ title: z.string({ error: 'Give it a title.' }).min(1, 'Give it a title.') })
const rename = tenantAction({ right: 'grades.import', input }, async ({ ctx, member, input: { title } }) => {
  runs.push(title)
  return { title, school: ctx.slug, by: member.displayName }
})

describe('a server action', () => {
  test('runs for a member with the right, in the school of the host', async () => {
    await asks(northside, northside.teacher)
    expect(await rename(null, form({ title: 'Quiz' }))).toEqual({
      ok: true,
      data: { title: 'Quiz', school: 'northside', by: 'Olena Hrytsenko' },
    })
  })

  test('takes the school from nothing the form says', async () => {
    await asks(northside, northside.teacher)
    const sent = form({ title: 'Quiz', tenant: 'riverside', tenantId: riverside.tenantId, slug: 'riverside' })
    expect(await rename(null, sent)).toMatchObject({ ok: true, data: { school: 'northside' } })
  })

  test.each([
    ['no Origin', null],
    ['the other school’s', 'http://riverside.localhost:3000'],
    ['the apex’s', 'http://localhost:3000'],
    ['another port', 'http://northside.localhost:3001'],
    ['another protocol', 'https://northside.localhost:3000'],
    ['an opaque one', 'null'],
    ['one that only begins alike', 'http://northside.localhost:3000.evil.example'],
  ])('is refused with %s', async (_, origin) => {
    await asks(northside, northside.teacher, { origin })
    expect(await rename(null, form({ title: 'Quiz' }))).toMatchObject({ ok: false, code: 'forbidden' })
    expect(runs).toEqual([])
  })

  test('without a session says so, and nothing ran', async () => {
    await asks(northside, null)
    expect(await rename(null, form({ title: 'Quiz' }))).toMatchObject({ ok: false, code: 'sign_in_required' })
    expect(runs).toEqual([])
  })

  test('with the session of Riverside is not signed in on Northside', async () => {
    await asks(northside, null)
    request.cookies.set('gi.session', await tokenOf(riverside, riverside.teacher))
    expect(await rename(null, form({ title: 'Quiz' }))).toMatchObject({ ok: false, code: 'sign_in_required' })
    request.cookies.set('gi.session', await tokenOf(northside, riverside.teacher))
    expect(await rename(null, form({ title: 'Quiz' }))).toMatchObject({ ok: false, code: 'sign_in_required' })
    expect(runs).toEqual([])
  })

  test('without the right is the same answer as for what does not exist', async () => {
    for (const person of [northside.student, northside.guardian]) {
      await asks(northside, person)
      expect(await rename(null, form({ title: 'Quiz' }))).toEqual({
        ok: false,
        code: 'not_found',
        message: 'There is nothing here, or you may not see it.',
        fields: {},
      })
    }
    expect(runs).toEqual([])
  })

  test('with a forged, an altered or no context of the request has no school', async () => {
    await asks(northside, northside.teacher)
    const context = request.headers.get(contextHeader) ?? ''
    for (const wrong of [context.replace('northside', 'riverside'), 'northside', '']) {
      request.headers.set(contextHeader, wrong)
      await expect(rename(null, form({ title: 'Quiz' }))).rejects.toMatchObject({ digest: expect.stringContaining('404') })
    }
    expect(runs).toEqual([])
  })

  test('names each wrong field', async () => {
    await asks(northside, northside.teacher)
    expect(await rename(null, form({}))).toMatchObject({
      ok: false,
      code: 'invalid_input',
      fields: { title: 'Give it a title.' },
    })
  })

  test('says what a person can mend, and hides a surprise behind a reference', async () => {
    await asks(northside, northside.teacher)
    const mendable = tenantAction({ right: 'grades.import', input: z.object({}) }, async () => {
      throw new ProblemError('term_locked', 'Autumn is locked.', { fields: { term: 'Locked.' } })
    })
    expect(await mendable(null, form({}))).toEqual({
      ok: false,
      code: 'term_locked',
      message: 'Autumn is locked.',
      fields: { term: 'Locked.' },
    })
    const broken = tenantAction({ right: 'grades.import', input: z.object({}) }, async () => {
      throw new Error('relation app.secrets does not exist')
    })
    const error = vi.spyOn(log, 'error').mockImplementation(() => {})
    const answer = await broken(null, form({}))
    expect(answer).toMatchObject({ ok: false, code: 'internal', fields: {} })
    const [line] = error.mock.calls
    expect(line?.[1]).toEqual({ slug: 'northside', request: expect.any(String), reference: expect.any(String) })
    error.mockRestore()
    expect(answer).toHaveProperty(
      'message',
      expect.stringMatching(/^Something broke on our side\. Nothing was saved\. Reference [2-9A-Z]{6}\.$/),
    )
  })

  test('lets Next’s redirect and 404 pass', async () => {
    await asks(northside, northside.teacher)
    const leaves = tenantAction({ right: 'grades.import', input: z.object({}) }, async () => redirect('/imports/1'))
    await expect(leaves(null, form({}))).rejects.toMatchObject({ digest: expect.stringContaining('NEXT_REDIRECT') })
    const loses = tenantAction({ right: 'grades.import', input: z.object({}) }, async () => notFound())
    await expect(loses(null, form({}))).rejects.toMatchObject({ digest: expect.stringContaining('404') })
  })

  test('may be called only so often a minute', async () => {
    await asks(northside, northside.admin)
    const seldom = tenantAction({ right: 'people.read', input: z.object({}), perMinute: 3 }, async () => 'done')
    const answers = await Promise.all(Array.from({ length: 5 }, () => seldom(null, form({}))))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3)
    expect(answers.filter((answer) => !answer.ok && answer.code === 'rate_limited')).toHaveLength(2)
  })
})

describe('the same key', () => {
  const count = tenantAction(
    { right: 'grades.import', input: z.object({ file: z.file().optional(), title: z.string() }) },
    async ({ ctx, input: { title } }) => {
      runs.push(title)
      const rows = await writeTenant(ctx, ({ sql }) => sql<{ slept: string }>(`select 'x' as slept from pg_sleep(0.2)`))
      return { title, number: runs.length, rows: rows.length }
    },
  )

  test('from a double click does it once and answers twice alike', async () => {
    await asks(northside, northside.teacher)
    const key = newId()
    const clicks = Array.from({ length: 4 }, () => count(null, form({ title: 'Quiz', idempotencyKey: key })))
    for (const answer of await Promise.all(clicks))
      expect(answer).toEqual({ ok: true, data: { title: 'Quiz', number: 1, rows: 1 } })
    expect(await count(null, form({ title: 'Quiz', idempotencyKey: key }))).toEqual({
      ok: true,
      data: { title: 'Quiz', number: 1, rows: 1 },
    })
    expect(runs).toEqual(['Quiz'])
  })

  test('with something else is refused, also with another file of the same name', async () => {
    await asks(northside, northside.teacher)
    const key = newId()
    const send = (title: string, text: string) => {
      const sent = form({ title, idempotencyKey: key })
      sent.set('file', new File([text], 'grades.csv'))
      return count(null, sent)
    }
    expect(await send('Quiz', 'a,b')).toMatchObject({ ok: true })
    expect(await send('Quiz', 'a,b')).toMatchObject({ ok: true })
    expect(await send('Essay', 'a,b')).toMatchObject({ ok: false, code: 'idempotency_mismatch' })
    expect(await send('Quiz', 'a,c')).toMatchObject({ ok: false, code: 'idempotency_mismatch' })
    expect(runs).toEqual(['Quiz'])
  })

  test('of another person or another school is another key', async () => {
    const key = newId()
    for (const [school, person] of [
      [northside, northside.teacher],
      [northside, northside.otherTeacher],
      [riverside, riverside.teacher],
    ] as const) {
      await asks(school, person)
      expect(await count(null, form({ title: school.slug, idempotencyKey: key }))).toMatchObject({ ok: true })
    }
    expect(runs).toEqual(['northside', 'northside', 'riverside'])
  })

  test('can be used again after a failure, so that the person can mend it', async () => {
    await asks(northside, northside.teacher)
    const key = newId()
    let isBroken = true
    const flaky = tenantAction({ right: 'grades.import', input: z.object({}) }, async () => {
      if (isBroken) throw new ProblemError('conflict', 'Not yet.')
      return 'done'
    })
    expect(await flaky(null, form({ idempotencyKey: key }))).toMatchObject({ ok: false, code: 'conflict' })
    isBroken = false
    expect(await flaky(null, form({ idempotencyKey: key }))).toEqual({ ok: true, data: 'done' })
  })

  test('of a process that died is taken over after its lease', async () => {
    await asks(northside, northside.teacher)
    const key = newId()
    const send = () => count(null, form({ title: 'Quiz', idempotencyKey: key }))
    await send()
    await asSuperuser(
      `update app.idempotency set response = '{"state": "working", "claim": "of the dead"}', created_at = now() - interval '3 minutes'
       where tenant_id = $1 and key = $2`,
      [northside.tenantId, key],
    )
    expect(await send()).toMatchObject({ ok: true })
    expect(runs).toEqual(['Quiz', 'Quiz'])
  })

  test.each(['short', 'x'.repeat(201), 'with blank inside', 'ключ-ключ'])('%j is no key', async (idempotencyKey) => {
    await asks(northside, northside.teacher)
    expect(await count(null, form({ title: 'Quiz', idempotencyKey }))).toMatchObject({ ok: false, code: 'invalid_input' })
    expect(runs).toEqual([])
  })
})

describe('a page', () => {
  test('opens for a member with the right', async () => {
    await asks(northside, northside.teacher)
    const { ctx, member, viewer } = await requireMember('classes.read', { tenant: 'northside' })
    expect([ctx.slug, member.id]).toEqual(['northside', northside.teacher.member.id])
    expect(viewer.scope).toMatchObject({ kind: 'member', teaches: true })
  })

  test('sends who is not signed in to the sign-in page, which remembers the way', async () => {
    await asks(northside, null)
    request.headers.set('x-gi-path', '/classes/1?term=2')
    await expect(requireMember('classes.read', { tenant: 'northside' })).rejects.toMatchObject({
      digest: expect.stringContaining(';/sign-in?next=%2Fclasses%2F1%3Fterm%3D2;'),
    })
  })

  test('without the right, and under another school’s name, is one and the same 404', async () => {
    await asks(northside, northside.student)
    const lacking = await requireMember('classes.read', { tenant: 'northside' }).catch((error: unknown) => error)
    const elsewhere = await requireMember('own.read', { tenant: 'riverside' }).catch((error: unknown) => error)
    expect(lacking).toMatchObject({ digest: expect.stringContaining('404') })
    expect(elsewhere).toEqual(lacking)
  })

  test('of the console is not there on a school’s host, whatever the session', async () => {
    await asks(northside, northside.admin)
    await expect(requireConsoleMember('schools.read')).rejects.toMatchObject({ digest: expect.stringContaining('404') })
    const act = consoleAction({ right: 'schools.read', input: z.object({}) }, async () => 'done')
    await expect(act(null, form({}))).rejects.toMatchObject({ digest: expect.stringContaining('404') })
  })

  test('stops opening the moment the person’s sessions are ended', async () => {
    await asks(northside, northside.otherTeacher)
    await requireMember('classes.read', { tenant: 'northside' })
    await endSessions(northside.ctx, { kind: 'system', name: 'test' }, northside.otherTeacher.member.id)
    await expect(requireMember('classes.read', { tenant: 'northside' })).rejects.toMatchObject({
      digest: expect.stringContaining('/sign-in'),
    })
    await asSuperuser('update app.members set version = 1 where tenant_id = $1 and id = $2', [
      northside.tenantId,
      northside.otherTeacher.member.id,
    ])
  })
})

describe('a session that is not taken', () => {
  const lines = () => vi.mocked(log.warn).mock.calls.filter(([event]) => event === 'session_refused')
  beforeEach(() => {
    vi.spyOn(log, 'warn').mockImplementation(() => {})
  })
  afterEach(() => vi.restoreAllMocks())

  test('leaves a line with the school and the request, and nothing of the token', async () => {
    await asks(northside, null)
    const token = await tokenOf(riverside, riverside.teacher)
    request.cookies.set('gi.session', token)
    await expect(requireMember('classes.read', { tenant: 'northside' })).rejects.toMatchObject({
      digest: expect.stringContaining('/sign-in'),
    })
    const where = { tenant: northside.tenantId, slug: 'northside', request: expect.stringMatching(/./) }
    expect(lines()).toEqual([['session_refused', { ...where, reason: 'token' }]])
    for (const part of [...token.split('.'), riverside.tenantId, riverside.teacher.member.id]) {
      if (part !== '') expect(JSON.stringify(lines())).not.toContain(part)
    }
  })

  test('of a person who was shut out says that it was theirs once', async () => {
    await asks(northside, northside.otherTeacher)
    await endSessions(northside.ctx, { kind: 'system', name: 'test' }, northside.otherTeacher.member.id)
    await expect(requireMember('classes.read', { tenant: 'northside' })).rejects.toThrow()
    expect(lines()).toEqual([['session_refused', expect.objectContaining({ slug: 'northside', reason: 'membership' })]])
    await asSuperuser('update app.members set version = 1 where tenant_id = $1 and id = $2', [
      northside.tenantId,
      northside.otherTeacher.member.id,
    ])
  })

  test('cannot fill the log: a flood at one school is bounded, and another school’s line is still written', async () => {
    for (let tries = 0; tries < 60; tries++) {
      await asks(northside, null)
      request.cookies.set('gi.session', `made-up-${tries}`)
      await expect(requireMember('own.read', { tenant: 'northside' })).rejects.toThrow()
    }
    expect(lines().length).toBeGreaterThan(10)
    expect(lines().length).toBeLessThanOrEqual(30)
    await asks(riverside, null)
    request.cookies.set('gi.session', 'made-up')
    await expect(requireMember('own.read', { tenant: 'riverside' })).rejects.toThrow()
    expect(lines().at(-1)?.[1]).toMatchObject({ slug: 'riverside' })
  })

  test('is not said of a visitor without a cookie', async () => {
    await asks(northside, null)
    await expect(requireMember('own.read', { tenant: 'northside' })).rejects.toThrow()
    expect(lines()).toEqual([])
  })
})

describe('the sign-in form', () => {
  const typed = { email: 'peter.novak@riverside.example', password: 'a long password' }
  beforeAll(() =>
    resetPassword(riverside.ctx, { kind: 'system', name: 'test' }, riverside.otherTeacher.member.id, typed.password),
  )

  test('signs in without JavaScript, goes where the person wanted, and out again', async () => {
    await asks(riverside, null)
    await expect(signIn(null, form({ ...typed, next: '/classes' }))).rejects.toMatchObject({
      digest: expect.stringContaining(';/classes;'),
    })
    expect((await requireMember('classes.read', { tenant: 'riverside' })).member.id).toBe(riverside.otherTeacher.member.id)
    await expect(signOut()).rejects.toMatchObject({ digest: expect.stringContaining('/sign-in') })
    expect(request.cookies.has('gi.session')).toBe(false)
  })

  test('ends every session everywhere', async () => {
    await asks(riverside, null)
    await expect(signIn(null, form(typed))).rejects.toMatchObject({ digest: expect.stringContaining(';/;') })
    const elsewhere = request.cookies.get('gi.session') ?? ''
    await expect(signOutEverywhere(null, form({}))).rejects.toMatchObject({ digest: expect.stringContaining('/sign-in') })
    request.cookies.set('gi.session', elsewhere)
    await expect(requireMember('classes.read', { tenant: 'riverside' })).rejects.toMatchObject({
      digest: expect.stringContaining('/sign-in'),
    })
  })

  test('names what is missing, refuses a foreign page, and sets no cookie', async () => {
    await asks(riverside, null)
    expect(await signIn(null, form({}))).toMatchObject({
      code: 'invalid_input',
      fields: { email: 'Type your e-mail.', password: 'Type your password.' },
    })
    await asks(riverside, null, { origin: 'http://northside.localhost:3000' })
    expect(await signIn(null, form(typed))).toMatchObject({ code: 'forbidden' })
    await expect(signOut()).rejects.toMatchObject({ code: 'forbidden' })
    expect(request.cookies.size).toBe(0)
  })

  test('never leads to another site', async () => {
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/api/auth/signout']) {
      await asks(riverside, null)
      await expect(signIn(null, form({ ...typed, next }))).rejects.toMatchObject({ digest: expect.stringContaining(';/;') })
    }
  })
})

/** Makes this the request of a person (or of nobody) on a school's host, as middleware hands it on. */
async function asks(school: PeopledSchool, person: Person | null, { origin }: { origin?: string | null } = {}): Promise<void> {
  const host = `${school.slug}.localhost:3000`
  const expiresAt = Math.floor(Date.now() / 1000) + 60
  const context = { kind: 'school', slug: school.slug, host, requestId: newId(), expiresAt } as const
  request.headers = new Headers({ [contextHeader]: await signContext(context, env().CONTEXT_SECRET), 'x-forwarded-for': newId() })
  if (origin !== null) request.headers.set('origin', origin ?? `http://${host}`)
  request.cookies.clear()
  if (person !== null) request.cookies.set('gi.session', await tokenOf(school, person))
}

function tokenOf({ tenantId }: PeopledSchool, { member }: Person): Promise<string> {
  const audience: Audience = { kind: 'school', tenantId }
  return sealSession(audience, sessionClaims(audience, member))
}

function form(fields: Readonly<Record<string, string>>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries({ $ACTION_ID_1: 'of next', ...fields })) data.set(name, value)
  return data
}

function asSuperuser(text: string, values: readonly unknown[]): Promise<object[]> {
  return withDirectConnection(world.shard(northside.shard).adminUrl, (sql) => sql(text, values))
}
