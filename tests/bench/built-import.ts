import { z } from 'zod'
import { closeAll } from '@/lib/db/close'
import { commitImport } from '@/lib/imports/commit'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import { until } from '@/lib/ops/local-process'
import { closeRegistry } from '@/lib/tenancy/registry'
import { openWorld, type World } from '../support/open-world'
import { request } from '../support/http'
import { cookieOf } from '../support/sessions'
import { addPeople, type PeopledSchool } from '../support/two-schools'
import type { Bench } from './bench'
import { type BenchApp, startProduct } from './built-apps'
import { makeFile, makeScores } from './imports'
import { interleave, time } from './interleave'
import type { Measurement } from './verdict'

const size = { students: 500, assignments: 60 }

/** A first upload as a browser without scripts sends it, beside the same file given to planImport and commitImport. */
export async function measureBuiltImport({ servers, isQuick }: Bench): Promise<Measurement> {
  const world = await openWorld(servers, { shards: 1 })
  const app = await startProduct(world)
  const bytes = makeFile(size, makeScores(size))
  try {
    const { work, against } = await interleave(
      {
        work: async () => postImport(app, await newSchool(world), bytes),
        against: async () => importInLib(await newSchool(world), bytes),
      },
      { rounds: isQuick ? 2 : 5 },
    )
    return { work, against }
  } finally {
    await app.stop()
    await closeRegistry()
    await closeAll()
    await world.close()
  }
}

async function newSchool(world: World): Promise<PeopledSchool> {
  return addPeople(world, await world.addSchool({ shard: 'shard_1' }))
}

/** Uploads and commits through the application's own forms; milliseconds of the two posts. Getting the pages between is not counted. */
export async function postImport(app: BenchApp, school: PeopledSchool, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const cookie = await cookieOf(school, school.teacher)
  const form = { host: app.hostOf(school.slug), cookie }
  const upload = await app.hiddenFields({ ...form, path: `/imports/new?class=${school.classId}`, button: 'See what will change' })
  upload.set('classId', school.classId)
  upload.set('termId', school.termId)
  upload.set('file', new File([bytes], 'bench.csv', { type: 'text/csv' }))
  const planned = await time(() => app.post({ ...form, path: `/imports/new?class=${school.classId}`, body: upload }))
  const path = reviewOf(planned.value)
  const commit = await app.hiddenFields({ ...form, path, button: 'planHash' })
  const committed = await time(() => app.post({ ...form, path, body: commit }))
  return planned.milliseconds + committed.milliseconds
}

/** As `postImport` for a file that a worker reads and writes; milliseconds until the grades stand. */
export async function postLargeImport(app: BenchApp, school: PeopledSchool, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const cookie = await cookieOf(school, school.teacher)
  const form = { host: app.hostOf(school.slug), cookie }
  const page = `/imports/new?class=${school.classId}`
  const upload = await app.hiddenFields({ ...form, path: page, button: 'See what will change' })
  upload.set('classId', school.classId)
  upload.set('termId', school.termId)
  upload.set('file', new File([bytes], 'bench.csv', { type: 'text/csv' }))
  const { milliseconds } = await time(async () => {
    const [path = ''] = (await app.post({ ...form, path: page, body: upload })).split('?')
    await workDone(app, { ...form, path })
    const review = reviewOf(path)
    const commit = await app.hiddenFields({ ...form, path: review, button: 'planHash' })
    await app.post({ ...form, path: review, body: commit })
    await workDone(app, { ...form, path })
  })
  return milliseconds
}

/** Where an import shows what it would write. */
function reviewOf(path: string): string {
  return `${path.split('?')[0]}?step=review`
}

const progressSchema = z.object({ progress: z.object({ state: z.string() }) })

/** Asks as the page does, every second and a half. */
async function workDone(
  app: BenchApp,
  { host, cookie, path }: Readonly<{ host: string; cookie: string; path: string }>,
): Promise<void> {
  await until(180, 'the worker', async () => {
    const { text } = await request(host, `${path}/progress`, { port: app.port, cookies: [cookie] })
    const { state } = progressSchema.parse(JSON.parse(text)).progress
    if (state === 'failed' || state === 'cancelled') throw new Error(`the import of the bench ${state}`)
    if (state === 'done') return { value: true }
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    return null
  })
}

async function importInLib({ ctx, teacher, classId, termId }: PeopledSchool, bytes: Uint8Array): Promise<number> {
  const planned = await time(() => planImport(ctx, teacher.viewer, { classId, termId, file: { name: 'bench.csv', bytes } }))
  if (planned.value.kind !== 'planned') throw new Error(`the file of the bench was ${planned.value.kind}`)
  const { importId } = planned.value
  const review = await loadReview(ctx, teacher.viewer, importId, { rowLimit: 1 })
  if (review === null) throw new Error('no review')
  const { milliseconds } = await time(() => commitImport(ctx, teacher.viewer, { importId, planHash: review.planHash }))
  return planned.milliseconds + milliseconds
}
