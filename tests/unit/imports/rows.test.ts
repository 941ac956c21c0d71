import { describe, expect, test } from 'vitest'
import { cellsOf, ignoredOf, problemsOf, readDrawn, refusalOf, studentsOf } from '../../support/grade-files'

const notStudent = 'A row of totals, not a student.'
const stray = 'No student and no heading.'

describe('where the headings stand', () => {
  test('below titles and blank rows, behind blank columns', async () => {
    const file = await readDrawn(`
       | Grades of 5b |            |         |
       |              |            |         |
       | last_name    | first_name | email   | Quiz
       | POINTS       |            |         | 10
       | S            | A          | a@x.org | 7
    `)
    expect([file.headingRow, ...studentsOf(file)]).toEqual([3, '5 S, A email=a@x.org'])
    expect(ignoredOf(file)).toEqual([`Row 1: ${stray}`])
    expect(file.assignments.map(({ columns }) => columns)).toEqual([[4]])
    expect(file.describingRows).toEqual([3, 4])
  })

  test.each([
    [24, 25],
    [25, null],
  ])('below %i rows: heading row %j', async (above, headingRow) => {
    const rows = [
      ...Array.from({ length: above }, (_, at) => [`note ${at}`, 'x']),
      ['last_name', 'first_name', 'email', 'Quiz'],
      ['S', 'A', 'a@x.org', '7'],
    ]
    const file = await readDrawn(rows)
    expect(file.isBlocked ? null : file.headingRow).toBe(headingRow)
  })

  test('the row that names more of a student wins, the first of two that name as much', async () => {
    const file = await readDrawn(`
      Name      | of the class
      last_name | first_name | email   | Quiz
      S         | A          | a@x.org | 7
      last_name | first_name | email   | Quiz
      T         | B          | b@x.org | 8
    `)
    expect([file.headingRow, ...studentsOf(file)]).toEqual([2, '3 S, A email=a@x.org', '5 T, B email=b@x.org'])
    expect(ignoredOf(file)).toEqual([`Row 1: ${stray}`, 'Row 4: The heading again.'])
  })

  test('where the teacher says, and nowhere else', async () => {
    const drawing = `
      last_name | first_name | email   | Old
      last_name | first_name | email   | Quiz
      S         | A          | a@x.org | 7
    `
    const file = await readDrawn(drawing, { headingRow: 2 })
    expect([file.headingRow, file.assignments[0]?.title, ...ignoredOf(file)]).toEqual([2, 'Quiz', `Row 1: ${stray}`])
    const [refusal] = await refusalOf(drawing, { headingRow: 4 })
    expect(refusal).toEqual({
      row: 4,
      column: null,
      value: null,
      code: 'no_such_row',
      severity: 'block',
      message: 'Row 4 was chosen for the headings, but the file has 3 rows.',
      fix: 'Choose the row that holds the titles of the columns.',
    })
  })

  test('at the top even when rows below are much wider', async () => {
    const file = await readDrawn([
      ['email', 'Quiz'],
      ['a@x.org', '7', 'b', 'c', 'd', 'e'],
      ['b@x.org', '8'],
    ])
    expect([file.headingRow, file.rejectedRows, ...studentsOf(file)]).toEqual([1, [2], '3 , email=b@x.org'])
  })

  test.each([
    ['a title of one cell above two columns', ['Liste', 'Wer | Note', 'x | 1'], 2],
    ['a title of two cells above five columns', ['Liste | 5b', 'A | B | C | D | E', '1 | 2 | 3 | 4 | 5'], 2],
    ['half as wide as the table', ['A | B | C', '1 | 2 | 3 | 4 | 5 | 6', '1 | 2 | 3 | 4 | 5 | 6'], 1],
    ['blank cells do not make a row wide', ['Liste | | | |', 'A | B | C', '1 | 2 | 3'], 2],
  ])('where nobody is named: %s', async (_, lines, headingRow) => {
    const file = await readDrawn(lines.join('\n'))
    expect([file.isBlocked, file.headingRow]).toEqual([true, headingRow])
  })

  test('a chosen row below the first 25 is read all the same', async () => {
    const rows = [
      ...Array.from({ length: 30 }, (_, at) => [`note ${at}`, 'x']),
      ['last_name', 'first_name', 'email', 'Quiz'],
      ['S', 'A', 'a@x.org', '7'],
    ]
    expect(studentsOf(await readDrawn(rows, { headingRow: 31 }))).toEqual(['32 S, A email=a@x.org'])
  })
})

describe('rows that are no student', () => {
  const drawn = (row: string) => `
    last_name | first_name | email   | Quiz | Essay
    DATE      |            |         | 2025-06-01 | 2025-06-02
    POINTS    |            |         | 10   | 20
    S         | A          | a@x.org | 7    | 8
    ${row}
  `
  test.each([
    ...['Class Average', 'average', 'Mean', 'class mean', 'Median', 'Total', 'Totals', 'Minimum', 'Maximum', 'Highest', 'Lowest'],
    ...['Standard deviation', 'Summary', 'середній бал', 'Медіана', 'Promedio', 'promedio de la clase', 'mediana', 'المتوسط'],
  ])('%s', async (word) => {
    const file = await readDrawn(drawn(`${word} | | | 7 | 8`))
    expect([studentsOf(file).length, ...ignoredOf(file)]).toEqual([1, `Row 5: ${notStudent}`])
    expect((await readDrawn(drawn(` | | ${word} | 7 | 8`))).students).toHaveLength(1)
  })

  test('a student is called like a total when the row says who it is', async () => {
    expect(studentsOf(await readDrawn(drawn('Mean | Bob | | 7 | 8')))).toEqual(['4 S, A email=a@x.org', '5 Mean, Bob'])
    expect(studentsOf(await readDrawn(drawn('Total | - | t@x.org | 7 | 8')))[1]).toBe('5 Total, - email=t@x.org')
  })

  test('a second row of points or dates is none either', async () => {
    const file = await readDrawn(drawn('POINTS | | | 5 | 5'))
    expect([studentsOf(file).length, file.describingRows, file.assignments[0]?.maxPoints]).toEqual([1, [1, 2, 3, 5], '10'])
    expect((await readDrawn(drawn(' | date | | 5 | 5'))).students).toHaveLength(1)
  })

  test('the test student of another system, and no child called Test', async () => {
    const file = await readDrawn(drawn('Student | Test | | 7 | 8'))
    expect([studentsOf(file).length, ...ignoredOf(file)]).toEqual([1, "Row 5: The other system's test student."])
    expect(studentsOf(await readDrawn(drawn('Student | Tess | | 7 | 8')))[1]).toBe('5 Student, Tess')
    expect(studentsOf(await readDrawn(drawn('Test | Student | | 7 | 8')))[1]).toBe('5 Test, Student')
  })

  test('blank rows are nothing, a text without a person is named', async () => {
    const file = await readDrawn([
      ['last_name', 'first_name', 'email', 'Quiz'],
      ['S', 'A', 'a@x.org', '7'],
      ['', '', '', ''],
      [''],
      ['-', '-', '-', ''],
      ['T', 'B', 'b@x.org', '8'],
    ])
    expect(studentsOf(file)).toEqual(['2 S, A email=a@x.org', '6 T, B email=b@x.org'])
    expect(ignoredOf(file)).toEqual([`Row 5: ${stray}`])
  })
})

describe('rows of dates and points without a word', () => {
  const drawn = (...rows: readonly string[]) =>
    ['last_name | first_name | email | Quiz | Essay', ...rows, 'S | A | a@x.org | 7 | 8'].join('\n')
  const described = async (...rows: readonly string[]) =>
    (await readDrawn(drawn(...rows))).assignments.map(({ maxPoints, dueOn }) => [maxPoints, dueOn])
  test('are known by what they hold, in either order', async () => {
    const both = [
      ['10', '2025-06-01'],
      ['20', '2025-06-02'],
    ]
    expect(await described(' | | | 2025-06-01 | 2025-06-02', ' | | | 10 | 20')).toEqual(both)
    expect(await described(' | | | 10 | 20', ' | | | 2025-06-01 | 2025-06-02')).toEqual(both)
    expect(await described(' | | | 13/06/2025 | ', ' | | | | 20,5')).toEqual([
      [null, '2025-06-13'],
      ['20.5', null],
    ])
  })
  test('are no more than one of each', async () => {
    const file = await readDrawn(drawn(' | | | 10 | 20', ' | | | 5 | 6'))
    expect(problemsOf(file)).toEqual(['reject no_student 3'])
    expect(file.assignments.map(({ maxPoints }) => maxPoints)).toEqual(['10', '20'])
    const dates = await readDrawn(drawn(' | | | 2025-06-01 | ', ' | | | 2025-06-02 | '))
    expect([dates.assignments[0]?.dueOn, ignoredOf(dates)]).toEqual(['2025-06-01', [`Row 3: ${stray}`]])
  })
  test('stand in the first three rows only, and hold nothing else', async () => {
    const far = await readDrawn(
      [
        'last_name | first_name | email | Quiz',
        'S | A | a@x.org | 7',
        'T | B | b@x.org | 8',
        'U | C | c@x.org | 8',
        ' | | | 10',
      ].join('\n'),
    )
    expect(problemsOf(far)).toEqual(['warn points_assumed', 'reject no_student 5'])
    const near = await readDrawn(
      ['last_name | first_name | email | Quiz', 'S | A | a@x.org | 7', 'T | B | b@x.org | 8', ' | | | 10'].join('\n'),
    )
    expect(near.assignments[0]?.maxPoints).toBe('10')
    expect(problemsOf(await readDrawn(drawn(' | | | 10 | x')))).toEqual(['warn points_assumed', 'reject no_student 2'])
  })
})

describe('a row of text without a person', () => {
  const drawn = (row: string) => `
    No. | last_name | first_name | email   | Quiz | Essay
        |           |            |         | Unit 1 | Unit 2
        | POINTS    |            |         | 10   | 20
    1   | S         | A          | a@x.org | 7    | 8
    2   | T         | B          | b@x.org | 9    | 6
    ${row}
  `
  test('is a second heading or a remark, and is named', async () => {
    const file = await readDrawn(drawn('Printed on Monday | | | | see below |'))
    expect([problemsOf(file), file.students.length]).toEqual([[], 2])
    expect(ignoredOf(file).slice(1)).toEqual([`Row 2: ${stray}`, `Row 6: ${stray}`])
  })
  test('is a row of totals when its first word says so, wherever it stands', async () => {
    expect(ignoredOf(await readDrawn(drawn('Median | | | | 8 | 7'))).at(-1)).toBe(`Row 6: ${notStudent}`)
    expect((await readDrawn(drawn('Points | | | | 8 | 7'))).describingRows).toEqual([1, 3, 6])
  })
  test.each(['7', '7,5', 'EX', '80%', '#N/A'])('with %j it is a student nobody named', async (cell) => {
    expect(problemsOf(await readDrawn(drawn(` | | | | ${cell} | see`))).filter((line) => line.includes('no_student'))).toEqual([
      'reject no_student 6',
    ])
  })
})

test('a row with scores and nobody is refused with its row', async () => {
  const file = await readDrawn(`
    last_name | first_name | email   | Quiz
    POINTS    |            |         | 10
    S         | A          | a@x.org | 7
    T         | B          | b@x.org | 7
              |            | -       | 9
  `)
  expect(file.problems).toEqual([
    {
      row: 5,
      column: null,
      value: null,
      code: 'no_student',
      severity: 'reject',
      message: 'Row 5 has scores, but names no student.',
      fix: 'Write the name or the e-mail address, or delete the row.',
    },
  ])
  expect([file.rejectedRows, cellsOf(file)]).toEqual([[5], ['7', '7']])
})

describe('rows shorter or longer than the headings', () => {
  const drawn = (row: readonly string[]) => [
    ['last_name', 'first_name', 'email', 'Quiz', 'Essay'],
    ['POINTS', '', '', '10', '10'],
    ['S', 'A', 'a@x.org', '7', '8'],
    row,
  ]
  test('short rows and empty cells behind the last heading are fine', async () => {
    const short = await readDrawn(drawn(['T', 'B', 'b@x.org']))
    expect([cellsOf(short), problemsOf(short)]).toEqual([['7 | 8', '|'], []])
    const trailing = await readDrawn(drawn(['T', 'B', 'b@x.org', '9', '9', '', ' ', '\u00a0']))
    expect([cellsOf(trailing), problemsOf(trailing)]).toEqual([['7 | 8', '9 | 9'], []])
  })
  test('a row too long is refused: its scores may stand under the wrong titles', async () => {
    const file = await readDrawn(drawn(['T', 'B', 'b@x.org', 'note', '9', '', '9']))
    expect(file.problems).toEqual([
      {
        row: 4,
        column: null,
        value: '9',
        code: 'row_too_long',
        severity: 'reject',
        message: 'Row 4 has more cells than the heading row, so its scores may stand under the wrong titles.',
        fix: 'Often a name or note with a comma needs quotation marks. Mend the row and upload the file again.',
      },
    ])
    expect([file.rejectedRows, cellsOf(file)]).toEqual([[4], ['7 | 8']])
    expect(file.rowText(4)).toEqual(['T', 'B', 'b@x.org', 'note', '9', '', '9'])
  })
})

describe('what is no table of grades', () => {
  test('headings without students', async () => {
    expect(await refusalOf(`\n\nlast_name | first_name | email | Quiz`)).toEqual([
      {
        row: 1,
        column: null,
        value: null,
        code: 'no_students',
        severity: 'block',
        message: 'The file has a heading row, but no row with a student below it.',
        fix: 'Add one row for each student, or choose the file that holds them.',
      },
    ])
  })
  test('students without a column of scores', async () => {
    expect(
      (await refusalOf('last_name | first_name | email\nS | A | a@x.org')).map(({ code, message, fix }) => [code, message, fix]),
    ).toEqual([
      [
        'no_assignment_column',
        'The file names students, but no column holds scores.',
        'Add one column for each assignment, with its title as the heading.',
      ],
    ])
  })
  test.each([
    ['one column', 'Quiz\n7\n8', 'quiz'],
    ['one column with empty ones beside it', 'Quiz | |\n7 | |\n8 | |', 'quiz'],
    ['one wide row', 'a | b | c | d | e | f | g\n7\n8', 'a, b, c, d, e, f'],
    ['texts', 'Dear all,\nhere are the grades.', 'dear all,'],
  ])('%s is refused', async (_, drawing, value) => {
    const [refusal] = await refusalOf(drawing)
    expect([refusal?.code, refusal?.value, refusal?.message, refusal?.fix]).toEqual([
      'no_identity_column',
      value,
      'None of the first 25 rows names a column by which students can be told apart: an e-mail address, a student number, or last and first name.',
      'Name the columns as in the template: last_name, first_name, email, then one column for each assignment.',
    ])
  })
  test('a Meet report by its lines or its columns, and no gradebook with one such word', async () => {
    const old = 'x | y\n* Meeting code: abc\nFull Name | First Seen\nA | b'
    const [refusal] = await refusalOf(old)
    expect([refusal?.code, refusal?.severity, refusal?.message, refusal?.fix]).toEqual([
      'meet_report',
      'block',
      'This is a Google Meet attendance report, not a gradebook.',
      'Download the grades from the Classroom page "Grades" instead; a Meet report holds attendance only.',
    ])
    expect((await refusalOf('First name | Last name | Email | Duration | Time joined\nA | S | a@x.org | 1 | 9'))[0]?.code).toBe(
      'meet_report',
    )
    expect((await refusalOf("Ім'я | Прізвище | Тривалість | Час приєднання\nA | S | 1 | 9"))[0]?.code).toBe('meet_report')
    expect((await readDrawn('First name | Last name | Email | Duration\nA | S | a@x.org | 1')).source).toBe('grade-insight')
    const low = [
      'a | b',
      'a | b',
      'a | b',
      'a | b',
      'a | b',
      '* Meeting code: abc | x',
      'last_name | first_name | Quiz',
      'S | A | 1',
    ].join('\n')
    expect((await readDrawn(low)).headingRow).toBe(7)
  })
})
