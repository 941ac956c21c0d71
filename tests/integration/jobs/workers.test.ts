import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { loadProgress } from '@/lib/jobs/load-progress'
import { startPlan } from '@/lib/jobs/start'
import { beat, type QueueSql, stopBeating, sweep } from '@/lib/jobs/workers'
import { closeRegistry } from '@/lib/tenancy/registry'
import { withoutDatabase } from '../../support/outages'
import { placeOf, type Place } from '../imports/support'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { largeFile, startWorkerOf, waitFor, waitForEnd } from './support'

let world: World
let northside: PeopledSchool
let place: Place
let queue: pg.Pool
const sql: QueueSql = async <Row>(text: string, values: readonly unknown[] = []) =>
  (await queue.query(text, [...values])).rows as Row[]

beforeAll(async () => {
  world = await createWorld({ shards: 2 })
  ;({ northside } = await addTwoSchools(world))
  place = placeOf(northside)
  queue = new pg.Pool({ connectionString: world.env.CONTROL_WORKER_URL, max: 2 })
  // The outage below breaks its idle connections as well.
  queue.on('error', () => {})
})
afterAll(async () => {
  await queue.end()
  await closeRegistry()
  await closeAll()
  await world?.close()
})

let round = 0
async function waiting(): Promise<string> {
  const file = largeFile(northside, { rows: 900, columns: 50, round: ++round })
  const started = await startPlan(place.ctx, place.viewer, { ...place, file })
  if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
  return started.importId
}

const take = (importId: string, { by, secondsAgo, attempts = 1 }: { by: string; secondsAgo: number; attempts?: number }) =>
  sql(
    `with job as (
       update queue._private_jobs set locked_by = $2, locked_at = now() - make_interval(secs => $3), attempts = $4
       where key like '%' || $1 || '%' returning job_queue_id)
     update queue._private_job_queues as school set locked_by = $2, locked_at = now() - make_interval(secs => $3)
     from job where school.id = job.job_queue_id`,
    [importId, by, secondsAgo, attempts],
  )
const holders = async () =>
  (await sql<{ by: string }>('select distinct locked_by as by from queue._private_jobs where locked_by is not null')).map(
    ({ by }) => by,
  )

describe('the jobs of a worker', () => {
  it('that beats are left to it, however long they take; of one that is silent they are free', async () => {
    const [living, dead] = [await waiting(), await waiting()]
    await take(living, { by: 'living', secondsAgo: 3_600 })
    await take(dead, { by: 'dead', secondsAgo: 60 })
    await beat(sql, ['living'])
    expect(await sweep(sql)).toBe(1)
    expect(await holders()).toEqual(['living'])
  })

  it('that has only just begun, and has not beaten yet, are left to it', async () => {
    const young = await waiting()
    await take(young, { by: 'young', secondsAgo: 1 })
    expect(await sweep(sql)).toBe(0)
    expect(await holders()).toContain('young')
  })

  it('that ended as it should, but left something, are free after a while', async () => {
    await beat(sql, ['leaving'])
    const left = await waiting()
    await take(left, { by: 'leaving', secondsAgo: 20 })
    await stopBeating(sql, ['leaving'])
    expect(await sweep(sql)).toBe(1)
    await sql('update queue._private_jobs set locked_by = null, locked_at = null, attempts = 0')
    await sql('update queue._private_job_queues set locked_by = null, locked_at = null')
  })
})

it('a file that ends every worker is given up: its page says so, and it does not wait for ever', async () => {
  const importId = await waiting()
  await take(importId, { by: 'sixth', secondsAgo: 60, attempts: 6 })
  await sweep(sql)
  const view = await loadProgress(place.ctx, place.viewer, importId)
  expect(view?.progress).toMatchObject({
    state: 'failed',
    problem: { message: expect.stringMatching(/Nothing was saved\. Reference/) },
  })
  expect(await sql("select from queue._private_jobs where key like '%' || $1 || '%'", [importId])).toEqual([])
})

it('what could not be put into the queue is put there by who looks at it, and a worker outlives the outage', {
  timeout: 200_000,
}, async () => {
  const [{ began } = { began: null }] = await sql<{ began: Date }>('select clock_timestamp() as began')
  const worker = startWorkerOf(world)
  let importId = ''
  // Its own heartbeat, not one that another test left: a worker that never came up would have nothing to outlive.
  await vi.waitUntil(async () => (await sql('select from control.worker_heartbeats where beat_at > $1', [began])).length > 0, {
    timeout: 60_000,
  })
  await withoutDatabase(world.adminUrl, async () => {
    importId = await waiting()
    expect(await loadProgress(place.ctx, place.viewer, importId)).toMatchObject({ progress: { state: 'queued' } })
    await vi.waitUntil(() => /beat_failed|sweep_failed|worker_cannot_begin/.test(worker.output()), { timeout: 60_000 })
  })
  try {
    await waitFor(place, importId, ({ progress }) => progress?.state !== 'queued', 90)
    await waitForEnd(place, importId, 'done', 60)
  } finally {
    await worker.stop()
  }
})
