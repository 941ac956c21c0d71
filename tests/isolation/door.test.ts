import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { isForeignKeyViolation, isRefusedByWall, sqlState } from '@/lib/db/failures'
import { PrismaClient } from '@/lib/db/generated/shard/client'
import type { Query } from '@/lib/db/pipelined-query'
import { shardPool } from '@/lib/db/shards'
import { borrowReader } from '@/lib/db/tenant-clients'
import { readTenant, type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { readOnce } from '@/lib/db/tenant-pool'
import { newId } from '@/lib/ids'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { addPeople, type PeopledSchool } from '../support/two-schools'
import { createWorld, type World } from '../support/world'

// Two schools on the SAME shard, so that only the door and the wall keep them apart.
let world: World
let northside: PeopledSchool
let riverside: PeopledSchool

beforeAll(async () => {
  world = await createWorld({ shards: 1, pgbouncer: { poolSize: 2 } })
  northside = await addPeople(world, await world.addSchool({ slug: 'northside' }), 0)
  riverside = await addPeople(world, await world.addSchool({ slug: 'riverside' }), 1)
})

afterAll(async () => {
  await closeAll()
  await world?.close()
})

describe.each(['direct', 'through PgBouncer'])('%s', (road) => {
  beforeAll(async () => {
    await closeAll()
    const { url, poolerUrl } = world.shard('shard_1')
    process.env.SHARD_URL_SHARD_1 = road === 'direct' ? url : poolerUrl
  })

  const anybody = <Row extends object>(text: string, values: unknown[] = []) =>
    withDirectConnection(world.shard('shard_1').adminUrl, (sql) => sql<Row>(text, values))

  test('looking up one student in each school at the same moment gives each school its own', async () => {
    for (let round = 0; round < 20; round++) {
      const [own, foreign, theirs, alien] = await Promise.all([
        readTenant(northside.ctx, ({ db }) => db.student.findUnique(one(northside, northside))),
        readTenant(northside.ctx, ({ db }) => db.student.findUnique(one(riverside, riverside))),
        readTenant(riverside.ctx, ({ db }) => db.student.findUnique(one(riverside, riverside))),
        readTenant(riverside.ctx, ({ db }) => db.student.findUnique(one(northside, northside))),
      ])
      expect([own?.id, foreign, theirs?.id, alien]).toEqual([northside.students[0].id, null, riverside.students[0].id, null])
    }
  })

  test('why no client is shared: one that follows the current school hands a student to the other school', async () => {
    const current = new AsyncLocalStorage<TenantContext>()
    class FollowingPool extends pg.Pool {
      constructor() {
        super({ max: 1 })
        const query = (input: Query) => readOnce(shardPool('shard_1'), current.getStore() ?? northside.ctx, input)
        Object.defineProperty(this, 'query', { value: query })
      }
    }
    const shared = new PrismaClient({ adapter: new PrismaPg(new FollowingPool(), { schema: 'app' }) })
    const ask = (school: PeopledSchool) =>
      current.run(school.ctx, () => shared.student.findUnique(one(northside, northside)).then((found) => found?.id))
    expect(await ask(riverside)).toBeUndefined()
    const [, leaked] = await Promise.all([ask(northside), ask(riverside)])
    expect(leaked).toBe(northside.students[0].id)
    await shared.$disconnect()
  })

  test('a query made in one school and awaited in the other still runs in the first', async () => {
    const reader = borrowReader(shardPool('shard_1'), northside.ctx)
    const lazy = reader.db.student.findMany({ select: { tenantId: true } })
    const rows = await readTenant(riverside.ctx, () => lazy)
    reader.release()
    expect(new Set(rows.map((row) => row.tenantId))).toEqual(new Set([northside.tenantId]))
  })

  test('a write prepared in one transaction and awaited after its end, inside another, does nothing', async () => {
    const escaped: { late: PromiseLike<unknown>; tx: TenantWriter }[] = []
    const id = newId()
    await writeTenant(northside.ctx, async (tx) => {
      await tx.sql('select 1')
      escaped.push({ late: tx.db.student.create({ data: { tenantId: tx.tenantId, id, lastName: 'Late', firstName: 'L' } }), tx })
    })
    const [first] = escaped
    if (!first) throw new Error('nothing escaped')
    await writeTenant(northside.ctx, async ({ db }) => {
      await db.student.findFirst()
      await expect(Promise.resolve(first.late)).rejects.toThrow(/has ended/)
      await expect(first.tx.sql('select 1')).rejects.toThrow(/has ended/)
      await expect(first.tx.db.student.findFirst()).rejects.toThrow(/has ended/)
    })
    expect(await anybody('select from app.students where id = $1', [id])).toHaveLength(0)
  })

  describe('every kind of query sees and touches one school only', () => {
    const studentsOf = async (school: PeopledSchool) =>
      anybody<{ last_name: string }>('select last_name from app.students where tenant_id = $1', [school.tenantId])

    test('find, count, aggregate, group', async () => {
      expect(await studentsOf(riverside)).toHaveLength(3)
      const elsewhere = { where: { tenantId: riverside.tenantId } }
      const seen = await readTenant(northside.ctx, async ({ db }) => ({
        many: await db.student.findMany(elsewhere),
        all: await db.student.findMany({ include: { identifiers: true, enrolments: { include: { class: true } } } }),
        first: await db.student.findFirst(elsewhere),
        count: await db.student.count(elsewhere),
        sum: (await db.grade.aggregate({ _count: true, _sum: { score: true }, ...elsewhere }))._count,
        groups: await db.grade.groupBy({ by: ['tenantId'], _count: true }),
        raw: await db.$queryRaw`select * from students where tenant_id = ${riverside.tenantId}::uuid`,
        unsafe: await db.$queryRawUnsafe('select distinct tenant_id::text from students'),
      }))
      expect(seen.all.length).toBeGreaterThanOrEqual(3)
      expect(new Set(seen.all.map((student) => student.tenantId))).toEqual(new Set([northside.tenantId]))
      expect(seen.all.flatMap((student) => student.enrolments).length).toBeGreaterThan(0)
      expect(seen).toMatchObject({ many: [], first: null, count: 0, sum: 0, raw: [] })
      expect(seen.groups.map((group) => group.tenantId)).toEqual([northside.tenantId])
      expect(seen.unsafe).toEqual([{ tenant_id: northside.tenantId }])
    })

    test('typed SQL', async () => {
      const rows = await readTenant(northside.ctx, ({ sql }) =>
        sql<{ tenant_id: string }>('select distinct tenant_id from students union select distinct tenant_id from grades', [], {
          name: 'test_distinct',
        }),
      )
      expect(rows).toEqual([{ tenant_id: northside.tenantId }])
    })

    test('Prisma transactions for reading, batched and interactive', async () => {
      const [mine, theirs] = await readTenant(northside.ctx, ({ db }) =>
        db.$transaction([db.student.count(), db.student.count({ where: { tenantId: riverside.tenantId } })]),
      )
      expect(mine).toBeGreaterThanOrEqual(3)
      expect(theirs).toBe(0)
      const tenants = await readTenant(northside.ctx, ({ db }) =>
        db.$transaction((tx) => tx.student.findMany({ distinct: ['tenantId'], select: { tenantId: true } }), {
          isolationLevel: 'RepeatableRead',
        }),
      )
      expect(tenants).toEqual([{ tenantId: northside.tenantId }])
    })

    const foreign: Record<string, (tx: TenantWriter) => Promise<unknown>> = {
      create: ({ db }) => db.student.create({ data: student(riverside.tenantId) }),
      'nested create': ({ db, tenantId }) =>
        db.student.create({
          data: {
            ...student(tenantId),
            enrolments: { create: { classId: riverside.classId } },
          },
        }),
      createMany: ({ db, tenantId }) => db.student.createMany({ data: [student(tenantId), student(riverside.tenantId)] }),
      upsert: ({ db }) =>
        db.student.upsert({ ...one(riverside, riverside), create: student(riverside.tenantId), update: { lastName: 'Stolen' } }),
      'moving a row over': ({ db, tenantId }) =>
        db.student.update({
          where: { tenantId_id: { tenantId, id: northside.students[0].id } },
          data: { tenantId: riverside.tenantId },
        }),
      $executeRaw: ({ db }) =>
        db.$executeRaw`insert into students (tenant_id, id, last_name, first_name) values (${riverside.tenantId}::uuid, ${newId()}::uuid, 'x', 'y')`,
      'typed SQL': ({ sql }) =>
        sql('insert into students (tenant_id, id, last_name, first_name) values ($1, $2, $3, $4)', [
          riverside.tenantId,
          newId(),
          'x',
          'y',
        ]),
    }
    test.each(Object.entries(foreign))(
      'a foreign row by %s is refused, and nothing of the transaction stays',
      async (_, write) => {
        const before = [await studentsOf(northside), await studentsOf(riverside)]
        const error = await writeTenant(northside.ctx, async (tx) => {
          await tx.db.student.create({ data: student(tx.tenantId) })
          await write(tx)
        }).catch((caught: unknown) => caught)
        expect(isRefusedByWall(error) || isForeignKeyViolation(error), `got ${sqlState(error)}`).toBe(true)
        expect([await studentsOf(northside), await studentsOf(riverside)]).toEqual(before)
      },
    )

    test('updating and deleting foreign rows finds none', async () => {
      const elsewhere = { where: { tenantId: riverside.tenantId } }
      const touched = await writeTenant(northside.ctx, async ({ db, sql }) => [
        (await db.student.updateMany({ ...elsewhere, data: { lastName: 'Stolen' } })).count,
        (await db.student.deleteMany(elsewhere)).count,
        await db.$executeRaw`delete from grades where tenant_id = ${riverside.tenantId}::uuid`,
        (await sql('update students set last_name = $2 where tenant_id = $1 returning id', [riverside.tenantId, 'Stolen']))
          .length,
      ])
      expect(touched).toEqual([0, 0, 0, 0])
      const names = (await studentsOf(riverside)).map((row) => row.last_name)
      expect(names).not.toContain('Stolen')
      expect(names).toHaveLength(3)
    })

    test('own rows by every kind of write, and all of them gone after a failure', async () => {
      const writeAll = async ({ db, sql, tenantId }: TenantWriter) => {
        const [a, b, c] = [student(tenantId), student(tenantId), student(tenantId)]
        await db.student.create({
          data: { ...a, identifiers: { create: [{ kind: 'sis', folded: a.id, value: a.id }] } },
        })
        await db.student.createMany({ data: [b, c] })
        await db.student.updateMany({ where: { tenantId, id: b.id }, data: { firstName: 'B' } })
        await db.student.upsert({ where: { tenantId_id: { tenantId, id: c.id } }, create: c, update: { firstName: 'C' } })
        await sql('update students set first_name = $3 where tenant_id = $1 and id = $2', [tenantId, a.id, 'A'])
        const rows = await db.student.findMany({
          where: { tenantId, id: { in: [a.id, b.id, c.id] } },
          orderBy: { firstName: 'asc' },
        })
        expect(rows.map((row) => row.firstName)).toEqual(['A', 'B', 'C'])
        return [a.id, b.id, c.id]
      }
      const ids = await writeTenant(northside.ctx, writeAll)
      expect(await anybody('select from app.students where id = any($1)', [ids])).toHaveLength(3)

      let lost: string[] = []
      const failing = writeTenant(northside.ctx, async (tx) => {
        lost = await writeAll(tx)
        throw new Error('on second thoughts')
      })
      await expect(failing).rejects.toThrow('on second thoughts')
      expect(await anybody('select from app.students where id = any($1)', [lost])).toHaveLength(0)
      await writeTenant(northside.ctx, ({ db, tenantId }) => db.student.deleteMany({ where: { tenantId, id: { in: ids } } }))
    })
  })

  test('a storm of transactions that give up waiting leaves every connection idle and without a school', async () => {
    const { statistics, acquire, giveBack } = shardPool('shard_1')
    const held = await Promise.all(Array.from({ length: statistics().max }, () => acquire()))
    let letGo = () => {}
    const impatient = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const storm = readTenant(northside.ctx, ({ db }) =>
      Promise.allSettled(
        Array.from({ length: 100 }, async () => {
          try {
            return await db.$transaction((tx) => tx.student.count(), { maxWait: 50, timeout: 100 })
          } finally {
            letGo()
          }
        }),
      ),
    )
    // The first to give up frees the connections, while the others are giving up as well.
    await impatient
    held.forEach(giveBack)
    expect((await storm).map((outcome) => outcome.status)).toContain('rejected')
    await expectNoTrace()
  })

  test('a failure, a rollback, a suspended school: the next user of the connection finds no trace', async () => {
    const missing = { ...northside.ctx, tenantId: newId() }
    for (let round = 0; round < 10; round++)
      await Promise.allSettled([
        readTenant(northside.ctx, ({ sql }) => sql('select 1 / 0')),
        readTenant(northside.ctx, ({ db }) => db.$queryRawUnsafe('select nonsense')),
        readTenant(missing, ({ sql }) => sql('select 1')),
        writeTenant(northside.ctx, async ({ sql }) => {
          await sql('select 1')
          await sql('select 1 / 0')
        }),
        writeTenant(riverside.ctx, async ({ db }) => {
          await db.student.count()
          throw new Error('no')
        }),
      ])
    await expectNoTrace()
  })

  test('settings for one transaction end with it', async () => {
    const setting = (school: PeopledSchool) =>
      readTenant(school.ctx, ({ sql }) =>
        sql<{ tenant: string; timeout: string; only: string }>(
          `select current_setting('app.tenant_id') as tenant, current_setting('statement_timeout') as timeout,
             current_setting('transaction_read_only') as only`,
        ),
      )
    for (const school of [northside, riverside, northside])
      expect(await setting(school)).toEqual([{ tenant: school.tenantId, timeout: '15s', only: 'on' }])
    await expectNoTrace()
  })

  async function expectNoTrace(): Promise<void> {
    const { statistics, acquire, giveBack } = shardPool('shard_1')
    const clients = await Promise.all(Array.from({ length: statistics().max }, () => acquire()))
    for (const client of clients) {
      expect(client.getTransactionStatus()).toBe('I')
      const { rows } = await client.query(
        `select coalesce(current_setting('app.tenant_id', true), '') as tenant, current_setting('transaction_read_only') as only,
           (select count(*)::int from students) as visible`,
      )
      expect(rows).toEqual([{ tenant: '', only: 'off', visible: 0 }])
    }
    clients.forEach(giveBack)
    expect(statistics()).toMatchObject({ waiting: 0 })
  }
})

function one(tenant: PeopledSchool, owner: PeopledSchool) {
  return { where: { tenantId_id: { tenantId: tenant.tenantId, id: owner.students[0].id } } }
}

function student(tenantId: string) {
  return { tenantId, id: newId(), lastName: 'Test', firstName: 'T' }
}
