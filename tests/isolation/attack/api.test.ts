import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createToken } from '@/lib/api/tokens'
import type { operations } from '@/lib/api/operations'
import { type Arena, ask, type Camp, comparable, nobodysId, openArena } from './arena'
import { marksOf } from './surface'

let arena: Arena
let rowsBefore: string
let both: string

beforeAll(async () => {
  arena = await openArena()
  const schools = [arena.northside.school.ctx, arena.riverside.school.ctx]
  both = (await createToken(schools, { kind: 'system', name: 'arena' }, { name: 'both', scopes: ['classes:read'], days: 1 }))
    .token
  rowsBefore = await arena.riversideRows()
}, 300_000)

afterAll(async () => {
  const rowsAfter = await arena.riversideRows()
  await arena.close()
  expect(rowsAfter, 'no call of this file changed a row of Riverside').toBe(rowsBefore)
})

type Call = Readonly<{ path: string; method: 'GET' | 'POST'; body?: string | FormData; type?: string }>

const file = (camp: Camp) => {
  const form = new FormData()
  const text = `last_name,first_name,email,Attack\nKoval,Mariya,${camp.school.students[0].email},3\n`
  form.set('file', new File([text], 'attack.csv', { type: 'text/csv' }))
  return form
}

/** How each operation of the API is called at the rows of a camp. */
const calls: Readonly<Record<keyof typeof operations, (camp: Camp) => Call>> = {
  listClasses: () => ({ path: '/classes', method: 'GET' }),
  readGrades: ({ school }) => ({ path: `/classes/${school.classId}/grades?term=${school.termId}`, method: 'GET' }),
  exportClass: ({ school }) => ({
    path: `/classes/${school.classId}/export?format=template&term=${school.termId}`,
    method: 'GET',
  }),
  listStudents: () => ({ path: '/students', method: 'GET' }),
  planImport: (camp) => ({
    path: `/imports?class=${camp.school.classId}&term=${camp.school.termId}`,
    method: 'POST',
    body: file(camp),
  }),
  readImport: ({ importId }) => ({ path: `/imports/${importId}`, method: 'GET' }),
  commitImport: ({ importId, planHash }) => ({
    path: `/imports/${importId}/commit`,
    method: 'POST',
    body: JSON.stringify({ planHash }),
    type: 'application/json',
  }),
  undoImport: ({ committedId }) => ({ path: `/imports/${committedId}/undo`, method: 'POST' }),
}
const named = Object.entries(calls)
const withIds = named.filter(([, call]) => /[0-9a-f]{8}-/.test(call(sample()).path))

function sample(): Camp {
  const id = nobodysId()
  const school = { classId: id, termId: id, students: [{ email: 'nobody@school.example' }] }
  // Only to see which calls name an id; nothing of it is sent.
  return { school, importId: id, committedId: id, planHash: '' } as unknown as Camp
}

function send(
  { path, method, body, type }: Call,
  token: string | null,
  given: { host?: string; headers?: Record<string, string>; cookies?: string[] } = {},
) {
  return ask(arena, given.host ?? arena.hostOf('api'), `/api/v1${path}`, {
    method,
    ...(body === undefined ? {} : { body }),
    ...(given.cookies ? { cookies: given.cookies } : {}),
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
      ...given.headers,
    },
  })
}

function expectNothingOfRiverside(text: string, sent: string) {
  for (const mark of marksOf(arena)) if (!sent.includes(mark)) expect(text).not.toContain(mark)
}

describe('a token of Northside', () => {
  it.each(named)('%s works at home, so that a refusal means something', async (name, call) => {
    // The plan is committed and the import undone here for good; the attacks below aim at Riverside's.
    const answer = await send(call(arena.northside), arena.northside.token)
    expect(answer.status, `${name}: ${answer.text.slice(0, 200)}`).toBeLessThan(300)
    expectNothingOfRiverside(answer.text, '')
  })

  it.each(withIds)('%s gets for a Riverside id the very answer of an id that nobody has', async (_name, call) => {
    const foreign = call(arena.riverside)
    const asked = foreign.path.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []
    const invented = asked.map(() => nobodysId())
    const absent = { ...foreign, path: asked.reduce((path, id, index) => path.replace(id, invented[index] ?? ''), foreign.path) }
    const [first, second] = [await send(foreign, arena.northside.token), await send(absent, arena.northside.token)]
    expect(first.status).toBe(404)
    expect(comparable(first, asked)).toBe(comparable(second, invented))
    expectNothingOfRiverside(first.text, foreign.path)
  })

  it.each(named)('%s is refused when X-Tenant-ID names Riverside', async (_name, call) => {
    for (const tenant of ['riverside', arena.riverside.school.tenantId, 'RIVERSIDE', 'northside,riverside', 'nobody'])
      expect(
        (await send(call(arena.riverside), arena.northside.token, { headers: { 'x-tenant-id': tenant } })).status,
        tenant,
      ).toBe(403)
  })

  it.each(named)('%s does not exist on any other host', async (_name, call) => {
    const own = call(arena.northside)
    // A form posted to a page that is not there is a broken action to Next, which refuses it before it looks for the page.
    const expected = own.body instanceof FormData ? 400 : 404
    for (const host of [arena.northside.host, arena.riverside.host, arena.hostOf('console'), arena.hostOf('')])
      expect((await send(own, arena.northside.token, { host })).status, host).toBe(expected)
  })

  it("cannot go on with another school's cursor", async () => {
    const cursorOf = async (camp: Camp) => {
      const page = (await send({ path: '/students?limit=1', method: 'GET' }, camp.token)).json() as { nextCursor: string | null }
      return page.nextCursor
    }
    const own = await cursorOf(arena.northside)
    const foreign = await cursorOf(arena.riverside)
    expect((await send({ path: `/students?limit=1&cursor=${own}`, method: 'GET' }, arena.northside.token)).status).toBe(200)
    expect((await send({ path: `/students?limit=1&cursor=${foreign}`, method: 'GET' }, arena.northside.token)).status).toBe(422)
  })
})

describe('without a token that is ours', () => {
  it.each(named)('%s is refused alike for none, a foreign, a forged and an unsigned one', async (_name, call) => {
    const claims = {
      tids: [arena.riverside.school.tenantId],
      scopes: ['classes:read', 'students:read', 'grades:read', 'imports:read', 'imports:write'],
    }
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setJti(nobodysId())
      .setAudience('grade-insight-api')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('not the secret of this deployment, but as long'))
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const unsigned = `${encode({ alg: 'none' })}.${encode({ ...claims, exp: 9_999_999_999 })}.`
    for (const token of [null, '', 'x', forged, unsigned, `${arena.northside.token.slice(0, -3)}AAA`]) {
      const answer = await send(call(arena.riverside), token)
      expect(answer.status, String(token)).toBe(401)
      expectNothingOfRiverside(answer.text, call(arena.riverside).path)
    }
  })

  it.each(named)('%s takes no session cookie for a token', async (_name, call) => {
    expect((await send(call(arena.northside), null, { cookies: [arena.northside.cookies.admin] })).status).toBe(401)
  })
})

describe('a token of both schools', () => {
  it('says which one it means, and then reaches that one alone', async () => {
    const listClasses = { path: '/classes', method: 'GET' } as const
    expect((await send(listClasses, both)).status).toBe(400)
    for (const [camp, other] of [
      [arena.northside, arena.riverside],
      [arena.riverside, arena.northside],
    ] as const) {
      const { text } = await send(listClasses, both, { headers: { 'x-tenant-id': camp.school.slug } })
      expect(text).toContain(camp.school.classId)
      expect(text).not.toContain(other.school.classId)
    }
  })
})

describe('a token with one scope', () => {
  it('is refused for what the others hold', async () => {
    const system = { kind: 'system', name: 'arena' } as const
    const wanted = { name: 'few', scopes: ['classes:read'], days: 1 } as const
    const { token } = await createToken([arena.northside.school.ctx], system, wanted)
    for (const [name, call] of named)
      expect((await send(call(arena.northside), token)).status, name).toBe(name === 'listClasses' ? 200 : 403)
  })
})
