import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Viewer } from '@/lib/auth/rights'
import { closeAll } from '@/lib/db/close'
import { rereadImport } from '@/lib/imports/reread'
import { loadReview } from '@/lib/imports/review'
import { loadWizard } from '@/lib/imports/wizard'
import type { ImportReceipt, ImportReview } from '@/lib/imports/views'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, codeOf, commit, gradesOf, type Place, placeOf, plan, upload } from './support'

let world: World
let school: PeopledSchool
/** Two people who may import into the same class. */
let one: Place
let other: Place

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
})
beforeEach(async () => {
  school = await addPeople(world, await world.addSchool())
  one = placeOf(school)
  other = { ...one, viewer: school.admin.viewer }
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const file = (rows: string) =>
  `last_name,first_name,email,Quiz 1,Essay\nPOINTS,-,-,20,100\n${rows.replaceAll('@', `@${school.slug}.example`)}`

const bothPlanned = async (): Promise<[ImportReview, ImportReview]> => [
  await plan(one, file('Koval,Mariya,mariya.koval@,18,70\nLee,Sam,sam.lee@,9,61\n')),
  await plan(other, file('Koval,Mariya,mariya.koval@,15,70\nLee,Sam,sam.lee@,9,62\n')),
]

/** What the one who came second wanted and did not get is listed with what stands there; all else is written. */
function expectNoLoss(first: ImportReceipt, second: ImportReceipt, wanted: readonly string[]) {
  expect(first.kept).toEqual([])
  expect(
    second.kept.map(({ studentName, assignmentTitle, now, wanted: w }) => `${studentName} ${assignmentTitle}: ${now}, not ${w}`),
  ).toEqual(wanted)
}

test('two plans of one class, committed in one order: the second is told of every cell it did not get', async () => {
  const [mine, theirs] = await bothPlanned()
  expectNoLoss(await commit(one, mine), await commit(other, theirs), [
    'Koval, Mariya Quiz 1: 18, not 15',
    'Lee, Sam Essay: 61, not 62',
  ])
  expect(await gradesOf(world, school)).toEqual([
    'Koval / Essay = 70',
    'Koval / Quiz 1 = 18',
    'Lee / Essay = 61',
    'Lee / Quiz 1 = 9',
  ])
})

test('and in the other order', async () => {
  const [mine, theirs] = await bothPlanned()
  expectNoLoss(await commit(other, theirs), await commit(one, mine), [
    'Koval, Mariya Quiz 1: 15, not 18',
    'Lee, Sam Essay: 62, not 61',
  ])
})

test('and both at the same moment', async () => {
  for (let round = 0; round < 4; round++) {
    school = await addPeople(world, await world.addSchool())
    one = placeOf(school)
    other = { ...one, viewer: school.admin.viewer }
    const [mine, theirs] = await bothPlanned()
    const receipts = await Promise.all([commit(one, mine), commit(other, theirs)])
    expect(receipts.map(({ kept }) => kept.length).sort()).toEqual([0, 2])
    const written = await gradesOf(world, school)
    for (const { kept } of receipts) {
      for (const { studentName, assignmentTitle, now } of kept)
        expect(written).toContain(`${studentName.split(',')[0]} / ${assignmentTitle} = ${now}`)
    }
  }
})

test('two who bring the same new student and assignment get one of each', async () => {
  const rows = 'New,Kid,new.kid@,5,\n'
  const mine = await plan(one, file(rows))
  const theirs = await plan(other, file(`${rows}Lee,Sam,sam.lee@,3,\n`))
  await commit(one, mine)
  expect(await codeOf(commit(other, theirs))).toBe('plan_stale')
  await rereadImport(other.ctx, other.viewer, { importId: theirs.summary.id, choices: {} })
  const again = await loadReview(other.ctx, other.viewer, theirs.summary.id)
  expect(again?.summary.counts).toMatchObject({ studentsNew: 0, cellsChanged: 1 })
})

test('a conflict with a grade given by hand names who gave it, and is settled cell by cell or in bulk', async () => {
  await upload(one, file('Koval,Mariya,mariya.koval@,18,70\nLee,Sam,sam.lee@,9,61\n'))
  await editByHand('Quiz 1', 'Koval', 4, school.admin.viewer)
  await editByHand('Essay', 'Lee', 5, school.admin.viewer)
  const review = await plan(one, file('Koval,Mariya,mariya.koval@,19,70\nLee,Sam,sam.lee@,9,62\n'))
  const importId = review.summary.id
  expect(review.summary.counts).toMatchObject({ cellsKept: 2, cellsChanged: 0 })
  const view = await loadWizard(one.ctx, one.viewer, importId)
  expect(view?.conflicts.map(({ row, column, now, wanted, by, choice }) => [row, column, now, wanted, by, choice])).toEqual([
    [3, 3, '4', '19', 'Ada Admin', 'keep'],
    [4, 4, '5', '62', 'Ada Admin', 'keep'],
  ])
  await rereadImport(one.ctx, one.viewer, { importId, choices: { conflictCells: { '3:3': 'take' } } })
  const settled = await loadWizard(one.ctx, one.viewer, importId)
  expect(settled?.conflicts.map(({ choice }) => choice)).toEqual(['take', 'keep'])
  expect(settled?.summary.counts).toMatchObject({ cellsKept: 1, cellsChanged: 1 })
  await rereadImport(one.ctx, one.viewer, { importId, choices: { conflicts: 'take', conflictCells: { '3:3': 'keep' } } })
  const turned = await loadReview(one.ctx, one.viewer, importId)
  if (turned === null) throw new Error('no review')
  await commit(one, turned)
  expect(await gradesOf(world, school)).toEqual([
    'Koval / Essay = 70',
    'Koval / Quiz 1 = 4',
    'Lee / Essay = 62',
    'Lee / Quiz 1 = 9',
  ])
})

/** As the gradebook writes an edit: the grade and its history row. */
async function editByHand(title: string, lastName: string, score: number, viewer: Viewer): Promise<void> {
  const actor = viewer.actor.kind === 'member' ? `member:${viewer.actor.id}` : 'system:test'
  await asAdmin(world, school, (sql) =>
    sql(
      `with cell as (
         select g.student_id, g.assignment_id, g.score, g.status
         from app.grades g
         join app.assignments a on a.tenant_id = g.tenant_id and a.class_id = g.class_id and a.id = g.assignment_id
         join app.students s on s.tenant_id = g.tenant_id and s.id = g.student_id
         where g.tenant_id = $1 and g.class_id = $2 and a.title = $3 and s.last_name = $4
       ),
       edited as (
         update app.grades g set score = $5 from cell
         where g.tenant_id = $1 and g.class_id = $2 and g.student_id = cell.student_id and g.assignment_id = cell.assignment_id
       )
       insert into app.grade_changes (
         tenant_id, class_id, student_id, id, kind, actor, assignment_ids, old_scores, old_statuses, new_scores, new_statuses)
       select $1, $2, student_id, uuidv7(), 'edit', $6, array[assignment_id], array[score], array[status], array[$5::numeric], array['graded']
       from cell`,
      [school.tenantId, school.classId, title, lastName, score, actor],
    ),
  )
}

const cells = ['Koval / Quiz 1', 'Koval / Essay', 'Lee / Quiz 1', 'Lee / Essay'] as const
const scores = fc.record(Object.fromEntries(cells.map((cell) => [cell, fc.integer({ min: 0, max: 20 })])))
const edits = fc.dictionary(fc.constantFrom('Koval / Quiz 1', 'Lee / Quiz 1', 'Koval / Essay'), fc.integer({ min: 0, max: 20 }))

test('whatever is edited between plan and commit stays, and everything else is written: nothing is lost', async () => {
  await fc.assert(
    fc.asyncProperty(scores, edits, async (wanted, between) => {
      school = await addPeople(world, await world.addSchool())
      one = placeOf(school)
      const text = (last: string) => [wanted[`${last} / Quiz 1`], wanted[`${last} / Essay`]].join(',')
      const review = await plan(one, file(`Koval,Mariya,mariya.koval@,${text('Koval')}\nLee,Sam,sam.lee@,${text('Lee')}\n`))
      const planned = new Map(
        review.rows.flatMap(({ name, cells: row }) =>
          row.map(([, before], column) => [`${name.split(',')[0]} / ${review.columns[column]?.title}`, before] as const),
        ),
      )
      for (const [cell, score] of Object.entries(between)) {
        const [last = '', title = ''] = cell.split(' / ')
        await editByHand(title, last, score, school.admin.viewer)
      }
      const receipt = await commit(one, review)
      const written = new Set(await gradesOf(world, school))
      for (const cell of cells) {
        const edited = between[cell]
        const wasMoved = edited !== undefined && String(edited) !== planned.get(cell)
        expect(written).toContain(`${cell} = ${wasMoved ? edited : wanted[cell]}`)
        const isKept = receipt.kept.some((each) => `${each.studentName.split(',')[0]} / ${each.assignmentTitle}` === cell)
        const isWrite = planned.get(cell) !== String(wanted[cell])
        expect(isKept).toBe(isWrite && wasMoved && edited !== wanted[cell])
      }
    }),
    { numRuns: 15 },
  )
})
