import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { workAtMost } from '@/lib/imports/pause'
import { redoImport } from '@/lib/imports/redo'
import { undoImport } from '@/lib/imports/undo'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { largeFile } from '../jobs/support'
import { asAdmin, dump, placeOf, upload } from './support'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const size = { rows: 400, columns: 40 }
const cells = size.rows * size.columns

/** Rows of grades and enrolments that were looked at so far. A session tells what it read when it ends at the latest. */
async function rowsRead(school: PeopledSchool): Promise<number> {
  await closeAll()
  const [row] = await asAdmin(world, school, (sql) =>
    sql<{ read: number }>(
      `select sum(seq_tup_read + idx_tup_fetch)::int as read from pg_stat_user_tables
       where schemaname = 'app' and relname in ('grades', 'enrolments')`,
    ),
  )
  return row?.read ?? 0
}

// What it does to somebody: half a million cells took a worker minutes, because each thousand of them read all the others.
test('a worker that rests between small statements reads each grade a few times, and not once a statement', {
  timeout: 120_000,
}, async () => {
  const school = await addPeople(world, await world.addSchool())
  const { ctx, viewer } = placeOf(school)
  const text = new TextDecoder().decode(largeFile(school, size).bytes)
  const { summary } = (await upload(placeOf(school), text)).review
  const before = await dump(world, school)
  workAtMost(0.99)
  const steps = new Set<number>()
  const watch = {
    signal: new AbortController().signal,
    onProgress: (phase: string, done: number) => void (phase === 'restoring' && steps.add(done)),
  }
  const start = await rowsRead(school)
  await undoImport(ctx, viewer, { importId: summary.id }, watch)
  const undone = await rowsRead(school)
  await redoImport(ctx, viewer, { importId: summary.id }, watch)
  const redone = await rowsRead(school)
  expect(steps.size).toBeGreaterThan(cells / 1_100)
  expect(undone - start).toBeGreaterThanOrEqual(cells)
  expect(undone - start).toBeLessThan(4 * cells)
  expect(redone - undone).toBeLessThan(4 * cells)
  expect(await dump(world, school)).toBe(before)
})
