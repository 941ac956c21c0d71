import { describe, expect, test } from 'vitest'
import { splitName } from '@/lib/imports/names'
import { cellsOf, problemsOf, readDrawn, studentsOf } from '../../support/grade-files'

describe('whole names', () => {
  test.each([
    ['Doe, Jane', 'Doe', 'Jane'],
    ['Doe,Jane Mary', 'Doe', 'Jane Mary'],
    ['de la Cruz, Ana', 'de la Cruz', 'Ana'],
    ['Doe, Jr., Bob', 'Doe', 'Jr., Bob'],
    ['حداد، ليلى', 'حداد', 'ليلى'],
    ['Jane Doe', 'Doe', 'Jane'],
    ['Jane Mary Doe', 'Doe', 'Jane Mary'],
    ['Jane', 'Jane', ''],
    ['Doe,', 'Doe', ''],
    [', Jane', '', 'Jane'],
    ['', '', ''],
  ])('%j is %j and %j', (name, lastName, firstName) => {
    expect(splitName(name)).toEqual({ lastName, firstName })
  })

  test('names in columns of their own go before a whole name', async () => {
    const file = await readDrawn(`
      Student   | Last name | First name | Quiz
      Doe, Jane | Roe       | Ann        | 7
      Poe, Pat  |           |            | 8
      Coe, Kim  | Li        |            | 9
    `)
    expect(studentsOf(file)).toEqual(['2 Roe, Ann', '3 Poe, Pat', '4 Li,'])
  })
})

describe('identifiers', () => {
  const drawn = (headings: string, cells: string) => `
    last_name | first_name | ${headings} | Quiz
    POINTS    |            | ${headings.replace(/[^|]/g, '')} | 10
    S         | A          | ${cells}    | 7
  `
  test('in the order they are matched by, none of them twice', async () => {
    const file = await readDrawn(drawn('email | username | student_number | sis_id', 'A@X.org | Ann | 007 | S-1'))
    expect(file.students[0]?.identifiers).toEqual([
      { kind: 'sis', value: 'S-1', folded: 's-1' },
      { kind: 'number', value: '007', folded: '007' },
      { kind: 'username', value: 'Ann', folded: 'ann' },
      { kind: 'email', value: 'A@X.org', folded: 'a@x.org' },
    ])
  })
  test('a user name that is an address is the e-mail where the file has none', async () => {
    expect(studentsOf(await readDrawn(drawn('username', 'a@x.org')))).toEqual(['3 S, A email=a@x.org'])
    expect(studentsOf(await readDrawn(drawn('username | email', 'a@x.org | b@x.org')))).toEqual([
      '3 S, A username=a@x.org email=b@x.org',
    ])
    expect(studentsOf(await readDrawn(drawn('student_number', 'a@x.org')))).toEqual(['3 S, A number=a@x.org'])
  })
  test('digits of other scripts are digits, what cannot be seen does not count', async () => {
    expect(studentsOf(await readDrawn(drawn('student_number', '\u200b٠٠٤٢')))).toEqual(['3 S, A number=0042'])
    expect(studentsOf(await readDrawn(drawn('student_number', '００４２\u00a0')))).toEqual(['3 S, A number=0042'])
  })
  test('guards of spreadsheets are taken off', async () => {
    expect(studentsOf(await readDrawn(drawn('student_number', '"=\\"0042\\""')))).toEqual(['3 S, A number=0042'])
  })
  test.each(['', '-', '--', '\u2014', '\u2013'])('%j is none', async (text) => {
    expect(studentsOf(await readDrawn(drawn('student_number', text)))).toEqual(['3 S, A'])
  })

  test.each([
    ['email', 'a@x', null],
    ['email', 'nobody', "Row 3: 'nobody' is not an e-mail address."],
    ['email', 'a@x.org, b@x.org', "Row 3: 'a@x.org, b@x.org' is not an e-mail address."],
    ['email', 'a b@x.org', "Row 3: 'a b@x.org' is not an e-mail address."],
    ['email', '@x.org', "Row 3: '@x.org' is not an e-mail address."],
    ['email', 'a@', "Row 3: 'a@' is not an e-mail address."],
    ['student_number', '#N/A', "Row 3: '#N/A' is not a student number."],
    ['username', '#REF!', "Row 3: '#REF!' is not a user name."],
    ['student_number', '#NAME?', "Row 3: '#NAME?' is not a student number."],
    ['student_number', '#DIV/0!', "Row 3: '#DIV/0!' is not a student number."],
    ['student_number', '#NULL!', "Row 3: '#NULL!' is not a student number."],
    ['student_number', '#NUM!', "Row 3: '#NUM!' is not a student number."],
    ['student_number', 'x#N/A', null],
    ['sis_id', '#value!', "Row 3: '#value!' is not a SIS id."],
    ['student_number', '#12', null],
    ['student_number', 'x'.repeat(200), null],
    ['student_number', 'x'.repeat(201), `Row 3: '${'x'.repeat(201)}' is not a student number.`],
  ])('%s %j', async (heading, text, message) => {
    const file = await readDrawn(`${drawn(heading, text)}\nT | B | ${heading === 'email' ? 'b@x.org' : 'b'} | 8`)
    expect(file.problems.map((problem) => [problem.code, problem.severity, problem.row, problem.message, problem.fix])).toEqual(
      message === null
        ? []
        : [['bad_identifier', 'reject', 3, message, 'Mend it, or leave it empty so that the student is found by name.']],
    )
    expect(file.rejectedRows).toEqual(message === null ? [] : [3])
  })

  test.each([
    ['student_number', '4-May', true],
    ['student_number', '12-Jan-2025', true],
    ['student_number', '12-Jan-25', true],
    ['student_number', '1.23E+11', true],
    ['student_number', '1,23E+11', true],
    ['student_number', '1e11', true],
    ['username', '4-May', true],
    ['sis_id', '4-May', true],
    ['student_number', '4-Maybe', false],
    ['student_number', '123-May', false],
    ['student_number', 'x4-May', false],
    ['student_number', '12E11', false],
    ['student_number', '1.23E', false],
    ['student_number', '0042', false],
  ])('%s %j may have been changed by a spreadsheet: %j', async (heading, text, isChanged) => {
    const file = await readDrawn(drawn(heading, text))
    const what = { student_number: 'student number', username: 'user name', sis_id: 'SIS id' }[heading]
    expect(file.problems).toEqual(
      isChanged
        ? [
            {
              row: 3,
              column: what,
              value: text,
              code: 'id_changed',
              severity: 'warn',
              message: `Row 3: a spreadsheet may have changed this ${what} to '${text}'.`,
              fix: 'Compare it with the original; format the column as text before typing the numbers again.',
            },
          ]
        : [],
    )
    expect(file.students).toHaveLength(1)
  })
})

describe('a student twice', () => {
  const drawn = (...rows: readonly string[]) =>
    ['last_name | first_name | email | student_number | Quiz', 'POINTS | | | | 10', ...rows].join('\n')

  test('by case and spaces: those rows are refused side by side, the rest is importable', async () => {
    const file = await readDrawn(drawn('S | A | a@x.org | | 7', 'S | A | " A@X.org " | | 8', 'T | B | b@x.org | | 9'))
    expect(
      file.problems.map(({ row, column, value, code, severity, message, fix }) => ({
        row,
        column,
        value,
        code,
        severity,
        message,
        fix,
      })),
    ).toEqual(
      [
        [3, 'a@x.org'],
        [4, 'A@X.org'],
      ].map(([row, value]) => ({
        row,
        column: 'e-mail',
        value,
        code: 'same_student',
        severity: 'reject',
        message: `Rows 3 and 4 are the same student (${value}). None of them was imported.`,
        fix: 'Keep the right row, delete the others, and upload the file again.',
      })),
    )
    expect([studentsOf(file), cellsOf(file), file.rejectedRows, file.isBlocked]).toEqual([
      ['5 T, B email=b@x.org'],
      ['9'],
      [3, 4],
      false,
    ])
  })

  test('by number, whatever the e-mail', async () => {
    const file = await readDrawn(drawn('S | A | a@x.org | 7 | 7', 'T | B | b@x.org | 7 | 8', 'U | C | c@x.org | 07 | 9'))
    expect(problemsOf(file)).toEqual(['reject same_student 3 student number 7', 'reject same_student 4 student number 7'])
    expect(studentsOf(file)).toEqual(['5 U, C number=07 email=c@x.org'])
  })

  test('twice over is said once', async () => {
    const file = await readDrawn(drawn('S | A | a@x.org | 7 | 7', 'S | A | a@x.org | 7 | 8'))
    expect(problemsOf(file)).toEqual(['reject same_student 3 student number 7', 'reject same_student 4 student number 7'])
  })

  test('refused rows are listed in their order, whatever each was refused for', async () => {
    const file = await readDrawn(
      drawn('S | A | a@x.org | | 7', 'T | B | nobody | | 8', 'S | A | a@x.org | | 7', 'U | C | c@x.org | | 9'),
    )
    expect([file.rejectedRows, studentsOf(file)]).toEqual([[3, 4, 5], ['6 U, C email=c@x.org']])
  })

  test('what is a number of one and a user name of another is nobody twice', async () => {
    const file = await readDrawn(
      'last_name | first_name | student_number | username | Quiz\nS | A | 7 | x | 1\nT | B | 8 | 7 | 2',
    )
    expect([file.rejectedRows, file.students.length]).toEqual([[], 2])
  })

  test('many rows are not all listed', async () => {
    const rows = (count: number) => Array.from({ length: count }, () => 'S | A | a@x.org | | 7')
    expect((await readDrawn(drawn(...rows(6)))).problems[0]?.message).toContain('Rows 3, 4, 5, 6, 7 and 8 are')
    expect((await readDrawn(drawn(...rows(7)))).problems[0]?.message).toContain('Rows 3, 4, 5, 6, 7, 8 and more are')
  })

  test('two of one name are two when something else tells both apart, and one when it does not', async () => {
    expect(problemsOf(await readDrawn(drawn('S | A | a@x.org | | 7', 'S | A | b@x.org | | 8')))).toEqual([])
    expect(problemsOf(await readDrawn(drawn('S | A | a@x.org | | 7', 's | a | | | 8')))).toEqual([
      'reject same_student 3 name S, A',
      'reject same_student 4 name s, a',
    ])
    expect(problemsOf(await readDrawn(drawn('S | A | | | 7', 'S | B | | | 8')))).toEqual([])
  })

  test.each([
    ['composed and decomposed letters', 'Núñez'.normalize('NFC'), 'Núñez'.normalize('NFD')],
    ['zero-width spaces', 'Nunez', 'Nu\u200bnez'],
    ['joiners', 'Nunez', 'Nu\u200dnez'],
    ['no-break spaces', 'de la Cruz', 'de\u00a0la  Cruz'],
    ['apostrophes', "O'Neil", 'O\u2019Neil'],
    ['case', 'Smith', 'SMITH'],
  ])('%s are one name', async (_, one, other) => {
    const file = await readDrawn([
      ['last_name', 'first_name', 'Quiz'],
      [one, 'J', '7'],
      [other, 'J', '8'],
      ['T', 'B', '9'],
    ])
    expect(file.rejectedRows).toEqual([2, 3])
  })

  test('all rows refused is a file with problems, not an empty one', async () => {
    const file = await readDrawn(drawn('S | A | a@x.org | | 7', 'S | A | a@x.org | | 8'))
    expect([file.students, file.rejectedRows]).toEqual([[], [3, 4]])
  })
})

test('names a spreadsheet would run are plain text, without the guard of our exports', async () => {
  const file = await readDrawn(`
    last_name          | first_name | email   | Quiz
    POINTS             |            |         | 10
    =HYPERLINK("x")    | @SUM       | a@x.org | +3
    +1+1               | "\\tX"     | b@x.org | 7
    '=SUM(A1)          | '-x        | c@x.org | 8
    ''=SUM(A1)         | 'til       | d@x.org | 9
  `)
  expect(studentsOf(file)).toEqual([
    '3 =HYPERLINK("x"), @SUM email=a@x.org',
    '4 +1+1, X email=b@x.org',
    '5 =SUM(A1), -x email=c@x.org',
    "6 '=SUM(A1), 'til email=d@x.org",
  ])
  expect(cellsOf(file)).toEqual(['3', '7', '8', '9'])
})

test('long names are cut to what can be stored', async () => {
  const file = await readDrawn(`
    last_name          | first_name         | email   | Quiz
    ${'S'.repeat(201)} | ${'A'.repeat(202)} | a@x.org | 7
  `)
  expect([file.students[0]?.lastName.length, file.students[0]?.firstName.length]).toEqual([200, 200])
})

test('headings and names like those of every object are plain text', async () => {
  const file = await readDrawn(`
    last_name | first_name  | email   | __proto__ | constructor | toString
    POINTS    |             |         | 10        | 10          | 10
    __proto__ | constructor | a@x.org | 7         | 8           | constructor
  `)
  expect(studentsOf(file)).toEqual(['3 __proto__, constructor email=a@x.org'])
  expect(file.assignments.map(({ title }) => title)).toEqual(['__proto__', 'constructor', 'toString'])
  expect([cellsOf(file), problemsOf(file)]).toEqual([['7 | 8 | !'], ['reject not_a_number 3 toString constructor']])
})
