import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { readTenant } from '@/lib/db/tenant-db'
import { metrics } from '@/lib/metrics'
import { closeRedis, redis, redisReady } from '@/lib/redis'
import { establishTenant } from '@/lib/tenancy/establish'
import { createTenant, resumeTenant, suspendTenant } from '@/lib/tenancy/lifecycle'
import { closeRegistry, findTenantById, findTenantBySlug, openRegistry } from '@/lib/tenancy/registry'
import { redisCopies } from '@/lib/tenancy/registry-redis'
import type { TenantRecord } from '@/lib/tenancy/tenant'
import { createWorld, type World } from '../../support/world'

const operator = { actor: { kind: 'system', name: 'test' }, requestId: 'test' } as const

/** Asks until the answer is the wanted one; fails after `withinMs`, which is the promise under test. */
async function becomes<T>(ask: () => Promise<T>, isWanted: (value: T) => boolean, withinMs: number): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await ask()
    if (isWanted(value)) return value
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after ${withinMs} ms`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function queries(): Promise<number> {
  return (await metrics.registryQueries.get()).values[0]?.value ?? 0
}

/** The registry as another process has it: every module anew, and with it every cache. */
async function anotherProcess() {
  vi.resetModules()
  const symbols = Object.getOwnPropertySymbols(globalThis).filter((symbol) => symbol.description?.startsWith('grade-insight.'))
  const shared = globalThis as unknown as Record<symbol, unknown>
  const ours = symbols.map((symbol) => [symbol, shared[symbol]] as const)
  for (const [symbol] of ours) delete shared[symbol]
  const registry = await import('@/lib/tenancy/registry')
  const { closeAll: closeTheirs } = await import('@/lib/db/close')
  const { closeRedis: closeTheirRedis } = await import('@/lib/redis')
  await registry.openRegistry()
  const theirs = Object.getOwnPropertySymbols(globalThis)
    .filter((symbol) => symbol.description?.startsWith('grade-insight.'))
    .map((symbol) => [symbol, shared[symbol]] as const)
  const become = (values: readonly (readonly [symbol, unknown])[]) => {
    for (const [symbol, value] of values) shared[symbol] = value
  }
  become(ours)
  const asThem = async <T>(work: () => Promise<T>): Promise<T> => {
    become(theirs)
    try {
      return await work()
    } finally {
      become(ours)
    }
  }
  return {
    findTenantBySlug: (slug: string) => asThem(() => registry.findTenantBySlug(slug)),
    close: () =>
      asThem(async () => {
        await registry.closeRegistry()
        closeTheirRedis()
        await closeTheirs()
      }),
  }
}

describe.each([
  ['Redis', true],
  ['LISTEN/NOTIFY', false],
])('the registry over %s', (_transport, hasRedis) => {
  let world: World

  beforeAll(async () => {
    world = await createWorld({ redis: hasRedis })
    await openRegistry()
  })
  afterAll(async () => {
    await closeRegistry()
    closeRedis()
    await closeAll()
    await world.close()
  })

  it('finds a school by slug and by id, and nothing for another name', async () => {
    const { record } = await world.addSchool()
    expect(await findTenantBySlug(record.slug)).toEqual(record)
    expect(await findTenantById(record.tenantId)).toEqual(record)
    expect(await findTenantBySlug('no-such-school')).toBeNull()
  })

  it('asks the database once for 500 visitors of one school', async () => {
    const { record } = await world.addSchool()
    const before = await queries()
    const found = await Promise.all(Array.from({ length: 500 }, () => findTenantBySlug(record.slug)))
    expect(found).toEqual(Array.from({ length: 500 }, () => record))
    expect((await queries()) - before).toBe(1)
  })

  it('keeps a flood of random names from flooding the database, and still answers a real one among them', async () => {
    const { record } = await world.addSchool()
    const before = await queries()
    const began = performance.now()
    const flood = Array.from({ length: 4_000 }, (_, index) => findTenantBySlug(`random-${index}`))
    const real = findTenantBySlug(record.slug)
    const answers = await Promise.allSettled(flood)
    const seconds = (performance.now() - began) / 1000
    expect(await real).toEqual(record)
    expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value === null)).toHaveLength(4_000)
    expect((await queries()) - before).toBeLessThanOrEqual(10 + 50 * seconds)
  })

  it('shows a change within a second here and in another process', async () => {
    const { slug } = await createTenant({ slug: `moving-${hasRedis ? 'a' : 'b'}`, name: 'Moving' }, operator)
    const other = await anotherProcess()
    try {
      expect((await other.findTenantBySlug(slug))?.status).toBe('active')
      expect((await findTenantBySlug(slug))?.status).toBe('active')
      const suspended = await suspendTenant(slug, operator)
      const isSuspended = (record: TenantRecord | null) => record?.status === 'suspended' && record.epoch === suspended.epoch
      await becomes(() => findTenantBySlug(slug), isSuspended, 1_000)
      await becomes(() => other.findTenantBySlug(slug), isSuspended, 1_000)
    } finally {
      await other.close()
    }
  })

  it('is one cache for every copy of its modules in a process', async () => {
    const { record } = await world.addSchool()
    await findTenantBySlug(record.slug)
    vi.resetModules()
    const copy = await import('@/lib/tenancy/registry')
    expect(copy.findTenantBySlug).not.toBe(findTenantBySlug)
    const before = await queries()
    expect(await copy.findTenantBySlug(record.slug)).toBe(await findTenantBySlug(record.slug))
    expect(await queries()).toBe(before)
  })

  it('finds a school that was just made although somebody looked for it before', async () => {
    const slug = `just-made-${hasRedis ? 'a' : 'b'}`
    expect(await findTenantBySlug(slug)).toBeNull()
    await createTenant({ slug, name: 'Just made' }, operator)
    await becomes(
      () => findTenantBySlug(slug),
      (record) => record?.status === 'active',
      1_000,
    )
  })

  it('publishes what another process left in the outbox', async () => {
    const { record } = await world.addSchool()
    await findTenantBySlug(record.slug)
    await withDirectConnection(world.adminUrl, async (sql) => {
      await sql(`update control.tenants set epoch = 7, name = 'Renamed' where id = $1`, [record.tenantId])
      await sql('insert into control.registry_outbox (tenant_id, slug, epoch) values ($1, $2, 7)', [record.tenantId, record.slug])
    })
    await becomes(
      () => findTenantBySlug(record.slug),
      (found) => found?.name === 'Renamed',
      3_000,
    )
  })

  it('goes on routing known schools while the control database is away', async () => {
    const { record } = await world.addSchool()
    await findTenantBySlug(record.slug)
    const database = new URL(world.adminUrl).pathname.slice(1)
    const onServer = new URL(world.adminUrl)
    onServer.pathname = '/postgres'
    await withDirectConnection(onServer.href, async (sql) => {
      await sql(`alter database ${database} with allow_connections false`)
      await sql('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database])
    })
    try {
      expect(await findTenantBySlug(record.slug)).toEqual(record)
      await expect(findTenantBySlug('never-seen-before')).rejects.toMatchObject({ code: 'unavailable' })
    } finally {
      await withDirectConnection(onServer.href, (sql) => sql(`alter database ${database} with allow_connections true`))
    }
    await becomes(
      () => findTenantBySlug('never-seen-before').catch(() => 'unavailable' as const),
      (found) => found === null,
      5_000,
    )
  })
})

async function connected() {
  const client = redis()
  if (client === null || !(await redisReady(client, 5_000))) throw new Error('this world has Redis')
  return client
}

describe('Redis, when it is', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ redis: true })
    await openRegistry()
  })
  afterAll(async () => {
    await closeRegistry()
    closeRedis()
    await closeAll()
    await world.close()
  })
  afterEach(async () => {
    world.redis?.resume()
    await world.redis?.stop()
    await world.redis?.start()
  })

  const faults = [
    ['stopped', async () => world.redis?.stop()],
    ['hung', async () => world.redis?.pause()],
    ['flushed', async () => redis()?.flushall()],
  ] as const

  it.each(faults)('%s: schools go on, new ones are found, and a suspended one stays suspended', async (what, breakRedis) => {
    const open = await createTenant({ slug: `open-${what}`, name: 'Open' }, operator)
    const closed = await createTenant({ slug: `closed-${what}`, name: 'Closed' }, operator)
    const before = await findTenantBySlug(closed.slug)
    expect(before?.status).toBe('active')
    await findTenantBySlug(open.slug)

    await breakRedis()
    await suspendTenant(closed.slug, operator)
    expect(await findTenantBySlug(open.slug)).toEqual(open)
    const made = await createTenant({ slug: `made-${what}`, name: 'Made' }, operator)
    await becomes(
      () => findTenantBySlug(made.slug),
      (record) => record?.status === 'active',
      3_000,
    )

    // With the route as it was cached before: the shard refuses, the door asks again, and it stays refused.
    const stale = establishTenant(before ?? closed, 'test')
    await expect(readTenant(stale, ({ sql }) => sql('select 1'))).rejects.toMatchObject({ code: 'school_suspended' })
    const ctx = establishTenant(open, 'test')
    expect(await readTenant(ctx, ({ sql }) => sql('select name from app.schools where tenant_id = $1', [ctx.tenantId]))).toEqual([
      { name: 'Open' },
    ])
    await resumeTenant(closed.slug, operator)
  })

  it('does not let an older writer replace a newer epoch, nor an absence replace a school', async () => {
    const { record } = await world.addSchool()
    const client = await connected()
    const copies = redisCopies(client)
    const newer = { ...record, epoch: 9 }
    await copies.keep(newer)
    await copies.keep({ ...record, epoch: 8 })
    await copies.keepAbsence(record.slug)
    expect(await copies.bySlug(record.slug)).toEqual(newer)
    await copies.keep({ ...record, epoch: 10 })
    expect(await copies.byId(record.tenantId)).toEqual({ ...record, epoch: 10 })

    await copies.keepAbsence('nobody')
    expect(await copies.bySlug('nobody')).toBe('absent')
    await copies.keep({ ...record, slug: 'nobody' })
    expect(await copies.bySlug('nobody')).toEqual({ ...record, slug: 'nobody' })
  })

  it('holds rubbish: it is no answer', async () => {
    const { record } = await world.addSchool()
    const client = await connected()
    await client.set(`gi:registry:1:slug:${record.slug}`, '99 {"slug":"riverside"}')
    expect(await redisCopies(client).bySlug(record.slug)).toBe('unknown')
    expect(await findTenantBySlug(record.slug)).toEqual(record)
  })
})
