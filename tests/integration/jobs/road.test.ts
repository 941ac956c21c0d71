import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { originalFile } from '@/lib/imports/downloads'
import { listImports } from '@/lib/imports/list'
import { loadReceipt } from '@/lib/imports/receipt'
import { cancelImport, startCommit, startPlan, startUndo } from '@/lib/jobs/start'
import { loadProgress } from '@/lib/jobs/load-progress'
import type { LocalWorker } from '@/lib/ops/local-worker'
import { closeRegistry } from '@/lib/tenancy/registry'
import { codeOf, dump, placeOf, type Place } from '../imports/support'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { largeFile, reviewOf, startWorkerOf, waitFor, waitForEnd } from './support'

let world: World
let worker: LocalWorker | undefined
let northside: PeopledSchool
let place: Place

beforeAll(async () => {
  world = await createWorld({ shards: 2 })
  ;({ northside } = await addTwoSchools(world))
  place = placeOf(northside)
})
afterAll(async () => {
  await worker?.stop()
  await closeRegistry()
  await closeAll()
  await world?.close()
})

const size = { rows: 1_000, columns: 70 }

describe('a large file', () => {
  let importId: string

  it('is taken in at once and waits, said so, while no worker runs', async () => {
    const started = await startPlan(place.ctx, place.viewer, { ...place, file: largeFile(northside, size) })
    if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
    importId = started.importId
    const view = await waitFor(place, importId, ({ progress }) => (progress?.waitedSeconds ?? 0) >= 1)
    expect(view).toMatchObject({ state: 'reading', progress: { kind: 'plan', state: 'queued', phase: null, attempt: 0 } })
    await expect(reviewOf(place, importId)).rejects.toMatchObject({ code: 'conflict' })
    // Private values are still in it.
    expect(await codeOf(originalFile(place.ctx, place.viewer, importId))).toBe('not_found')
  })

  it('is not taken in twice while it waits', async () => {
    const again = await startPlan(place.ctx, place.viewer, { ...place, file: largeFile(northside, size) })
    expect(again).toMatchObject({ kind: 'queued', importId })
  })

  it('is planned when a worker comes, written and undone by it, with real progress', async () => {
    worker = startWorkerOf(world)
    expect(await waitForEnd(place, importId)).toMatchObject({ state: 'planned', progress: { kind: 'plan', attempt: 1 } })
    const review = await reviewOf(place, importId)
    expect(review.summary.counts).toMatchObject({ studentsNew: 1_000, cellsNew: 70_000 })

    const committing = await startCommit(place.ctx, place.viewer, { importId, planHash: review.planHash })
    expect(committing.kind).toBe('queued')
    const seen = await waitFor(place, importId, ({ progress }) => progress?.phase === 'writing' || progress?.state === 'done')
    if (seen.progress?.state === 'working') expect(seen.progress.total).toBe(70_000)
    expect(await waitForEnd(place, importId)).toMatchObject({ state: 'committed', progress: { done: 70_000, total: 70_000 } })
    const receipt = await loadReceipt(place.ctx, place.viewer, importId)
    expect(receipt?.commit.counts).toMatchObject({ cellsNew: 70_000 })

    expect((await startUndo(place.ctx, place.viewer, { importId })).kind).toBe('queued')
    expect(await waitForEnd(place, importId)).toMatchObject({ state: 'undone', progress: { kind: 'undo' } })
  })

  it('that cannot be read fails with every reason, and is not kept', async () => {
    const bytes = new TextEncoder().encode(`last_name,first_name,email,Quiz\n${'x,"never closed\n'.repeat(80_000)}`)
    const started = await startPlan(place.ctx, place.viewer, { ...place, file: { name: 'broken.csv', bytes } })
    if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
    const { progress } = await waitForEnd(place, started.importId, 'failed')
    expect(progress?.problem?.message).toMatch(/never closed/)
    expect(progress?.problem?.problems.length).toBeGreaterThan(0)
    const kept = await withDirectConnection(world.shard(northside.shard).adminUrl, (sql) =>
      sql('select from app.import_files where import_id = $1', [started.importId]),
    )
    expect(kept).toEqual([])
  })
})

describe('cancelling', () => {
  it('a commit that is being written leaves nothing of it, and it can be written after all', { timeout: 120_000 }, async () => {
    const started = await startPlan(place.ctx, place.viewer, {
      ...place,
      file: largeFile(northside, { rows: 2_500, columns: 100, round: 2 }),
    })
    if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
    const { importId } = started
    await waitForEnd(place, importId)
    const { planHash } = await reviewOf(place, importId)
    const before = await dump(world, northside)
    await startCommit(place.ctx, place.viewer, { importId, planHash })
    await waitFor(place, importId, ({ progress }) => progress?.phase === 'writing')
    expect(await cancelImport(place.ctx, place.viewer, { importId })).toMatchObject({ state: 'working', cancel: 'asked' })
    expect(await waitForEnd(place, importId, 'cancelled')).toMatchObject({ state: 'planned' })
    expect(await dump(world, northside)).toBe(before)

    await startCommit(place.ctx, place.viewer, { importId, planHash })
    expect(await waitForEnd(place, importId)).toMatchObject({ state: 'committed', progress: { cancel: 'none' } })
  })

  it('what has ended changes nothing', async () => {
    const { items } = await listImports(place.ctx, place.viewer)
    const committed = items.find(({ state }) => state === 'committed')
    if (committed === undefined) throw new Error('nothing was committed before')
    const before = await dump(world, northside)
    expect(await cancelImport(place.ctx, place.viewer, { importId: committed.id })).toMatchObject({
      state: 'done',
      cancel: 'none',
    })
    expect(await dump(world, northside)).toBe(before)
  })

  it('what no worker has yet puts the upload away at once', async () => {
    await worker?.stop()
    const started = await startPlan(place.ctx, place.viewer, { ...place, file: largeFile(northside, { ...size, round: 1 }) })
    if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
    expect(await cancelImport(place.ctx, place.viewer, started)).toMatchObject({ state: 'cancelled', cancel: 'asked' })
    expect(await loadProgress(place.ctx, place.viewer, started.importId)).toMatchObject({ state: 'discarded' })
  })
})
