import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { commitImport } from '@/lib/imports/commit'
import { forgetMapping, saveMapping } from '@/lib/imports/mapping'
import type { ChoicesPatch } from '@/lib/imports/merge-choices'
import { planImport } from '@/lib/imports/plan'
import { rereadImport } from '@/lib/imports/reread'
import { loadWizard } from '@/lib/imports/wizard'
import type { WizardView } from '@/lib/imports/wizard-views'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, codeOf, gradesOf, type Place, placeOf, upload } from './support'

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

async function start(text: string, at = place): Promise<string> {
  const bytes = new TextEncoder().encode(text)
  const outcome = await planImport(at.ctx, at.viewer, { ...at, file: { name: 'grades.csv', bytes } })
  if (outcome.kind === 'refused') throw new Error(outcome.problems.map(({ message }) => message).join(' '))
  return outcome.importId
}

const say = (importId: string, choices: ChoicesPatch, at = place) => rereadImport(at.ctx, at.viewer, { importId, choices })

async function look(importId: string, at = place): Promise<WizardView> {
  const view = await loadWizard(at.ctx, at.viewer, importId)
  if (view === null) throw new Error('no wizard')
  return view
}

const commitNow = async (importId: string, at = place) =>
  commitImport(at.ctx, at.viewer, { importId, planHash: (await look(importId, at)).planHash })

const named = 'last_name,first_name,Quiz 1\nPOINTS,,20\n'

test('a misspelt name suggests whom it may mean and matches nobody; the teacher says who it is', async () => {
  const importId = await start(`${named}Kowal,Maria,11\nZzz,Qqq,12\n`)
  const view = await look(importId)
  expect(view.summary.counts.studentsNew).toBe(2)
  expect(view.fix.unmatched.map(({ row, name, candidates }) => [row, name, candidates.map((each) => each.name)])).toEqual([
    [3, 'Kowal, Maria', ['Koval, Mariya']],
  ])
  const studentId = view.fix.unmatched[0]?.candidates[0]?.studentId ?? ''
  await say(importId, { students: { '3': { use: 'student', studentId }, '4': { use: 'skip' } } })
  const settled = await look(importId)
  expect(settled.summary.counts).toMatchObject({ studentsMatched: 1, studentsNew: 0, rowsRejected: 0 })
  expect(settled.shape.skipped).toContainEqual({ kind: 'row', where: 'Row 4', reason: 'Left out, as you chose.' })
  await commitNow(importId)
  expect(await gradesOf(world, school)).toContain('Koval / Quiz 1 = 11')
})

test('two students of one name: the row is refused until the teacher says which, or that it is somebody new', async () => {
  await asAdmin(world, school, async (sql) => {
    const [twin] = await sql<{ id: string }>(
      `insert into app.students (tenant_id, id, last_name, first_name) values ($1, uuidv7(), 'Lee', 'Sam') returning id`,
      [school.tenantId],
    )
    await sql('insert into app.enrolments (tenant_id, class_id, student_id) values ($1, $2, $3)', [
      school.tenantId,
      school.classId,
      twin?.id,
    ])
  })
  const importId = await start(`${named}Lee,Sam,13\nKoval,Mariya,5\n`)
  const view = await look(importId)
  expect(view.fix.groups.map(({ code }) => code)).toContain('ambiguous_name')
  expect(view.fix.unmatched[0]?.candidates.map(({ why }) => why)).toEqual([
    'The same name, in this class.',
    'The same name, in this class.',
  ])
  await say(importId, { students: { '3': { use: 'student', studentId: school.students[1].id } } })
  await commitNow(importId)
  expect(await gradesOf(world, school)).toContain('Lee / Quiz 1 = 13')
  const second = await start(`${named}Lee,Sam,14\n`, place).catch(() => null)
  // A file whose only row is refused is refused whole; with the answer given at once it is planned.
  expect(second).toBeNull()
  const bytes = new TextEncoder().encode(`${named}Lee,Sam,14\n`)
  const outcome = await planImport(place.ctx, place.viewer, {
    ...place,
    file: { name: 'grades.csv', bytes },
    answers: { students: { '3': { use: 'new' } } },
  })
  if (outcome.kind === 'refused') throw new Error('refused')
  expect((await commitNow(outcome.importId)).counts).toMatchObject({ studentsNew: 1, cellsNew: 1 })
})

test('a student of another school, or one the teacher may not see, cannot be chosen', async () => {
  const riverside = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
  const importId = await start(`${named}Kowal,Maria,11\n`)
  // Noah is of the school, but only in somebody else's class.
  for (const studentId of [riverside.students[0].id, school.students[2].id]) {
    await say(importId, { students: { '3': { use: 'student', studentId } } })
    const view = await look(importId)
    expect(view.summary.state).toBe('blocked')
    expect(view.fix.groups.map(({ code }) => code)).toContain('chosen_student_gone')
    expect(JSON.stringify(view.fix)).not.toContain('Brandt')
  }
  expect(
    (await look(importId)).fix.unmatched.flatMap(({ candidates }) => candidates.map(({ studentId }) => studentId)),
  ).not.toContain(school.students[2].id)
})

test('a table that does not say who its students are waits for the teacher to say it', async () => {
  const importId = await start('Kid,Quiz 1\n"Lee, Sam",12\n"Koval, Mariya",13\n')
  const asked = await look(importId)
  expect([asked.summary.state, asked.next]).toEqual(['blocked', 'map'])
  expect(asked.map.problems.map(({ code, severity }) => [code, severity])).toContainEqual(['ask_identity', 'block'])
  await say(importId, { columns: { '0': { use: 'identity', role: 'fullName' } } })
  const view = await look(importId)
  expect([view.summary.state, view.next]).toEqual(['planned', 'review'])
  expect(view.summary.counts).toMatchObject({ studentsMatched: 2, cellsChanged: 2 })
})

test('an assignment of another class cannot be chosen', async () => {
  const importId = await start(`${named}Lee,Sam,11\n`)
  await say(importId, { columns: { '2': { use: 'assignment', assignmentId: school.otherAssignment.id } } })
  expect((await look(importId)).map.problems.map(({ code }) => code)).toContain('chosen_assignment_gone')
})

test('columns mapped once are mapped alike in the next file with these headings, for this teacher in this school only', async () => {
  const text = 'last_name,first_name,Q one\nPOINTS,,20\nLee,Sam,11\n'
  const first = await start(text)
  await say(first, { columns: { '2': { use: 'assignment', assignmentId: school.assignments[0].id } } })
  await commitNow(first)
  const again = await look(await start(text.replace('11', '12')))
  expect(again.map).toMatchObject({ isFromSaved: true })
  expect(again.map.columns[2]?.target?.title).toBe('Quiz 1')
  expect(again.summary.counts).toMatchObject({ assignmentsNew: 0, cellsChanged: 1 })
  // Another shape, another teacher, another school: nothing of it.
  expect((await look(await start(text.replace('Q one', 'Q two')))).map.isFromSaved).toBe(false)
  const admin = { ...place, viewer: school.admin.viewer }
  expect((await look(await start(text.replace('11', '13'), admin), admin)).map.isFromSaved).toBe(false)
  const riverside = placeOf(await addPeople(world, await world.addSchool({ shard: 'shard_1' })))
  expect((await look(await start(text, riverside), riverside)).map.isFromSaved).toBe(false)
  // Changed by hand it is no longer the saved one; forgotten it is not used again.
  await say(again.summary.id, { columns: { '2': { use: 'assignment', assignmentId: null } } })
  expect((await look(again.summary.id)).map.isFromSaved).toBe(false)
  await forgetMapping(place.ctx, place.viewer, { importId: again.summary.id })
  const forgotten = await look(await start(text.replace('11', '14')))
  expect(forgotten.map.isFromSaved).toBe(false)
  expect(await codeOf(saveMapping(place.ctx, place.viewer, { importId: forgotten.summary.id }))).toBe('conflict')
})

test('a mapping is saved without a commit when the teacher says so, and nobody else can save or forget it', async () => {
  const text = 'last_name,first_name,Q one\nPOINTS,,20\nLee,Sam,11\n'
  const importId = await start(text)
  await say(importId, { columns: { '2': { use: 'assignment', title: 'Renamed' } } })
  for (const { viewer } of [school.otherTeacher, school.student])
    expect(await codeOf(saveMapping(place.ctx, viewer, { importId }))).toBe('not_found')
  await saveMapping(place.ctx, place.viewer, { importId })
  expect((await look(await start(text.replace('11', '12')))).map.columns[2]?.title).toBe('Renamed')
})

test('what another system calls an assignment finds it again under another title', async () => {
  const canvas = (title: string, score: string) =>
    `Student,ID,SIS User ID,SIS Login ID,Section,${title} (4711)\n    Points Possible,,,,,20\n"Lee, Sam",7,s7,sam.lee@${school.slug}.example,9A,${score}\n"Koval, Mariya",8,s8,mariya.koval@${school.slug}.example,9A,${score}\n`
  const first = await upload(place, canvas('Warm-up', '11'))
  expect(first.receipt.counts).toMatchObject({ assignmentsNew: 1 })
  const again = await upload(place, canvas('Warm-up renamed', '12'))
  expect(again.receipt.counts).toMatchObject({ assignmentsNew: 0, assignmentsMatched: 1, cellsChanged: 2 })
})

test('blank cells take grades away only when the teacher says so, and then it is counted', async () => {
  const importId = await start(`${named}Koval,Mariya,\nLee,Sam,9\n`)
  expect((await look(importId)).summary.counts).toMatchObject({ cellsCleared: 0, cellsKept: 1 })
  await say(importId, { blankClears: true })
  const view = await look(importId)
  expect(view.summary.counts).toMatchObject({ cellsCleared: 1 })
  await commitNow(importId)
  expect(await gradesOf(world, school)).not.toContain('Koval / Quiz 1 = 17')
})

test('a file downloaded before somebody else graded is in conflict there', async () => {
  const exported = Math.floor(Date.now() / 1000) - 3600
  const moodle = (score: string) =>
    `First name,Last name,Email address,Quiz 1 (Real),Last downloaded from this course\nSam,Lee,sam.lee@${school.slug}.example,${score},${exported}\nMariya,Koval,mariya.koval@${school.slug}.example,17,${exported}\n`
  await upload({ ...place, viewer: school.admin.viewer }, 'last_name,first_name,Quiz 1\nPOINTS,,20\nLee,Sam,15\n')
  const view = await look(await start(moodle('12')))
  expect(view.conflicts.map(({ student, now, wanted, by }) => [student, now, wanted, by])).toEqual([
    ['Lee, Sam', '15', '12', 'Ada Admin'],
  ])
  expect(view.summary.counts).toMatchObject({ cellsChanged: 0 })
})

test('a plan of no changes is not something to wait for', async () => {
  const view = await look(await start(`${named}Lee,Sam,9\nKoval,Mariya,17\n`))
  expect(view.summary).toMatchObject({ state: 'planned', hasChanges: false })
})
