import { describe, expect, test } from 'vitest'
import type { ColumnChoice } from '@/lib/imports/choices'
import { columnName } from '@/lib/imports/column-name'
import {
  assignmentsOf,
  cellsOf,
  columnsOf,
  ignoredOf,
  problemsOf,
  readDrawn,
  refusalOf,
  studentsOf,
} from '../../support/grade-files'

const drawing = `
  last_name | first_name | email   | Quiz       | Essay      | Seat
  DATE      |            |         | 2025-06-01 | 2025-06-02 |
  POINTS    |            |         | 10         | 20         | 5
  S         | A          | a@x.org | 7          | 18         | 3
  T         | B          | b@x.org | 8          | 19         | 4
`
const id = '0197a000-0000-7000-8000-000000000001'

test.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [51, 'AZ'],
  [52, 'BA'],
  [701, 'ZZ'],
  [702, 'AAA'],
])('column %i is called %s', (index, name) => {
  expect(columnName(index)).toBe(name)
})

describe('what the teacher says of a column', () => {
  test('ignored: it is named with that reason and read nowhere', async () => {
    const file = await readDrawn(drawing, { columns: { 3: { use: 'ignore' } } })
    expect(assignmentsOf(file)).toEqual(['Essay /20 on 2025-06-02', 'Seat /5'])
    expect(ignoredOf(file)).toEqual(['Quiz: You chose to leave it out.'])
    expect(file.columns[3]).toMatchObject({
      role: 'ignored',
      confidence: 'sure',
      reason: 'You chose to leave it out.',
      samples: ['7', '8'],
    })
  })

  test('an assignment with a title, points, date, category, tags and target of its own', async () => {
    const choice: ColumnChoice = {
      ...{ use: 'assignment', assignmentId: id, title: 'Quiz one', maxPoints: '12.50', dueOn: '2025-07-01' },
      ...{ category: 'Homework', tags: ['oral', 'short'] },
    }
    const file = await readDrawn(drawing, { columns: { 3: choice } })
    expect(assignmentsOf(file)).toEqual([
      'Quiz one /12.5 on 2025-07-01 in Homework +oral +short',
      'Essay /20 on 2025-06-02',
      'Seat /5',
    ])
    expect(file.assignments.map(({ assignmentId, pointsRead, columns }) => [assignmentId, pointsRead, columns])).toEqual([
      [id, '12.5', [3]],
      [undefined, '20', [4]],
      [undefined, '5', [5]],
    ])
    expect(file.columns[3]).toMatchObject({
      ...{ role: 'assignment', confidence: 'sure', title: 'Quiz one', maxPoints: '12.5', dueOn: '2025-07-01' },
      ...{ category: 'Homework', tags: ['oral', 'short'] },
    })
  })

  test('what is not said stays as the file says; no date and a new assignment can be said too', async () => {
    const file = await readDrawn(drawing, {
      columns: { 3: { use: 'assignment' }, 4: { use: 'assignment', dueOn: null, category: null, assignmentId: null } },
    })
    expect(assignmentsOf(file)).toEqual(['Quiz /10 on 2025-06-01', 'Essay /20', 'Seat /5'])
    expect(file.assignments.map(({ assignmentId }) => assignmentId)).toEqual([undefined, null, undefined])
  })

  test('percents are of the points of the assignment they go to', async () => {
    const percents = `
      last_name | first_name | email   | Quiz
      S         | A          | a@x.org | 50%
    `
    const knownPoints = new Map([
      [id, '8'],
      ['Quiz', '40'],
    ])
    const chosen = await readDrawn(percents, { knownPoints, columns: { 3: { use: 'assignment', assignmentId: id } } })
    expect([cellsOf(chosen), problemsOf(chosen)]).toEqual([['4'], []])
    expect(cellsOf(await readDrawn(percents, { knownPoints }))).toEqual(['20'])
    expect(cellsOf(await readDrawn(percents, { columns: { 3: { use: 'assignment', title: 'Test' } }, knownPoints }))).toEqual([
      '50',
    ])
    expect(cellsOf(await readDrawn(percents, { columns: { 3: { use: 'assignment', maxPoints: '2' } }, knownPoints }))).toEqual([
      '1',
    ])
  })

  test('who a row is: another column takes the place of the one the file names', async () => {
    const file = await readDrawn(
      `
      last_name | first_name | email   | contact | Quiz
      POINTS    |            |         |         | 10
      S         | A          | a@x.org | c@x.org | 7
      `,
      { columns: { 3: { use: 'identity', role: 'email' } } },
    )
    expect(studentsOf(file)).toEqual(['3 S, A email=c@x.org'])
    expect(columnsOf(file)).toEqual([
      'A last_name identity lastName sure',
      'B first_name identity firstName sure',
      'C email ignored sure private',
      'D contact identity email sure',
      'E Quiz assignment sure',
    ])
    expect(ignoredOf(file)).toEqual(['email: Looks like e-mail addresses of somebody else; it is not stored.'])
  })

  test('an identity column can be an assignment, and a total can', async () => {
    const file = await readDrawn(
      `
      last_name | first_name | email   | student_number | Total
      S         | A          | a@x.org | 7              | 70
      `,
      { columns: { 3: { use: 'assignment' }, 4: { use: 'assignment', maxPoints: '100' } } },
    )
    expect(studentsOf(file)).toEqual(['2 S, A email=a@x.org'])
    expect(assignmentsOf(file)).toEqual(['student_number /?', 'Total /100'])
  })

  test('a column of text is read as scores when it is said to be an assignment', async () => {
    const text = `
      last_name | first_name | email   | Remark | Quiz
      S         | A          | a@x.org | kind   | 7
      T         | B          | b@x.org | loud   | 8
    `
    expect(assignmentsOf(await readDrawn(text))).toEqual(['Quiz /?'])
    const file = await readDrawn(text, { columns: { 3: { use: 'assignment' } } })
    expect(file.cells).toEqual([
      ['!', '7'],
      ['!', '8'],
    ])
  })

  test('a column without a heading gets its letter for a title', async () => {
    const rows = [
      ['last_name', 'first_name', 'email', '', 'Quiz'],
      ['S', 'A', 'a@x.org', '5', '7'],
    ]
    const plain = await readDrawn(rows)
    expect([assignmentsOf(plain), ignoredOf(plain)]).toEqual([['Quiz /?'], ['D: The column has no heading.']])
    expect(assignmentsOf(await readDrawn(rows, { columns: { 3: { use: 'assignment' } } }))).toEqual(['Column D /?', 'Quiz /?'])
  })

  test('parts of a heading are still read when the column is chosen', async () => {
    const file = await readDrawn(
      [
        ['Last Name', 'First Name', 'Username', 'Quiz 3 [Total Pts: 10 Score] |664617'],
        ['S', 'A', 'a', '5'],
      ],
      { columns: { 3: { use: 'assignment', tags: ['oral'] } } },
    )
    expect(assignmentsOf(file)).toEqual(['Quiz 3 /10 +oral #664617'])
  })
})

describe('a table of another kind', () => {
  const list = `
    Klassenliste 5b |            |       |         |       |
    Wer             | Post       | Mathe | Deutsch | Notiz |
    Jane Doe        | j@x.org    | 5     | 6       | nett  | x
    Ann Roe         | a@x.org    | 4     | 3       | laut  |
  `
  test('is not refused: it is asked who a row is, and nothing else', async () => {
    const file = await readDrawn(list)
    expect([file.source, file.sourceLabel, file.headingRow, file.isBlocked]).toEqual([
      'generic',
      'a table of another kind',
      2,
      true,
    ])
    expect(file.problems).toEqual([
      {
        row: 2,
        column: null,
        value: 'Wer, Post, Mathe, Deutsch, Notiz',
        code: 'ask_identity',
        severity: 'block',
        message: 'Row 2 was taken for the headings, and none of them says who a row is.',
        fix: 'Say which column holds the e-mail address, the student number or the name, or choose another heading row.',
      },
    ])
    expect([file.students, file.cells, file.rejectedRows, file.cellsRejected]).toEqual([[], [], [], 0])
    expect(assignmentsOf(file)).toEqual(['Mathe /?', 'Deutsch /?'])
  })
  test('its columns are guessed from their cells', async () => {
    expect(columnsOf(await readDrawn(list))).toEqual([
      'A Wer identity fullName guess',
      'B Post identity email guess',
      'C Mathe assignment guess',
      'D Deutsch assignment guess',
      'E Notiz ignored guess',
      'F ignored sure',
    ])
  })
  test('is read once that is said', async () => {
    const file = await readDrawn(list, {
      columns: { 0: { use: 'identity', role: 'fullName' }, 1: { use: 'identity', role: 'email' }, 5: { use: 'ignore' } },
    })
    expect(studentsOf(file)).toEqual(['3 Doe, Jane email=j@x.org', '4 Roe, Ann email=a@x.org'])
    expect(cellsOf(file)).toEqual(['5 | 6', '4 | 3'])
    expect(problemsOf(file)).toEqual(['warn points_assumed'])
  })
  test('more than six headings are not all named', async () => {
    const file = await readDrawn('a | b | c | d | e | f | g\n1 | 2 | 3 | 4 | 5 | 6 | 7')
    expect(file.problems[0]?.value).toBe('a, b, c, d, e, f')
  })
  test('names are guessed only where most differ, and addresses only where all are', async () => {
    const guesses = async (...cells: readonly string[]) =>
      (await readDrawn([['x', 'y', 'z'], ...cells.map((cell) => [cell, '1', '2'])])).columns[0]?.identity
    expect(await guesses('Jane Doe', 'Ann Roe')).toBe('fullName')
    expect(await guesses('Doe, Jane', "O'Neil, Zoë")).toBe('fullName')
    expect(await guesses('Jane Doe', 'Jane Doe')).toBeNull()
    expect(await guesses('Jane Doe', 'Jane Doe', 'Ann Roe', 'Pat Poe')).toBe('fullName')
    expect(await guesses('Jane', 'Ann')).toBeNull()
    expect(await guesses('Jane Doe', 'Ann 7')).toBeNull()
    expect(await guesses('j@x.org', 'a@x.org')).toBe('email')
    expect(await guesses('j@x.org', 'none')).toBeNull()
    expect(await guesses('', '')).toBeNull()
  })
  test('a last name alone is not enough, and what may be enough is shown', async () => {
    const file = await readDrawn('last_name | Post | Quiz\nDoe | j@x.org | 7\nRoe | a@x.org | 8')
    expect([problemsOf(file), columnsOf(file), file.privateColumns]).toEqual([
      ['block ask_identity 1 last_name, Post, Quiz'],
      ['A last_name identity lastName sure', 'B Post identity email guess', 'C Quiz assignment guess'],
      [],
    ])
  })
  test('taking every identity away asks again', async () => {
    const file = await readDrawn('Name | Quiz\nJane Doe | 7\nAnn Roe | 8', { columns: { 0: { use: 'ignore' } } })
    expect(problemsOf(file)).toEqual(['block ask_identity 1 Name, Quiz'])
  })

  test('words of every source tell who a row is', async () => {
    const file = await readDrawn(`
      Pupil    | Admission number | Login | State ID | School email | Maths | Homeroom | No.
      Jane Doe | 0042             | jdoe  | S1       | j@x.org      | 5     | 101      | 1
    `)
    expect(studentsOf(file)).toEqual(['2 Doe, Jane sis=S1 number=0042 username=jdoe email=j@x.org'])
    expect(assignmentsOf(file)).toEqual(['Maths /?'])
    expect(ignoredOf(file)).toEqual([
      'Homeroom: Text beside the scores; it is not imported.',
      'No.: Text beside the scores; it is not imported.',
    ])
    expect(columnsOf(file)[5]).toBe('F Maths assignment guess')
  })
  test.each([
    ['ПІБ', 'Шевченко Оксана', 'Оксана, Шевченко'],
    ["Прізвище та ім'я", 'Шевченко, Оксана', 'Шевченко, Оксана'],
    ['Alumno', 'Núñez, José', 'Núñez, José'],
    ['اسم الطالب', 'حداد، ليلى', 'حداد, ليلى'],
  ])('a column called %s holds names', async (heading, name, student) => {
    expect(
      studentsOf(
        await readDrawn([
          [heading, 'X'],
          [name, '5'],
        ]),
      ),
    ).toEqual([`2 ${student}`])
  })
  test('points and dates are known by their rows, and points by parentheses', async () => {
    const file = await readDrawn(`
      Name     | Maths (20) | Art
      Date     | 2025-06-01 |
      Max      |            | 30
      Jane Doe | 5          | 6
    `)
    expect(assignmentsOf(file)).toEqual(['Maths /20 on 2025-06-01', 'Art /30'])
    expect(columnsOf(file).slice(1)).toEqual(['B Maths (20) assignment likely', 'C Art assignment likely'])
  })
})

test('headings may be guarded like any other cell', async () => {
  const file = await readDrawn([
    ['="last_name"', "'=first_name", '="email"', '="Quiz"'],
    ['S', 'A', 'a@x.org', '7'],
  ])
  expect([file.source, studentsOf(file), assignmentsOf(file)]).toEqual([
    'grade-insight',
    ['2 S, email=a@x.org'],
    ['=first_name /?', 'Quiz /?'],
  ])
})

describe('a second column of the same kind', () => {
  test('is named, and the first one counts', async () => {
    const file = await readDrawn(`
      last_name | first_name | student_number | Student ID | Quiz
      S         | A          | 1              | 2          | 7
    `)
    expect(studentsOf(file)).toEqual(['2 S, A number=1'])
    expect(ignoredOf(file)).toEqual(['Student ID: A second column of the same kind; the first one counts.'])
  })
  test('"First" and "Last" are titles beside names of their own', async () => {
    const file = await readDrawn(`
      last_name | first_name | email   | First | Last
      S         | A          | a@x.org | 6     | 7
    `)
    expect(assignmentsOf(file)).toEqual(['First /?', 'Last /?'])
  })
})

describe('a column of text', () => {
  const drawn = (cells: readonly string[], points = '') => [
    ['last_name', 'first_name', 'email', 'Mood', 'Quiz'],
    ['POINTS', '', '', points, '10'],
    ...cells.map((cell, at) => ['S', `A${at}`, `a${at}@x.org`, cell, '7']),
  ]
  const reason = 'Mood: Holds text and no score, points or date.'
  test('is left out as a whole, a typing slip only as a cell', async () => {
    const file = await readDrawn(drawn(['kind', 'loud']))
    expect([assignmentsOf(file), ignoredOf(file), problemsOf(file)]).toEqual([['Quiz /10'], [reason], []])
    expect(file.columns[3]).toMatchObject({ role: 'ignored', confidence: 'guess', reason: reason.slice('Mood: '.length) })
    const one = await readDrawn(drawn(['kind', '7']))
    expect(problemsOf(one)).toEqual(['warn points_assumed', 'reject not_a_number 3 Mood kind'])
  })
  test('is an assignment where only one cell is filled, where it has points, and where it is empty', async () => {
    expect(assignmentsOf(await readDrawn(drawn(['kind', ''])))).toEqual(['Mood /?', 'Quiz /10'])
    expect(assignmentsOf(await readDrawn(drawn(['kind', 'loud'], '10')))).toEqual(['Mood /10', 'Quiz /10'])
    expect(assignmentsOf(await readDrawn(drawn(['', ''])))).toEqual(['Mood /?', 'Quiz /10'])
  })
  test('is told by what can be seen, and by cells that are no number under either mark', async () => {
    const drawnRows = (...cells: readonly string[]) => [
      ['last_name', 'first_name', 'email', 'Mood', 'Quiz'],
      ...cells.map((cell, at) => ['S', `A${at}`, `a${at}@x.org`, cell, '7']),
    ]
    const titles = async (...cells: readonly string[]) =>
      (await readDrawn(drawnRows(...cells))).assignments.map(({ title }) => title)
    expect(await titles('kind', 'loud', '\u200b')).toEqual(['Quiz'])
    expect(await titles('kind', '\u200b')).toEqual(['Mood', 'Quiz'])
    expect(await titles('1.234,5', '1.234,75')).toEqual(['Mood', 'Quiz'])
    expect(await titles('12 apples', '13 pears')).toEqual(['Quiz'])
    expect(await titles('Room 12', 'Room 13')).toEqual(['Quiz'])
    expect(await titles('9:15', '10:30')).toEqual(['Quiz'])
    expect(await titles('5.pm', '6.am')).toEqual(['Quiz'])
    expect(await titles('7.5/10', '8.5/10')).toEqual(['Mood', 'Quiz'])
  })
  test('words that stand for a grade are no text', async () => {
    expect(assignmentsOf(await readDrawn(drawn(['EX', 'Missing'])))).toEqual(['Mood /?', 'Quiz /10'])
  })
  test('with a date is an assignment', async () => {
    const file = await readDrawn(`
      last_name | first_name | email   | Mood       | Quiz
      DATE      |            |         | 2025-06-01 |
      S         | A          | a@x.org | kind       | 7
      T         | B          | b@x.org | loud       | 7
    `)
    expect(assignmentsOf(file)).toEqual(['Mood /? on 2025-06-01', 'Quiz /?'])
  })
})

describe('points', () => {
  const drawn = (points: string) => `
    last_name | first_name | email   | Quiz
    POINTS    |            |         | ${points}
    S         | A          | a@x.org | 0
  `
  test.each([
    ['10', '10'],
    ['010', '10'],
    ['0010', '10'],
    ['10.500', '10.5'],
    ['.5', '0.5'],
    ['00.5', '0.5'],
    ['10.0', '10'],
    ['10.50', '10.5'],
    ['0.001', '0.001'],
    ['10.1230', '10.123'],
    ['999999.999', '999999.999'],
    ['1,000.5', '1000.5'],
    ['-', null],
    ['\u2014', null],
    ['', null],
  ])('%j is %j', async (points, maxPoints) => {
    const file = await readDrawn(drawn(points))
    expect([file.assignments[0]?.maxPoints, file.assignments[0]?.pointsRead]).toEqual([maxPoints, maxPoints ?? '100'])
    expect(problemsOf(file)).toEqual(maxPoints === null ? ['warn points_assumed'] : [])
  })
  test.each(['0', '0.0', '-5', 'ten', '10.1234', '1000000', '10 points'])('%j is asked', async (points) => {
    const file = await readDrawn(drawn(points))
    expect(file.problems).toEqual([
      {
        row: 2,
        column: 'Quiz',
        value: points,
        code: 'bad_points',
        severity: 'block',
        message: `Quiz: '${points}' is not a number of points above zero.`,
        fix: 'Type how many points the assignment is out of, or leave the cell empty.',
      },
    ])
    const answered = await readDrawn(drawn(points), { columns: { 3: { use: 'assignment', maxPoints: '10' } } })
    expect([assignmentsOf(answered), problemsOf(answered)]).toEqual([['Quiz /10'], []])
  })
  test('that are assumed are named, the first five of them', async () => {
    const message = async (count: number) => {
      const titles = Array.from({ length: count }, (_, at) => `Q${at}`)
      const file = await readDrawn([
        ['last_name', 'first_name', ...titles],
        ['S', 'A', ...titles.map(() => '1')],
      ])
      return file.problems.map((problem) => [problem.message, problem.fix])
    }
    const fix = 'Add a row that begins with POINTS and gives the points of each assignment.'
    expect(await message(5)).toEqual([
      ['The file does not say how many points these are out of: Q0, Q1, Q2, Q3, Q4. 100 was taken.', fix],
    ])
    expect(await message(7)).toEqual([
      ['The file does not say how many points these are out of: Q0, Q1, Q2, Q3, Q4 and 2 more. 100 was taken.', fix],
    ])
  })
  test('of fractions that agree are those of the assignment', async () => {
    const file = await readDrawn(`
      last_name | first_name | email   | Quiz | Test | Essay
      S         | A          | a@x.org | 7/8  | 6/12 | 6/x
      T         | B          | b@x.org | 4 / 8 | 5/10 | 7
    `)
    expect(assignmentsOf(file)).toEqual(['Quiz /8', 'Test /?', 'Essay /?'])
    const odd = await readDrawn(`
      last_name | first_name | email   | Quiz  | Test  | Essay
      S         | A          | a@x.org | 10/12 | 7/8   | 7/8
      T         | B          | b@x.org |       | 6/7/9 | 6/9x
    `)
    expect(assignmentsOf(odd)).toEqual(['Quiz /12', 'Test /8', 'Essay /8'])
    expect(file.cells).toEqual([
      ['7', '50', '!'],
      ['4', '50', '7'],
    ])
  })
})

describe('columns of one title', () => {
  const drawn = (second: { title?: string; date?: string; points?: string; cells?: readonly [string, string] } = {}) => [
    ['last_name', 'first_name', 'email', 'Quiz', 'Essay', second.title ?? 'Quiz'],
    ['DATE', '', '', '2025-06-01', '', second.date ?? ''],
    ['POINTS', '', '', '10', '10', second.points ?? '10'],
    ['S', 'A', 'a@x.org', '7', '1', second.cells?.[0] ?? ''],
    ['T', 'B', 'b@x.org', '', '2', second.cells?.[1] ?? '8'],
  ]
  test('are asked about, never told apart by a silent suffix', async () => {
    const file = await readDrawn(drawn())
    expect(file.problems).toEqual([
      {
        row: null,
        column: 'Quiz',
        value: 'D, F',
        code: 'same_title',
        severity: 'block',
        message: "Columns D and F are both called 'Quiz'. Are they the same assignment or different ones?",
        fix: 'If they are different, say so (their dates tell them apart) or rename one; if they are the same, say that or leave one out.',
      },
    ])
    expect(assignmentsOf(file)).toEqual(['Quiz /10 on 2025-06-01', 'Essay /10', 'Quiz /10'])
    expect((await readDrawn(drawn({ title: ' Quiz\u200b' }))).isBlocked).toBe(true)
    expect((await readDrawn(drawn({ title: 'quiz' }))).isBlocked).toBe(false)
  })
  test('of one date cannot be told apart', async () => {
    const file = await readDrawn(drawn({ date: '2025-06-01' }))
    expect(file.problems[0]?.fix).toBe(
      'If they are different, give one another title; if they are the same, say that or leave one out.',
    )
    expect((await readDrawn(drawn({ date: '2025-06-01' }), { sameTitles: 'different' })).isBlocked).toBe(true)
  })
  test('three of them are all called so', async () => {
    const file = await readDrawn('last_name | first_name | Q | Q | Q\nS | A | 1 | 2 | 3')
    expect(file.problems.map(({ message }) => message)[1]).toBe(
      "Columns C and D and E are all called 'Q'. Are they the same assignment or different ones?",
    )
  })
  test('said to be different are told apart by their dates, each with its column', async () => {
    const file = await readDrawn(drawn({ date: '2025-06-02' }), { sameTitles: 'different' })
    expect([problemsOf(file), assignmentsOf(file)]).toEqual([
      [],
      ['Quiz /10 on 2025-06-01', 'Essay /10', 'Quiz /10 on 2025-06-02'],
    ])
    expect(file.assignments.map(({ columns }) => columns)).toEqual([[3], [4], [5]])
  })
  test('or by their ids', async () => {
    const canvas = (ids: readonly [string, string]) => `
      Student         | ID | SIS Login ID | Section | Quiz ${ids[0]} | Quiz ${ids[1]}
      Points Possible |    |              |         | 10            | 10
      Doe, Jane       | 1  | jdoe         | A       | 7             | 8
    `
    const file = await readDrawn(canvas(['(1001)', '(1002)']))
    expect(file.problems[0]?.fix).toContain('their ids tell them apart')
    const different = await readDrawn(canvas(['(1001)', '(1002)']), { sameTitles: 'different' })
    expect([problemsOf(different), assignmentsOf(different)]).toEqual([[], ['Quiz /10 #1001', 'Quiz /10 #1002']])
    expect(assignmentsOf(await readDrawn(canvas(['(1001)', '(1002)']), { sameTitles: 'same' }))).toEqual(['Quiz /10 #1001'])
    expect((await readDrawn(canvas(['(1001)', '(1001)']), { sameTitles: 'different' })).isBlocked).toBe(true)
    expect((await readDrawn(canvas(['(1001)', '(10)']), { sameTitles: 'different' })).isBlocked).toBe(true)
  })
  test('said to be the same are one: the filled cell counts, and two values are refused', async () => {
    const file = await readDrawn(drawn({ cells: ['9', '8'] }), { sameTitles: 'same' })
    expect(assignmentsOf(file)).toEqual(['Quiz /10 on 2025-06-01', 'Essay /10'])
    expect(file.assignments.map(({ columns }) => columns)).toEqual([[3, 5], [4]])
    expect(file.cells).toEqual([
      ['!', '1'],
      ['8', '2'],
    ])
    expect(file.problems).toEqual([
      {
        row: 4,
        column: 'Quiz',
        value: '7, 9',
        code: 'two_values',
        severity: 'reject',
        message: 'Row 4, Quiz: columns of the same assignment say 7 and 9.',
        fix: 'Keep one of the values and empty the other cells.',
      },
    ])
    expect(file.cellsRejected).toBe(1)
    expect(columnsOf(file).slice(3)).toEqual(['D Quiz assignment sure', 'E Essay assignment sure', 'F Quiz assignment sure'])
  })
  test('the same value twice is one value; what is no score is said once', async () => {
    const same = await readDrawn(drawn({ cells: ['7.0', '8'] }), { sameTitles: 'same' })
    expect([same.cells[0], problemsOf(same)]).toEqual([['7', '1'], []])
    const wrong = await readDrawn(drawn({ cells: ['x', '8'] }), { sameTitles: 'same' })
    expect([wrong.cells[0], problemsOf(wrong), wrong.cellsRejected]).toEqual([['!', '1'], ['reject not_a_number 4 Quiz x'], 1])
    const below = await readDrawn(drawn({ cells: ['-3', '8'] }), { sameTitles: 'same' })
    expect([below.cells[0], problemsOf(below), below.cellsRejected]).toEqual([['!', '1'], ['block negative_score 4 Quiz -3'], 1])
  })
  test('the same with other points is asked; what only one says counts', async () => {
    const file = await readDrawn(drawn({ points: '20' }), { sameTitles: 'same' })
    expect(
      file.problems.map(({ code, severity, column, value, message, fix }) => [code, severity, column, value, message, fix]),
    ).toEqual([
      [
        ...['same_title_points', 'block', 'Quiz', '10, 20'],
        'Columns D and F were said to be the same assignment, but are out of 10 and 20 points.',
        'Give them the same points, leave one out, or say that they are different assignments.',
      ],
    ])
    const rows = drawn({ date: '2025-06-02' }).map((row, at) => (at === 2 ? row.with(3, '') : at === 1 ? row.with(3, '') : row))
    const merged = await readDrawn(rows, { sameTitles: 'same' })
    expect(assignmentsOf(merged)).toEqual(['Quiz /10 on 2025-06-02', 'Essay /10'])
    expect(merged.assignments[0]?.pointsRead).toBe('10')
  })
  test('tags, categories and ids of the same are put together', async () => {
    const file = await readDrawn(drawn(), {
      sameTitles: 'same',
      columns: {
        3: { use: 'assignment', tags: ['oral'] },
        5: { use: 'assignment', tags: ['oral', 'short'], category: 'Home' },
      },
    })
    expect(assignmentsOf(file)).toEqual(['Quiz /10 on 2025-06-01 in Home +oral +short', 'Essay /10'])
  })
  test('are different when each goes to an assignment of its own, and the same when both go to one', async () => {
    const other = '0197a000-0000-7000-8000-000000000002'
    const to = (first: string, second: string) =>
      readDrawn(drawn(), {
        columns: { 3: { use: 'assignment', assignmentId: first }, 5: { use: 'assignment', assignmentId: second } },
      })
    expect(problemsOf(await to(id, other))).toEqual([])
    expect(problemsOf(await to(id, id))).toEqual(['block same_title Quiz D, F'])
    const mixed = await readDrawn(drawn({ title: 'Test' }), {
      columns: { 3: { use: 'assignment', assignmentId: id }, 5: { use: 'assignment', assignmentId: id } },
    })
    expect(problemsOf(mixed)).toEqual(['block same_title Quiz D, F'])
  })
})

test('titles are cut to what can be stored', async () => {
  const file = await readDrawn([
    ['last_name', 'first_name', 'x'.repeat(301)],
    ['S', 'A', '1'],
  ])
  expect(file.assignments[0]?.title).toBe('x'.repeat(300))
})

test('samples are the first three filled cells as they stand', async () => {
  const file = await readDrawn(`
    last_name | first_name | email   | Quiz
    POINTS    |            |         | 10
    S         | A          | a@x.org |
    T         | B          | b@x.org | 7
    U         | C          | c@x.org | 8
    V         | D          | d@x.org | EX
    W         | E          | e@x.org | 9
  `)
  expect(file.columns[3]?.samples).toEqual(['7', '8', 'EX'])
  expect(file.columns[0]).toEqual({
    ...{ at: 0, name: 'A', heading: 'last_name', role: 'identity', identity: 'lastName', confidence: 'sure', reason: null },
    ...{ isPrivate: false, samples: ['S', 'T', 'U'], title: '', maxPoints: null, dueOn: null, category: null, tags: [] },
  })
})

test('an ignored choice leaves nothing to import', async () => {
  const refused = await refusalOf('last_name | first_name | Quiz\nS | A | 7', { columns: { 2: { use: 'ignore' } } })
  expect(refused.map(({ code }) => code)).toEqual(['no_assignment_column'])
})

describe('how sure a column is', () => {
  const confidenceOf = async (heading: string, points: string, date: string, options = {}) => {
    const rows = [
      [heading, 'last_name', 'first_name', 'Quiz'],
      ['POINTS', '', '', points],
      ['DATE', '', '', date],
      ['x1', 'S', 'A', '7'],
    ]
    return (await readDrawn(rows, options)).columns[3]?.confidence
  }
  const chosen = { columns: { 3: { use: 'assignment' } } }
  test.each([
    ['student_number', '10', '', {}, 'sure'],
    ['student_number', '', '2025-06-01', {}, 'sure'],
    ['student_number', '', '', {}, 'likely'],
    ['student_number', '', '', chosen, 'sure'],
    ['learner id', '10', '', {}, 'likely'],
    ['learner id', '', '2025-06-01', {}, 'likely'],
    ['learner id', '', '', {}, 'guess'],
    ['learner id', '', '', chosen, 'sure'],
  ])('%s, points %j, date %j, %j: %s', async (heading, points, date, options, confidence) => {
    expect(await confidenceOf(heading, points, date, options)).toBe(confidence)
  })
})

test('points that the class knows by the id of the assignment are not assumed', async () => {
  const drawing = 'last_name | first_name | Quiz | Essay\nS | A | 7 | 8'
  const file = await readDrawn(drawing, {
    knownPoints: new Map([[id, '8']]),
    columns: { 2: { use: 'assignment', assignmentId: id } },
  })
  expect(file.problems.map(({ message }) => message)).toEqual([
    'The file does not say how many points these are out of: Essay. 100 was taken.',
  ])
})

test('what is left out is a column, by its heading or its letter', async () => {
  const file = await readDrawn([
    ['last_name', 'first_name', 'Mood', '', 'Quiz'],
    ['S', 'A', 'kind', 'x', '7'],
    ['T', 'B', 'loud', '', '8'],
  ])
  expect(file.ignored).toEqual([
    { kind: 'column', where: 'Mood', reason: 'Holds text and no score, points or date.' },
    { kind: 'column', where: 'D', reason: 'The column has no heading.' },
  ])
  expect(file.privateColumns).toEqual([])
})

test('a race nobody has run yet is an assignment', async () => {
  const file = await readDrawn('last_name | first_name | Race | Quiz\nS | A | | 7')
  expect([assignmentsOf(file), file.privateColumns]).toEqual([['Race /?', 'Quiz /?'], []])
})
