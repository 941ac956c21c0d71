import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { bootstrapControl, bootstrapShard, databaseUrl } from '@/lib/db/bootstrap'
import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { type Fleet, findFleet, fleetDrift, fleetStatus, migrateFleet } from '@/lib/db/fleet'
import { type DatabaseKind, findDrift, migrateControl, migrateShard, migrationStatus } from '@/lib/db/migrations'
import { roleUrl } from '@/lib/ops/local-databases'
import { createWorld, type World } from '../../support/world'

const servers = inject('servers')
const made: string[] = []

afterAll(async () => {
  for (const database of made)
    await withDirectConnection(servers.adminUrl, (sql) => sql(`drop database if exists ${database} with (force)`))
})

type Fresh = Readonly<{ ownerUrl: string; admin: <T>(fn: (sql: DirectSql) => Promise<T>) => Promise<T> }>

/** A database with its schemas and nothing in them. */
async function makeDatabase(kind: DatabaseKind): Promise<Fresh> {
  const database = `m_${kind}_${randomBytes(5).toString('hex')}`
  made.push(database)
  const bootstrap = kind === 'shard' ? bootstrapShard : bootstrapControl
  await bootstrap({ adminUrl: servers.adminUrl, database, passwords: {} })
  return {
    ownerUrl: roleUrl(servers.adminUrl, servers.passwords, 'gi_migrator', database),
    admin: (fn) => withDirectConnection(databaseUrl(servers.adminUrl, database), fn),
  }
}

const nothing = { pending: [], failed: [], edited: [], unknown: [] }

describe('a new database', () => {
  it('can be made several at a time, and again', async () => {
    const database = `m_again_${randomBytes(5).toString('hex')}`
    made.push(database)
    const options = { adminUrl: servers.adminUrl, database, passwords: {} }
    await Promise.all([bootstrapShard(options), bootstrapShard(options), makeDatabase('shard'), makeDatabase('control')])
    await bootstrapShard(options)
  })

  it('sorts text the same way on every machine', async () => {
    const { admin } = await makeDatabase('shard')
    const [row] = await admin((sql) =>
      sql('select datlocprovider::text as provider, datlocale as locale from pg_database where datname = current_database()'),
    )
    expect(row).toEqual({ provider: 'b', locale: 'C.UTF-8' })
  })

  it('lets the app sign in and do nothing before the first migration', async () => {
    const { ownerUrl } = await makeDatabase('shard')
    const database = new URL(ownerUrl).pathname.slice(1)
    await withDirectConnection(roleUrl(servers.adminUrl, servers.passwords, 'gi_app', database), async (sql) => {
      await expect(sql('create table app.mine (id int)')).rejects.toMatchObject({ code: '42501' })
      await expect(sql('create temporary table mine (id int)')).rejects.toMatchObject({ code: '42501' })
    })
    const elsewhere = roleUrl(servers.adminUrl, servers.passwords, 'gi_control', database)
    await expect(withDirectConnection(elsewhere, (sql) => sql('select 1'))).rejects.toMatchObject({ code: '42501' })
  })
})

describe.each([
  ['shard', migrateShard],
  ['control', migrateControl],
] as const)('migrating the %s database', (kind, migrate) => {
  it('applies everything once; a second time changes nothing', async () => {
    const { ownerUrl } = await makeDatabase(kind)
    const { pending } = await migrationStatus(kind, ownerUrl)
    expect(pending.length).toBeGreaterThan(0)
    expect(await migrate(ownerUrl)).toEqual(pending)
    expect(await migrate(ownerUrl)).toEqual([])
    expect(await migrationStatus(kind, ownerUrl)).toEqual(nothing)
  })

  it('two at once take turns', async () => {
    const { ownerUrl, admin } = await makeDatabase(kind)
    const applied = await Promise.all([migrate(ownerUrl), migrate(ownerUrl), migrate(ownerUrl)])
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    const [row] = await admin((sql) => sql<{ count: number }>('select count(*)::int as count from migration._prisma_migrations'))
    // The queue's own migrations are counted by the queue.
    expect(row?.count).toBe(applied.flat().filter((name) => !name.startsWith('queue_')).length)
  })

  it('reaches schema.prisma and the committed catalogue, to the last grant', async () => {
    const { ownerUrl } = await makeDatabase(kind)
    await migrate(ownerUrl)
    expect(await findDrift(kind, ownerUrl)).toEqual([])
  })

  it('refuses when an applied migration was edited since', async () => {
    const { ownerUrl, admin } = await makeDatabase(kind)
    const [first] = await migrate(ownerUrl)
    await admin((sql) => sql("update migration._prisma_migrations set checksum = 'another' where migration_name = $1", [first]))
    await expect(migrate(ownerUrl)).rejects.toThrow(`Edited after it was applied: ${first}`)
    expect(await migrationStatus(kind, ownerUrl)).toEqual({ ...nothing, edited: [first] })
  })

  it('says when a newer release ran here', async () => {
    const { ownerUrl, admin } = await makeDatabase(kind)
    await migrate(ownerUrl)
    await admin((sql) =>
      sql(`insert into migration._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
           values ('x', 'x', '20990101000000_later', now(), now(), 1)`),
    )
    expect(await migrationStatus(kind, ownerUrl)).toEqual({ ...nothing, unknown: ['20990101000000_later'] })
  })
})

describe('drift', () => {
  let shard: Fresh
  beforeAll(async () => {
    shard = await makeDatabase('shard')
    await migrateShard(shard.ownerUrl)
  })

  const changes: ReadonlyArray<readonly [what: string, change: string, undo: string, line: RegExp]> = [
    ['a column', 'alter table app.tags add colour text', 'alter table app.tags drop colour', /DROP COLUMN "colour"/],
    ['an index', 'create index stray on app.tags (tenant_id, name)', 'drop index app.stray', /DROP INDEX "app"."stray"/],
    [
      'row security',
      'alter table app.tags no force row level security',
      'alter table app.tags force row level security',
      /^- table app.tags .*forced/,
    ],
    ['a policy', 'create policy p on app.tags using (true)', 'drop policy p on app.tags', /^\+ policy p on app.tags/],
    [
      'a grant',
      'grant select on app.tags to gi_console',
      'revoke select on app.tags from gi_console',
      /^\+ right on app.tags: SELECT to gi_console/,
    ],
    [
      'a trigger',
      'alter table app.grades disable trigger have_parents',
      'alter table app.grades enable trigger have_parents',
      /^- trigger on app.grades \(O\)/,
    ],
    [
      'a foreign key',
      'alter table app.tags disable trigger all',
      'alter table app.tags enable trigger all',
      /^\+ foreign key of app.tags switched off/,
    ],
    [
      'a function',
      'alter function app.audit_chain() security definer',
      'alter function app.audit_chain() security invoker',
      /^- function app.audit_chain/,
    ],
    [
      'a rule of the data',
      'alter table app.terms drop constraint terms_check',
      'alter table app.terms add check (starts_on <= ends_on)',
      /^- constraint on app.terms: terms_check/,
    ],
    [
      'a default right',
      'alter default privileges for role gi_owner grant select on tables to gi_app',
      'alter default privileges for role gi_owner revoke select on tables from gi_app',
      /^\+ right on new r of gi_owner/,
    ],
    ['a table elsewhere', 'create table public.notes (id int)', 'drop table public.notes', /^\+ table public.notes/],
  ]

  it.each(changes)('shows %s that nobody migrated', async (_, change, undo, line) => {
    await shard.admin((sql) => sql(change))
    expect(await findDrift('shard', shard.ownerUrl)).toContainEqual(expect.stringMatching(line))
    await shard.admin((sql) => sql(undo))
    expect(await findDrift('shard', shard.ownerUrl)).toEqual([])
  })
})

describe('the fleet', () => {
  let world: World
  let broken: Fresh
  let later: Fresh
  let fleet: Fleet

  beforeAll(async () => {
    world = await createWorld({ shards: 1 })
    broken = await makeDatabase('shard')
    later = await makeDatabase('shard')
    await broken.admin((sql) => sql('create function app.audit_chain() returns int language sql return 1'))
    await withDirectConnection(world.controlOwnerUrl, (sql) =>
      sql("insert into control.shards (name) values ('shard_2'), ('shard_3'), ('shard_8'), ('shard_9')"),
    )
    const addresses = new Map([
      ['shard_1', world.shard('shard_1').ownerUrl],
      ['shard_2', broken.ownerUrl],
      ['shard_3', later.ownerUrl],
      ['shard_8', 'postgres://gi_migrator:x@127.0.0.1:1/nowhere'],
    ])
    fleet = await findFleet(world.controlOwnerUrl, ['shard_1'], (name) => addresses.get(name))
  })
  afterAll(() => world.close())

  const recorded = () =>
    withDirectConnection(world.controlUrl, (sql) =>
      sql<{ shard_name: string; migration: string; state: string; detail: string | null }>(
        'select shard_name, migration, state, detail from control.shard_migrations order by shard_name, migration',
      ),
    )

  it('reports the shard that fails, and the others go on', async () => {
    const results = await migrateFleet(fleet)
    expect(results.map(({ name, isDone }) => [name, isDone])).toEqual([
      ['control', true],
      ['shard_1', true],
      ['shard_2', false],
      ['shard_3', true],
      ['shard_8', false],
      ['shard_9', false],
    ])
    expect(results[2]).toMatchObject({ error: expect.stringContaining('function "audit_chain" already exists') })
    expect(results[5]).toMatchObject({ error: 'no address: OWNER_URL_SHARD_9 is not set' })
    expect(await migrationStatus('shard', later.ownerUrl)).toEqual(nothing)
  })

  it('keeps on a failed shard what was there before, and nothing of what failed', async () => {
    const { failed, pending } = await migrationStatus('shard', broken.ownerUrl)
    expect(failed).toHaveLength(1)
    expect(pending.filter((name) => name < (failed[0] ?? ''))).toEqual([])
    const applied = (await recorded()).filter(({ shard_name }) => shard_name === 'shard_2')
    expect(applied).toEqual([expect.objectContaining({ migration: failed[0], state: 'failed' })])
    const rows = await broken.admin((sql) => sql("select from pg_trigger where tgname = 'chain'"))
    expect(rows).toEqual([])
  })

  it('shows where everybody stands', async () => {
    const status = await fleetStatus(fleet)
    expect(status[1]).toMatchObject({ name: 'shard_1', isDone: true, value: nothing })
    expect(status[2]).toMatchObject({
      name: 'shard_2',
      isDone: true,
      value: { failed: [expect.stringContaining('audit_chain')] },
    })
    expect(status[4]).toMatchObject({ name: 'shard_8', isDone: false })
    expect((await fleetDrift(fleet))[1]).toMatchObject({ name: 'shard_1', value: [] })
  })

  it('does not run a failed migration again until told to, and then finishes', async () => {
    expect((await migrateFleet(fleet))[2]).toMatchObject({ error: expect.stringContaining('Failed before') })
    await broken.admin((sql) => sql('drop function app.audit_chain()'))
    expect((await migrateFleet(fleet, { isRetry: true }))[2]).toMatchObject({ isDone: true })
    expect(await migrationStatus('shard', broken.ownerUrl)).toEqual(nothing)
    const states = (await recorded()).filter(({ shard_name }) => shard_name === 'shard_2').map(({ state }) => state)
    expect(new Set(states)).toEqual(new Set(['applied']))
  })

  it('twice, and two at once, change nothing more', async () => {
    const before = await recorded()
    const both = await Promise.all([migrateFleet(fleet), migrateFleet(fleet)])
    for (const results of both)
      expect(results.slice(0, 4).map((result) => result.isDone && result.value)).toEqual([[], [], [], []])
    expect((await recorded()).filter(({ state }) => state === 'applied')).toEqual(
      before.filter(({ state }) => state === 'applied'),
    )
  })

  it('touches no shard when the control database fails', async () => {
    const untouched = await makeDatabase('shard')
    const failing = {
      controlOwnerUrl: 'postgres://gi_migrator:x@127.0.0.1:1/control',
      shards: new Map([['shard_1', untouched.ownerUrl]]),
    }
    await expect(migrateFleet(failing)).rejects.toThrow('ECONNREFUSED')
    expect((await migrationStatus('shard', untouched.ownerUrl)).pending.length).toBeGreaterThan(0)
  })
})
