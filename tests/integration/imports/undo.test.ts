import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { redoImport } from '@/lib/imports/redo'
import { rereadImport } from '@/lib/imports/reread'
import { loadUndoParts, loadUndos } from '@/lib/imports/undo-history'
import { undoImport } from '@/lib/imports/undo'
import type { UndoScope } from '@/lib/imports/views'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, codeOf, commit, dump, gradesOf, type Place, placeOf, plan, upload } from './support'

let world: World
let school: PeopledSchool
let place: Place

beforeAll(async () => {
  world = await createWorld()
})
beforeEach(async () => {
  school = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
  place = placeOf(school)
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const file = (rows: string) =>
  `last_name,first_name,email,Quiz 1,Essay,Lab\nDATE,-,-,,,2026-10-01\nPOINTS,-,-,25,100,10\n${rows.replaceAll('@', `@${school.slug}.example`)}`
const everybody =
  'Koval,Mariya,mariya.koval@,18,CLEAR,EX\nLee,Sam,sam.lee@,11,60,7\nNew,Kid,kid.new@,20,50,LATE 3\nBrandt,Noah,noah.brandt@,1,2,3\n'

const undo = (importId: string, only?: UndoScope) => undoImport(place.ctx, place.viewer, { importId, ...(only ? { only } : {}) })
const redo = (importId: string) => redoImport(place.ctx, place.viewer, { importId })

const setScore = (title: string, lastName: string, score: number) =>
  asAdmin(world, school, (sql) =>
    sql(
      `update app.grades g set score = $4
       from app.assignments a, app.students s
       where g.tenant_id = $1 and a.tenant_id = $1 and s.tenant_id = $1 and a.id = g.assignment_id and s.id = g.student_id
         and a.title = $2 and s.last_name = $3 and a.class_id = $5`,
      [school.tenantId, title, lastName, score, school.classId],
    ),
  )

async function stateOf(importId: string): Promise<string> {
  const [row] = await asAdmin(world, school, (sql) =>
    sql<{ state: string }>('select state from app.imports where id = $1', [importId]),
  )
  return row?.state ?? ''
}

test('the undo of an undo brings back every row to the last column, as often as one likes', async () => {
  const before = await dump(world, school)
  const { review } = await upload(place, file(everybody))
  const importId = review.summary.id
  const after = await dump(world, school)
  for (let round = 0; round < 2; round++) {
    const undone = await undo(importId)
    expect(undone).toMatchObject({ kept: [], wasAlreadyDone: false, assignmentsRemoved: 1, studentsRemoved: 1 })
    expect(await dump(world, school)).toBe(before)
    const written = await redo(importId)
    expect(written).toMatchObject({ kept: [], wasAlreadyDone: false, assignmentsRestored: 1, studentsRestored: 1 })
    expect(written.cellsWritten).toBe(undone.cellsRestored)
    expect(await dump(world, school)).toBe(after)
    expect(await redo(importId)).toEqual({ ...written, wasAlreadyDone: true })
    expect(await stateOf(importId)).toBe('committed')
  }
  const history = await loadUndos(place.ctx, place.viewer, importId)
  expect(history?.map(({ kind, only }) => [kind, only])).toEqual([
    ['redo', null],
    ['undo', null],
    ['redo', null],
    ['undo', null],
  ])
})

test('the undo of an undo keeps what somebody graded after the undo', async () => {
  const { review } = await upload(place, file(everybody))
  await undo(review.summary.id)
  await setScore('Quiz 1', 'Koval', 3)
  const written = await redo(review.summary.id)
  expect(written.kept).toEqual([{ studentName: 'Koval, Mariya', assignmentTitle: 'Quiz 1', now: '3' }])
  expect(await gradesOf(world, school)).toContain('Koval / Quiz 1 = 3')
  expect(await gradesOf(world, school)).toContain('Lee / Quiz 1 = 11')
})

test('one student of an import is undone, the others stand, and a repeat does nothing', async () => {
  const { review } = await upload(place, file(everybody))
  const importId = review.summary.id
  const only = { studentIds: [school.students[1].id] }
  const undone = await undo(importId, only)
  expect(undone).toMatchObject({ cellsRestored: 3, studentsRemoved: 0, assignmentsRemoved: 0, kept: [], wasAlreadyDone: false })
  expect((await gradesOf(world, school)).filter((line) => line.startsWith('Lee'))).toEqual(['Lee / Quiz 1 = 9'])
  expect(await gradesOf(world, school)).toContain('Koval / Quiz 1 = 18')
  expect(await stateOf(importId)).toBe('committed')
  const after = await dump(world, school)
  expect(await undo(importId, only)).toEqual({ ...undone, wasAlreadyDone: true })
  expect(await dump(world, school)).toBe(after)
  const parts = await loadUndoParts(place.ctx, place.viewer, importId)
  expect(parts?.students.map(({ name, isUndone }) => [name, isUndone])).toContainEqual(['Lee, Sam', true])
  expect(parts?.students.map(({ name, isUndone }) => [name, isUndone])).toContainEqual(['Koval, Mariya', false])
})

test('a grade typed again after its undo is not undone a second time', async () => {
  const { review } = await upload(place, file(everybody))
  await undo(review.summary.id, { studentIds: [school.students[1].id] })
  await setScore('Quiz 1', 'Lee', 11)
  await undo(review.summary.id)
  expect(await gradesOf(world, school)).toContain('Lee / Quiz 1 = 11')
  expect(await gradesOf(world, school)).toContain('Koval / Quiz 1 = 17')
})

test('one assignment of an import is undone, and goes when the import made it', async () => {
  const { review } = await upload(place, file(everybody))
  const parts = await loadUndoParts(place.ctx, place.viewer, review.summary.id)
  const lab = parts?.assignments.find(({ title }) => title === 'Lab')?.id ?? ''
  const undone = await undo(review.summary.id, { assignmentIds: [lab] })
  expect(undone).toMatchObject({ cellsRestored: 4, assignmentsRemoved: 1, studentsRemoved: 0 })
  expect((await gradesOf(world, school)).filter((line) => line.includes('/ Lab'))).toEqual([])
  expect(await gradesOf(world, school)).toContain('New / Quiz 1 = 20')
})

test('parts add up to the whole, in any order, with what was edited between kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.boolean(), async (order, byStudent) => {
      school = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
      place = placeOf(school)
      const before = await dump(world, school)
      const { review } = await upload(place, file(everybody))
      const importId = review.summary.id
      const after = await dump(world, school)
      const parts = await loadUndoParts(place.ctx, place.viewer, importId)
      const ids = (byStudent ? parts?.students : parts?.assignments)?.map(({ id }) => id) ?? []
      for (const at of order) {
        const id = ids[at]
        if (id !== undefined) await undo(importId, byStudent ? { studentIds: [id] } : { assignmentIds: [id] })
      }
      expect(await stateOf(importId)).toBe('undone')
      expect(await dump(world, school)).toBe(before)
      await redo(importId)
      expect(await dump(world, school)).toBe(after)
    }),
    { numRuns: 6 },
  )
})

test('a file undone in part and uploaded again is as if it never was', async () => {
  const { review } = await upload(place, file(everybody))
  await undo(review.summary.id, { studentIds: [school.students[1].id] })
  const again = await plan(place, file(everybody))
  expect(again.summary.counts).toMatchObject({ cellsKept: 0, cellsChanged: 1, cellsNew: 2 })
})

test('categories, tags and what another system calls an assignment come with it and go with it', async () => {
  const before = await dump(world, school)
  const review = await plan(place, file('Lee,Sam,sam.lee@,,,7\n'))
  const importId = review.summary.id
  await rereadImport(place.ctx, place.viewer, {
    importId,
    choices: { columns: { '5': { use: 'assignment', category: 'Labs', tags: ['Lab', 'biology'] } } },
  })
  const fresh = await plan(place, file('Lee,Sam,sam.lee@,,,7\n'), {
    columns: { '5': { use: 'assignment', category: 'Labs', tags: ['Lab', 'biology'] } },
  })
  await commit(place, fresh)
  const [made] = await asAdmin(world, school, (sql) =>
    sql<{ category: string; tags: string[] }>(
      `select k.name as category, array_agg(t.name order by t.name) as tags
       from app.assignments a
       join app.categories k on k.tenant_id = a.tenant_id and k.class_id = a.class_id and k.id = a.category_id
       join app.assignment_tags tie on tie.tenant_id = a.tenant_id and tie.class_id = a.class_id and tie.assignment_id = a.id
       join app.tags t on t.tenant_id = tie.tenant_id and t.id = tie.tag_id
       where a.tenant_id = $1 and a.title = 'Lab'
       group by k.name`,
      [school.tenantId],
    ),
  )
  expect(made).toEqual({ category: 'Labs', tags: ['Lab', 'biology'] })
  const after = await dump(world, school)
  await undo(fresh.summary.id)
  expect(await dump(world, school)).toBe(before)
  await redo(fresh.summary.id)
  expect(await dump(world, school)).toBe(after)
})

test('who cannot see the class undoes nothing of it, and an import that stands is not written again', async () => {
  const { review } = await upload(place, file(everybody))
  const importId = review.summary.id
  for (const { viewer } of [school.otherTeacher, school.student, school.guardian]) {
    expect(await codeOf(undoImport(place.ctx, viewer, { importId, only: { studentIds: [school.students[0].id] } }))).toBe(
      'not_found',
    )
    expect(await codeOf(redoImport(place.ctx, viewer, { importId }))).toBe('not_found')
    expect(await loadUndos(place.ctx, viewer, importId)).toBeNull()
    expect(await loadUndoParts(place.ctx, viewer, importId)).toBeNull()
  }
  expect(await codeOf(redo(importId))).toBe('conflict')
  const riverside = await addPeople(world, await world.addSchool({ shard: 'shard_2' }))
  expect(await codeOf(undoImport(riverside.ctx, riverside.admin.viewer, { importId }))).toBe('not_found')
  expect(await codeOf(redoImport(riverside.ctx, riverside.admin.viewer, { importId }))).toBe('not_found')
})
