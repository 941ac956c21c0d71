import { describe, expect, test } from 'vitest'
import { type Detected, detectLayout, namesStudents, scoreHeading } from '@/lib/imports/detect'
import { rowRoles } from '@/lib/imports/row-roles'
import { problemsOf, readDrawn, rowsOf } from '../../support/grade-files'

const layoutOf = (detected: Detected) => {
  if (detected.kind !== 'layout') throw new Error(detected.problem.code)
  return detected.layout
}
const rolesOf = (drawing: string) => {
  const rows = rowsOf(drawing)
  return rowRoles(rows, layoutOf(detectLayout(rows)))
}

describe('a heading row', () => {
  test('counts by how many kinds of identity columns it names', () => {
    expect(scoreHeading(['Last Name', 'first_name', '="Email:"', 'E-mail', 'Quiz', ''])).toBe(3)
    expect(scoreHeading(['Quiz', 'Essay'])).toBe(0)
  })
  test('names students in one of the first 25 rows, or nowhere', () => {
    const below = (count: number, heading: readonly string[]) => [...Array.from({ length: count }, () => ['x', 'y']), heading]
    expect(namesStudents(below(0, ['email', 'Quiz']))).toBe(true)
    expect(namesStudents(below(24, ['email', 'Quiz']))).toBe(true)
    expect(namesStudents(below(25, ['email', 'Quiz']))).toBe(false)
    expect(namesStudents(below(0, ['last name', 'Quiz']))).toBe(false)
  })
  test('of two columns stands above students of five', async () => {
    expect((await readDrawn('email | Quiz | | |\na@x.org | 7 | | |\nb@x.org | 8 | x | y | z')).headingRow).toBe(1)
  })
  test.each([
    ['below a title', 'T\na | b\nc | d', 2],
    ['below rows less than half as wide', 'T | x\na | b | c\nd | e | f | g | h | i\n1 | 2 | 3 | 4 | 5 | 6', 2],
    ['at the top where it is half as wide', 'a | b | c\nd | e | f | g | h | i\n1 | 2 | 3 | 4 | 5 | 6', 1],
    ['at the top where all are as wide', 'a | b\nc | d', 1],
  ])('that names nobody is looked for %s', async (_, drawing, headingRow) => {
    const file = await readDrawn(drawing)
    expect([file.isBlocked, file.headingRow]).toEqual([true, headingRow])
  })
  test('is a layout with its columns', () => {
    const detected = detectLayout([
      ['Name', 'Quiz'],
      ['Jane Doe', '7'],
    ])
    expect(detected).toMatchObject({ kind: 'layout', layout: { headingAt: 0, identity: new Map([['fullName', 0]]) } })
  })
})

describe('no table', () => {
  test('cells of spaces make none, and what stands there is named without the blanks', () => {
    expect(
      detectLayout([
        [' ', '\u00a0', ''],
        ['', 'Dear all', '', 'X', ' '],
        ['and', ' ', ' '],
      ]),
    ).toEqual({
      kind: 'refused',
      problem: {
        row: null,
        column: null,
        value: 'dear all, x',
        code: 'no_identity_column',
        severity: 'block',
        message:
          'None of the first 25 rows names a column by which students can be told apart: an e-mail address, a student number, or last and first name.',
        fix: 'Name the columns as in the template: last_name, first_name, email, then one column for each assignment.',
      },
    })
    expect(detectLayout([[' ', '']])).toMatchObject({ problem: { value: '' } })
  })
  const meet = [
    ['First name', 'Last name', 'Duration', 'Time joined'],
    ['A', 'S', '5', '9'],
  ]
  test('a Meet report is refused by its name, and read where a person insists on the row of its headings', () => {
    expect(detectLayout(meet)).toEqual({
      kind: 'refused',
      problem: {
        ...{ row: null, column: null, value: null, code: 'meet_report', severity: 'block' },
        message: 'This is a Google Meet attendance report, not a gradebook.',
        fix: 'Download the grades from the Classroom page "Grades" instead; a Meet report holds attendance only.',
      },
    })
    expect(layoutOf(detectLayout(meet, { headingRow: 1 })).format.source).toBe('grade-insight')
  })
})

describe('a file with words of several sources', () => {
  test.each([
    ['First name | Last name | ID number | Institution | SID | Sections | Submission ID | Quiz', 'gradescope'],
    ['First name | Last name | ID number | Institution | Department | SID | Sections | Quiz', 'moodle'],
    ['Last Name | First Name | Overall Grade | Quiz', 'google-classroom'],
    ['Last Name | First Name | Quiz', 'grade-insight'],
    ['student_number | Quiz', 'grade-insight'],
    ['Student name | Quiz', 'generic'],
    ['Surname | Forename | Pupil ID | Quiz', 'generic'],
    ['First name | Last name | Email | Total Lateness (H:M:S) | Quiz', 'gradescope'],
  ])('%s is of %s', (headings, source) => {
    const [row = []] = rowsOf(headings)
    expect(layoutOf(detectLayout([row, row.map(() => '1')])).format.source).toBe(source)
  })
})

describe('a heading that only other sources use', () => {
  const read = (heading: string) =>
    layoutOf(
      detectLayout([
        ['Last Name', 'First Name', 'Total Lateness (H:M:S)', heading],
        ['S', 'A', '7', 'x'],
      ]),
    )
  test.each([
    ['Pupil', 'fullName'],
    ['School Email', 'email'],
    ['Pupil ID', 'number'],
    ['Login ID', 'username'],
    ['State ID', 'sis'],
  ] as const)('%s tells a student as there', (heading, role) => {
    const { format, identity, columns } = read(heading)
    expect([format.source, identity.get(role), columns[3]]).toEqual(['gradescope', 3, { kind: 'identity', role }])
  })
  test.each(['First', 'Last', 'Given', 'Family'])('%s is a quiz, because quizzes are called that', (heading) => {
    expect(read(heading).columns[3]?.kind).toBe('assignment')
  })
})

describe('what a row is', () => {
  test('titles, blank rows, headings, descriptions, students and totals', () => {
    expect(
      rolesOf(`
        Report        |            |         |
        ""            |            | " "     |
        last_name     | first_name | email   | Quiz
        DATE          |            |         | 2025-06-01
        POINTS        |            |         | 10
        S             | A          | a@x.org | 7
        ""            | " "        |         |
        Class Average |            |         | 7
        last_name     | first_name | email   | Quiz
      `),
    ).toEqual(['stray', 'blank', 'heading', 'dates', 'points', 'student', 'blank', 'totals', 'heading'])
  })
  test('rows without a word describe the assignments only right below the headings, wherever these stand', () => {
    expect(
      rolesOf(`
        Report    | x
        Report    | x
        last_name | first_name | Quiz
                  |            | 10
        S         | A          | 7
      `),
    ).toEqual(['stray', 'stray', 'heading', 'points', 'student'])
  })
  test.each([
    ['06/13/2025', 'dates'],
    ['13/06/2025', 'dates'],
    ['10.5', 'points'],
    ['10,5', 'points'],
    ['2025-06-01 | x', 'stray'],
    ['10 | x', 'student'],
    ['-- | 10', 'points'],
    [' | -', 'stray'],
  ])('%j without a word: %s', (cells, role) => {
    expect(rolesOf(`last_name | first_name | Quiz | Essay\n- | | ${cells}\nS | A | 7 | 8`)[1]).toBe(role)
  })
  test('what stands beside the scores does not count', () => {
    const drawn = (...rows: readonly string[]) =>
      rolesOf(['last_name | first_name | Section | Quiz', ...rows].join('\n')).slice(1)
    expect(drawn(' | | kind | 2025-06-01', ' | | 5 | 10')).toEqual(['dates', 'points'])
    expect(drawn(' | | kind |', ' | | | 2025-06-01', 'S | A | | 7')).toEqual(['stray', 'dates', 'student'])
  })
  test('the score of a file of one assignment does', () => {
    expect(rolesOf('Name | Grade | Comments\n | 20 |\nJane Doe | 7 |')).toEqual(['heading', 'points', 'student'])
  })
  test('short rows are read as if they were filled up with blanks', () => {
    const short = [['last_name', 'first_name', 'email', 'Quiz', 'Essay'], ['Mean'], ['', '', '', '10'], ['S', 'A']]
    expect(rowRoles(short, layoutOf(detectLayout(short)))).toEqual(['heading', 'totals', 'points', 'student'])
    const canvas = [
      ['Student', 'ID', 'SIS Login ID', 'Section', 'Quiz (1001)', 'Essay (1002)'],
      ['', '', '', '', 'Manual Posting'],
      ['Doe, Jane', '1', 'jdoe', 'A', '7'],
    ]
    expect(rowRoles(canvas, layoutOf(detectLayout(canvas)))).toEqual(['heading', 'settings', 'student'])
  })
  test('settings with a score between them are somebody', async () => {
    const file = await readDrawn(`
      Student   | ID | SIS Login ID | Section | Quiz (1001)    | Essay (1002)
      Doe, Jane | 1  | jdoe         | A       | 7              | 8
                |    |              |         | Manual Posting | 7
    `)
    expect(problemsOf(file)).toEqual(['warn points_assumed', 'reject no_student 3'])
  })
  test.each([
    ['Username | Bob', 'student'],
    ['last_name | first_name', 'heading'],
    ['Students | Test', 'student'],
    ['Student | Test', 'test_student'],
    ['Student | Tests', 'student'],
    ['-\u00e9 | ', 'student'],
    ['\u00c9- | ', 'student'],
    ['\u2014\u2013- | --', 'points'],
    ['S | | (absent)', 'student'],
  ])('%s | 7: %s', (names, role) => {
    expect(rolesOf(`last_name | first_name | Quiz\nT | B | 8\n${names} | 7`)[2]).toBe(role)
  })
  test.each(['seat (left)', '(left) seat', '(12)', '()', '(a)b)'])('%j in a row of Canvas is no word in brackets', (cell) => {
    expect(rolesOf(`Student | ID | SIS Login ID | Section | Quiz (1001)\nDoe, Jane | | | | ${cell}`)[1]).toBe('student')
  })
  test('words in brackets make a row of points of Canvas', () => {
    expect(rolesOf('Student | ID | SIS Login ID | Section | Quiz (1001)\nPuntos | | | | (solo lectura)')[1]).toBe('points')
  })
  test('while nobody knows who a row is, every row below the headings may be somebody', async () => {
    const numbers = await readDrawn('Wert | Zahl\n1 | 2\n3 | 4')
    expect([numbers.describingRows, numbers.columns[0]?.samples]).toEqual([[1], ['1', '3']])
    const texts = await readDrawn('Wer | Was\nAnn Lee | gut\nBob Ray | schlecht')
    expect(texts.columns.map(({ samples }) => samples)).toEqual([
      ['Ann Lee', 'Bob Ray'],
      ['gut', 'schlecht'],
    ])
  })
  test.each([
    ...['points possible', 'std dev', 'overall average', 'class median', 'count', 'середнє', 'середній показник класу'],
    ...['media', 'متوسط الصف'],
  ])('%s is a row of totals', (word) => {
    expect(rolesOf(`Name | Quiz\nJane Doe | 7\n${word} | 7`)[2]).toBe(word === 'points possible' ? 'points' : 'totals')
  })
})
