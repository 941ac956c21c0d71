import { expect, test } from 'vitest'
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

const beside = 'Text beside the scores; it is not imported.'
const total = 'A total of the other system; totals are computed here.'

// Headings hold bars, so rows are written as they are.
const whole = [
  [
    ...['Last Name', 'First Name', 'Username', 'Student ID', 'Last Access', 'Availability'],
    ...['Weighted Total [Total Pts: up to 77.25 Percentage] |1258242', 'Total [Total Pts: up to 1,499 Score] |1258241'],
    ...['Quiz 3 [Total Pts: 10 Score] |664617', 'HW [EXTRA CREDIT] [Total Pts: 1,200 Score] |664618'],
    ...[
      'Mark [Total Pts: 50 Letter] |664619',
      'Pledge [Total Pts: 5 Complete/Incomplete] |664620',
      'Note [Total Pts: 5 Text] |664621',
    ],
  ],
  ...rowsOf(`
    Doe | Jane | jdoe | 0012 | 2025-01-01 | Yes | 55 | 9 | 9.5           | 1100 | A | Complete   | fine
    Roe | Ann  | aroe | 0013 | 2025-01-01 | Yes |    |   | Needs Grading |      | B | Incomplete | late
    Poe | Pat  | ppoe | 0014 | 2025-01-01 | Yes |    |   | In Progress   | 7    |   |            |
  `),
]

test.each([
  ['CSV with all cells quoted', { quotesAll: true }],
  ['".xls", which is UTF-16 text with tabs', { encoding: 'utf-16le-bom', delimiter: '\t', quotesAll: true }],
  ['".xls" without a mark of its encoding', { encoding: 'utf-16le', delimiter: '\t' }],
] as const)('a whole export as %s', async (_, writing) => {
  const file = await readDrawn(whole, { writing, fileName: 'gc_1.xls' })
  expect([file.source, file.sourceLabel]).toEqual(['blackboard', 'Blackboard grade export'])
  expect(studentsOf(file)).toEqual([
    '2 Doe, Jane number=0012 username=jdoe',
    '3 Roe, Ann number=0013 username=aroe',
    '4 Poe, Pat number=0014 username=ppoe',
  ])
  expect(assignmentsOf(file)).toEqual(['Quiz 3 /10 #664617', 'HW [EXTRA CREDIT] /1200 #664618'])
  expect(cellsOf(file)).toEqual(['9.5 | 1100', '|', '| 7'])
  expect(ignoredOf(file)).toEqual([
    `Last Access: ${beside}`,
    `Availability: ${beside}`,
    `Weighted Total [Total Pts: up to 77.25 Percentage] |1258242: ${total}`,
    `Total [Total Pts: up to 1,499 Score] |1258241: ${total}`,
    'Mark [Total Pts: 50 Letter] |664619: Holds letters or words, and no points.',
    'Pledge [Total Pts: 5 Complete/Incomplete] |664620: Holds words instead of points.',
    'Note [Total Pts: 5 Text] |664621: Holds words instead of points.',
  ])
  expect(problemsOf(file)).toEqual([])
  expect(columnsOf(file)[8]).toBe('I Quiz 3 [Total Pts: 10 Score] |664617 assignment sure')
})

test('headings without the way of showing, and without an id', async () => {
  const file = await readDrawn([
    ['Last Name', 'First Name', 'Username', 'Test 1 [Total Pts: 100]', 'Test 2 [Total Pts: 12.5] |7', 'Sum [Total Pts: up to 0]'],
    ['Doe', 'Jane', 'jdoe', '7', '8', '9'],
  ])
  expect(file.source).toBe('blackboard')
  expect(assignmentsOf(file)).toEqual(['Test 1 /100', 'Test 2 /12.5 #7'])
})

test('two of its own columns are enough to know it, one is not', async () => {
  const two = await readDrawn(`
    Last Name | First Name | Username | Last Access | Availability | Quiz
    Doe       | Jane       | jdoe     | 2025-01-01  | Yes          | 8
  `)
  const one = await readDrawn(`
    Last Name | First Name | Username | Last Access | Quiz
    Doe       | Jane       | jdoe     | 2025-01-01  | 8
  `)
  expect([two.source, one.source]).toEqual(['blackboard', 'grade-insight'])
})
