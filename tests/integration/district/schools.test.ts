import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConsoleViewer } from '@/lib/auth/members'
import { consoleViewerOf } from '@/lib/auth/members'
import type { ConsoleRole } from '@/lib/auth/rights'
import { withDirectConnection } from '@/lib/db/direct'
import { listSchools } from '@/lib/district/schools'
import { newId } from '@/lib/ids'
import { addPeople } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

let world: World
let lakeland: string
let hillside: string

beforeAll(async () => {
  world = await createWorld({ shards: 3 })
  lakeland = await world.addDistrict({ slug: 'lakeland', name: 'Lakeland' })
  hillside = await world.addDistrict({ slug: 'hillside', name: 'Hillside' })
  const add = (slug: string, districtId: string | null, shard: string, status: 'active' | 'suspended' | 'read_only' = 'active') =>
    world.addSchool({ slug, name: `${slug} school`, districtId, shard, status })
  await addPeople(world, await add('northside', lakeland, 'shard_1'))
  await addPeople(world, await add('riverside', lakeland, 'shard_2'))
  await add('quiet', lakeland, 'shard_1', 'read_only')
  await add('closed', lakeland, 'shard_2', 'suspended')
  await add('far-away', lakeland, 'shard_3')
  await add('hilltop', hillside, 'shard_1')
  await add('alone', null, 'shard_1')
})
afterAll(() => world?.close())

function viewer(role: ConsoleRole, districtId: string | null): ConsoleViewer {
  return consoleViewerOf({ id: newId(), displayName: 'X', email: 'x@x.example', role, districtId, version: 1 })
}

const slugs = async (who: ConsoleViewer) => (await listSchools(who)).items.map(({ slug }) => slug)

test("a district's people see its schools, the operator every school, and nobody else any", async () => {
  const ofLakeland = ['closed', 'far-away', 'northside', 'quiet', 'riverside']
  expect(await slugs(viewer('district_admin', lakeland))).toEqual(ofLakeland)
  expect(await slugs(viewer('district_viewer', lakeland))).toEqual(ofLakeland)
  expect(await slugs(viewer('district_admin', hillside))).toEqual(['hilltop'])
  expect(await slugs(viewer('platform_operator', null))).toEqual([
    'alone',
    ...ofLakeland.slice(0, 2),
    'hilltop',
    ...ofLakeland.slice(2),
  ])
  await expect(listSchools(viewer('district_admin', null))).rejects.toMatchObject({ code: 'not_found' })
  // Even one who was given the right by mistake: without a district there is nothing.
  expect(await slugs({ ...viewer('district_viewer', lakeland), districtId: null })).toEqual([])
})

test('counts come from each shard, without a name in them; a closed school is not entered', async () => {
  const { items } = await listSchools(viewer('district_admin', lakeland))
  const bySlug = new Map(items.map((item) => [item.slug, item]))
  expect(bySlug.get('northside')).toMatchObject({
    ...{ shard: 'shard_1', status: 'active', district: 'Lakeland', reach: 'available' },
    size: { students: 3, classes: 2, grades: 4, lastImportAt: null },
  })
  expect(bySlug.get('riverside')).toMatchObject({ shard: 'shard_2', reach: 'available', size: { students: 3, grades: 4 } })
  expect(bySlug.get('quiet')).toMatchObject({ status: 'read_only', reach: 'available', size: { students: 0 } })
  expect(bySlug.get('closed')).toMatchObject({ status: 'suspended', reach: 'closed', size: null })
  expect(JSON.stringify(items)).not.toMatch(/Koval|Mariya|Hrytsenko/)
})

test('a suspension the registry has not heard of is the shard’s word: closed, not an error', async () => {
  const school = await world.addSchool({ slug: 'late-news', districtId: hillside })
  await withDirectConnection(world.shard('shard_1').adminUrl, (sql) =>
    sql(`update guard.tenant_home set state = 'suspended' where tenant_id = $1`, [school.tenantId]),
  )
  const { items } = await listSchools(viewer('district_admin', hillside))
  expect(items.map(({ slug, reach }) => [slug, reach])).toEqual([
    ['hilltop', 'available'],
    ['late-news', 'closed'],
  ])
})

test('pages by name serve one district only', async () => {
  const who = viewer('district_admin', lakeland)
  const first = await listSchools(who, { limit: 3 })
  const second = await listSchools(who, { limit: 3, cursor: first.nextCursor ?? '' })
  expect([first, second].map(({ items }) => items.map(({ slug }) => slug))).toEqual([
    ['closed', 'far-away', 'northside'],
    ['quiet', 'riverside'],
  ])
  expect(second.nextCursor).toBeNull()
  const borrowed = listSchools(viewer('district_admin', hillside), { cursor: first.nextCursor ?? '' })
  await expect(borrowed).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a shard that hangs makes its schools unavailable within the deadline and holds up no other', async () => {
  const who = viewer('district_admin', lakeland)
  await withDirectConnection(world.shard('shard_3').adminUrl, async (sql) => {
    await sql('begin')
    await sql('lock table guard.tenant_home in access exclusive mode')
    const start = performance.now()
    const { items } = await listSchools(who, { deadlineMs: 600 })
    expect(performance.now() - start).toBeLessThan(1_500)
    expect(items.filter(({ reach }) => reach === 'unavailable').map(({ slug, size }) => [slug, size])).toEqual([
      ['far-away', null],
    ])
    expect(items.find(({ slug }) => slug === 'northside')?.reach).toBe('available')
    await sql('rollback')
  })
})

test('a shard that is down makes its schools unavailable', async () => {
  const who = viewer('district_admin', lakeland)
  const { adminUrl } = world.shard('shard_3')
  const database = new URL(adminUrl).pathname.slice(1)
  await withDirectConnection(world.adminUrl, async (sql) => {
    await sql(`alter database ${database} with allow_connections false`)
    await sql('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database])
  })
  const { items } = await listSchools(who)
  expect(items.map(({ slug, reach }) => [slug, reach])).toEqual([
    ['closed', 'closed'],
    ['far-away', 'unavailable'],
    ['northside', 'available'],
    ['quiet', 'available'],
    ['riverside', 'available'],
  ])
})
