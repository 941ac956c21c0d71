import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { assertSafeRole, assertSafeRoles, UnsafeRoleError } from '@/lib/db/shards'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { createWorld, type World } from '../../support/world'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterEach(() => use(world.shard('shard_2').url))
afterAll(async () => {
  await closeAll()
  await world?.close()
})

/** The process is given this address for shard_2. */
async function use(url: string): Promise<void> {
  await closeAll()
  process.env.SHARD_URL_SHARD_2 = url
}

test('the web role is let in, directly and on every shard', async () => {
  await use(world.shard('shard_2').url)
  await assertSafeRole('shard_2')
  await assertSafeRoles()
})

test.each([
  ['a superuser', 'adminUrl', /is superuser/],
  ['the owner’s role', 'ownerUrl', /is member of another role/],
  ['the role that passes row-level security', 'moverUrl', /bypasses row level security/],
] as const)('a process with %s for a shard does not serve, and says why', async (_, address, why) => {
  await use(world.shard('shard_2')[address])
  await expect(assertSafeRoles()).rejects.toThrow(why)
  await expect(assertSafeRoles()).rejects.toThrow('The role of shard shard_2 is not safe')
})

test('a shard that is away does not keep the others from serving', async () => {
  const away = new URL(world.shard('shard_2').url)
  away.port = '1'
  await use(away.href)
  await assertSafeRoles()
})

test('a shard that was away at the start and comes back with another role serves nobody', async () => {
  const school = await world.addSchool({ shard: 'shard_2' })
  const away = new URL(world.shard('shard_2').adminUrl)
  away.port = '1'
  await use(away.href)
  await assertSafeRoles()
  await use(world.shard('shard_2').adminUrl)
  const seen: unknown[] = []
  const names = readTenant(school.ctx, async ({ sql, tenantId }) => {
    seen.push(...(await sql('select name from app.schools where tenant_id = $1', [tenantId])))
  })
  await expect(names).rejects.toThrow(UnsafeRoleError)
  await expect(writeTenant(school.ctx, ({ sql }) => sql('select 1'))).rejects.toThrow(UnsafeRoleError)
  expect(seen).toEqual([])
  await use(world.shard('shard_2').url)
  await readTenant(school.ctx, async ({ sql, tenantId }) => {
    seen.push(...(await sql('select name from app.schools where tenant_id = $1', [tenantId])))
  })
  expect(seen).toHaveLength(1)
})
