import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GET as anythingElse } from '@/app/api/v1/[...rest]/route'
import { GET as exportClass } from '@/app/api/v1/classes/[id]/export/route'
import { GET as readGrades } from '@/app/api/v1/classes/[id]/grades/route'
import { GET as listClasses } from '@/app/api/v1/classes/route'
import { POST as commitImport } from '@/app/api/v1/imports/[id]/commit/route'
import { GET as readImport } from '@/app/api/v1/imports/[id]/route'
import { POST as undoImport } from '@/app/api/v1/imports/[id]/undo/route'
import { POST as planImport } from '@/app/api/v1/imports/route'
import { GET as readDocument } from '@/app/api/v1/openapi.json/route'
import { GET as listStudents } from '@/app/api/v1/students/route'
import type { RouteHandler } from '@/lib/api/route'
import {
  classGrades,
  classPage,
  importReceipt,
  importReview,
  importView,
  problemDocument,
  studentPage,
  undoReceipt,
} from '@/lib/api/schemas'
import { allTokenScopes, signToken } from '@/lib/api/token'
import { createToken, listTokens, revokeToken } from '@/lib/api/tokens'
import { verifyChain } from '@/lib/audit/verify'
import type { TokenScope } from '@/lib/auth/rights'
import { withDirectConnection } from '@/lib/db/direct'
import { env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { contextHeader, signContext } from '@/lib/tenancy/context'
import type { HostKind } from '@/lib/tenancy/host'
import type { Actor } from '@/lib/tenancy/tenant'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

const ops: Actor = { kind: 'system', name: 'ops' }
let world: World
let northside: PeopledSchool
let riverside: PeopledSchool
/** Each of one school with every scope. */
let northToken: string
let riverToken: string

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
  northToken = await tokenFor([northside])
  riverToken = await tokenFor([riverside])
})
afterAll(() => world?.close())

describe('reading', () => {
  test('gives the token’s school: its classes, students and grades', async () => {
    const classes = classPage.parse(await ok(ask(listClasses, '/classes', { token: northToken })))
    expect(classes.items.map(({ id }) => id).toSorted()).toEqual([northside.classId, northside.otherClassId].toSorted())
    const students = studentPage.parse(await ok(ask(listStudents, '/students', { token: northToken })))
    expect(students.items.map(({ id }) => id).toSorted()).toEqual(northside.students.map(({ id }) => id).toSorted())
    const grades = classGrades.parse(await ok(gradesOf(northside, northToken)))
    const byStudent = new Map(grades.items.map((item) => [item.studentId, item.grades]))
    expect(
      byStudent
        .get(northside.students[0].id)
        ?.map(({ score }) => score)
        .toSorted(),
    ).toEqual(['17', '81.5'])
    expect(byStudent.get(northside.students[1].id)).toEqual([
      { assignmentId: northside.assignments[0].id, score: '9', status: 'graded' },
    ])
  })

  test('never gives the other school’s rows, which are alike to the last name', async () => {
    const answers = await Promise.all([
      ok(ask(listClasses, '/classes', { token: riverToken })),
      ok(ask(listStudents, '/students', { token: riverToken })),
      ok(gradesOf(riverside, riverToken)),
    ])
    const ids = [northside.classId, northside.otherClassId, ...northside.students.map(({ id }) => id)]
    for (const id of ids) expect(JSON.stringify(answers)).not.toContain(id)
    expect(JSON.stringify(answers)).toContain(riverside.students[0].id)
  })

  test('the other school’s class, a class nobody has, and no id at all are one and the same 404', async () => {
    const bodies = []
    for (const classId of [riverside.classId, newId(), 'x', '../students']) {
      const response = await gradesOf({ classId }, northToken, { requestId: 'same' })
      expect(response.status).toBe(404)
      bodies.push(await response.text())
    }
    expect(new Set(bodies).size).toBe(1)
  })

  test('gives a class as a file, and no other school’s', async () => {
    const path = ({ classId }: { classId: string }, query: string) => `/classes/${classId}/export${query}`
    const get = (place: { classId: string }, query: string) =>
      ask(exportClass, path(place, query), { token: northToken, params: { id: place.classId } })
    const file = await get(northside, '?format=canvas')
    expect(file.status).toBe(200)
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="Biology-9A-Autumn-canvas-[\d-]+\.csv"/)
    expect(await file.text()).toContain('"Koval, Mariya",')
    for (const query of ['', '?format=pdf', '?format=canvas&trem=1']) expect((await get(northside, query)).status).toBe(422)
    const [foreign, absent] = [await get(riverside, '?format=canvas'), await get({ classId: newId() }, '?format=canvas')]
    expect([foreign.status, absent.status]).toEqual([404, 404])
  })

  test('goes through a list once, page by page, and ends', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const page = studentPage.parse(
        await ok(ask(listStudents, `/students?limit=1${cursor && `&cursor=${cursor}`}`, { token: northToken })),
      )
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? ''
    } while (cursor !== '')
    expect(seen.toSorted()).toEqual(northside.students.map(({ id }) => id).toSorted())
  })

  test('goes through a class’s grades page by page, with the same answer as at once', async () => {
    const whole = classGrades.parse(await ok(gradesOf(northside, northToken)))
    const first = classGrades.parse(await ok(gradesOf(northside, northToken, { query: '?limit=1' })))
    const second = classGrades.parse(await ok(gradesOf(northside, northToken, { query: `?limit=1&cursor=${first.nextCursor}` })))
    expect([...first.items, ...second.items]).toEqual(whole.items)
    expect(second.nextCursor).toBeNull()
  })

  test('a cursor of another school, another list, or one that was touched is refused', async () => {
    const { nextCursor } = studentPage.parse(await ok(ask(listStudents, '/students?limit=1', { token: northToken })))
    const refused = [
      ask(listStudents, `/students?cursor=${nextCursor}`, { token: riverToken }),
      ask(listClasses, `/classes?cursor=${nextCursor}`, { token: northToken }),
      ask(listStudents, `/students?cursor=x${nextCursor}`, { token: northToken }),
      ask(listStudents, '/students?cursor=', { token: northToken }),
    ]
    for (const answer of refused) expect(await problem(answer)).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(await ok(ask(listStudents, `/students?cursor=${nextCursor}`, { token: northToken }))).toHaveProperty('items')
  })

  test.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'limt=5', 'tenant=riverside', `query=${'x'.repeat(201)}`])(
    'a list asked for with ?%s says what is wrong',
    async (query) => {
      const answer = await problem(ask(listStudents, `/students?${query}`, { token: northToken }))
      expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
      expect(answer.problems.length).toBeGreaterThan(0)
    },
  )
})

describe('the token', () => {
  test.each([
    ['none', undefined],
    ['nothing', ''],
    ['another scheme', 'Basic abc'],
    ['a word', 'Bearer abc'],
    ['two', 'Bearer a.b.c d.e.f'],
  ])('%s is a 401', async (_, authorization) => {
    const response = await ask(listClasses, '/classes', { headers: authorization === undefined ? {} : { authorization } })
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(await problem(response)).toMatchObject({ status: 401, code: 'sign_in_required' })
  })

  test('ends when it is revoked, at once and in that school alone', async () => {
    const { id, token } = await createToken([northside.ctx, riverside.ctx], ops, {
      name: 'both',
      scopes: allTokenScopes,
      days: 1,
    })
    const in_ = (slug: string) => ask(listClasses, '/classes', { token, headers: { 'x-tenant-id': slug } })
    expect((await in_('northside')).status).toBe(200)
    await revokeToken(northside.ctx, ops, id)
    expect((await in_('northside')).status).toBe(401)
    expect((await in_('riverside')).status).toBe(200)
    expect((await listTokens(northside.ctx)).find((listed) => listed.id === id)?.revokedAt).toBeInstanceOf(Date)
  })

  test('that we signed but no school knows is a 401: a signature alone opens nothing', async () => {
    const token = await signToken(
      { jti: newId(), tids: [northside.tenantId], scopes: [...allTokenScopes] },
      new Date(Date.now() + 60_000),
    )
    expect((await ask(listClasses, '/classes', { token })).status).toBe(401)
  })

  test('of Northside that claims Riverside too is still nothing in Riverside', async () => {
    const { id } = await createToken([northside.ctx], ops, { name: 'north', scopes: allTokenScopes, days: 1 })
    const wider = await signToken(
      { jti: id, tids: [northside.tenantId, riverside.tenantId], scopes: [...allTokenScopes] },
      new Date(Date.now() + 60_000),
    )
    expect((await ask(listClasses, '/classes', { token: wider, headers: { 'x-tenant-id': 'northside' } })).status).toBe(200)
    expect((await ask(listClasses, '/classes', { token: wider, headers: { 'x-tenant-id': 'riverside' } })).status).toBe(401)
  })

  test('that is over in the school’s rows is a 401, whatever it says itself', async () => {
    const { id, token } = await createToken([northside.ctx], ops, { name: 'short', scopes: allTokenScopes, days: 1 })
    expect((await ask(listClasses, '/classes', { token })).status).toBe(200)
    await asSuperuser('update app.api_tokens set expires_at = now() where tenant_id = $1 and id = $2', [northside.tenantId, id])
    expect((await ask(listClasses, '/classes', { token })).status).toBe(401)
  })

  test('does what its scopes say and nothing else', async () => {
    const calls: Record<TokenScope, (token: string) => Promise<Response>> = {
      'classes:read': (token) => ask(listClasses, '/classes', { token }),
      'students:read': (token) => ask(listStudents, '/students', { token }),
      'grades:read': (token) => gradesOf(northside, token),
      'imports:read': (token) => ask(readImport, `/imports/${newId()}`, { token, params: { id: newId() } }),
      'imports:write': (token) => upload(northside, token, 'nonsense'),
    }
    for (const held of allTokenScopes) {
      const token = await tokenFor([northside], [held])
      for (const needed of allTokenScopes) {
        const { status } = await calls[needed](token)
        // Who may upload a file may see what became of it.
        const isHeld = held === needed || (held === 'imports:write' && needed === 'imports:read')
        if (isHeld) expect([200, 404, 422], `${held} for ${needed}`).toContain(status)
        else expect(status, `${held} for ${needed}`).toBe(403)
      }
    }
  })

  test('may have its scopes narrowed by the school, never widened by itself', async () => {
    const { id, token } = await createToken([northside.ctx], ops, {
      name: 'narrowed',
      scopes: ['classes:read', 'students:read'],
      days: 1,
    })
    await asSuperuser(`update app.api_tokens set scopes = '{students:read,grades:read}' where tenant_id = $1 and id = $2`, [
      northside.tenantId,
      id,
    ])
    expect((await ask(listStudents, '/students', { token })).status).toBe(200)
    expect((await ask(listClasses, '/classes', { token })).status).toBe(403)
    expect((await gradesOf(northside, token)).status).toBe(403)
  })

  test('may call only so often a minute, and is told when to come back', async () => {
    const token = await tokenFor([northside])
    const answers = await Promise.all(Array.from({ length: 310 }, () => ask(listClasses, '/classes?limit=0', { token })))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(10)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ask(listClasses, '/classes', { token: northToken })).status).toBe(200)
  })
})

describe('X-Tenant-ID', () => {
  test('selects among the schools a token holds, by slug or id', async () => {
    const both = await tokenFor([northside, riverside])
    for (const school of [northside, riverside]) {
      for (const name of [school.slug, school.tenantId, school.slug.toUpperCase()]) {
        const page = classPage.parse(await ok(ask(listClasses, '/classes', { token: both, headers: { 'x-tenant-id': name } })))
        expect(page.items.map(({ id }) => id)).toContain(school.classId)
      }
    }
  })

  test('must be there when a token holds several', async () => {
    const both = await tokenFor([northside, riverside])
    expect(await problem(ask(listClasses, '/classes', { token: both }))).toMatchObject({ status: 400, code: 'tenant_required' })
  })

  test('never widens a token: an existing school and one that is not are the same 403, audited at home', async () => {
    const { id, token } = await createToken([northside.ctx], ops, { name: 'curious', scopes: allTokenScopes, days: 1 })
    const before = await verifyChain(riverside.ctx)
    const bodies = []
    for (const name of ['riverside', riverside.tenantId, 'nobody', newId(), '', 'northside,riverside', '*']) {
      const response = await ask(listClasses, '/classes', { token, headers: { 'x-tenant-id': name }, requestId: 'curious' })
      expect(response.status, name).toBe(403)
      bodies.push(await response.text())
    }
    expect(new Set(bodies).size).toBe(1)
    const entries = await asSuperuser(
      `select actor from app.audit_log where tenant_id = $1 and action = 'token.refused' and subject_id = $2`,
      [northside.tenantId, id],
    )
    expect(entries).toEqual(Array.from({ length: 7 }, () => ({ actor: `token:${id}` })))
    expect(await verifyChain(riverside.ctx)).toEqual(before)
  })
})

describe('the API', () => {
  test.each(['school', 'console', 'apex'] as const)('does not exist on a %s host, not even with a token', async (kind) => {
    const calls = [listClasses, listStudents, readDocument, anythingElse, planImport]
    for (const handler of calls) {
      const response = await ask(handler, '/classes', { token: northToken, kind })
      expect(response.status).toBe(404)
      expect(await response.text()).toBe('')
    }
  })

  test('does not exist without the middleware’s word, or with a forged one', async () => {
    for (const context of [null, 'api', `|api.localhost:3000|api|9999999999|r|${'A'.repeat(43)}`]) {
      const headers = new Headers({
        authorization: `Bearer ${northToken}`,
        ...(context === null ? {} : { [contextHeader]: context }),
      })
      const response = await listClasses(new Request('http://api.localhost:3000/api/v1/classes', { headers }), {
        params: Promise.resolve({}),
      })
      expect(response.status).toBe(404)
    }
  })

  test('gives its document to anybody, and a problem for what is no route', async () => {
    expect(await ok(ask(readDocument, '/openapi.json', {}))).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: 'http://api.localhost:3000/api/v1' }],
    })
    expect(await problem(ask(anythingElse, '/nothing', { requestId: 'r-9' }))).toMatchObject({
      status: 404,
      code: 'not_found',
      requestId: 'r-9',
    })
  })

  test('lets no cache keep an answer, and names the request', async () => {
    const response = await ask(listClasses, '/classes', { token: northToken, requestId: 'r-7' })
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('x-request-id')).toBe('r-7')
  })

  test('of a suspended school says so; its database decides even when the registry does not know', async () => {
    const school = await world.addSchool()
    const token = await tokenFor([school])
    await asSuperuser(`update guard.tenant_home set state = 'suspended' where tenant_id = $1`, [school.tenantId])
    expect(await problem(ask(listClasses, '/classes', { token }))).toMatchObject({ status: 403, code: 'school_suspended' })
  })
})

describe('an import', () => {
  const csv = (school: PeopledSchool, score: string) => {
    const [mariya, sam] = school.students
    return [
      'Last Name,First Name,Email,Quiz 9',
      'Date,,,2026-10-01',
      'Points,,,20',
      `${mariya.lastName},${mariya.firstName},${mariya.email},${score}`,
      `${sam.lastName},${sam.firstName},${sam.email},11`,
    ].join('\n')
  }

  test('is planned, shown, committed and undone; the school’s grades are then as before', async () => {
    const before = await ok(gradesOf(northside, northToken))
    const review = importView.parse(await ok(upload(northside, northToken, csv(northside, '15')), 201))
    const { id } = review.summary
    expect(review.summary).toMatchObject({ state: 'planned', classId: northside.classId })
    expect(review.summary.counts).toMatchObject({ cellsNew: 2, assignmentsNew: 1 })
    expect(await ok(gradesOf(northside, northToken))).toEqual(before)
    expect(await ok(ask(readImport, `/imports/${id}`, { token: northToken, params: { id } }))).toEqual(review)

    const slice = importReview.parse(
      await ok(ask(readImport, `/imports/${id}?offset=1&limit=1`, { token: northToken, params: { id } })),
    )
    expect([slice.rowCount, slice.rows]).toEqual([2, review.rows.slice(1)])

    const receipt = importReceipt.parse(await ok(commit(id, review.planHash, northToken)))
    expect(receipt).toMatchObject({ importId: id, wasAlreadyDone: false })
    expect(importReceipt.parse(await ok(commit(id, review.planHash, northToken)))).toMatchObject({ wasAlreadyDone: true })
    expect(JSON.stringify(await ok(gradesOf(northside, northToken)))).toContain('Quiz 9')

    const undone = undoReceipt.parse(
      await ok(ask(undoImport, `/imports/${id}/undo`, { method: 'POST', token: northToken, params: { id } })),
    )
    expect(undone).toMatchObject({ importId: id, cellsRestored: 2, assignmentsRemoved: 1, kept: [] })
    const after = classGrades.parse(await ok(gradesOf(northside, northToken)))
    expect(after.items).toEqual(classGrades.parse(before).items)
  })

  test('of Northside is nothing to Riverside’s token: not to be read, committed or undone', async () => {
    const { summary, planHash } = importReview.parse(await ok(upload(northside, northToken, csv(northside, '16')), 201))
    const params = { id: summary.id }
    const answers = [
      await ask(readImport, `/imports/${summary.id}`, { token: riverToken, params }),
      await commit(summary.id, planHash, riverToken),
      await ask(undoImport, `/imports/${summary.id}/undo`, { method: 'POST', token: riverToken, params }),
      await upload(northside, riverToken, csv(northside, '16')),
    ]
    for (const answer of answers) expect(await problem(answer)).toMatchObject({ status: 404, code: 'not_found' })
    expect(
      importReview.parse(await ok(ask(readImport, `/imports/${summary.id}`, { token: northToken, params }))).summary.state,
    ).toBe('planned')
  })

  test('with a question is blocked, and planned when the answer comes along', async () => {
    const negative = csv(northside, '-3')
    const blocked = importReview.parse(await ok(upload(northside, northToken, negative), 201))
    expect(blocked.summary.state).toBe('blocked')
    const answered = upload(northside, northToken, negative, {}, { choices: '{"negatives":"take"}' })
    expect(importReview.parse(await ok(answered, 201)).summary.state).toBe('planned')
    for (const choices of ['{', '{"negatives":"perhaps"}', '{"students":{"0":{"use":"skip"}}}']) {
      const refused = await problem(upload(northside, northToken, negative, {}, { choices }))
      expect(refused).toMatchObject({ status: 422, code: 'invalid_input' })
      expect(refused.problems[0]?.field).toMatch(/^body\.choices/)
    }
  })

  test('with another plan’s hash is not committed', async () => {
    const { summary } = importReview.parse(await ok(upload(northside, northToken, csv(northside, '17.5')), 201))
    expect(await problem(commit(summary.id, 'f'.repeat(64), northToken))).toMatchObject({ status: 409, code: 'plan_stale' })
  })

  test('under one Idempotency-Key is planned once; with another file the key is refused', async () => {
    const key = newId()
    const send = (score: string) => upload(riverside, riverToken, csv(riverside, score), { 'idempotency-key': key })
    const [first, second] = await Promise.all([send('12'), send('12')])
    expect(importReview.parse(await ok(first, 201)).summary.id).toBe(importReview.parse(await ok(second, 201)).summary.id)
    const third = await send('12')
    expect(third.headers.get('idempotency-replayed')).toBe('true')
    expect(await problem(send('13'))).toMatchObject({ status: 409, code: 'idempotency_mismatch' })
    const kept = await withDirectConnection(world.shard('shard_2').adminUrl, (sql) =>
      sql<{ text: string }>('select response::text as text from app.idempotency where tenant_id = $1 and key = $2', [
        riverside.tenantId,
        key,
      ]),
    )
    expect(kept[0]?.text).not.toContain(riverside.students[0].lastName)
  })

  test.each(['short', 'with blank inside', 'x'.repeat(201)])('under the key %j is refused', async (key) => {
    expect(await problem(upload(northside, northToken, 'x', { 'idempotency-key': key }))).toMatchObject({
      status: 422,
      code: 'invalid_input',
    })
  })

  test.each([
    ['an empty file', ''],
    ['a web page', '<!doctype html><html><body>Sign in</body></html>'],
  ])('of %s is refused with everything that is wrong, and nothing is written', async (_, text) => {
    const before = await countImports()
    const answer = await problem(upload(northside, northToken, text))
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(answer.problems.length).toBeGreaterThan(0)
    for (const item of answer.problems) expect(item.message.length).toBeGreaterThan(10)
    expect(await countImports()).toBe(before)
  })

  test('of a file that was cut off on its way is refused', async () => {
    const whole = upload(northside, northToken, csv(northside, '18'), { 'content-length': '9999' })
    expect(await problem(whole)).toMatchObject({ status: 422, detail: expect.stringContaining('cut off') })
  })

  test('of a file that is too large is a 413', async () => {
    expect(await problem(upload(northside, northToken, 'x'.repeat(22_500_000)))).toMatchObject({ status: 413, code: 'too_large' })
  })

  test('into no class, or one that is no id, says so', async () => {
    const body = new FormData()
    body.set('file', new File(['a'], 'a.csv'))
    const nowhere = ask(planImport, '/imports', { method: 'POST', token: northToken, body })
    expect(await problem(nowhere)).toMatchObject({ status: 422, problems: [{ field: 'query.class' }] })
  })
})

type Ask = Readonly<{
  token?: string
  method?: string
  headers?: Readonly<Record<string, string>>
  params?: Readonly<Record<string, string>>
  body?: BodyInit
  kind?: Exclude<HostKind['kind'], 'unknown'>
  requestId?: string
}>

/** Calls a route handler as Next would, with the context that middleware signs. */
async function ask(
  handler: RouteHandler,
  path: string,
  { token, method, headers, params, body, kind = 'api', requestId }: Ask,
): Promise<Response> {
  const host = `${kind === 'school' ? 'northside' : kind}.localhost:3000`
  const context = {
    kind,
    host,
    slug: kind === 'school' ? 'northside' : '',
    requestId: requestId ?? newId(),
    expiresAt: Math.floor(Date.now() / 1000) + 60,
  }
  const request = new Request(`http://${host}/api/v1${path}`, {
    method: method ?? 'GET',
    ...(body === undefined ? {} : { body }),
    headers: {
      [contextHeader]: await signContext(context, env().CONTEXT_SECRET),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
  })
  return handler(request, { params: Promise.resolve(params ?? {}) })
}

function gradesOf(
  { classId: id }: { classId: string },
  token: string,
  { query = '', ...more }: Ask & { query?: string } = {},
): Promise<Response> {
  return ask(readGrades, `/classes/${encodeURIComponent(id)}/grades${query}`, { token, params: { id }, ...more })
}

function upload(
  { classId }: PeopledSchool,
  token: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
  fields: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const body = new FormData()
  body.set('file', new File([text], 'grades.csv', { type: 'text/csv' }))
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  return ask(planImport, `/imports?class=${classId}`, { method: 'POST', token, body, headers })
}

function commit(id: string, planHash: string, token: string): Promise<Response> {
  return ask(commitImport, `/imports/${id}/commit`, { method: 'POST', token, params: { id }, body: JSON.stringify({ planHash }) })
}

async function ok(answer: Response | Promise<Response>, status = 200): Promise<unknown> {
  const response = await answer
  const body: unknown = await response.json()
  expect(response.status, JSON.stringify(body)).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/json')
  return body
}

async function problem(answer: Response | Promise<Response>) {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const document = problemDocument.parse(await response.json())
  expect(document.status).toBe(response.status)
  return document
}

async function tokenFor(
  schools: readonly { ctx: PeopledSchool['ctx'] }[],
  scopes: readonly TokenScope[] = allTokenScopes,
): Promise<string> {
  return (
    await createToken(
      schools.map(({ ctx }) => ctx),
      ops,
      { name: 'test', scopes, days: 1 },
    )
  ).token
}

function asSuperuser(text: string, values: readonly unknown[]): Promise<object[]> {
  return withDirectConnection(world.shard('shard_1').adminUrl, (sql) => sql(text, values))
}

async function countImports(): Promise<number> {
  return (await asSuperuser('select id from app.imports where tenant_id = $1', [northside.tenantId])).length
}
