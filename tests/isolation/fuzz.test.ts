import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { shardPool, shardStatistics } from '@/lib/db/shards'
import { registerRouteRefresh, writeTenant } from '@/lib/db/tenant-db'
import { newId } from '@/lib/ids'
import { establishTenant } from '@/lib/tenancy/establish'
import { createWorld, type World } from '../support/world'
import { type Choice, type FuzzSchool, isUnavailable, Leak, operations } from './fuzz-operations'

// GI_FUZZ=1000000 runs a million operations; GI_FUZZ_SEED repeats a run's choices (not its timing).
const wanted = Number(process.env.GI_FUZZ ?? 100_000)
const seed = Number(process.env.GI_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
const workers = 24
const schoolCount = 24
const killEvery = 4_000

let world: World
const schools: FuzzSchool[] = []

beforeAll(async () => {
  world = await createWorld({ pgbouncer: { poolSize: 4 } })
  const home = new Map<string, FuzzSchool['ctx']>()
  for (const shard of ['shard_1', 'shard_2']) {
    // The same databases by two roads: `pooled_1` is shard_1 through PgBouncer.
    process.env[`SHARD_URL_${shard.replace('shard', 'pooled').toUpperCase()}`] = world.shard(shard).poolerUrl
  }
  for (let index = 0; index < schoolCount; index++) {
    const shard = index % 2 === 0 ? 'shard_1' : 'shard_2'
    const { record } = await world.addSchool({ shard })
    const road = index % 4 < 2 ? shard : shard.replace('shard', 'pooled')
    const ctx = establishTenant({ ...record, shard: road }, `fuzz-${index}`)
    home.set(ctx.tenantId, ctx)
    schools.push({ ctx, saved: new Map(), perhaps: new Map(), perhapsGone: new Set() })
  }
  registerRouteRefresh(async (tenantId) => home.get(tenantId) ?? null)
  for (const { ctx, saved } of schools) {
    const ids = Array.from({ length: 5 }, newId)
    await writeTenant(ctx, ({ db, tenantId }) =>
      db.student.createMany({ data: ids.map((id) => ({ tenantId, id, lastName: tenantId, firstName: 'F' })) }),
    )
    for (const id of ids) saved.set(id, 0)
  }
})

afterAll(async () => {
  await closeAll()
  await world?.close()
})

test(`${wanted.toLocaleString('en')} mixed operations of ${schoolCount} schools at once: no row leaks, none is lost`, {
  timeout: 60_000 + wanted * 6,
}, async () => {
  const started = performance.now()
  const outcome = { operations: 0 }
  const counts = new Map<string, number>()
  const surprises: string[] = []
  let [unavailable, kills, nextKill] = [0, 0, killEvery]

  const work = async (choice: Choice) => {
    while (outcome.operations < wanted && surprises.length < 5) {
      const [name, operate] = choice.of(operations)
      const own = choice.of(schools)
      const other = choice.of(schools.filter((school) => school !== own))
      counts.set(name, (counts.get(name) ?? 0) + 1)
      try {
        await operate(outcome, own, other, choice)
      } catch (error) {
        if (isUnavailable(error)) unavailable++
        else
          surprises.push(
            `${name}: ${error instanceof Leak ? 'LEAK ' : ''}${error instanceof Error ? error.stack : String(error)}`,
          )
      }
      if (outcome.operations >= nextKill) {
        nextKill += killEvery
        kills += await killSome(choice.of(['shard_1', 'shard_2']))
      }
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, index) => work(choices(seed + index))))

  const seconds = (performance.now() - started) / 1000
  const report = `fuzz seed=${seed} operations=${outcome.operations} seconds=${seconds.toFixed(1)} kills=${kills} unavailable=${unavailable}`
  process.stdout.write(`${report}\n`)
  expect(surprises, report).toEqual([])
  expect(outcome.operations).toBeGreaterThanOrEqual(wanted)
  expect([...counts.keys()].sort(), 'every kind of operation had its turn').toEqual(
    [...new Set(operations.map(([name]) => name))].sort(),
  )
  // A killed connection may fail what ran on it and no more.
  expect(unavailable, report).toBeLessThanOrEqual(kills * workers)

  await expectModel(report)
  await expectCleanPools()
})

/** Ends a few of the product's connections, as a crash of a server process or a network would. */
async function killSome(shard: string): Promise<number> {
  const text = `select pg_terminate_backend(pid)
    from (select pid from pg_stat_activity where usename = 'gi_app' and datname = current_database() order by random() limit 2) as victims`
  return (await withDirectConnection(world.shard(shard).adminUrl, (sql) => sql(text))).length
}

/** What the databases hold is what the schools wrote: nothing more, nothing less, and every row with its own mark. */
async function expectModel(report: string): Promise<void> {
  type Held = { tenant_id: string; id: string; last_name: string; identifiers: string }
  const text = `select s.tenant_id, s.id, s.last_name, count(i.folded) as identifiers
    from app.students as s
    left join app.student_identifiers as i on i.tenant_id = s.tenant_id and i.student_id = s.id and i.value = s.last_name
    group by s.tenant_id, s.id`
  const held = new Map<string, Held[]>()
  for (const shard of ['shard_1', 'shard_2'])
    for (const row of await withDirectConnection(world.shard(shard).adminUrl, (sql) => sql<Held>(text)))
      held.set(row.tenant_id, [...(held.get(row.tenant_id) ?? []), row])

  expect([...held.keys()].sort(), report).toEqual(schools.map(({ ctx }) => ctx.tenantId).sort())
  for (const { ctx, saved, perhaps, perhapsGone } of schools) {
    const rows = held.get(ctx.tenantId) ?? []
    const ids = new Set(rows.map((row) => row.id))
    expect(
      rows.filter((row) => row.last_name !== ctx.tenantId),
      `marks, ${report}`,
    ).toEqual([])
    expect(
      [...saved.keys()].filter((id) => !ids.has(id)),
      `lost, ${report}`,
    ).toEqual([])
    const unknown = rows.filter(({ id }) => !saved.has(id) && !perhaps.has(id) && !perhapsGone.has(id))
    expect(unknown, `appeared from nowhere, ${report}`).toEqual([])
    const torn = rows.filter(
      (row) => Number(row.identifiers) !== (saved.get(row.id) ?? perhaps.get(row.id) ?? Number(row.identifiers)),
    )
    expect(torn, `half-written, ${report}`).toEqual([])
  }
}

/** Afterwards every connection is idle, belongs to no school and shows no row. */
async function expectCleanPools(): Promise<void> {
  for (const { shard } of shardStatistics()) {
    const { acquire, giveBack, statistics } = shardPool(shard)
    const clients = await Promise.all(Array.from({ length: 4 }, () => acquire()))
    for (const client of clients) {
      const { rows } = await client.query(
        `select coalesce(current_setting('app.tenant_id', true), '') as tenant, (select count(*)::int from students) as visible`,
      )
      expect([client.getTransactionStatus(), rows]).toEqual(['I', [{ tenant: '', visible: 0 }]])
    }
    clients.forEach(giveBack)
    expect(statistics()).toMatchObject({ waiting: 0, idle: statistics().total })
  }
}

/** mulberry32: small, seeded, good enough to choose with. */
function choices(start: number): Choice {
  let state = start >>> 0
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    of: (list) => {
      const item = list[below(list.length)]
      if (item === undefined) throw new Error('nothing to choose from')
      return item
    },
  }
}
