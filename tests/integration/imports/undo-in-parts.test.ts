import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { cellsPerPacedStatement, cellsPerStatement } from '@/lib/imports/limits'
import { workAtMost } from '@/lib/imports/pause'
import { redoImport } from '@/lib/imports/redo'
import { undoImport } from '@/lib/imports/undo'
import { loadUndoParts } from '@/lib/imports/undo-history'
import type { ImportWatch } from '@/lib/imports/watch'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, dump, gradesOf, placeOf, upload } from './support'

/** A worker puts grades back in several statements, a request in one: nobody can tell from what stands there afterwards. */

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const [newcomers, works] = [1_200, 50]
const cells = (newcomers + 2) * (works + 1)

/** New students with new work, and two who had grades already: of Mariya they change, of Sam one is cleared. */
function file({ slug }: PeopledSchool): string {
  const titles = ['Quiz 1', ...Array.from({ length: works }, (_, at) => `Work ${at + 1}`)]
  const line = (last: string, first: string, email: string, row: number, quiz: string) =>
    `${last},${first},${email}@${slug}.example,${[quiz, ...titles.slice(1).map((_, at) => (row * 7 + at * 3) % 101)].join(',')}`
  return [
    `last_name,first_name,email,${titles.join(',')}`,
    `POINTS,-,-,${['20', ...titles.slice(1).map(() => '100')].join(',')}`,
    line('Koval', 'Mariya', 'mariya.koval', 1, '18'),
    line('Lee', 'Sam', 'sam.lee', 2, 'CLEAR'),
    ...Array.from({ length: newcomers }, (_, row) => line('Pupil', `Number ${row}`, `pupil${row}`, row, String(row % 21))),
  ].join('\n')
}

/** Changed by hand after the import: stays, whichever way it is undone. */
const grade = (school: PeopledSchool, title: string, score: number) =>
  asAdmin(world, school, (sql) =>
    sql(
      `update app.grades g set score = $4
       from app.assignments a
       where g.tenant_id = $1 and a.tenant_id = $1 and a.id = g.assignment_id and a.class_id = $2 and a.title = $3 and g.student_id = $5`,
      [school.tenantId, school.classId, title, score, school.students[0].id],
    ),
  )

/** Every cell of the history by names, in no order of its own. */
async function historyOf(school: PeopledSchool): Promise<string> {
  const [row] = await asAdmin(world, school, (sql) =>
    sql<{ lines: string }>(
      `select string_agg(line, E'\\n' order by line) as lines
       from (
         select concat_ws(' ', s.last_name, s.first_name, a.title, change.kind, count(*) over (partition by change.student_id, change.kind),
           old_score, old_status, '>', new_score, new_status) as line
         from app.grade_changes change
         join app.students s on s.tenant_id = change.tenant_id and s.id = change.student_id
         cross join lateral unnest(change.assignment_ids, change.old_scores, change.old_statuses, change.new_scores, change.new_statuses)
           as cell(assignment_id, old_score, old_status, new_score, new_status)
         join app.assignments a on a.tenant_id = change.tenant_id and a.id = cell.assignment_id
         where change.tenant_id = $1) as lines`,
      [school.tenantId],
    ),
  )
  return row?.lines ?? ''
}

const rowsOfHistory = async (school: PeopledSchool) =>
  asAdmin(world, school, (sql) =>
    sql(
      `select kind, count(*)::int as rows, sum(cardinality(assignment_ids))::int as cells
       from app.grade_changes where tenant_id = $1 group by kind order by kind`,
      [school.tenantId],
    ),
  )

type Step = Readonly<{ done: number; total: number | null }>

/** Undone in part, then whole, then redone; what stood there after each. */
async function thereAndBack(school: PeopledSchool, watch: ImportWatch) {
  const { ctx, viewer } = placeOf(school)
  const { review, receipt } = await upload(placeOf(school), file(school))
  expect(receipt.counts.cellsNew + receipt.counts.cellsChanged + receipt.counts.cellsCleared).toBe(cells)
  const importId = review.summary.id
  await grade(school, 'Work 3', 3)
  const parts = await loadUndoParts(ctx, viewer, importId)
  const work = parts?.assignments.find(({ title }) => title === 'Work 2')?.id ?? ''
  const { importId: _part, ...inPart } = await undoImport(ctx, viewer, { importId, only: { assignmentIds: [work] } }, watch)
  const afterPart = await gradesOf(world, school)
  await grade(school, 'Work 4', 4)
  const { importId: _undone, ...undone } = await undoImport(ctx, viewer, { importId }, watch)
  const afterUndo = await gradesOf(world, school)
  const { importId: _redone, ...redone } = await redoImport(ctx, viewer, { importId }, watch)
  return {
    ...{ inPart, afterPart, undone, afterUndo, redone },
    ...{ afterRedo: await gradesOf(world, school), history: await historyOf(school), rows: await rowsOfHistory(school) },
  }
}

test('an undo, one in part and a redo in several statements leave the grades, receipts and history of one', {
  timeout: 180_000,
}, async () => {
  const [whole, parted] = [await addPeople(world, await world.addSchool()), await addPeople(world, await world.addSchool())]
  const steps: Step[] = []
  const watch: ImportWatch = {
    signal: new AbortController().signal,
    onProgress: (phase, done, total) => void (phase === 'restoring' && total !== null && steps.push({ done, total })),
  }
  const one = await thereAndBack(whole, {})
  expect(steps).toEqual([])
  const several = await thereAndBack(parted, watch)
  expect(several).toEqual(one)
  expect(one.undone.kept).toHaveLength(2)
  expect(one.afterUndo.length).toBeLessThan(10)
  expect(one.redone.cellsWritten).toBe(one.inPart.cellsRestored + one.undone.cellsRestored)

  // The part was one statement; the whole and its redo were two each, and said how far they were between them.
  const totals = [newcomers + 2, newcomers + 2, cells, cells, cells, cells, cells, cells]
  expect(steps.map(({ total }) => total)).toEqual(totals)
  const [, , , between, , , betweenAgain] = steps
  expect(between?.done).toBeGreaterThan(cellsPerStatement - works * 2)
  expect(between?.done).toBeLessThanOrEqual(cellsPerStatement)
  expect(betweenAgain?.done).toBe(between?.done)
})

test('a process that rests writes and takes back the same in many small statements', { timeout: 180_000 }, async () => {
  const [whole, paced] = [await addPeople(world, await world.addSchool()), await addPeople(world, await world.addSchool())]
  const one = await thereAndBack(whole, {})
  const steps: Step[] = []
  workAtMost(0.95)
  try {
    const watch: ImportWatch = {
      signal: new AbortController().signal,
      onProgress: (phase, done, total) => void (phase === 'restoring' && total !== null && steps.push({ done, total })),
    }
    expect(await thereAndBack(paced, watch)).toEqual(one)
  } finally {
    workAtMost(1)
  }
  expect(steps.length).toBeGreaterThan((2 * cells) / cellsPerPacedStatement)
})

test('somebody who stops an undo between two of its statements gets everything back as it was', {
  timeout: 120_000,
}, async () => {
  const school = await addPeople(world, await world.addSchool())
  const { ctx, viewer } = placeOf(school)
  const { review } = await upload(placeOf(school), file(school))
  const before = await dump(world, school)
  const stopping = new AbortController()
  const stopped = new Error('stopped')
  const watch: ImportWatch = {
    signal: stopping.signal,
    onProgress: (phase, done, total) =>
      void (phase === 'restoring' && done > 0 && done < (total ?? 0) && stopping.abort(stopped)),
  }
  await expect(undoImport(ctx, viewer, { importId: review.summary.id }, watch)).rejects.toBe(stopped)
  expect(await dump(world, school)).toBe(before)
  expect((await rowsOfHistory(school)).map((row) => (row as { kind: string }).kind)).toEqual(['import'])
})
