import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { purgeFiles } from '@/lib/jobs/purge'
import { closeRegistry } from '@/lib/tenancy/registry'
import { asAdmin, placeOf, plan } from '../imports/support'
import { addPeople, addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { withoutDatabase } from '../../support/outages'
import { createWorld, type World } from '../../support/world'

let world: World
let schools: readonly PeopledSchool[]

beforeAll(async () => {
  world = await createWorld({ shards: 2 })
  const { northside, riverside } = await addTwoSchools(world)
  const third = await addPeople(world, await world.addSchool({ slug: 'third', name: 'Third', shard: 'shard_1' }))
  schools = [northside, riverside, third]
})
afterAll(async () => {
  await closeRegistry()
  await closeAll()
  await world?.close()
})

const file = (quiz: string) => `last_name,first_name,email,${quiz}\nNew,Pupil,new.pupil@school.example,7\n`
const kept = async () =>
  Promise.all(
    schools.map(async (school) => {
      const [row] = await asAdmin(world, school, (sql) =>
        sql<{ count: number }>('select count(*)::int as count from app.import_files where tenant_id = $1', [school.tenantId]),
      )
      return row?.count
    }),
  )
const expire = (school: PeopledSchool) =>
  asAdmin(world, school, (sql) =>
    sql(
      `update app.import_files set created_at = now() - interval '91 days', expires_at = now() - interval '1 day'
       where tenant_id = $1 and import_id = (select import_id from app.import_files where tenant_id = $1 limit 1)`,
      [school.tenantId],
    ),
  )

it('files past their time go in every school, newer ones stay, and a shard that is away is left for tomorrow', async () => {
  for (const school of schools) {
    await plan(placeOf(school), file('Old quiz'))
    await plan(placeOf(school), file('New quiz'))
    await expire(school)
  }
  expect(await kept()).toEqual([2, 2, 2])
  await withoutDatabase(world.shard('shard_2').adminUrl, async () => {
    expect(await purgeFiles('test')).toBe(2)
  })
  expect(await kept()).toEqual([1, 2, 1])
  expect(await purgeFiles('test')).toBe(1)
  expect(await kept()).toEqual([1, 1, 1])
  expect(await purgeFiles('test')).toBe(0)
})
