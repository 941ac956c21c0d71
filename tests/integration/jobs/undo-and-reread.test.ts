import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { loadOriginalState, originalFile } from '@/lib/imports/downloads'
import type { ChoicesPatch } from '@/lib/imports/merge-choices'
import { purgeExpiredFiles } from '@/lib/imports/original'
import type { ImportJobKind } from '@/lib/imports/progress'
import { loadUndoParts, loadUndos } from '@/lib/imports/undo-history'
import { loadWizard } from '@/lib/imports/wizard'
import { giveUpImportJob, runImportJob } from '@/lib/jobs/import-job'
import { loadProgress } from '@/lib/jobs/load-progress'
import { cancelImport, startCommit, startPlan, startRedo, startReread, startUndo } from '@/lib/jobs/start'
import { closeRegistry } from '@/lib/tenancy/registry'
import { asAdmin, codeOf, dump, placeOf, type Place, plan, upload } from '../imports/support'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { largeFile, reviewOf, waitFor } from './support'

/** What is asked for after a large file was planned or written: parts of an undo, its undo, another reading. The jobs are run here. */

let world: World
let school: PeopledSchool
let place: Place
let round = 0

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
})
beforeEach(async () => {
  const slug = `school-${++round}`
  school = await addPeople(world, await world.addSchool({ slug, name: slug }))
  place = placeOf(school)
})
afterAll(async () => {
  await closeRegistry()
  await closeAll()
  await world?.close()
})

const size = { rows: 900, columns: 70 }
const jobOf = (importId: string, kind: ImportJobKind) => ({ tenantId: school.tenantId, importId, kind, requestId: 'test' })
const run = (importId: string, kind: ImportJobKind, isLast = true) =>
  runImportJob(jobOf(importId, kind), { isLast, shutdown: new AbortController().signal })
const progressOf = async (importId: string) => (await loadProgress(place.ctx, place.viewer, importId))?.progress
const cancel = (importId: string) => cancelImport(place.ctx, place.viewer, { importId })

async function planned(file = largeFile(school, size)): Promise<string> {
  const started = await startPlan(place.ctx, place.viewer, { ...place, file })
  if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
  expect(await run(started.importId, 'plan')).toBe('done')
  return started.importId
}

async function committed(): Promise<string> {
  const importId = await planned()
  const { planHash } = await reviewOf(place, importId)
  await startCommit(place.ctx, place.viewer, { importId, planHash })
  expect(await run(importId, 'commit')).toBe('done')
  return importId
}

const classRow = 'select from app.classes where id = $1 for update'
const lastGrade = 'select from app.grades where class_id = $1 order by student_id desc limit 1 for update'

/** Cancels what runs while it waits, in this phase, for a row that somebody else holds; and answers how the run ended. */
function cancelledIn(phase: string, { importId, kind, held }: { importId: string; kind: ImportJobKind; held: string }) {
  return asAdmin(world, school, async (sql) => {
    await sql('begin')
    await sql(held, [school.classId])
    const running = run(importId, kind)
    await waitFor(place, importId, ({ progress }) => progress?.phase === phase)
    await cancel(importId)
    const outcome = await running
    await sql('rollback')
    return outcome
  })
}

describe('a part of a large import', () => {
  let importId: string
  let works: readonly string[]
  beforeEach(async () => {
    importId = await committed()
    works = (await loadUndoParts(place.ctx, place.viewer, importId))?.assignments.map(({ id }) => id) ?? []
    expect(works).toHaveLength(size.columns)
  }, 60_000)
  const undo = (assignmentIds: readonly string[]) => startUndo(place.ctx, place.viewer, { importId, only: { assignmentIds } })

  it('is undone by a worker: the same wish is the same job, another one has to wait, a repeat changes nothing', async () => {
    const [first = '', second = '', third = ''] = works
    expect(await undo([first, second])).toMatchObject({ kind: 'queued', importId, progress: { kind: 'undo', state: 'queued' } })
    expect(await undo([second, first, first])).toMatchObject({ kind: 'queued', importId })
    expect(await codeOf(undo([first, third]))).toBe('conflict')
    expect(await codeOf(startUndo(place.ctx, place.viewer, { importId }))).toBe('conflict')
    expect(await codeOf(startUndo(place.ctx, place.viewer, { importId, only: { studentIds: [first] } }))).toBe('conflict')

    expect(await run(importId, 'undo')).toBe('done')
    const only = { assignmentIds: [first, second].sort() }
    const undone = { kind: 'undo', cells: 2 * size.rows, kept: 0 }
    const [{ only: noted, ...undo1 } = { only: null }, ...others] = (await loadUndos(place.ctx, place.viewer, importId)) ?? []
    expect([undo1, others]).toEqual([expect.objectContaining(undone), []])
    expect(noted).toEqual(only)
    expect((await loadProgress(place.ctx, place.viewer, importId))?.state).toBe('committed')

    const before = await dump(world, school)
    expect(await undo([first])).toMatchObject({ kind: 'queued' })
    expect(await run(importId, 'undo')).toBe('done')
    expect(await dump(world, school)).toBe(before)
    expect(await loadUndos(place.ctx, place.viewer, importId)).toHaveLength(1)
  })

  it('comes back with everything else by a redo of a worker, which a repeat does not double', async () => {
    const before = await dump(world, school)
    expect(await codeOf(startRedo(place.ctx, place.viewer, { importId }))).toBe('conflict')
    await undo(works.slice(0, 1))
    await run(importId, 'undo')
    await startUndo(place.ctx, place.viewer, { importId })
    expect(await run(importId, 'undo')).toBe('done')
    expect((await loadProgress(place.ctx, place.viewer, importId))?.state).toBe('undone')

    const redo = () => startRedo(place.ctx, place.viewer, { importId })
    expect(await redo()).toMatchObject({ kind: 'queued', progress: { kind: 'redo' } })
    expect(await redo()).toMatchObject({ kind: 'queued' })
    expect(await run(importId, 'redo')).toBe('done')
    const { progress, state } = (await loadProgress(place.ctx, place.viewer, importId)) ?? {}
    expect([state, progress?.done, progress?.total]).toEqual(['committed', size.rows * size.columns, size.rows * size.columns])
    expect(await dump(world, school)).toBe(before)
    expect(await redo()).toMatchObject({
      kind: 'done',
      receipt: { cellsWritten: size.rows * size.columns, wasAlreadyDone: true },
    })
    expect(await run(importId, 'redo')).toBe('dropped')
  })

  it('stays when somebody stops its undo, before a worker had it or while it works; a redo likewise', async () => {
    const before = await dump(world, school)
    await undo(works)
    expect(await cancel(importId)).toMatchObject({ kind: 'undo', state: 'cancelled' })
    expect(await run(importId, 'undo')).toBe('dropped')
    await undo(works)
    expect(await cancelledIn('restoring', { importId, kind: 'undo', held: lastGrade })).toBe('cancelled')
    expect(await dump(world, school)).toBe(before)
    // It was between the first and the last of its statements.
    const { state, progress } = (await loadProgress(place.ctx, place.viewer, importId)) ?? {}
    expect([state, progress?.total]).toEqual(['committed', size.rows * size.columns])
    expect(progress?.done).toBeGreaterThan(0)

    await undo(works)
    expect(await run(importId, 'undo')).toBe('done')
    const undone = await dump(world, school)
    expect(undone).not.toBe(before)
    await startRedo(place.ctx, place.viewer, { importId })
    expect(await cancelledIn('checking', { importId, kind: 'redo', held: classRow })).toBe('cancelled')
    expect(await dump(world, school)).toBe(undone)
  })

  it('is not undone for a wish that somebody wrote otherwise', async () => {
    const before = await dump(world, school)
    for (const wish of ['{"only": {"studentIds": "all"}}', '{"only": {}}', '{"everything": true}']) {
      await undo(works.slice(0, 1))
      await asAdmin(world, school, (sql) =>
        sql('update app.import_jobs set wish = $2::jsonb where import_id = $1', [importId, wish]),
      )
      expect(await run(importId, 'undo')).toBe('failed')
    }
    expect(await dump(world, school)).toBe(before)
    expect(await loadUndos(place.ctx, place.viewer, importId)).toEqual([])
  })
})

/** A large file with an address that can be made a score, and with what nobody may keep. */
const secret = '078-05-1121'
function privateFile() {
  const { name, bytes } = largeFile(school, size)
  const extra = ['Address,Tax code', ',', ',']
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n')
  const text = lines.map((line, at) => `${line},${extra[at] ?? `7,${secret}`}`).join('\n')
  return { name, bytes: new TextEncoder().encode(`${text}\n`) }
}
const address = String(3 + size.columns)
const asScore: ChoicesPatch = { columns: { [address]: { use: 'assignment', title: 'Address quiz', maxPoints: '10' } } }

/** What of an import a reading replaces: all or nothing of it. */
const stored = async (importId: string) => {
  const [row] = await asAdmin(world, school, (sql) =>
    sql<{ line: string }>(
      `select concat_ws(' ', i.state, i.plan_hash, md5(i.plan), i.choices, i.counts, md5(kept.sealed), kept.is_redacted) as line
       from app.imports i left join app.import_files kept on kept.tenant_id = i.tenant_id and kept.import_id = i.id
       where i.id = $1`,
      [importId],
    ),
  )
  return row?.line ?? ''
}
const sentIsKept = async (importId: string) => {
  const rows = await asAdmin(world, school, (sql) =>
    sql('select from app.import_jobs where import_id = $1 and sent_sealed is not null', [importId]),
  )
  return rows.length > 0
}

describe('a large file read another way', () => {
  let importId: string
  beforeEach(async () => {
    importId = await planned(privateFile())
  }, 60_000)
  const reread = (choices: ChoicesPatch, bytes?: Uint8Array) =>
    startReread(place.ctx, place.viewer, { importId, choices, ...(bytes && { file: { bytes } }) })

  it('is read by a worker: the same answers are the same job, other ones have to wait, and the page shows what came of it', async () => {
    const before = await stored(importId)
    expect(await reread({ cells: { '4:3': '81', '5:3': '82' } })).toMatchObject({ kind: 'queued', progress: { kind: 'reread' } })
    expect(await reread({ cells: { '5:3': '82', '4:3': '81' } })).toMatchObject({ kind: 'queued' })
    expect(await codeOf(reread({ cells: { '4:3': '82' } }))).toBe('conflict')
    expect(await codeOf(reread({ cells: { '4:3': '81', '5:3': '82' } }, privateFile().bytes))).toBe('conflict')
    const { planHash } = await reviewOf(place, importId)
    expect(await codeOf(startCommit(place.ctx, place.viewer, { importId, planHash }))).toBe('conflict')
    expect(await stored(importId)).toBe(before)

    expect(await run(importId, 'reread')).toBe('done')
    expect(await loadProgress(place.ctx, place.viewer, importId)).toMatchObject({ state: 'planned', progress: { state: 'done' } })
    const view = await loadWizard(place.ctx, place.viewer, importId)
    expect(view?.choices.cells).toEqual({ '4:3': '81', '5:3': '82' })
    expect(view?.planHash).not.toBe(planHash)
    expect(await run(importId, 'reread')).toBe('dropped')
  })

  it('is read to the same plan by a run after one that was lost just before it could say so', async () => {
    await reread({ cells: { '4:3': '81' }, delimiter: ',' })
    expect(await run(importId, 'reread')).toBe('done')
    const once = await stored(importId)
    await asAdmin(world, school, (sql) =>
      sql(`update app.import_jobs set state = 'working', finished_at = null where import_id = $1`, [importId]),
    )
    expect(await run(importId, 'reread')).toBe('done')
    expect(await stored(importId)).toBe(once)
  })

  it('that makes no table keeps plan, answers and file, and says why', async () => {
    const before = await stored(importId)
    await reread({ delimiter: '|' })
    expect(await run(importId, 'reread')).toBe('failed')
    const progress = await progressOf(importId)
    expect(progress).toMatchObject({ kind: 'reread', state: 'failed', problem: { message: expect.stringMatching(/\.$/) } })
    expect(progress?.problem?.problems.length).toBeGreaterThan(0)
    expect(await stored(importId)).toBe(before)
    await reread({ cells: { '4:3': '81' } })
    expect(await run(importId, 'reread')).toBe('done')
  })

  it('keeps plan, answers and file when somebody stops it, before a worker had it or while it reads', async () => {
    const before = await stored(importId)
    await reread(asScore, privateFile().bytes)
    expect(await cancel(importId)).toMatchObject({ kind: 'reread', state: 'cancelled' })
    expect([await sentIsKept(importId), await stored(importId)]).toEqual([false, before])
    await reread(asScore, privateFile().bytes)
    expect(await cancelledIn('storing', { importId, kind: 'reread', held: classRow })).toBe('cancelled')
    expect([await sentIsKept(importId), await stored(importId)]).toEqual([false, before])
  })

  it('and given up after six lost runs keeps plan, answers and file, and not what was sent with it', async () => {
    const before = await stored(importId)
    await reread(asScore, privateFile().bytes)
    await giveUpImportJob(jobOf(importId, 'commit'))
    expect([(await progressOf(importId))?.state, await sentIsKept(importId)]).toEqual(['queued', true])
    await giveUpImportJob(jobOf(importId, 'reread'))
    expect(await progressOf(importId)).toMatchObject({
      state: 'failed',
      problem: { message: expect.stringMatching(/Reference/) },
    })
    expect([await sentIsKept(importId), await stored(importId)]).toEqual([false, before])
  })

  it('with the same file sent again counts what was not kept, and nobody can download that meanwhile or later', async () => {
    await reread(asScore)
    expect(await run(importId, 'reread')).toBe('done')
    const asked = await loadWizard(place.ctx, place.viewer, importId)
    expect([asked?.summary.state, asked?.map.problems.map(({ code }) => code)]).toEqual(['blocked', ['values_not_kept']])

    const { bytes } = largeFile(school, size)
    expect(await codeOf(reread({}, bytes))).toBe('conflict')
    expect(await progressOf(importId)).toMatchObject({ state: 'done' })
    expect(await reread({}, privateFile().bytes)).toMatchObject({ kind: 'queued' })
    expect(await sentIsKept(importId)).toBe(true)
    const download = async () => new TextDecoder().decode((await originalFile(place.ctx, place.viewer, importId)).bytes)
    expect(await download()).not.toContain(secret)

    expect(await run(importId, 'reread')).toBe('done')
    const read = await loadWizard(place.ctx, place.viewer, importId)
    expect([read?.summary.state, read?.summary.counts.cellsNew]).toEqual(['planned', size.rows * (size.columns + 1)])
    expect([await sentIsKept(importId), (await download()).includes(secret)]).toEqual([false, false])
    expect(await loadOriginalState(place.ctx, place.viewer, importId)).toMatchObject({ isKept: true, isRedacted: true })
  })

  it('keeps what was sent again for the run after one that failed, and for a job nobody ended no longer than a file', async () => {
    await reread(asScore, privateFile().bytes)
    await asAdmin(world, school, (sql) =>
      sql(`update app.import_jobs set wish = jsonb_set(wish, '{isFileSent}', '"so"') where import_id = $1`, [importId]),
    )
    await expect(run(importId, 'reread', false)).rejects.toThrow('to be repeated')
    await purgeExpiredFiles(school.ctx)
    expect([(await progressOf(importId))?.state, await sentIsKept(importId)]).toEqual(['queued', true])
    await asAdmin(world, school, (sql) =>
      sql(
        `update app.import_jobs set queued_at = now() - interval '91 days', wish = jsonb_set(wish, '{isFileSent}', 'true') where import_id = $1`,
        [importId],
      ),
    )
    await purgeExpiredFiles(school.ctx)
    expect(await sentIsKept(importId)).toBe(false)
    expect(await run(importId, 'reread')).toBe('failed')
    expect((await progressOf(importId))?.problem?.message).toMatch(/Choose it once more/)
  })

  it('that is no longer kept is refused at once', async () => {
    await asAdmin(world, school, (sql) => sql('delete from app.import_files where import_id = $1', [importId]))
    expect(await codeOf(reread({ numbers: ',' }))).toBe('conflict')
    expect(await progressOf(importId)).toMatchObject({ kind: 'plan', state: 'done' })
  })
})

it('what is small is read, undone and brought back within the request', async () => {
  const rows = `last_name,first_name,email,Quiz 1\nLee,Sam,sam.lee@${school.slug}.example,11\n`
  const { summary } = await plan(place, rows)
  const choices = { cells: { '2:3': '12' } }
  expect(await startReread(place.ctx, place.viewer, { importId: summary.id, choices })).toMatchObject({ kind: 'planned' })
  const { review } = await upload(place, rows)
  const importId = review.summary.id
  const only = { studentIds: [school.students[1].id] }
  expect(await startUndo(place.ctx, place.viewer, { importId, only })).toMatchObject({
    kind: 'done',
    receipt: { cellsRestored: 1 },
  })
  expect(await startRedo(place.ctx, place.viewer, { importId })).toMatchObject({ kind: 'done', receipt: { cellsWritten: 1 } })
  expect(await progressOf(importId)).toBeNull()
})
