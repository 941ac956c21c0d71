import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { commitImport } from '@/lib/imports/commit'
import type { ChoicesPatch } from '@/lib/imports/merge-choices'
import { rereadImport } from '@/lib/imports/reread'
import { loadWizard } from '@/lib/imports/wizard'
import type { WizardView } from '@/lib/imports/wizard-views'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { codeOf, dump, gradesOf, type Place, placeOf, plan } from './support'

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

const file = (rows: string, headings = 'Quiz 1,Essay,Lab', points = '20,100,10') =>
  `last_name,first_name,email,${headings}\nPOINTS,-,-,${points}\n${rows.replaceAll('@', `@${school.slug}.example`)}`

const start = async (text: string): Promise<string> => (await plan(place, text)).summary.id

const say = (importId: string, choices: ChoicesPatch) => rereadImport(place.ctx, place.viewer, { importId, choices })

async function look(importId: string): Promise<WizardView> {
  const view = await loadWizard(place.ctx, place.viewer, importId)
  if (view === null) throw new Error('no wizard')
  return view
}

const commitNow = async (importId: string) =>
  commitImport(place.ctx, place.viewer, { importId, planHash: (await look(importId)).planHash })

test('a question is answered where the file stands, and the tab may be closed between any two answers', async () => {
  const importId = await start(file('Koval,Mariya,mariya.koval@,-3,,\nLee,Sam,sam.lee@,x9,,7\n'))
  const asked = await look(importId)
  expect(asked.summary.state).toBe('blocked')
  expect(asked.next).toBe('fix')
  expect(asked.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['shape done', 'map done', 'fix open', 'review later'])
  expect(asked.fix.groups.map(({ code, count }) => [code, count])).toEqual([
    ['negative_score', 1],
    ['not_a_number', 1],
  ])
  expect(asked.fix.groups[1]?.cells).toEqual([
    { row: 4, column: 3, where: 'Row 4, Quiz 1', student: 'Lee, Sam', value: 'x9', edited: null },
  ])
  expect(await codeOf(commitNow(importId))).toBe('conflict')

  await say(importId, { negatives: 'take' })
  await say(importId, { cells: { '4:3': '19' } })
  const answered = await look(importId)
  expect(answered.choices).toEqual({ negatives: 'take', cells: { '4:3': '19' } })
  expect(answered.next).toBe('review')
  expect(answered.fix.groups).toEqual([])

  await say(importId, { cells: { '4:3': null } })
  expect((await look(importId)).choices).toEqual({ negatives: 'take' })
  await say(importId, { cells: { '4:3': '19' } })
  await commitNow(importId)
  expect(await gradesOf(world, school)).toEqual([
    'Koval / Essay = 81.5',
    'Koval / Quiz 1 = -3',
    'Lee / Lab = 7',
    'Lee / Quiz 1 = 19',
  ])
  expect(await codeOf(say(importId, { negatives: 'leave_out' }))).toBe('conflict')
})

test('a way of reading that makes no table is refused in words, and everything stays as it was', async () => {
  const importId = await start(file('Lee,Sam,sam.lee@,9,,7\n'))
  const before = await look(importId)
  await expect(say(importId, { delimiter: '|' })).rejects.toMatchObject({ code: 'invalid_input' })
  expect(await look(importId)).toEqual(before)
})

test('nothing but the commit writes anything beside the import', async () => {
  const before = await dump(world, school)
  const importId = await start(file('Koval,Mariya,mariya.koval@,18,,\nNew,Kid,kid.new@,5,,7\n'))
  await say(importId, { columns: { '3': { use: 'ignore' } }, students: { '4': { use: 'skip' } } })
  await look(importId)
  expect(await dump(world, school)).toBe(before)
})

test('a column goes where the teacher says, and is left out when they say so', async () => {
  const importId = await start(file('Lee,Sam,sam.lee@,11,4,7\n', 'Q one,Essay,Lab'))
  await say(importId, {
    columns: { '3': { use: 'assignment', assignmentId: school.assignments[0].id }, '5': { use: 'ignore' } },
  })
  const { map } = await look(importId)
  expect(map.columns.map(({ heading, role, target }) => [heading, role, target?.title ?? null])).toEqual([
    ['last_name', 'identity', null],
    ['first_name', 'identity', null],
    ['email', 'identity', null],
    ['Q one', 'assignment', 'Quiz 1'],
    ['Essay', 'assignment', 'Essay'],
    ['Lab', 'ignored', null],
  ])
  await commitNow(importId)
  expect(await gradesOf(world, school)).toEqual([
    'Koval / Essay = 81.5',
    'Koval / Quiz 1 = 17',
    'Lee / Essay = 4',
    'Lee / Quiz 1 = 11',
  ])
})

test('two columns cannot both go to one assignment', async () => {
  const importId = await start(file('Lee,Sam,sam.lee@,11,4,7\n', 'Q one,Essay,Quiz 1'))
  await say(importId, { columns: { '3': { use: 'assignment', assignmentId: school.assignments[0].id } } })
  const view = await look(importId)
  expect(view.summary.state).toBe('blocked')
  expect(view.next).toBe('map')
  expect(view.map.problems.map(({ code }) => code)).toContain('same_assignment')
})

test('a column is made a new assignment although the class has one of its title', async () => {
  const importId = await start(file('Lee,Sam,sam.lee@,11,,\n'))
  await say(importId, { columns: { '3': { use: 'assignment', assignmentId: null } } })
  const receipt = await commitNow(importId)
  expect(receipt.counts).toMatchObject({ assignmentsNew: 2, cellsNew: 1, cellsChanged: 0 })
})

test('two windows that answer at once are both heard', async () => {
  const importId = await start(file('Koval,Mariya,mariya.koval@,-3,,\nLee,Sam,sam.lee@,x9,,7\n'))
  await Promise.all([
    say(importId, { negatives: 'take' }),
    say(importId, { cells: { '4:3': '19' } }),
    say(importId, { students: { '4': { use: 'student', studentId: school.students[1].id } } }),
  ])
  expect((await look(importId)).choices).toEqual({
    negatives: 'take',
    cells: { '4:3': '19' },
    students: { '4': { use: 'student', studentId: school.students[1].id } },
  })
})

test('a plan that was looked at before another window answered is not the one that is written', async () => {
  const importId = await start(file('Lee,Sam,sam.lee@,11,,7\n'))
  const { planHash } = await look(importId)
  await say(importId, { columns: { '5': { use: 'ignore' } } })
  expect(await codeOf(commitImport(place.ctx, place.viewer, { importId, planHash }))).toBe('plan_stale')
  expect(await gradesOf(world, school)).toContain('Lee / Quiz 1 = 9')
})
