import { describe, expect, test } from 'vitest'
import {
  assignmentsOf,
  cellsOf,
  columnsOf,
  ignoredOf,
  problemsOf,
  readDrawn,
  refusalOf,
  rowsOf,
  studentsOf,
} from '../../../support/grade-files'

const beside = 'Text beside the scores; it is not imported.'
const total = 'A total of the other system; totals are computed here.'

const whole = `
  Student                  | ID | SIS User ID | SIS Login ID   | Section | Notes | Quiz 1 (1001) | Final Essay (1002) | Current Score | Final Grade
  ""                       |    |             |                |         |       | Manual Posting |                   |               |
  "    Points Possible"    |    |             |                |         |       | 10            | 50.0               | (read only)   | (read only)
  Doe, Jane                | 42 | S001        | jdoe           | Bio A   | kind  | 8.5           | EX                 | 85            | B
  "=\\"=cmd, Bob\\""       | 43 | S002        | bob@school.org | Bio A   |       | N/A           | -                  |               |
  Student, Test            | 44 |             | 3f2c           |         |       | 10            |                    |               |
`

test('a whole export: names, ids, points, what is left out and why', async () => {
  const file = await readDrawn(whole)
  expect([file.source, file.sourceLabel, file.headingRow, file.exportedAt]).toEqual(['canvas', 'Canvas gradebook', 1, null])
  expect(studentsOf(file)).toEqual(['4 Doe, Jane sis=S001 username=jdoe', '5 =cmd, Bob sis=S002 email=bob@school.org'])
  expect(assignmentsOf(file)).toEqual(['Quiz 1 /10 #1001', 'Final Essay /50 #1002'])
  expect(cellsOf(file)).toEqual(['8.5 | EX', '|'])
  expect(ignoredOf(file)).toEqual([
    `ID: ${beside}`,
    `Section: ${beside}`,
    `Notes: ${beside}`,
    `Current Score: ${total}`,
    `Final Grade: ${total}`,
    'Row 2: How the other system shows grades, not a student.',
    "Row 6: The other system's test student.",
  ])
  expect(problemsOf(file)).toEqual([])
  expect(file.describingRows).toEqual([1, 3])
  expect(columnsOf(file)).toEqual([
    'A Student identity fullName sure',
    'B ID ignored sure',
    'C SIS User ID identity sis sure',
    'D SIS Login ID identity username sure',
    'E Section ignored sure',
    'F Notes ignored sure',
    'G Quiz 1 (1001) assignment sure',
    'H Final Essay (1002) assignment sure',
    'I Current Score ignored sure',
    'J Final Grade ignored sure',
  ])
})

test('rows of settings and points count wherever they stand', async () => {
  const [heading = [], posting = [], points = [], ...students] = rowsOf(whole)
  const file = await readDrawn([heading, ...students, points, posting])
  expect(assignmentsOf(file)).toEqual(['Quiz 1 /10 #1001', 'Final Essay /50 #1002'])
  expect(studentsOf(file)).toEqual(['2 Doe, Jane sis=S001 username=jdoe', '3 =cmd, Bob sis=S002 email=bob@school.org'])
  expect(ignoredOf(file).slice(-2)).toEqual([
    "Row 4: The other system's test student.",
    'Row 6: How the other system shows grades, not a student.',
  ])
  const between = await readDrawn([heading, ...students.slice(0, 1), posting, points, ...students.slice(1)])
  expect(studentsOf(between).map((line) => line[0])).toEqual(['2', '5'])
})

test('the old row of muted assignments is no student', async () => {
  const file = await readDrawn(whole.replace('Manual Posting', 'Muted'))
  expect(ignoredOf(file).at(-2)).toBe('Row 2: How the other system shows grades, not a student.')
})

test('last and first name in columns of their own, semicolons and decimal commas', async () => {
  const file = await readDrawn(
    `
    LastName            | FirstName | ID | SIS Login ID | Section | Quiz (77) | Essay (78)
    "    Points Possible" |         |    |              |         | 10,0      | 1.050,5
    Doe                 | Jane      | 42 | jdoe         | A       | 8,5       | 19
    Núñez               | José      | 43 | jnunez       | A       |           | 1.000,25
    `,
    { writing: { delimiter: ';' } },
  )
  expect([file.source, file.delimiter, file.decimal]).toEqual(['canvas', ';', ','])
  expect(studentsOf(file)).toEqual(['3 Doe, Jane username=jdoe', '4 Núñez, José username=jnunez'])
  expect(assignmentsOf(file)).toEqual(['Quiz /10 #77', 'Essay /1050.5 #78'])
  expect(cellsOf(file)).toEqual(['8.5 | 19', '| 1000.25'])
})

test('every computed and override column is a total, with groups and grading periods', async () => {
  const kinds = ['Current', 'Unposted Current', 'Final', 'Unposted Final'].flatMap((when) =>
    ['Score', 'Points', 'Grade'].map((what) => `${when} ${what}`),
  )
  const computed = [
    ...kinds,
    ...kinds.map((kind) => `Assignments ${kind}`),
    ...kinds.map((kind) => `${kind} (Quarter 1)`),
    ...['Override Score', 'Override Grade', 'Override Status', 'Override Score (Quarter 1)'],
  ]
  const file = await readDrawn([
    ['Student', 'ID', 'SIS Login ID', 'Section', 'Quiz (1001)', ...computed],
    ['    Points Possible', '', '', '', '10', ...computed.map(() => '')],
    ['Doe, Jane', '1', 'jdoe', 'A', '7', ...computed.map(() => '5')],
  ])
  expect(assignmentsOf(file)).toEqual(['Quiz /10 #1001'])
  expect(ignoredOf(file).slice(2)).toEqual(computed.map((heading) => `${heading}: ${total}`))
})

test('a page in another language: the row of points is known by its words in brackets', async () => {
  const file = await readDrawn(`
    Estudiante              | ID | ID de inicio de sesión de SIS | Sección | Ensayo (1001) | Calificación actual
    "    Puntos que se dan" |    |                               |         | 10            | (solo lectura)
    Núñez, José             | 1  | jnunez                        | A       | 7             | 70
  `)
  expect(file.source).toBe('canvas')
  expect(studentsOf(file)).toEqual(['3 Núñez, José username=jnunez'])
  expect(assignmentsOf(file)).toEqual(['Ensayo /10 #1001'])
  expect(ignoredOf(file)).toEqual([`ID: ${beside}`, `Sección: ${beside}`, `Calificación actual: ${total}`])
})

test('an assignment that is called like a total is one by its id or its points', async () => {
  const file = await readDrawn(`
    Student           | ID | SIS Login ID | Section | My Final Score (1001) | Lab Final Score | Essay (12) | Current Score
    Points Possible   |    |              |         | 10                    | 20              | (read only)  | 100
    Doe, Jane         | 1  | jdoe         | A       | 7                     | 8               | 9          |
  `)
  expect(assignmentsOf(file)).toEqual(['My Final Score /10 #1001', 'Lab Final Score /20'])
  expect(ignoredOf(file).slice(2)).toEqual([`Essay (12): ${total}`, `Current Score: ${total}`])
})

describe('a number in parentheses', () => {
  const withPoints = (points: string, headings = 'Quiz (10) | Essay (20)', scores = '8 | 9') => `
    Student         | ID | SIS Login ID | Section | ${headings}
    Points Possible |    |              |         | ${points}
    Doe, Jane       | 1  | jdoe         | A       | ${scores}
  `
  const without = (headings: string, scores: string) => `
    Student   | ID | SIS Login ID | Section | ${headings}
    Doe, Jane | 1  | jdoe         | A       | ${scores}
  `
  test.each([
    ['is points where the row of points says the same', withPoints('10 | 20.0'), ['Quiz /10', 'Essay /20']],
    ['is an id where the row of points says something else', withPoints('100 | 50'), ['Quiz /100 #10', 'Essay /50 #20']],
    ['is decided column by column', withPoints('10 | 50'), ['Quiz /10', 'Essay /50 #20']],
    ['is an id where points are missing in one column only', withPoints(' | 50'), ['Quiz /? #10', 'Essay /50 #20']],
    ['is points where points are missing and all others agree', withPoints('10.0 | '), ['Quiz /10', 'Essay /20']],
    ['is points without such a row', without('Quiz (10) | Essay (20)', '8 | 9'), ['Quiz /10', 'Essay /20']],
    ['is points up to a thousand', without('Quiz (1000) | Essay (20)', '8 | 9'), ['Quiz /1000', 'Essay /20']],
    ['is an id above a thousand', without('Quiz (1001) | Essay (20)', '8 | 9'), ['Quiz /? #1001', 'Essay /? #20']],
    ['is an id where a score is higher', without('Quiz (10) | Essay (20)', '10.5 | 9'), ['Quiz /? #10', 'Essay /? #20']],
    ['is an id where a whole score is higher', without('Quiz (10) | Essay (20)', '11 | 9'), ['Quiz /? #10', 'Essay /? #20']],
    [
      'is an id where a score of two places is higher',
      without('Quiz (10) | Essay (20)', '10.75 | 9'),
      ['Quiz /? #10', 'Essay /? #20'],
    ],
    [
      'is an id where the score of one student is higher',
      `${without('Quiz (10) | Essay (20)', '11 | 9')}\nRoe, Ann | 2 | aroe | A | 3 | 4`,
      ['Quiz /? #10', 'Essay /? #20'],
    ],
    ['is points where a score is as high', without('Quiz (10) | Essay (20)', '10 | 20'), ['Quiz /10', 'Essay /20']],
    ['is points where it comes twice', without('Quiz (2000) | Essay (2000)', '8 | 9'), ['Quiz /2000', 'Essay /2000']],
    [
      'stands last in a title with others',
      withPoints('10 | 5', 'Unit (2) (4711) | Essay (4712)'),
      ['Unit (2) /10 #4711', 'Essay /5 #4712'],
    ],
    [
      'is points beside columns without a number',
      withPoints('10 | | 5', 'Quiz (10) | Essay (20) | Seat', '8 | 9 | 1'),
      ['Quiz /10', 'Essay /20', 'Seat /5'],
    ],
    [
      'with a comma is points up to what was scored',
      without('"Quiz (12,5)" | "Essay (20,5)"', '12 | "19,5"'),
      ['Quiz /12.5', 'Essay /20.5'],
    ],
    [
      'with a comma is an id where a score is higher',
      without('"Quiz (12,5)" | "Essay (20,5)"', '13 | "9,5"'),
      ['Quiz /? #12,5', 'Essay /? #20,5'],
    ],
    ['may have decimals', withPoints('12.5 | 5', 'Quiz (12.5) | Essay (4712)'), ['Quiz /12.5', 'Essay /5 #4712']],
  ])('%s', async (_, drawing, assignments) => {
    expect(assignmentsOf(await readDrawn(drawing))).toEqual(assignments)
  })
})

test('a column of the teacher without id and points is no assignment, and one with points is', async () => {
  const file = await readDrawn(`
    Student         | ID | SIS Login ID | Section | Shirt size | Seat | Quiz (1001)
    Points Possible |    |              |         |            | 5    | 10
    Doe, Jane       | 1  | jdoe         | A       | 3          | 4    | 8
  `)
  expect(assignmentsOf(file)).toEqual(['Seat /5', 'Quiz /10 #1001'])
  expect(ignoredOf(file).at(-1)).toBe("Shirt size: A column of the teacher's own, without points.")
})

test('where no title has a number, every column with scores is an assignment', async () => {
  const file = await readDrawn(`
    Student   | ID | SIS Login ID | Section | Quiz | Essay
    Doe, Jane | 1  | jdoe         | A       | 8    | 9
  `)
  expect(assignmentsOf(file)).toEqual(['Quiz /?', 'Essay /?'])
  expect(columnsOf(file).slice(-1)).toEqual(['F Essay assignment likely'])
})

test('an assignment out of 0 points is left out while it has no score, and asked about with one', async () => {
  const drawn = (points: string, score: string) => `
    Student         | ID | SIS Login ID | Section | Survey (1001) | Quiz (1002)
    Points Possible |    |              |         | ${points}     | 10
    Doe, Jane       | 1  | jdoe         | A       | ${score}      | 8
  `
  const empty = await readDrawn(drawn('0.00', ''))
  expect(assignmentsOf(empty)).toEqual(['Quiz /10 #1002'])
  expect(ignoredOf(empty).at(-1)).toBe('Survey (1001): Out of no points, and without a score.')
  expect(problemsOf(await readDrawn(drawn('0', '1')))).toEqual(['block bad_points 2 Survey 0'])
})

test('it takes three of its words to be Canvas: a list of students and ids alone is not', async () => {
  const file = await readDrawn(`
    Student   | ID  | Quiz
    Doe, Jane | 001 | 8
  `)
  expect(file.source).toBe('generic')
  expect(studentsOf(file)).toEqual(['2 Doe, Jane number=001'])
  const more = await readDrawn(`
    Student   | ID  | Section | Quiz
    Doe, Jane | 001 | A       | 8
  `)
  expect(more.source).toBe('canvas')
  expect(studentsOf(more)).toEqual(['2 Doe, Jane'])
})

test('only headings is no students, not another kind of file', async () => {
  expect((await refusalOf('Student | ID | SIS Login ID | Section | Quiz (12)')).map(({ code, row }) => [code, row])).toEqual([
    ['no_students', 1],
  ])
})

test('a total that is chosen is an assignment', async () => {
  const file = await readDrawn(
    `
    Student   | ID | SIS Login ID | Section | Quiz (1001) | Current Score | Notes
    Doe, Jane | 1  | jdoe         | A       | 8           | 80            | 5
    `,
    { columns: { 5: { use: 'assignment', maxPoints: '100' }, 6: { use: 'assignment', title: ' Seat\u200b ' } } },
  )
  expect(assignmentsOf(file).slice(1)).toEqual(['Current Score /100', ' Seat\u200b  /?'])
})

test.each([
  ['0', false],
  ['00', false],
  ['0,0', false],
  ['0.00', false],
  ['10', true],
  ['0.5', true],
  ['100', true],
])('an empty column out of %s points is an assignment: %j', async (points, isOne) => {
  const file = await readDrawn([
    ['Student', 'ID', 'SIS Login ID', 'Section', 'Survey (1001)', 'Quiz (1002)'],
    ['Points Possible', '', '', '', points, '10'],
    ['Doe, Jane', '1', 'jdoe', 'A', '', '8'],
  ])
  expect(file.assignments).toHaveLength(isOne ? 2 : 1)
  expect(file.privateColumns).toEqual([])
})
