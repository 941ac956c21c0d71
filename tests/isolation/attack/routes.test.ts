import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Arena, ask, comparable, nobodysId, openArena } from './arena'
import { apexRoutes, consoleRoutes, cookiesOf, marksOf, type SchoolRoute, schoolRoutes } from './surface'

let arena: Arena
let rowsBefore: string
let marks: readonly string[]

beforeAll(async () => {
  arena = await openArena()
  rowsBefore = await arena.riversideRows()
  marks = marksOf(arena)
}, 300_000)

afterAll(async () => {
  const rowsAfter = await arena.riversideRows()
  await arena.close()
  expect(rowsAfter, 'no attack of this file changed a row of Riverside').toBe(rowsBefore)
})

const named = schoolRoutes.map((each) => [each.route, each] as const)
const withRows = named.filter(([, { namesRows }]) => namesRows)
const closed = named.filter(([, { reader }]) => reader !== 'anyone')

/** Asks as somebody of Northside and holds that nothing of Riverside comes back. */
async function askAsNorthside(path: string, given: Parameters<typeof ask>[3] = {}, host = arena.northside.host) {
  const answer = await ask(arena, host, path, given)
  for (const mark of marks) {
    // What the client wrote into the address may stand in the answer; nothing else may.
    if (!path.includes(mark)) expect(answer.text, `${path} shows ${mark}`).not.toContain(mark)
  }
  return answer
}

const ownCookies = ({ reader }: SchoolRoute) => cookiesOf(arena.northside, reader)

describe('somebody of Northside', () => {
  it.each(named)('opens their own %s (so the row is there and the route works)', async (_name, route) => {
    const answer = await askAsNorthside(route.path(arena.northside), { cookies: ownCookies(route) })
    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toMatch(/private.*no-store|no-store.*private/)
  })

  it.each(withRows)('gets for a Riverside id of %s the very answer of an id that nobody has', async (_name, route) => {
    const riversPath = route.path(arena.riverside)
    const asked = riversPath.match(/[0-9a-f-]{36}/g) ?? []
    const invented = asked.map(() => nobodysId())
    const nobodysPath = asked.reduce((path, id, index) => path.replace(id, invented[index] ?? ''), riversPath)
    const cookies = ownCookies(route)
    const [foreign, absent] = [
      await askAsNorthside(riversPath, { cookies }),
      await ask(arena, arena.northside.host, nobodysPath, { cookies }),
    ]
    expect(foreign.status).toBe(404)
    expect(comparable(foreign, asked)).toBe(comparable(absent, invented))
  })

  it.each(withRows)('gets nothing of %s as data for the client router either', async (_name, route) => {
    const path = route.path(arena.riverside)
    const cookies = ownCookies(route)
    const asked: readonly Readonly<Record<string, string>>[] = [
      { RSC: '1' },
      { RSC: '1', 'Next-Router-Prefetch': '1' },
      { RSC: '1', 'Next-Router-Segment-Prefetch': '/_tree' },
    ]
    for (const headers of asked) {
      const answer = await askAsNorthside(path, { cookies, headers })
      expect(answer.text).not.toContain('Koval')
    }
    const bare = path.split('?')[0] ?? path
    // The router's form of a page that is not there has status 200 and holds the 404; what matters is what it does not hold.
    for (const variant of [`${bare}.rsc`, `${bare}.segments/_tree.segment.rsc`, `/_next/data/build${bare}.json`])
      expect((await askAsNorthside(variant, { cookies })).text, variant).not.toContain('Koval')
  })

  it.each(named)('cannot type the inner path of %s at Riverside', async (_name, route) => {
    const path = route.path(arena.riverside)
    for (const prefix of [
      '/t/riverside',
      '//t/riverside',
      '/./t/riverside',
      '/classes/../t/riverside',
      '/%74/riverside',
      '/t%2Friverside',
      '/T/riverside',
      '/t/northside/t/riverside',
      '/t/%5Btenant%5D',
      '/t/[tenant]',
    ]) {
      const answer = await askAsNorthside(`${prefix}${path}`, { cookies: ownCookies(route) })
      expect([400, 404, 308], `${prefix}${path} gave ${answer.status}`).toContain(answer.status)
    }
  })

  it.each(named)('is not moved to Riverside by a header on %s', async (_name, route) => {
    const path = route.path(arena.northside)
    const cookies = ownCookies(route)
    const { riverside } = arena
    for (const [name, value] of [
      ['x-tenant-id', riverside.school.tenantId],
      ['x-gi-context', `riverside|${riverside.host}|school|9999999999|x|AAAA`],
      ['x-gi-tenant', 'riverside'],
      ['x-gi-path', '/t/riverside'],
      ['x-middleware-rewrite', '/t/riverside'],
      ['x-middleware-subrequest', 'middleware:middleware:middleware:middleware:middleware'],
      ['x-middleware-override-headers', 'x-gi-context'],
      ['x-middleware-request-x-gi-context', 'riverside'],
      ['x-invoke-path', '/t/riverside'],
      ['x-matched-path', '/t/riverside'],
      ['x-now-route-matches', '1=riverside'],
      ['x-original-url', '/t/riverside'],
      ['x-action-forwarded', '1'],
      ['forwarded', `host=${riverside.host}`],
      ['x-host', riverside.host],
    ] as const) {
      const answer = await askAsNorthside(path, { cookies, headers: { [name]: value } })
      expect(answer.status, name).toBe(200)
    }
    expect((await askAsNorthside(path, { cookies, headers: { 'x-forwarded-host': riverside.host } })).status).toBe(400)
    const query = path.includes('?') ? '&' : '?'
    expect((await askAsNorthside(`${path}${query}nxtPtenant=riverside&tenant=riverside`, { cookies })).status).toBe(200)
  })
})

describe('a session of Northside', () => {
  it.each(closed)('is no session for %s of Riverside', async (_name, route) => {
    const path = route.path(arena.riverside)
    const withCookie = await ask(arena, arena.riverside.host, path, { cookies: ownCookies(route) })
    const without = await ask(arena, arena.riverside.host, path)
    expect(comparable(withCookie)).toBe(comparable(without))
    expect(withCookie.text).not.toContain('Koval')
  })

  it('is no session on the console, and does not open its pages', async () => {
    for (const path of Object.values(consoleRoutes)) {
      const [withCookie, without] = [
        await ask(arena, arena.hostOf('console'), path, { cookies: [arena.northside.cookies.admin] }),
        await ask(arena, arena.hostOf('console'), path),
      ]
      expect(comparable(withCookie)).toBe(comparable(without))
    }
  })

  it('is shown to next-auth of Riverside as no session', async () => {
    const cookies = [arena.northside.cookies.teacher]
    expect((await ask(arena, arena.northside.host, '/api/auth/session', { cookies })).text).toContain(
      arena.northside.school.teacher.member.id,
    )
    expect((await ask(arena, arena.riverside.host, '/api/auth/session', { cookies })).text).toBe('{}')
    expect((await ask(arena, arena.hostOf('console'), '/api/auth/session', { cookies })).text).toBe('{}')
  })
})

describe('without a session', () => {
  it.each(closed)('%s leads to sign-in, or to nothing, and shows no name', async (_name, route) => {
    const answer = await ask(arena, arena.northside.host, route.path(arena.northside))
    expect([307, 303, 404]).toContain(answer.status)
    expect(answer.text).not.toContain('Koval')
    if (answer.status !== 404) expect(answer.headers.location).toMatch(/^(http:\/\/northside\.[^/]+)?\/sign-in/)
  })
})

describe('people of one school', () => {
  const teachersOnly = schoolRoutes.filter(({ namesRows }) => namesRows).map((each) => [each.route, each] as const)

  it.each(teachersOnly)('do not open %s of a class they neither teach nor belong to', async (_name, route) => {
    const { northside } = arena
    // Noah Brandt is in the other class alone, so her page is foreign to nobody who teaches there.
    const stranger = route.route.includes('students') ? northside.cookies.student : northside.cookies.otherTeacher
    const path = route.route.includes('students') ? `/students/${northside.school.students[1].id}` : route.path(northside)
    const invented = path.replace(/[0-9a-f-]{36}/, nobodysId())
    const [foreign, absent] = [
      await ask(arena, northside.host, path, { cookies: [stranger] }),
      await ask(arena, northside.host, invented, { cookies: [stranger] }),
    ]
    expect(foreign.status).toBe(404)
    expect(comparable(foreign, path.match(/[0-9a-f-]{36}/g) ?? [])).toBe(
      comparable(absent, invented.match(/[0-9a-f-]{36}/g) ?? []),
    )
  })

  it('a student and a guardian open the record that is theirs, and no staff page', async () => {
    const { northside } = arena
    const [mariya, sam] = northside.school.students
    for (const cookie of [northside.cookies.student, northside.cookies.guardian]) {
      const see = (path: string) => ask(arena, northside.host, path, { cookies: [cookie] })
      expect((await see(`/students/${mariya.id}`)).status).toBe(200)
      expect((await see(`/students/${sam.id}`)).status).toBe(404)
      for (const path of [
        '/classes',
        `/classes/${northside.school.classId}`,
        '/imports',
        '/imports/new',
        '/students',
        '/people',
        '/audit',
      ])
        expect((await see(path)).status, path).toBe(404)
    }
  })

  it('a teacher opens no page of the school admin', async () => {
    for (const path of ['/people', '/audit'])
      expect((await ask(arena, arena.northside.host, path, { cookies: [arena.northside.cookies.teacher] })).status).toBe(404)
  })
})

describe('the other hosts', () => {
  it.each(named)('know no %s', async (_name, route) => {
    const path = route.path(arena.northside)
    for (const site of ['', 'console', 'api']) {
      if ((site === '' && path in invert(apexRoutes)) || (site === 'console' && path in invert(consoleRoutes))) continue
      const answer = await ask(arena, arena.hostOf(site), path, { cookies: ownCookies(route) })
      expect(answer.status, `${site || 'apex'}${path}`).toBe(404)
      for (const inner of [`/t/northside${path}`, `/console/t/northside${path}`, `/apex/../t/northside${path}`])
        expect([400, 404, 308]).toContain((await ask(arena, arena.hostOf(site), inner)).status)
    }
  })

  it('have no API but the API host, and the API host has no pages', async () => {
    for (const host of [arena.northside.host, arena.hostOf('console'), arena.hostOf('')])
      for (const path of ['/api/v1/classes', '/v1/classes', '/api/v1/openapi.json'])
        expect((await ask(arena, host, path, { headers: { authorization: `Bearer ${arena.northside.token}` } })).status).toBe(404)
    for (const path of ['/', '/sign-in', '/api/auth/session', '/classes'])
      expect((await ask(arena, arena.hostOf('api'), path)).status).toBe(404)
  })
})

function invert(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [value, key]))
}
