import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { closeControl, controlSql, controlStatistics, prismaControl, withControl } from '@/lib/db/control-db'
import { isUnreachable } from '@/lib/db/failures'
import { forgetEnv } from '@/lib/env'
import { newId } from '@/lib/ids'
import { createWorld, type World } from '../../support/world'
import { type FaultyNetwork, startFaultyNetwork } from './faulty-network'

let world: World
let network: FaultyNetwork

beforeAll(async () => {
  world = await createWorld({ shards: 1, pgbouncer: true })
  network = await startFaultyNetwork(world.controlUrl)
})

beforeEach(() => use(world.controlUrl))

afterAll(async () => {
  await closeAll()
  await network?.close()
  await world?.close()
})

const districts = (slug: string) => controlSql<{ name: string }>('select name from control.districts where slug = $1', [slug])
const insert = 'insert into control.districts (id, slug, name) values ($1, $2, $3)'

test('one query, several in a transaction, and Prisma see the same database', async () => {
  await withControl(async ({ sql }) => {
    await sql(insert, [newId(), 'lakeside', 'Lakeside'])
    expect(await sql('select name from control.districts where slug = $1', ['lakeside'])).toHaveLength(1)
    expect(await districts('lakeside')).toEqual([])
  })
  expect(await districts('lakeside')).toEqual([{ name: 'Lakeside' }])
  expect(await prismaControl().district.findFirst({ where: { slug: 'lakeside' } })).toMatchObject({ name: 'Lakeside' })
  const [count] = await prismaControl().$transaction([prismaControl().district.count()])
  expect(count).toBeGreaterThan(0)
  expect(controlStatistics()).toMatchObject({ waiting: 0 })
})

test('a transaction that fails leaves nothing, also when the failure was caught', async () => {
  const failing = withControl(async ({ sql }) => {
    await sql(insert, [newId(), 'nowhere', 'Nowhere'])
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  const caught = withControl(async ({ sql }) => {
    await sql(insert, [newId(), 'nowhere', 'Nowhere'])
    await sql('select 1 / 0').catch(() => {})
  })
  await expect(caught).rejects.toThrow(/rolled back/)
  expect(await districts('nowhere')).toEqual([])
})

test('a control database that says nothing is given up within four seconds, and found again', async () => {
  await use(network.urlThrough(world.controlUrl))
  expect(await districts('x')).toEqual([])
  network.when('', 'silence')
  const started = performance.now()
  const error: unknown = await districts('x').catch((reason: unknown) => reason)
  expect(isUnreachable(error)).toBe(true)
  expect(performance.now() - started).toBeLessThan(4_500)
  network.when(null)
  network.cut()
  expect(await districts('x')).toEqual([])
})

test('a control database that is not there is said at once', async () => {
  await use('postgres://gi_control:x@127.0.0.1:1/control')
  const error: unknown = await districts('x').catch((reason: unknown) => reason)
  expect(isUnreachable(error)).toBe(true)
  await expect(withControl(async () => {})).rejects.toSatisfy(isUnreachable)
})

async function use(url: string): Promise<void> {
  await closeControl()
  process.env.CONTROL_URL = url
  forgetEnv()
}
