import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { shardPool } from '@/lib/db/shards'
import { readTenant, type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { forgetEnv } from '@/lib/env'
import { newId } from '@/lib/ids'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { type FaultyNetwork, startFaultyNetwork } from './faulty-network'

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool
let network: FaultyNetwork

beforeAll(async () => {
  world = await createWorld({ pgbouncer: { poolSize: 2 } })
  ;({ northside, riverside } = await addTwoSchools(world))
  network = await startFaultyNetwork(world.shard('shard_1').url)
})

afterAll(async () => {
  await closeAll()
  await network?.close()
  await world?.close()
})

beforeEach(() => useShard(network.urlThrough(world.shard('shard_1').url)))

afterEach(async () => {
  network.when(null)
  await expectSoundPool()
  await closeAll()
  delete process.env.POOL_MAX
  forgetEnv()
})

describe('a connection that breaks', () => {
  test('in a read: the reader is told, the next one gets another connection', async () => {
    const read = readTenant(northside.ctx, ({ sql }) => sql('select pg_sleep(10)'))
    await expect.poll(() => running('pg_sleep')).toBe(1)
    network.cut()
    await expect(read).rejects.toMatchObject({ code: 'unavailable' })
    expect(await readTenant(northside.ctx, ({ db }) => db.student.count())).toBe(3)
  })

  test.each(['sql', 'prisma'])('in the middle of a write by %s: nothing of it is saved', async (road) => {
    const [first, second] = [newId(), newId()]
    const write = writeTenant(northside.ctx, async (tx) => {
      await add(tx, first)
      network.cut()
      if (road === 'sql') await add(tx, second)
      else await tx.db.student.create({ data: { tenantId: tx.tenantId, id: second, lastName: 'x', firstName: 'y' } })
    })
    await expect(write).rejects.toMatchObject({ code: 'unavailable' })
    expect(await saved([first, second])).toBe(0)
    expect(await readTenant(northside.ctx, ({ sql }) => sql('select 1 as one'))).toEqual([{ one: 1 }])
  })

  test('because the server ended it', async () => {
    const id = newId()
    const write = writeTenant(northside.ctx, async (tx) => {
      await add(tx, id)
      await admin('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = current_database()', [
        'gi_app',
      ])
      await tx.db.student.count()
    })
    await expect(write).rejects.toMatchObject({ code: 'unavailable' })
    expect(await saved([id])).toBe(0)
  })

  test('before COMMIT arrives: not saved, not repeated, and the person is told to look', async () => {
    const { id, error, calls } = await writeThrough('commit', 'lose')
    expect(error).toMatchObject({ code: 'unavailable', internal: expect.stringContaining('commit_unknown') })
    expect(calls).toBe(1)
    expect(await saved([id])).toBe(0)
  })

  test('after COMMIT arrived: saved, not repeated, and the person is told to look', async () => {
    const { id, error, calls } = await writeThrough('commit', 'lose answer')
    expect(error).toMatchObject({ code: 'unavailable', internal: expect.stringContaining('commit_unknown') })
    expect(calls).toBe(1)
    await expect.poll(() => saved([id])).toBe(1)
  })

  test('time runs out while COMMIT is on its way: the connection is given up, once', async () => {
    const { id, error } = await writeThrough('commit', 'hold', 200)
    expect(error).toMatchObject({ code: 'unavailable', internal: expect.stringContaining('commit_unknown') })
    network.cut()
    expect(await saved([id])).toBe(0)
  })
})

describe('no connection to be had', () => {
  test('all in use: an answer within two seconds, and service again as soon as one is free', async () => {
    process.env.POOL_MAX = '2'
    forgetEnv()
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const holders = [0, 1].map(() =>
      writeTenant(northside.ctx, async ({ sql }) => {
        await sql('select 1')
        await released
      }),
    )
    await expect.poll(() => shardPool('shard_1').statistics().total).toBe(2)
    const started = performance.now()
    const late = [
      readTenant(northside.ctx, ({ sql }) => sql('select 1')),
      readTenant(northside.ctx, ({ db }) => db.student.count()),
      readTenant(northside.ctx, ({ db }) => db.$transaction((tx) => tx.student.count())),
      writeTenant(northside.ctx, ({ sql }) => sql('select 1')),
    ]
    for (const outcome of await Promise.allSettled(late)) expect(outcome).toMatchObject({ reason: { code: 'unavailable' } })
    expect(performance.now() - started).toBeLessThan(2_000)
    release()
    await Promise.all(holders)
    expect(await readTenant(northside.ctx, ({ db }) => db.student.count())).toBeGreaterThan(0)
  })

  test('a server that accepts and says nothing: an answer within two seconds', async () => {
    network.when('', 'silence')
    const started = performance.now()
    await expect(readTenant(northside.ctx, ({ db }) => db.student.count())).rejects.toMatchObject({ code: 'unavailable' })
    expect(performance.now() - started).toBeLessThan(2_000)
    network.when(null)
    network.cut()
  })

  test('a shard that is down says so at once, the other shard goes on, and it comes back by itself', async () => {
    const name = new URL(world.shard('shard_1').url).pathname.slice(1)
    const onServer = (text: string) => withDirectConnection(world.shard('shard_2').adminUrl, (sql) => sql(text))
    expect(await readTenant(northside.ctx, ({ db }) => db.student.count())).toBeGreaterThan(0)
    await onServer(`alter database ${name} with allow_connections false`)
    await onServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
    const started = performance.now()
    for (const down of [
      () => readTenant(northside.ctx, ({ db }) => db.student.count()),
      () => readTenant(northside.ctx, ({ sql }) => sql('select 1')),
      () => writeTenant(northside.ctx, ({ sql }) => sql('select 1')),
    ])
      await expect(down()).rejects.toMatchObject({ code: 'unavailable', internal: expect.stringContaining('shard=shard_1') })
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(await readTenant(riverside.ctx, ({ db }) => db.student.count())).toBe(3)
    await onServer(`alter database ${name} with allow_connections true`)
    expect(await readTenant(northside.ctx, ({ db }) => db.student.count())).toBeGreaterThan(0)
  })
})

describe('through PgBouncer', () => {
  beforeEach(() => useShard(world.shard('shard_1').poolerUrl ?? ''))

  test('the limits of the role and of the tier hold inside a query', async () => {
    const rows = await readTenant(northside.ctx, ({ sql }) =>
      sql(`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
             current_setting('idle_in_transaction_session_timeout') as idle, current_setting('search_path') as path`),
    )
    expect(rows).toEqual([{ statement: '15s', lock: '3s', idle: '10s', path: 'app' }])
    await admin('update guard.tenant_home set stmt_ms = 80 where tenant_id = $1', [northside.tenantId])
    await expect(readTenant(northside.ctx, ({ sql }) => sql('select pg_sleep(5)'))).rejects.toMatchObject({ code: '57014' })
    await expect(writeTenant(northside.ctx, ({ sql }) => sql('select pg_sleep(5)'))).rejects.toMatchObject({ code: '57014' })
    await admin('update guard.tenant_home set stmt_ms = 15000 where tenant_id = $1', [northside.tenantId])
  })

  test('prepared statements are left alone, because the next batch may meet another server connection', async () => {
    await Promise.all(
      Array.from({ length: 30 }, () =>
        readTenant(northside.ctx, ({ sql }) => sql('select count(*) from students', [], { name: 'test_count' })),
      ),
    )
    expect(await readTenant(northside.ctx, ({ sql }) => sql('select name from pg_prepared_statements'))).toEqual([])
  })

  test('two clients in turn on one server connection find nothing of each other', async () => {
    const tenants = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0
          ? readTenant(northside.ctx, ({ sql }) => sql('select distinct tenant_id from students'))
          : writeTenant(northside.ctx, ({ sql }) => sql('select distinct tenant_id from students')),
      ),
    )
    expect(new Set(tenants.map((rows) => JSON.stringify(rows)))).toEqual(
      new Set([JSON.stringify([{ tenant_id: northside.tenantId }])]),
    )
  })
})

describe('directly', () => {
  test('a plan made for a small school serves a big one as well: by the index, reading its rows only', async () => {
    process.env.POOL_MAX = '1'
    forgetEnv()
    const big = await world.addSchool()
    await admin(
      `insert into app.students (tenant_id, id, last_name, first_name)
       select $1, gen_random_uuid(), 'Pupil ' || number, 'P' from generate_series(1, 5000) as number`,
      [big.tenantId],
    )
    await admin('analyze app.students')
    const roster = 'select id, last_name from students where tenant_id = $1 order by last_name, first_name limit 50'
    for (let round = 0; round < 7; round++)
      await readTenant(northside.ctx, ({ sql, tenantId }) => sql(roster, [tenantId], { name: 'test_roster' }))
    const [counts] = await readTenant(northside.ctx, ({ sql }) =>
      sql<{ generic: string; custom: string }>(
        `select generic_plans as generic, custom_plans as custom from pg_prepared_statements where name = 'test_roster'`,
      ),
    )
    expect(Number(counts?.generic)).toBeGreaterThan(0)
    for (const school of [northside, big]) {
      const plan = await readTenant(school.ctx, ({ sql, tenantId }) =>
        sql<{ 'QUERY PLAN': string }>(`explain (analyze, timing off) execute test_roster('${tenantId}')`),
      )
      const text = plan.map((line) => line['QUERY PLAN']).join('\n')
      expect(text).toMatch(/Index Cond: .*tenant_id/)
      const read = [...text.matchAll(/rows=(\d+)(?:\.\d+)? loops/g)].map((match) => Number(match[1]))
      expect(Math.max(...read)).toBeLessThanOrEqual(50)
    }
  })
})

async function useShard(url: string): Promise<void> {
  await closeAll()
  process.env.SHARD_URL_SHARD_1 = url
}

/** A write whose packet with `text` meets a fault. */
async function writeThrough(text: string, fault: 'lose' | 'lose answer' | 'hold', timeoutMs?: number) {
  const id = newId()
  let calls = 0
  network.when(text, fault)
  const error: unknown = await writeTenant(
    northside.ctx,
    (tx) => {
      calls++
      return add(tx, id)
    },
    timeoutMs ? { timeoutMs } : {},
  ).catch((caught: unknown) => caught)
  await network.struck()
  network.when(null)
  return { id, error, calls }
}

/** Every connection the pool can give is another one, idle, and belongs to no school. */
async function expectSoundPool(): Promise<void> {
  const { acquire, giveBack, statistics } = shardPool('shard_1')
  const clients = await Promise.all(Array.from({ length: statistics().max }, () => acquire()))
  expect(new Set(clients).size).toBe(statistics().max)
  for (const client of clients) {
    expect(client.getTransactionStatus()).toBe('I')
    const { rows } = await client.query(`select coalesce(current_setting('app.tenant_id', true), '') as tenant`)
    expect(rows).toEqual([{ tenant: '' }])
  }
  clients.forEach(giveBack)
  expect(statistics()).toMatchObject({ waiting: 0, idle: statistics().max })
}

function add({ sql, tenantId }: TenantWriter, id: string) {
  return sql('insert into students (tenant_id, id, last_name, first_name) values ($1, $2, $3, $4)', [tenantId, id, 'Test', 'T'])
}

function admin<Row extends object>(text: string, values: unknown[] = []) {
  return withDirectConnection(world.shard('shard_1').adminUrl, (sql) => sql<Row>(text, values))
}

async function saved(ids: readonly string[]): Promise<number> {
  return (await admin('select from app.students where id = any($1)', [ids])).length
}

async function running(part: string): Promise<number> {
  const text = `select from pg_stat_activity where state = 'active' and query like '%' || $1 || '%' and usename = 'gi_app' and datname = current_database()`
  return (await admin(text, [part])).length
}
