import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { exportTemplate } from '@/lib/gradebook/export'
import { undoImport } from '@/lib/imports/undo'
import { addPeople } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { commit, dump, placeOf, plan, upload } from './support'

let world: World
beforeAll(async () => {
  world = await createWorld({ shards: 1 })
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const name = fc.constantFrom('Koval', 'Lee', "O'Neil", 'Núñez', 'Ґалаґан', '=SUM(A1)', '-Dash', 'محمد', 'Smith, Jr.', '"Q"', '王')
const cell = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 100 }).map(String) },
  fc.integer({ min: 1, max: 799 }).map((eighths) => String(eighths / 8)),
  fc.constantFrom('', 'EX', 'MI', 'INC', 'LATE 7', 'LATE', 'INC 3.5', 'CLEAR'),
)
// Known students and titles stand among new ones, so that every kind of change comes up.
const people = fc.uniqueArray(fc.tuple(name, name, fc.integer({ min: 0, max: 30 })), {
  selector: ([, , id]) => id,
  minLength: 1,
  maxLength: 8,
})
const titles = fc.uniqueArray(fc.constantFrom('Quiz 1', 'Essay', 'Lab', '@home', 'Final Essay', '__proto__', 'Тест 1', '=1+1'), {
  minLength: 1,
  maxLength: 5,
})
const table = fc.tuple(people, titles).chain(([rows, columns]) =>
  fc.record({
    rows: fc.constant(rows),
    columns: fc.constant(columns),
    points: fc.array(fc.constantFrom('100', '120', '250.5'), { minLength: columns.length, maxLength: columns.length }),
    dates: fc.array(fc.constantFrom('', '2026-09-30', '2026-10-01'), { minLength: columns.length, maxLength: columns.length }),
    cells: fc.array(fc.array(cell, { minLength: columns.length, maxLength: columns.length }), {
      minLength: rows.length,
      maxLength: rows.length,
    }),
  }),
)
type Table = typeof table extends fc.Arbitrary<infer Value> ? Value : never

const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function fileOf(data: Table, known: readonly { email: string }[]): string {
  return [
    ['last_name', 'first_name', 'email', ...data.columns],
    ['DATE', '-', '-', ...data.dates],
    ['POINTS', '-', '-', ...data.points],
    ...data.rows.map(([last, first, id], at) => [
      last,
      first,
      known[id]?.email ?? `pupil${id}@school.example`,
      ...(data.cells[at] ?? []),
    ]),
  ]
    .map((row) => row.map(quote).join(','))
    .join('\n')
}

test('import and undo leave the rows of the school byte for byte as they were', async () => {
  await fc.assert(
    fc.asyncProperty(table, table, async (first, second) => {
      const school = await addPeople(world, await world.addSchool())
      const place = placeOf(school)
      const before = await dump(world, school)
      const one = await upload(place, fileOf(first, school.students))
      const between = await dump(world, school)
      const two = await upload(place, fileOf(second, school.students), { conflicts: 'take' })
      expect((await undoImport(place.ctx, place.viewer, { importId: two.review.summary.id })).kept).toEqual([])
      expect(await dump(world, school)).toBe(between)
      expect((await undoImport(place.ctx, place.viewer, { importId: one.review.summary.id })).kept).toEqual([])
      expect(await dump(world, school)).toBe(before)
    }),
    { numRuns: 12 },
  )
})

test('what was imported, exported and imported again is 0 changes', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (data) => {
      const school = await addPeople(world, await world.addSchool())
      const place = placeOf(school)
      await upload(place, fileOf(data, school.students))
      const again = await plan(
        place,
        fileOf({ ...data, cells: data.cells.map((row) => row.map((text) => (text === 'CLEAR' ? '' : text))) }, school.students),
      )
      expect(again.summary.counts).toMatchObject({
        cellsNew: 0,
        cellsChanged: 0,
        studentsNew: 0,
        assignmentsNew: 0,
        assignmentsChanged: 0,
      })
      const file = await exportTemplate(place.ctx, place.viewer, {
        classId: place.classId,
        termId: place.termId,
        withGrades: true,
      })
      const exported = await plan(place, new TextDecoder().decode(file?.bytes))
      expect(exported.summary.counts).toMatchObject({
        ...{ studentsNew: 0, studentsEnrolled: 0, assignmentsNew: 0, assignmentsChanged: 0, rowsRejected: 0, cellsRejected: 0 },
        ...{ cellsNew: 0, cellsChanged: 0, cellsCleared: 0 },
      })
      expect((await commit(place, exported)).counts.cellsChanged).toBe(0)
    }),
    { numRuns: 12 },
  )
})
