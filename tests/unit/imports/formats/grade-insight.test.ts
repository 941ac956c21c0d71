import { describe, expect, test } from 'vitest'
import {
  assignmentsOf,
  cellsOf,
  columnsOf,
  ignoredOf,
  problemsOf,
  readDrawn,
  rowsOf,
  studentsOf,
} from '../../../support/grade-files'

const template = `
  last_name | first_name | email                   | Math Test  | Essay 1    | Science Lab
  DATE      | -          | -                       | 2025-06-01 | 2025-06-03 | 2025-06-05
  POINTS    | -          | -                       | 100        | 98         | 10
  Smith     | Alice      | alice.smith@example.com | 85         | 90         | 7
  Núñez     | José       | jose@example.com        | 70.5       |            | EX
`
const rows = rowsOf(template)
const withoutColumn = (at: number) => rows.map((row) => row.filter((_, column) => column !== at))
const reordered = (...order: readonly number[]) => rows.map((row) => order.map((at) => row[at] ?? ''))

describe('the template in every shape it had', () => {
  test.each([
    ['as it is', rows],
    ['without markers', rows.map((row, at) => (at === 1 || at === 2 ? ['', ...row.slice(1)] : row))],
    ['with dashes for markers', rows.map((row, at) => (at === 1 || at === 2 ? ['-', ...row.slice(1)] : row))],
    [
      'with long dashes for markers',
      rows.map((row, at) => (at === 1 || at === 2 ? ['\u2014', '\u2013', '', ...row.slice(3)] : row)),
    ],
    ['with the e-mail first', reordered(2, 0, 1, 3, 4, 5)],
    ['with the first name first', reordered(1, 0, 2, 3, 4, 5)],
    ['with student_email', rows.map((row, at) => (at === 0 ? row.with(2, 'student_email') : row))],
    ['with spoken headings', rows.map((row, at) => (at === 0 ? ['Last Name', 'First Name', 'Email:', ...row.slice(3)] : row))],
    ['with POINTS before DATE', [0, 2, 1, 3, 4].map((at) => rows[at] ?? [])],
    ['with other words', rows.map((row, at) => (at === 1 ? row.with(0, 'Due Date') : at === 2 ? row.with(0, 'out of') : row))],
  ])('%s', async (_, drawn) => {
    const file = await readDrawn(drawn)
    expect([file.source, file.sourceLabel, file.headingRow]).toEqual(['grade-insight', 'Grade Insight template', 1])
    expect(assignmentsOf(file)).toEqual([
      'Math Test /100 on 2025-06-01',
      'Essay 1 /98 on 2025-06-03',
      'Science Lab /10 on 2025-06-05',
    ])
    expect(studentsOf(file)).toEqual(['4 Smith, Alice email=alice.smith@example.com', '5 Núñez, José email=jose@example.com'])
    expect(cellsOf(file)).toEqual(['85 | 90 | 7', '70.5 |  | EX'])
    expect(problemsOf(file)).toEqual([])
    expect(ignoredOf(file)).toEqual([])
  })
})

test('without e-mails names tell students apart', async () => {
  const file = await readDrawn(withoutColumn(2))
  expect([file.source, ...studentsOf(file)]).toEqual(['grade-insight', '4 Smith, Alice', '5 Núñez, José'])
})

test('an e-mail alone tells them apart too', async () => {
  const file = await readDrawn(
    reordered(2, 3).map((row, at) => (at === 1 || at === 2 ? row.with(0, ['', 'DATE', 'POINTS'][at] ?? '') : row)),
  )
  expect(studentsOf(file)).toEqual(['4 , email=alice.smith@example.com', '5 , email=jose@example.com'])
  expect(assignmentsOf(file)).toEqual(['Math Test /100 on 2025-06-01'])
})

test('a last name alone does not: it is asked who a row is', async () => {
  const file = await readDrawn(reordered(0, 3))
  expect([file.isBlocked, ...problemsOf(file)]).toEqual([true, 'block ask_identity 1 last_name, Math Test'])
})

test('a student number stands for the e-mail and keeps its leading zeros', async () => {
  const file = await readDrawn(`
    student_number | last_name | first_name | Quiz
    POINTS         |           |            | 10
    0042           | S         | A          | 7
  `)
  expect(studentsOf(file)).toEqual(['3 S, A number=0042'])
  expect(file.students[0]?.identifiers).toEqual([{ kind: 'number', folded: '0042', value: '0042' }])
})

test('without describing rows the first student is not taken for one', async () => {
  const file = await readDrawn(`
    First Name | Last Name | Email   | Quiz | Lab
    Alice      | Smith     | a@x.org | 7    | 8
  `)
  expect(studentsOf(file)).toEqual(['2 Smith, Alice email=a@x.org'])
  expect(assignmentsOf(file)).toEqual(['Quiz /?', 'Lab /?'])
  expect(problemsOf(file)).toEqual(['warn points_assumed'])
  expect(columnsOf(file).slice(3)).toEqual(['D Quiz assignment likely', 'E Lab assignment likely'])
})

test('parentheses belong to the title: only a row of points says what it is out of', async () => {
  const file = await readDrawn(`
    last_name | first_name | email   | Quiz (20)
    Smith     | Alice      | a@x.org | 7
  `)
  expect(assignmentsOf(file)).toEqual(['Quiz (20) /?'])
})

test('totals are left out as whole headings, and "Final Total" is an assignment', async () => {
  const file = await readDrawn(`
    last_name | first_name | email   | Total | Percent | Letter | Current Grade | Final Total | Section | Notes
    POINTS    |            |         | 30    | 100     |        |               | 10          |         |
    Smith     | Alice      | a@x.org | 7     | 70      | C      | 70            | 8           | A       | kind
  `)
  expect(assignmentsOf(file)).toEqual(['Final Total /10'])
  expect(ignoredOf(file).map((line) => line.split(':')[0])).toEqual([
    'Total',
    'Percent',
    'Letter',
    'Current Grade',
    'Section',
    'Notes',
  ])
})

test('a column of notes with points and cells is an assignment', async () => {
  const drawn = (points: string, cell: string) => `
    last_name | first_name | email   | Section   | Quiz
    POINTS    |            |         | ${points} | 10
    Smith     | Alice      | a@x.org | ${cell}   | 7
  `
  expect(assignmentsOf(await readDrawn(drawn('5', '4')))).toEqual(['Section /5', 'Quiz /10'])
  expect(assignmentsOf(await readDrawn(drawn('5', '')))).toEqual(['Quiz /10'])
  expect(assignmentsOf(await readDrawn(drawn('', '4')))).toEqual(['Quiz /10'])
  expect(assignmentsOf(await readDrawn(drawn('all', '4')))).toEqual(['Quiz /10'])
})
