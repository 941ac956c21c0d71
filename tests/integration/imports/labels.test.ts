/** Category and tags that a teacher gives to work the class has already: written, shown before, taken back and brought back. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import type { ColumnChoice } from '@/lib/imports/choices'
import { redoImport } from '@/lib/imports/redo'
import { undoImport } from '@/lib/imports/undo'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, codeOf, commit, dump, type Place, placeOf, plan, upload } from './support'

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

const file = () => `last_name,first_name,email,Quiz 1\nPOINTS,,,20\nLee,Sam,sam.lee@${school.slug}.example,\n`
type Labels = Readonly<{ category?: string | null; tags?: string[] }>
const saying = (labels: Labels) => ({ columns: { '3': { use: 'assignment', ...labels } satisfies ColumnChoice } })
const give = (labels: Labels) => upload(place, file(), saying(labels))
const undo = (importId: string) => undoImport(place.ctx, place.viewer, { importId })

const sqlOf = <Row>(text: string, ...values: unknown[]) => asAdmin(world, school, (sql) => sql<Row & object>(text, values))

/** Category and tags of Quiz 1, as 'Labs: biology, unit 1'. */
async function labels(): Promise<string> {
  const [row] = await sqlOf<{ text: string }>(
    `select coalesce(k.name, 'none') || ': ' || coalesce((
         select string_agg(t.name, ', ' order by t.name)
         from app.assignment_tags tie join app.tags t on t.tenant_id = tie.tenant_id and t.id = tie.tag_id
         where tie.tenant_id = a.tenant_id and tie.class_id = a.class_id and tie.assignment_id = a.id), '') as text
     from app.assignments a
     left join app.categories k on k.tenant_id = a.tenant_id and k.class_id = a.class_id and k.id = a.category_id
     where a.tenant_id = $1 and a.class_id = $2 and a.title = 'Quiz 1'`,
    school.tenantId,
    school.classId,
  )
  return row?.text ?? 'no assignment'
}

const moveByHand = (category: string | null) =>
  sqlOf(
    `update app.assignments a
     set category_id = (select k.id from app.categories k where k.tenant_id = $1 and k.class_id = $2 and k.name = $3)
     where a.tenant_id = $1 and a.class_id = $2 and a.title = 'Quiz 1'`,
    school.tenantId,
    school.classId,
    category,
  )

test('are shown before anything is written, come with the import, go with its undo and come back', async () => {
  const riverside = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
  await upload(placeOf(riverside), file().replaceAll(school.slug, riverside.slug), saying({ tags: ['unit 1'] }))
  const [before, theirs] = [await dump(world, school), await dump(world, riverside)]
  const review = await plan(place, file(), saying({ category: 'Labs', tags: ['unit 1', 'biology'] }))
  expect(review.columns).toMatchObject([
    { title: 'Quiz 1', state: 'changed', category: { old: null, new: 'Labs' }, tags: ['unit 1', 'biology'] },
  ])
  expect(await dump(world, school)).toBe(before)
  await commit(place, review)
  expect(await labels()).toBe('Labs: biology, unit 1')
  const after = await dump(world, school)
  for (let round = 0; round < 2; round++) {
    await undo(review.summary.id)
    expect(await dump(world, school)).toBe(before)
    await redoImport(place.ctx, place.viewer, { importId: review.summary.id })
    expect(await dump(world, school)).toBe(after)
  }
  expect(await dump(world, riverside)).toBe(theirs)
  expect((await plan(place, file(), saying({ category: 'Labs', tags: ['Unit 1'] }))).summary.counts.assignmentsChanged).toBe(0)
})

test('and points alone show every student whose total they move, before those whose total stays', async () => {
  await sqlOf('delete from app.grades where tenant_id = $1 and student_id = $2', school.tenantId, school.students[1].id)
  const { rows } = await plan(place, `${file().replace('20', '40')}Koval,Mariya,mariya.koval@${school.slug}.example,\n`)
  expect(rows.map(({ name, cells }) => [name, cells.map(([kind]) => kind)])).toEqual([
    ['Koval, Mariya', ['kept']],
    ['Lee, Sam', ['same']],
  ])
  expect(rows.map(({ totalBefore, totalAfter }) => totalBefore === totalAfter)).toEqual([false, true])
})

test('go with the undo of their assignment alone', async () => {
  const before = await dump(world, school)
  const { review } = await upload(place, `${file().trimEnd()}17\n`, saying({ category: 'Labs', tags: ['unit 1'] }))
  const assignmentId = review.columns[0]?.assignmentId ?? ''
  await undoImport(place.ctx, place.viewer, { importId: review.summary.id, only: { assignmentIds: [assignmentId] } })
  expect(await labels()).toBe('none: ')
  await undo(review.summary.id)
  expect(await dump(world, school)).toBe(before)
})

test('move from one category to another and back, and what was moved since stays', async () => {
  const first = await give({ category: 'Labs' })
  const second = await give({ category: 'Talks', tags: ['x'] })
  expect(await labels()).toBe('Talks: x')
  await undo(second.review.summary.id)
  expect(await labels()).toBe('Labs: ')
  expect(await sqlOf("select from app.categories where tenant_id = $1 and name = 'Talks'", school.tenantId)).toEqual([])
  await moveByHand(null)
  await undo(first.review.summary.id)
  expect(await labels()).toBe('none: ')
})

test('that were there already are not taken away by who named them again', async () => {
  await give({ category: 'Labs', tags: ['unit 1'] })
  const again = await upload(place, `${file().trimEnd()}17\n`, saying({ category: 'Labs', tags: ['unit 1', 'x'] }))
  expect(await labels()).toBe('Labs: unit 1, x')
  await undo(again.review.summary.id)
  expect(await labels()).toBe('Labs: unit 1')
})

test('come back to no category when the one from before is gone', async () => {
  await give({ category: 'Labs' })
  const moved = await give({ category: 'Talks' })
  await sqlOf("delete from app.categories where tenant_id = $1 and name = 'Labs'", school.tenantId)
  await undo(moved.review.summary.id)
  expect(await labels()).toBe('none: ')
})

test('are not written over a category that somebody else chose meanwhile', async () => {
  await give({ category: 'Labs' })
  const review = await plan(place, file(), saying({ category: 'Talks' }))
  await moveByHand(null)
  expect(await codeOf(commit(place, review))).toBe('plan_stale')
  expect(await labels()).toBe('none: ')
  // Tags alone have nothing to do with it.
  const tags = await plan(place, file(), saying({ tags: ['x'] }))
  await moveByHand('Labs')
  await commit(place, tags)
  expect(await labels()).toBe('Labs: x')
})

test('a tag that another import gave meanwhile is given once, and kept by its undo', async () => {
  const slow = await plan(place, `${file().trimEnd()}17\n`, saying({ tags: ['x'] }))
  await upload({ ...place, viewer: school.admin.viewer }, `${file().trimEnd()}16\n`, saying({ tags: ['x'] }))
  await commit(place, slow)
  expect(await labels()).toBe('none: x')
  await undo(slow.summary.id)
  expect(await labels()).toBe('none: x')
})
