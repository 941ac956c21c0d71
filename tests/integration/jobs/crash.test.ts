import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { loadReceipt } from '@/lib/imports/receipt'
import { loadUndoParts, loadUndos } from '@/lib/imports/undo-history'
import { loadWizard } from '@/lib/imports/wizard'
import { startCommit, startPlan, startRedo, startReread, startUndo } from '@/lib/jobs/start'
import type { LocalWorker } from '@/lib/ops/local-worker'
import { closeRegistry } from '@/lib/tenancy/registry'
import { dump, placeOf, type Place } from '../imports/support'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { largeFile, reviewOf, startWorkerOf, waitFor, waitForEnd } from './support'

let world: World
const workers: LocalWorker[] = []

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
})
afterAll(async () => {
  for (const worker of workers) await worker.stop()
  await closeRegistry()
  await closeAll()
  await world?.close()
})

function newWorker(): LocalWorker {
  const worker = startWorkerOf(world)
  workers.push(worker)
  return worker
}

async function kill(worker: LocalWorker): Promise<void> {
  process.kill(worker.pid, 'SIGKILL')
  await worker.exited
}

const size = { rows: 1_500, columns: 60 }
const cells = size.rows * size.columns

/** What stands in the school after its import, in numbers: twice would be twice as many. */
async function standing(school: PeopledSchool, importId: string) {
  const [row] = await withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
    sql(
      `select
         (select count(*)::int from app.grades g join app.assignments a
            on a.tenant_id = g.tenant_id and a.class_id = g.class_id and a.id = g.assignment_id
          where g.tenant_id = $1 and a.import_id = $2) as grades,
         (select count(*)::int from app.students where tenant_id = $1 and import_id = $2) as students,
         (select count(*)::int from app.assignments where tenant_id = $1 and import_id = $2) as assignments,
         (select coalesce(sum(cardinality(assignment_ids)), 0)::int from app.grade_changes
          where tenant_id = $1 and import_id = $2 and kind = 'import') as history,
         (select count(*)::int from app.imports where tenant_id = $1) as imports,
         (select count(*)::int from app.audit_log where tenant_id = $1 and subject_id = $2 and action = 'import.commit') as commits`,
      [school.tenantId, importId],
    ),
  )
  return row
}

const asFromOneRun = {
  ...{ grades: cells, students: size.rows, assignments: size.columns, history: cells },
  ...{ imports: 1, commits: 1 },
}

// When the process dies: as soon as it has taken the job, in the middle of its phases, and when the last of it is under way.
const moments = ['taken', 'middle', 'late'] as const

describe.each(moments)('a worker killed with its job just begun, half done or nearly done (%s)', (moment) => {
  it('leaves plan and commit to another one, and what comes of it is as from one run', { timeout: 180_000 }, async () => {
    const school = await addPeople(world, await world.addSchool({ slug: `crash-${moment}`, name: `Crash ${moment}` }))
    const place = placeOf(school)
    const isAt = (phases: Readonly<Record<typeof moment, readonly string[]>>) => (view: Awaited<ReturnType<typeof waitFor>>) => {
      const { progress } = view
      if (progress === null || progress.state === 'queued') return false
      if (progress.state === 'done' || moment === 'taken') return true
      return progress.phase !== null && phases[moment].includes(progress.phase)
    }

    let victim = newWorker()
    const started = await startPlan(place.ctx, place.viewer, { ...place, file: largeFile(school, size) })
    if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
    const { importId } = started
    await waitFor(place, importId, isAt({ taken: [], middle: ['reading', 'comparing'], late: ['totals', 'storing'] }))
    await kill(victim)
    victim = newWorker()
    await waitForEnd(place, importId, 'done', 40)
    const review = await reviewOf(place, importId)
    expect(review.summary).toMatchObject({ state: 'planned', counts: { cellsNew: cells } })

    await startCommit(place.ctx, place.viewer, { importId, planHash: review.planHash })
    await waitFor(place, importId, isAt({ taken: [], middle: ['checking'], late: ['writing'] }))
    await kill(victim)
    newWorker()
    const killedAt = Date.now()
    await waitForEnd(place, importId, 'done', 40)
    expect(Date.now() - killedAt).toBeLessThan(40_000)

    expect(await standing(school, importId)).toEqual(asFromOneRun)
    const receipt = await loadReceipt(place.ctx, place.viewer, importId)
    expect(receipt?.commit.counts).toMatchObject({ cellsNew: cells, studentsNew: size.rows, assignmentsNew: size.columns })
    for (const worker of workers.splice(0)) await worker.stop()
  })
})

describe('a worker killed in the middle of', () => {
  let victim: LocalWorker
  let place: Place
  let importId: string

  /** Planned by a worker that still runs. */
  async function planned(slug: string) {
    const school = await addPeople(world, await world.addSchool({ slug, name: slug }))
    place = placeOf(school)
    victim = newWorker()
    const started = await startPlan(place.ctx, place.viewer, { ...place, file: largeFile(school, size) })
    if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
    importId = started.importId
    await waitForEnd(place, importId, 'done', 40)
    return school
  }

  /** Written by it as well. */
  async function committed(slug: string) {
    const school = await planned(slug)
    const { planHash } = await reviewOf(place, importId)
    await startCommit(place.ctx, place.viewer, { importId, planHash })
    await waitForEnd(place, importId, 'done', 40)
    return school
  }

  /**
   * Asks for something, and kills the worker in this phase of it, where it waits for a row that somebody else holds; then another worker
   * does it, and a second run is what ends it.
   */
  async function killIn(phase: string, school: PeopledSchool, { ask, held }: { ask: () => Promise<unknown>; held: string }) {
    await withDirectConnection(world.shard(school.shard).adminUrl, async (sql) => {
      await sql('begin')
      await sql(held, [school.classId])
      await ask()
      await waitFor(place, importId, ({ progress }) => progress?.phase === phase)
      await kill(victim)
      await sql('rollback')
    })
    victim = newWorker()
    expect(await waitForEnd(place, importId, 'done', 40)).toMatchObject({ progress: { attempt: 2 } })
  }

  const endAll = async () => {
    for (const worker of workers.splice(0)) await worker.stop()
  }

  const history = async (school: PeopledSchool) =>
    withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
      sql(
        `select kind, sum(cardinality(assignment_ids))::int as cells from app.grade_changes where tenant_id = $1 group by kind order by kind`,
        [school.tenantId],
      ),
    )

  it('the undo of a part, and then in the middle of its redo, leaves each done once', { timeout: 180_000 }, async () => {
    const school = await committed('crash-undo')
    const before = await dump(world, school)
    const parts = await loadUndoParts(place.ctx, place.viewer, importId)
    const assignmentIds = parts?.assignments.slice(1).map(({ id }) => id) ?? []
    const undoneCells = assignmentIds.length * size.rows
    await killIn('restoring', school, {
      ask: () => startUndo(place.ctx, place.viewer, { importId, only: { assignmentIds } }),
      held: `select from app.grades where class_id = $1 and student_id = (
        select student_id from app.grades where class_id = $1 order by student_id desc limit 1) for update`,
    })
    expect(await loadUndos(place.ctx, place.viewer, importId)).toMatchObject([{ kind: 'undo', cells: undoneCells, kept: 0 }])
    await killIn('restoring', school, {
      ask: () => startRedo(place.ctx, place.viewer, { importId }),
      held: 'select from app.enrolments where class_id = $1 order by student_id desc limit 1 for update',
    })
    expect(await dump(world, school)).toBe(before)
    expect(await history(school)).toEqual([
      { kind: 'import', cells },
      { kind: 'redo', cells: undoneCells },
      { kind: 'undo', cells: undoneCells },
    ])
    await endAll()
  })

  it('reading a file again that was sent with it has it read all the same, and keeps it no longer', {
    timeout: 120_000,
  }, async () => {
    const school = await planned('crash-reread')
    const file = largeFile(school, size)
    await killIn('storing', school, {
      ask: () => startReread(place.ctx, place.viewer, { importId, choices: { cells: { '4:3': '81' } }, file }),
      held: 'select from app.classes where id = $1 for update',
    })
    const view = await loadWizard(place.ctx, place.viewer, importId)
    expect([view?.summary.state, view?.choices.cells]).toEqual(['planned', { '4:3': '81' }])
    const [row] = await withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
      sql('select sent_sealed is null as "isGone" from app.import_jobs where import_id = $1', [importId]),
    )
    expect(row).toEqual({ isGone: true })
    await endAll()
  })
})

describe('a worker that is told to end', () => {
  it('finishes or hands back what it works at, and another one ends it', { timeout: 120_000 }, async () => {
    const school = await addPeople(world, await world.addSchool({ slug: 'told', name: 'Told' }))
    const place = placeOf(school)
    const first = startWorkerOf(world, { WORKER_DRAIN_SECONDS: '0' })
    const started = await startPlan(place.ctx, place.viewer, { ...place, file: largeFile(school, size) })
    if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
    await waitFor(place, started.importId, ({ progress }) => progress?.state !== 'queued')
    const before = Date.now()
    await first.stop()
    expect(await first.exited).toBe(0)
    expect(Date.now() - before).toBeLessThan(15_000)
    newWorker()
    expect(await waitForEnd(place, started.importId)).toMatchObject({ state: 'planned' })
  })
})
