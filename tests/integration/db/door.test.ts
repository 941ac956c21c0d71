import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { constraintOf, isUniqueViolation, sqlState } from '@/lib/db/failures'
import { assertSafeRole, shardPool, shardStatistics } from '@/lib/db/shards'
import { closeTenantClients, tenantClientCount } from '@/lib/db/tenant-clients'
import { readTenant, registerRouteRefresh, type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { establishTenant } from '@/lib/tenancy/establish'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
})

afterAll(async () => {
  await closeAll()
  await world?.close()
})

const admin = <Row extends object>(text: string, values: unknown[] = []) =>
  withDirectConnection(world.shard('shard_1').adminUrl, (sql) => sql<Row>(text, values))

const isSaved = async (id: string) => (await admin('select from app.students where id = $1', [id])).length === 1

const add = ({ sql, tenantId }: TenantWriter, id: string) =>
  sql('insert into students (tenant_id, id, last_name, first_name) values ($1, $2, $3, $4)', [tenantId, id, 'Test', 'T'])

test('typed SQL gives days and scores as exact text, and moments as Date', async () => {
  const rows = await readTenant(northside.ctx, ({ sql }) =>
    sql(
      `select date '2026-09-01' as day, array[date '2026-09-01'] as days, 81.50::numeric(9, 3) as score, array[0.1::numeric, null] as scores,
         timestamptz '2026-09-01 10:00Z' as moment, 7::bigint as big, $1::uuid as id, $2::text[] as list`,
      [northside.tenantId, ['a', 'b,"c']],
    ),
  )
  expect(rows).toEqual([
    {
      day: '2026-09-01',
      days: ['2026-09-01'],
      score: '81.500',
      scores: ['0.1', null],
      moment: new Date('2026-09-01T10:00:00Z'),
      big: '7',
      id: northside.tenantId,
      list: ['a', 'b,"c'],
    },
  ])
})

test('Prisma and typed SQL of one write share its transaction', async () => {
  const [byPrisma, bySql] = [newId(), newId()]
  await writeTenant(northside.ctx, async (tx) => {
    await tx.db.student.create({ data: { tenantId: tx.tenantId, id: byPrisma, lastName: 'P', firstName: 'P' } })
    await add(tx, bySql)
    expect(await tx.sql('select id from students where tenant_id = $1 and id = $2', [tx.tenantId, byPrisma])).toHaveLength(1)
    expect(await tx.db.student.count({ where: { tenantId: tx.tenantId, id: bySql } })).toBe(1)
    expect([await isSaved(byPrisma), await isSaved(bySql)]).toEqual([false, false])
  })
  expect([await isSaved(byPrisma), await isSaved(bySql)]).toEqual([true, true])
})

test('queries of one write that are asked for at once all run in it, nested writes included', async () => {
  const ids = Array.from({ length: 6 }, newId)
  await writeTenant(northside.ctx, async (tx) => {
    await Promise.all(
      ids.map((id, index) =>
        index % 2 === 0
          ? add(tx, id)
          : tx.db.student.create({
              data: {
                ...{ tenantId: tx.tenantId, id, lastName: 'N', firstName: 'N' },
                identifiers: { create: { kind: 'sis', folded: id, value: id } },
              },
            }),
      ),
    )
  })
  expect(await admin('select from app.students where id = any($1)', [ids])).toHaveLength(6)
  expect(await admin('select from app.student_identifiers where student_id = any($1)', [ids])).toHaveLength(3)
})

test('a nested write that fails leaves nothing of itself, and what was written before it can still be saved', async () => {
  const [kept, lost] = [newId(), newId()]
  await writeTenant(northside.ctx, async (tx) => {
    await add(tx, kept)
    const clash = tx.db.student.create({
      data: {
        ...{ tenantId: tx.tenantId, id: lost, lastName: 'N', firstName: 'N' },
        identifiers: {
          create: [
            { kind: 'sis', folded: lost, value: lost },
            { kind: 'sis', folded: lost, value: lost },
          ],
        },
      },
    })
    await expect(clash).rejects.toMatchObject({ code: 'P2002' })
  })
  expect([await isSaved(kept), await isSaved(lost)]).toEqual([true, false])
})

test('a failed query that nobody minded undoes the whole write, and the writer is told', async () => {
  const id = newId()
  const write = writeTenant(northside.ctx, async (tx) => {
    await add(tx, id)
    await tx.sql('select 1 / 0').catch(() => {})
    await tx.sql('select 1').catch(() => {})
  })
  await expect(write).rejects.toMatchObject({ code: '22012' })
  expect(await isSaved(id)).toBe(false)
})

test('what is sent later is there for the next query, and is saved by COMMIT alone', async () => {
  const [early, late] = [newId(), newId()]
  const text = "insert into students (tenant_id, id, last_name, first_name) values ($1, $2, 'Test', 'T')"
  const seen = await writeTenant(northside.ctx, async (tx) => {
    await tx.later(text, [tx.tenantId, early])
    const rows = await tx.sql('select id from students where tenant_id = $1 and id = any($2)', [tx.tenantId, [early]])
    await tx.later(text, [tx.tenantId, late])
    return rows
  })
  expect(seen).toEqual([{ id: early }])
  expect([await isSaved(early), await isSaved(late)]).toEqual([true, true])
})

test('what is sent later and fails at COMMIT undoes the whole write, and the next write goes on', async () => {
  const id = newId()
  const write = writeTenant(northside.ctx, async (tx) => {
    await add(tx, id)
    await tx.later('select 1 / 0')
  })
  await expect(write).rejects.toMatchObject({ code: '22012' })
  expect(await isSaved(id)).toBe(false)
  await writeTenant(northside.ctx, (tx) => add(tx, id))
  expect(await isSaved(id)).toBe(true)
})

test('a write that asks for nothing touches nothing', async () => {
  expect(await writeTenant(northside.ctx, async () => 'done')).toBe('done')
})

test('a duplicate is told by its constraint; the duplicate values are in no text of the error', async () => {
  const secret = `mariya.secret-${newId()}@example.org`
  const insert = ({ sql, tenantId }: TenantWriter) =>
    sql('insert into members (tenant_id, id, email, display_name, roles) values ($1, $2, $3, $4, $5)', [
      ...[tenantId, newId(), secret, 'Mariya', ['teacher']],
    ])
  const roads = {
    sql: async (tx: TenantWriter) => insert(tx),
    prisma: ({ db, tenantId }: TenantWriter) =>
      db.member.create({ data: { tenantId, id: newId(), email: secret, displayName: 'Mariya', roles: ['teacher'] } }),
  }
  await writeTenant(northside.ctx, insert)
  for (const road of Object.values(roads)) {
    const error: unknown = await writeTenant(northside.ctx, async (tx) => void (await road(tx))).catch(
      (caught: unknown) => caught,
    )
    expect(isUniqueViolation(error)).toBe(true)
    expect(isUniqueViolation(error, 'members_tenant_id_email_key')).toBe(true)
    expect(isUniqueViolation(error, 'another_key')).toBe(false)
    expect(constraintOf(error)).toBe('members_tenant_id_email_key')
    expect(everyText(error)).not.toContain(secret)
  }
})

test('a bad value is not repeated in the error', async () => {
  const roads = [
    () => readTenant(northside.ctx, ({ sql }) => sql('select $1::uuid', ['Mariya Koval'])),
    () => readTenant(northside.ctx, ({ db }) => db.$queryRaw`select ${'Mariya Koval'}::uuid`),
    () =>
      writeTenant(northside.ctx, ({ sql, tenantId }) =>
        sql(`insert into terms (tenant_id, id, name, starts_on, ends_on) values ($1, $2, 'Mariya Koval', null, null)`, [
          tenantId,
          newId(),
        ]),
      ),
  ]
  for (const road of roads) {
    const error: unknown = await road().catch((caught: unknown) => caught)
    expect(sqlState(error)).toMatch(/^2/)
    expect(everyText(error)).not.toContain('Mariya')
  }
})

test('transactions and lasting settings belong to the door, not to a query', async () => {
  for (const text of [
    'begin',
    ' COMMIT',
    'rollback to x',
    'set app.tenant_id = 1',
    'set session app.x = 1',
    'listen x',
    'prepare p as select 1',
  ])
    await expect(readTenant(northside.ctx, ({ sql }) => sql(text))).rejects.toThrow(/door/)
  await expect(readTenant(northside.ctx, ({ sql }) => sql('select 1; commit; select 2'))).rejects.toMatchObject({ code: '42601' })
  await writeTenant(northside.ctx, ({ sql }) => sql('set local enable_nestloop = off'))
})

test('what leaves a transaction is of no more use', async () => {
  const escaped: TenantWriter[] = []
  await writeTenant(northside.ctx, async (tx) => void escaped.push({ ...tx }))
  await expect(escaped[0]?.sql('select 1')).rejects.toThrow(/has ended/)
  await expect(escaped[0]?.db.student.count()).rejects.toThrow(/has ended/)
})

test('a read cannot write, whatever it says', async () => {
  const insert = 'insert into students (tenant_id, id, last_name, first_name) values ($1, $2, $3, $4)'
  await expect(
    readTenant(northside.ctx, ({ sql, tenantId }) => sql(insert, [tenantId, newId(), 'a', 'b'])),
  ).rejects.toMatchObject({
    code: '25006',
  })
  const byPrisma = readTenant(northside.ctx, ({ db, tenantId }) => db.student.deleteMany({ where: { tenantId } }))
  expect(sqlState(await byPrisma.catch((caught: unknown) => caught))).toBe('25006')
})

test('a suspended school and a read-only one are refused by the database', async () => {
  const suspended = await world.addSchool({ status: 'suspended' })
  const readOnly = await world.addSchool({ status: 'read_only' })
  await expect(readTenant(suspended.ctx, ({ sql }) => sql('select 1'))).rejects.toMatchObject({ code: 'school_suspended' })
  await expect(readTenant(suspended.ctx, ({ db }) => db.student.count())).rejects.toMatchObject({ code: 'school_suspended' })
  await expect(writeTenant(suspended.ctx, ({ db }) => db.student.count())).rejects.toMatchObject({ code: 'school_suspended' })
  await expect(writeTenant(readOnly.ctx, (tx) => add(tx, newId()))).rejects.toMatchObject({ code: 'school_read_only' })
  expect(await readTenant(readOnly.ctx, ({ db }) => db.student.count())).toBe(0)
})

test('a problem the caller throws passes as it is, and nothing is saved', async () => {
  const id = newId()
  const problem = notFound()
  const write = writeTenant(northside.ctx, async (tx) => {
    await add(tx, id)
    throw problem
  })
  await expect(write).rejects.toBe(problem)
  expect(await isSaved(id)).toBe(false)
})

test('a school that has moved is found at its new home within the same call, once', async () => {
  const school = await world.addSchool({ epoch: 2 })
  const stale = establishTenant({ ...school.record, epoch: 1 }, 'request-1')
  const asked = vi.fn(async (_tenantId: string, requestId: string) => establishTenant(school.record, requestId))
  registerRouteRefresh(asked)
  const id = newId()
  await writeTenant(stale, (tx) => add(tx, id))
  expect(await isSaved(id)).toBe(true)
  expect(await readTenant(stale, ({ db }) => db.student.count())).toBe(1)
  expect(await readTenant(stale, ({ sql, tenantId }) => sql('select id from students where tenant_id = $1', [tenantId]))).toEqual(
    [{ id }],
  )
  expect(asked.mock.calls).toEqual(Array.from({ length: 3 }, () => [school.tenantId, 'request-1']))

  registerRouteRefresh(async () => stale)
  const lost = await readTenant(stale, ({ sql }) => sql('select 1')).catch((caught: unknown) => caught)
  expect(lost).toBeInstanceOf(ProblemError)
  expect(lost).toMatchObject({ code: 'unavailable' })
  expect(sqlState(lost)).toBe('GI001')

  registerRouteRefresh(async () => northside.ctx)
  await expect(readTenant(stale, ({ sql }) => sql('select 1'))).rejects.toThrow(/another school/)
})

test('two writers that deadlock both succeed, because the loser is repeated', async () => {
  const [a, b] = [northside.students[0].id, northside.students[1].id]
  const calls = { count: 0 }
  let release = () => {}
  const bothHold = new Promise<void>((resolve) => {
    let holding = 0
    release = () => void (++holding === 2 && resolve())
  })
  const lock = (order: readonly string[]) =>
    writeTenant(northside.ctx, async ({ sql, tenantId }) => {
      calls.count++
      for (const id of order) {
        await sql('update students set first_name = first_name where tenant_id = $1 and id = $2', [tenantId, id])
        release()
        await bothHold
      }
    })
  await Promise.all([lock([a, b]), lock([b, a])])
  expect(calls.count).toBe(3)
})

test('the same collision again and again is given up after two repeats', async () => {
  const calls = { count: 0 }
  const write = writeTenant(northside.ctx, async ({ sql }) => {
    calls.count++
    await sql(`do $$ begin raise exception 'could not serialize' using errcode = '40001'; end $$`)
  })
  await expect(write).rejects.toMatchObject({ code: '40001' })
  expect(calls.count).toBe(3)
})

test('a write that takes too long is ended, and nothing of it is saved', async () => {
  const id = newId()
  const started = performance.now()
  const write = writeTenant(
    northside.ctx,
    async (tx) => {
      await add(tx, id)
      await new Promise(() => {})
    },
    { timeoutMs: 300 },
  )
  await expect(write).rejects.toMatchObject({ code: 'unavailable' })
  expect(performance.now() - started).toBeLessThan(2_000)
  await expect.poll(() => shardStatistics().find(({ shard }) => shard === 'shard_1')).toMatchObject({ waiting: 0 })
  expect(await isSaved(id)).toBe(false)
})

test('a statement may take longer than the usual limit, when the write was given the time', async () => {
  const slow = (options: { timeoutMs?: number }) =>
    writeTenant(slowSchool.ctx, ({ sql }) => sql<{ done: boolean }>('select true as done from pg_sleep(0.4)'), options)
  const slowSchool = await world.addSchool()
  await admin('update guard.tenant_home set stmt_ms = 100 where tenant_id = $1', [slowSchool.tenantId])
  await expect(slow({})).rejects.toMatchObject({ code: '57014' })
  expect(await slow({ timeoutMs: 30_000 })).toEqual([{ done: true }])
})

test('the time given to a write is also the time its statements have', async () => {
  const timeout = (options: { timeoutMs?: number }) =>
    writeTenant(northside.ctx, ({ sql }) => sql<{ ms: string }>(`select current_setting('statement_timeout') as ms`), options)
  expect(await timeout({})).toEqual([{ ms: '15s' }])
  expect(await timeout({ timeoutMs: 60_000 })).toEqual([{ ms: '1min' }])
  const limited = writeTenant(northside.ctx, async ({ sql }) => {
    await sql('set local statement_timeout = 50')
    await sql('select pg_sleep(5)')
  })
  await expect(limited).rejects.toMatchObject({ code: '57014' })
})

test('clients are shared by the readers of a school, made anew for a new epoch, and never closed in use', async () => {
  closeTenantClients()
  const clients = await Promise.all(Array.from({ length: 20 }, () => readTenant(northside.ctx, async ({ db }) => db)))
  expect(new Set(clients).size).toBe(1)
  expect(tenantClientCount()).toBe(1)
  await readTenant(riverside.ctx, ({ db }) => db.student.count())
  expect(tenantClientCount()).toBe(2)
  const epochs = await Promise.all([1, 2].map((epoch) => readTenant({ ...northside.ctx, epoch }, async ({ db }) => db)))
  expect(new Set(epochs).size).toBe(2)
  const count = await readTenant(northside.ctx, async ({ db }) => {
    closeTenantClients()
    return db.student.count()
  })
  expect(count).toBeGreaterThan(0)
})

test('the pools say how many connections there are, and how long was waited for them', async () => {
  await readTenant(northside.ctx, ({ sql }) => sql('select 1'))
  const [first] = shardStatistics()
  expect(first).toMatchObject({ shard: 'shard_1', waiting: 0, max: 10, acquireFailuresTotal: 0 })
  expect(first?.total).toBe(first?.idle)
  expect(first?.acquiredTotal).toBeGreaterThan(10)
  expect(first?.acquireSecondsTotal).toBeGreaterThan(0)
})

test('only a role that row-level security holds may serve', async () => {
  await assertSafeRole('shard_1')
  for (const [address, reason] of [
    ['adminUrl', /is superuser, bypasses row level security/],
    ['moverUrl', /bypasses row level security/],
    ['ownerUrl', /is member of another role/],
  ] as const) {
    process.env.SHARD_URL_ATTIC = world.shard('shard_1')[address]
    await expect(assertSafeRole('attic')).rejects.toThrow(reason)
    await closeAll()
  }
  delete process.env.SHARD_URL_ATTIC
})

test('a school never uses more connections than the pool has, and waits its turn', async () => {
  const slow = Array.from({ length: 40 }, () => readTenant(northside.ctx, ({ sql }) => sql('select pg_sleep(0.02)')))
  expect(await Promise.all(slow)).toHaveLength(40)
  expect(shardPool('shard_1').statistics().total).toBeLessThanOrEqual(10)
})

/** Everything an error says, down to its causes. */
function everyText(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 6) return String(error)
  return Reflect.ownKeys(error)
    .map((key) => everyText(Reflect.get(error, key), depth + 1))
    .join('\n')
}
