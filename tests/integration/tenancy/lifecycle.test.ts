import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { establishTenant } from '@/lib/tenancy/establish'
import { createTenant, offboardTenant, resumeTenant, setReadOnly, suspendTenant } from '@/lib/tenancy/lifecycle'
import { closeRegistry, findTenantBySlug, openRegistry } from '@/lib/tenancy/registry'
import type { TenantRecord } from '@/lib/tenancy/tenant'
import { createWorld, type World } from '../../support/world'

const operator = { actor: { kind: 'system', name: 'test' }, requestId: 'test' } as const
let world: World

beforeAll(async () => {
  world = await createWorld()
  await openRegistry()
})
afterAll(async () => {
  await closeRegistry()
  await closeAll()
  await world.close()
})

const control = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  withDirectConnection(world.adminUrl, (sql) => sql<Row>(text, values))
const home = async (record: TenantRecord) => {
  const [row] = await withDirectConnection(world.shard(record.shard).adminUrl, (sql) =>
    sql<{ epoch: number; state: string }>('select epoch, state from guard.tenant_home where tenant_id = $1', [record.tenantId]),
  )
  return row
}
const read = (record: TenantRecord) =>
  readTenant(establishTenant(record, 'test'), ({ sql, tenantId }) =>
    sql('select name from app.schools where tenant_id = $1', [tenantId]),
  )
const write = (record: TenantRecord) =>
  writeTenant(establishTenant(record, 'test'), ({ sql, tenantId }) =>
    sql('update app.schools set name = name where tenant_id = $1 returning name', [tenantId]),
  )

describe('making a school', () => {
  it('takes under two seconds and leaves it open for reading and writing', async () => {
    const began = performance.now()
    const made = await createTenant({ slug: 'northside', name: 'Northside', timeZone: 'America/New_York' }, operator)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(made).toMatchObject({ slug: 'northside', status: 'active', timeZone: 'America/New_York' })
    expect(await home(made)).toEqual({ epoch: made.epoch, state: 'active' })
    expect(await read(made)).toEqual([{ name: 'Northside' }])
    expect(await write(made)).toEqual([{ name: 'Northside' }])
  })

  it('twice, or twice at once, is one school', async () => {
    const [first, second] = await Promise.all([
      createTenant({ slug: 'riverside', name: 'Riverside' }, operator),
      createTenant({ slug: 'riverside', name: 'Riverside' }, operator),
    ])
    const third = await createTenant({ slug: 'riverside', name: 'Another name' }, operator)
    expect(new Set([first?.tenantId, second?.tenantId, third.tenantId]).size).toBe(1)
    expect(third.name).toBe('Riverside')
    expect(await control(`select slug from control.tenants where slug = 'riverside'`)).toHaveLength(1)
  })

  it('goes on where it stopped when its shard was away', async () => {
    vi.stubEnv('MOVER_URL_SHARD_2', 'postgres://nobody:wrong@127.0.0.1:1/nothing')
    await expect(createTenant({ slug: 'lakeside', name: 'Lakeside', shard: 'shard_2' }, operator)).rejects.toThrow()
    vi.unstubAllEnvs()
    const [row] = await control<{ id: string; status: string }>(`select id, status from control.tenants where slug = 'lakeside'`)
    expect(row?.status).toBe('provisioning')
    const made = await createTenant({ slug: 'lakeside', name: 'Lakeside' }, operator)
    expect(made).toMatchObject({ tenantId: row?.id, shard: 'shard_2', status: 'active' })
    expect(await read(made)).toEqual([{ name: 'Lakeside' }])
  })

  it.each(['www', 'Northside', 'a.b', '', 'xn--nrthside-3ih'])('refuses %j as an address', async (slug) => {
    await expect(createTenant({ slug, name: 'No' }, operator)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('refuses a shard that does not exist and one that is full', async () => {
    await control(`insert into control.shards (name, status) values ('shard_9', 'full')`)
    for (const shard of ['shard_9', 'shard_10'])
      await expect(createTenant({ slug: 'hillside', name: 'Hillside', shard }, operator)).rejects.toMatchObject({
        code: 'conflict',
      })
    expect(await control(`select 1 from control.tenants where slug = 'hillside'`)).toEqual([])
  })

  it('follows the ranges of numbers', async () => {
    const [next] = await control<{ next: number }>('select max(number) + 100 as next from control.tenants')
    const from = next?.next ?? 0
    await control(`select setval('control.tenants_number_seq', $1)`, [from])
    await control('insert into control.shard_ranges (shard_name, from_number, to_number) values ($1, $2, $3)', [
      'shard_2',
      from,
      from + 50,
    ])
    expect((await createTenant({ slug: 'in-range', name: 'In range' }, operator)).shard).toBe('shard_2')
    await control('delete from control.shard_ranges')
  })
})

describe('a school that is', () => {
  const make = (slug: string) => createTenant({ slug, name: slug }, operator)

  it('suspended refuses reads and writes, also to who holds the old route, until it is opened again', async () => {
    const before = await make('to-suspend')
    const suspended = await suspendTenant(before.slug, operator)
    expect(suspended.epoch).toBeGreaterThan(before.epoch)
    expect(await home(suspended)).toEqual({ epoch: suspended.epoch, state: 'suspended' })
    for (const route of [before, suspended]) {
      await expect(read(route)).rejects.toMatchObject({ code: 'school_suspended' })
      await expect(write(route)).rejects.toMatchObject({ code: 'school_suspended' })
    }
    const open = await resumeTenant(before.slug, operator)
    expect(await read(open)).toEqual([{ name: 'to-suspend' }])
    expect(await read(before)).toEqual([{ name: 'to-suspend' }])
  })

  it('read-only is read and not written', async () => {
    const before = await make('to-freeze')
    const frozen = await setReadOnly(before.slug, operator)
    expect(await read(frozen)).toEqual([{ name: 'to-freeze' }])
    await expect(write(frozen)).rejects.toMatchObject({ code: 'school_read_only' })
    await expect(write(before)).rejects.toMatchObject({ code: 'school_read_only' })
  })

  it('closed for good is nothing, and its address is never given away', async () => {
    const before = await make('to-close')
    const gone = await offboardTenant(before.slug, operator)
    expect(gone.status).toBe('offboarded')
    await expect(read(before)).rejects.toMatchObject({ code: 'school_suspended' })
    await expect(make('to-close')).rejects.toMatchObject({ code: 'conflict' })
    await expect(resumeTenant('to-close', operator)).rejects.toMatchObject({ code: 'conflict' })
    expect(await control(`select slug from control.slug_tombstones where slug = 'to-close'`)).toHaveLength(1)
  })

  it('already in the wanted state is left alone', async () => {
    const made = await make('twice')
    const once = await suspendTenant(made.slug, operator)
    expect(await suspendTenant(made.slug, operator)).toEqual(once)
  })

  it('half changed by a crash is closed, and repeating the command completes it', async () => {
    const before = await make('crashed')
    // What a crash between the two steps leaves: the shard has changed, the registry has not.
    await withDirectConnection(world.shard(before.shard).adminUrl, (sql) =>
      sql(`update guard.tenant_home set epoch = epoch + 1, state = 'suspended' where tenant_id = $1`, [before.tenantId]),
    )
    await expect(read(before)).rejects.toMatchObject({ code: 'unavailable' })
    const suspended = await suspendTenant(before.slug, operator)
    expect(await home(suspended)).toEqual({ epoch: suspended.epoch, state: 'suspended' })
    await expect(read(before)).rejects.toMatchObject({ code: 'school_suspended' })
    const open = await resumeTenant(before.slug, operator)
    expect(await read(open)).toHaveLength(1)
  })

  it('not there is not found', async () => {
    await expect(suspendTenant('no-such-school', operator)).rejects.toMatchObject({ code: 'not_found' })
    expect(await findTenantBySlug('no-such-school')).toBeNull()
  })
})

it('waits for running writes before it says suspended', async () => {
  const school = await createTenant({ slug: 'busy', name: 'Busy' }, operator)
  const ctx = establishTenant(school, 'test')
  const order: string[] = []
  let finish = () => {}
  let started = () => {}
  const isStarted = new Promise<void>((resolve) => {
    started = resolve
  })
  const writing = writeTenant(ctx, async ({ sql }) => {
    await sql(`update app.schools set name = 'Busier' where tenant_id = $1`, [ctx.tenantId])
    started()
    await new Promise<void>((resolve) => {
      finish = resolve
    })
  }).then(() => order.push('written'))
  await isStarted
  const suspending = suspendTenant('busy', operator).then(() => order.push('suspended'))
  const isWaiting = async () =>
    (
      await withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
        sql(
          `select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
        ),
      )
    ).length > 0
  await vi.waitUntil(isWaiting, { timeout: 5_000, interval: 20 })
  finish()
  await Promise.all([writing, suspending])
  expect(order).toEqual(['written', 'suspended'])
})

it('writes each step to the control audit', async () => {
  const school = await createTenant({ slug: 'audited', name: 'Audited' }, operator)
  await suspendTenant(school.slug, operator)
  const rows = await control<{ action: string; actor: string }>(
    'select action, actor from control.control_audit where tenant_id = $1 order by at',
    [school.tenantId],
  )
  expect(rows).toEqual([
    { action: 'school.create', actor: 'system:test' },
    { action: 'school.suspend', actor: 'system:test' },
  ])
})
