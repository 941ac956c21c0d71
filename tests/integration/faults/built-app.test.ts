import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createToken } from '@/lib/api/tokens'
import { closeAll } from '@/lib/db/close'
import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import type { LocalApp } from '@/lib/ops/local-app'
import { closeRedis } from '@/lib/redis'
import { resumeTenant, suspendTenant } from '@/lib/tenancy/lifecycle'
import { closeRegistry } from '@/lib/tenancy/registry'
import { startBuiltApp } from '../../support/app'
import { type Answer, request } from '../../support/http'
import { withoutDatabase } from '../../support/outages'
import { cookieOf } from '../../support/sessions'
import { addPeople, addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

/** What people notice while a part of the machine is away: through the front door of the built application. */

const operator = { actor: { kind: 'system', name: 'test' }, requestId: 'test' } as const
let world: World
let app: LocalApp
let northside: PeopledSchool
let riverside: PeopledSchool
let closed: PeopledSchool
let token: string

beforeAll(async () => {
  world = await createWorld({ redis: true })
  ;({ northside, riverside } = await addTwoSchools(world))
  closed = await addPeople(world, await world.addSchool({ slug: 'closed', name: 'Closed School', status: 'suspended' }))
  const scopes = ['classes:read', 'imports:read', 'imports:write'] as const
  token = (await createToken([northside.ctx], operator.actor, { name: 'test', scopes, days: 1 })).token
  app = await startBuiltApp(world)
}, 300_000)
afterAll(async () => {
  await app?.stop()
  await closeRegistry()
  closeRedis()
  await closeAll()
  await world?.close()
})

const ask = (site: string, path: string, options: Parameters<typeof request>[2] = {}): Promise<Answer> =>
  request(`${site}.${app.env.ROOT_DOMAIN}`, path, { port: app.port, timeoutMs: 10_000, ...options })

async function page(school: PeopledSchool, path: string): Promise<Answer> {
  return ask(school.slug, path, { cookies: [await cookieOf(school, school.teacher)] })
}

/** Signed-in teachers of both schools read and a paused school stays paused: what no outage but a shard's own may change. */
async function expectSchoolGoesOn(): Promise<void> {
  for (const school of [northside, riverside]) {
    const answer = await page(school, `/classes/${school.classId}`)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('Koval, Mariya')
  }
  const paused = await page(closed, `/classes/${closed.classId}`)
  expect(paused.text).toContain('This school is paused')
  expect(paused.text).not.toContain('Koval, Mariya')
}

const soon = { timeout: 10_000, interval: 100 }

describe('the control database away', () => {
  test('signed-in teachers go on working, a paused school stays paused, and new visitors are served again after it', async () => {
    await expectSchoolGoesOn()
    await withoutDatabase(world.adminUrl, async () => {
      await expectSchoolGoesOn()
      const plan = await planned('Control quiz')
      expect((await commit(plan)).status).toBe(200)
    })
    await vi.waitUntil(async () => (await ask('nobody-knows-it', '/')).status === 404, soon)
  })
})

describe('Redis away', () => {
  test('stopped, hung or emptied: teachers go on working and a paused school stays paused', async () => {
    const { redis } = world
    if (redis === undefined) throw new Error('this world has no Redis')
    await redis.stop()
    await expectSchoolGoesOn()
    await redis.start()
    await expectSchoolGoesOn()
    redis.pause()
    try {
      await expectSchoolGoesOn()
    } finally {
      redis.resume()
    }
    // Emptied: what it knew of the paused school is gone with the rest.
    await redis.stop()
    await redis.start()
    await expectSchoolGoesOn()
  })
})

describe('a shard away', () => {
  test('its school gets an error and no empty page, the other one goes on, and it comes back by itself', async () => {
    await withoutDatabase(world.shard('shard_2').adminUrl, async () => {
      const broken = await page(riverside, '/classes')
      expect(broken.status).toBeGreaterThanOrEqual(500)
      expect(broken.text).not.toContain('No classes yet')
      expect((await page(northside, '/classes')).text).toContain('Biology 9A')
    })
    await vi.waitUntil(async () => (await page(riverside, '/classes')).text.includes('Biology 9A'), soon)
  })
})

describe('a school paused in the middle of an import', () => {
  test('refuses the commit, writes nothing, and the plan waits until it opens again', async () => {
    const plan = await planned('Paused quiz')
    await suspendTenant(northside.slug, operator)
    try {
      await vi.waitUntil(async () => (await commit(plan)).status === 403, soon)
      expect(await gradesNamed('Paused quiz')).toBe(0)
      expect((await page(northside, `/imports/${plan.importId}`)).text).toContain('This school is paused')
    } finally {
      await resumeTenant(northside.slug, operator)
    }
    await vi.waitUntil(async () => (await commit(plan)).status === 200, soon)
    expect(await gradesNamed('Paused quiz')).toBe(2)
  })
})

describe('the process killed in the middle of a commit', () => {
  // Each stops the commit at a place by holding what it needs there.
  test.each([
    [
      'among its grades',
      (sql: DirectSql) => sql('select student_id from app.grades where tenant_id = $1 for update', [northside.tenantId]),
    ],
    [
      'when all that is left is the audit',
      (sql: DirectSql) =>
        sql(`insert into app.audit_log (tenant_id, actor, action, detail) values ($1, 'system:test', 'school.demo', '{}')`, [
          northside.tenantId,
        ]),
    ],
  ])(
    '%s: nothing is half-written, and the repeat succeeds',
    async (place, hold) => {
      const title = `Killed ${place}`
      const students = 500
      const plan = await planned(title, students)
      const before = await counts()
      const whole = { students: before.students + students, grades: before.grades + students + 2 }

      await withDirectConnection(world.shard('shard_1').adminUrl, async (sql) => {
        await sql('begin')
        await hold(sql)
        const lost = commit(plan).catch(() => 'lost')
        await vi.waitUntil(() => isWaiting(), soon)
        process.kill(app.pid, 'SIGKILL')
        expect(await app.exited).toBe(137)
        expect(await lost).toBe('lost')
        await sql('rollback')
      })
      // The server's own end of the lost connection needs a moment to notice.
      await vi.waitUntil(() => isQuiet(), soon)
      const after = await counts()
      const [{ state } = { state: null }] = await onShard<{ state: string }>('select state from app.imports where id = $1', [
        plan.importId,
      ])
      expect([
        { ...before, state: 'planned' },
        { ...whole, state: 'committed' },
      ]).toContainEqual({ ...after, state })

      app = await startBuiltApp(world)
      const repeat = await commit(plan)
      expect([repeat.status, Object(repeat.json()).counts.cellsNew]).toEqual([200, students + 2])
      expect(await counts()).toEqual(whole)
      expect((await commit(plan)).status).toBe(200)
      expect(await counts()).toEqual(whole)
    },
    90_000,
  )
})

type Plan = Readonly<{ importId: string; planHash: string }>

let plans = 0

/** A plan of the class's two students and as many new ones, with one grade of Quiz 1 that is another each time. */
async function planned(title: string, newcomers = 0): Promise<Plan> {
  const { ctx, teacher, classId, termId, students } = northside
  const quiz = 10 + ++plans / 2
  const old = students
    .slice(0, 2)
    .map(({ lastName, firstName, email }, at) => `${lastName},${firstName},${email},${at === 1 ? quiz : ''},7`)
  const added = Array.from(
    { length: newcomers },
    (_, index) => `New,Pupil,${title.replaceAll(' ', '.')}.${index}@northside.example,,5`,
  )
  const text = [`last_name,first_name,email,Quiz 1,${title}`, 'POINTS,-,-,20,10', ...old, ...added].join('\n')
  const file = { name: 'grades.csv', bytes: new TextEncoder().encode(text) }
  const outcome = await planImport(ctx, teacher.viewer, { classId, termId, file })
  if (outcome.kind !== 'planned') throw new Error(`the test's own file was ${outcome.kind}`)
  const review = await loadReview(ctx, teacher.viewer, outcome.importId)
  if (review === null) throw new Error('no review of what was just planned')
  return { importId: outcome.importId, planHash: review.planHash }
}

function commit({ importId, planHash }: Plan): Promise<Answer> {
  return ask('api', `/api/v1/imports/${importId}/commit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ planHash }),
    timeoutMs: 60_000,
  })
}

const onShard = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  withDirectConnection(world.shard('shard_1').adminUrl, (sql) => sql<Row>(text, [...values]))

async function counts(): Promise<{ students: number; grades: number }> {
  const [row] = await onShard<{ students: number; grades: number }>(
    `select (select count(*)::int from app.students where tenant_id = $1) as students,
            (select count(*)::int from app.grades where tenant_id = $1) as grades`,
    [northside.tenantId],
  )
  if (row === undefined) throw new Error('no counts')
  return row
}

async function gradesNamed(title: string): Promise<number> {
  const rows = await onShard(
    `select from app.grades g join app.assignments a on a.tenant_id = g.tenant_id and a.id = g.assignment_id
     where g.tenant_id = $1 and a.title = $2`,
    [northside.tenantId, title],
  )
  return rows.length
}

/** Whether a session of the application waits for a lock. */
async function isWaiting(): Promise<boolean> {
  const rows = await onShard(
    `select from pg_stat_activity where datname = current_database() and usename = 'gi_app' and wait_event_type = 'Lock'`,
  )
  return rows.length > 0
}

/** Whether no session of the application is in a transaction any more. */
async function isQuiet(): Promise<boolean> {
  const rows = await onShard(
    `select from pg_stat_activity where datname = current_database() and usename = 'gi_app' and xact_start is not null`,
  )
  return rows.length === 0
}
