import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withDirectConnection } from '@/lib/db/direct'
import { runIsolationCheck } from '@/lib/ops/isolation'
import { runMigrate } from '@/lib/ops/migrate'
import { createWorld, type World } from '../../support/world'

let world: World
beforeAll(async () => {
  world = await createWorld({ shards: 2 })
})
afterAll(() => world.close())

const onShard = (name: string, sql: string) => withDirectConnection(world.shard(name).adminUrl, (query) => query(sql))

describe('ops migrate and ops isolation check', () => {
  it('go through the control database and every shard', async () => {
    expect(await runMigrate([])).toBe('control: nothing to do\nshard_1: nothing to do\nshard_2: nothing to do')
    expect(await runMigrate(['--status'])).toBe('control: up to date\nshard_1: up to date\nshard_2: up to date')
    expect(await runMigrate(['--drift'])).toBe('control: no drift\nshard_1: no drift\nshard_2: no drift')
    expect(await runIsolationCheck()).toBe('shard_1: no hole found\nshard_2: no hole found')
  })

  it('name the shard with a hole and end with an error', async () => {
    await onShard('shard_2', 'alter table app.grades no force row level security')
    try {
      await expect(runIsolationCheck()).rejects.toMatchObject({
        code: 'conflict',
        message: 'shard_1: no hole found\nshard_2: 1 found\n  row_security_not_forced: app.grades',
      })
      await expect(runMigrate(['--drift'])).rejects.toMatchObject({
        message: expect.stringContaining(
          'shard_2: differs from this checkout\n  - table app.grades owned by gi_owner, row security forced',
        ),
      })
    } finally {
      await onShard('shard_2', 'alter table app.grades force row level security')
    }
  })

  it('do not call a fleet whole when a shard has no address or does not answer', async () => {
    const address = process.env.OWNER_URL_SHARD_2
    try {
      delete process.env.OWNER_URL_SHARD_2
      await expect(runIsolationCheck()).rejects.toThrow('shard_2: FAILED no address: OWNER_URL_SHARD_2 is not set')
      process.env.OWNER_URL_SHARD_2 = 'postgres://gi_migrator:x@127.0.0.1:1/nowhere'
      await expect(runMigrate(['--status'])).rejects.toThrow(/shard_1: up to date\nshard_2: FAILED Can't reach database server/)
    } finally {
      process.env.OWNER_URL_SHARD_2 = address
    }
  })

  it('refuse an option they do not know', async () => {
    await expect(runMigrate(['--force'])).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('the control database', () => {
  const bad: ReadonlyArray<readonly [what: string, sql: string, code: string]> = [
    ['overlapping ranges of schools', "insert into shard_ranges values ('shard_1', 1, 1000), ('shard_2', 1000, 2000)", '23P01'],
    [
      'a slug that is no host label',
      "insert into tenants (id, slug, name, shard_name) values (uuidv7(), 'North_side', 'N', 'shard_1')",
      '23514',
    ],
    [
      'a status nobody knows',
      "insert into tenants (id, slug, name, shard_name, status) values (uuidv7(), 'n', 'N', 'shard_1', 'gone')",
      '23514',
    ],
    [
      'a shard that does not exist',
      "insert into tenants (id, slug, name, shard_name) values (uuidv7(), 'n', 'N', 'shard_7')",
      '23503',
    ],
    [
      'a district admin without a district',
      "insert into console_members (id, email, display_name, password_hash, role) values (uuidv7(), 'a@x.org', 'A', 'x', 'district_admin')",
      '23514',
    ],
    ['a change of what was done', "update control_audit set action = 'x'", '42501'],
    ['a slug given free again', 'delete from slug_tombstones', '42501'],
    ['a forged migration', "insert into shard_migrations values ('shard_1', 'x', 'applied', null, now(), now())", '42501'],
    ['a table of its own', 'create table control.mine (id int)', '42501'],
  ]

  it.each(bad)('refuses %s', async (_, sql, code) => {
    await expect(withDirectConnection(world.controlUrl, (query) => query(sql))).rejects.toMatchObject({ code })
  })
})
