import { describe, expect, test } from 'vitest'
import { formatCell } from '@/lib/gradebook/cell'
import { createCellReader, type ReadCell, readCell } from '@/lib/imports/cells'
import { cellsOf, problemsOf, readDrawn } from '../../support/grade-files'

/** `85`, `105 over_maximum`, `! not_a_number`. */
const shown = ({ token, warning, fault }: ReadCell) =>
  [fault === undefined ? token : '!', fault ?? warning].filter(Boolean).join(' ')

describe('a cell out of 100 with a decimal point', () => {
  test.each([
    ['85', '85'],
    ['085', '85'],
    ['0', '0'],
    ['00', '0'],
    ['-0', '0'],
    ['-0.0', '0'],
    ['8.50', '8.5'],
    ['8.5', '8.5'],
    ['85.', '85'],
    ['.5', '0.5'],
    ['+3', '3'],
    ['-5', '! negative'],
    ['-0.001', '! negative'],
    ['-0.0004', '0 rounded'],
    ['99.999', '99.999'],
    ['100', '100'],
    ['100.0', '100'],
    ['100.001', '100.001 over_maximum'],
    ['101', '101 over_maximum'],
    ['12345', '12345 over_maximum'],
    ['123456', '123456 over_maximum'],
    ['999999.999', '999999.999 over_maximum'],
    ['999999.9994', '999999.999 over_maximum'],
    ['999999.9995', '! too_big'],
    ['1000000', '! too_big'],
    ['-1000000', '! too_big'],
    ['1,234', '1234 over_maximum'],
    ['1 234', '1234 over_maximum'],
    ['33.3333', '33.333 rounded'],
    ['33.3335', '33.334 rounded'],
    ['33.3330', '33.333'],
    ['8/10', '80'],
    ['8 / 10', '80'],
    ['0/10', '0'],
    ['12/10', '120 over_maximum'],
    ['1/3', '33.333 rounded'],
    ['8/0', '! not_a_number'],
    ['8/-1', '! not_a_number'],
    ['8/10/2025', '! not_a_number'],
    ['/10', '! not_a_number'],
    ['8/', '! not_a_number'],
    ['a/10', '! not_a_number'],
    ['8/b', '! not_a_number'],
    ['-8/10', '! negative'],
    ['80%', '80'],
    ['80 %', '80'],
    ['110%', '110 over_maximum'],
    ['%', '! not_a_number'],
    ['x%', '! not_a_number'],
    ['1e2', '! not_a_number'],
    ['A', '! not_a_number'],
    ['8,5,', '! not_a_number'],
    ['12,34', '! not_a_number'],
    ['1.2.3', '! not_a_number'],
    ['9O', '! not_a_number'],
    ['.', '! not_a_number'],
    ['+', '! not_a_number'],
    ['#N/A', '! excel_error'],
    ['#n/a', '! excel_error'],
    ['#DIV/0!', '! excel_error'],
    ['#VALUE!', '! excel_error'],
    ['#REF!', '! excel_error'],
    ['#NAME?', '! excel_error'],
    ['#NUM!', '! excel_error'],
    ['#NULL!', '! excel_error'],
    ['#SPILL!', '! excel_error'],
    ['#CALC!', '! excel_error'],
    ['#ERROR!', '! excel_error'],
    ['#9', '! not_a_number'],
    ['x #N/A', '! not_a_number'],
    ['\u00a085\u200b', '85'],
    ['８５', '85'],
    ['٨٥', '85'],
    ['۸۵', '85'],
    ['٨٫٥', '8.5'],
    ['٨٥٪', '85'],
    ['\u22125', '! negative'],
  ])('%j is %j', (raw, expected) => {
    expect(shown(readCell(raw, '.', '100'))).toBe(expected)
  })
})

test.each([
  ['x', 'not_a_number'],
  ['x%', 'not_a_number'],
  ['80%x', 'not_a_number'],
  ['8/x', 'not_a_number'],
  ['8/0', 'not_a_number'],
  ['LATE x', 'not_a_number'],
  ['very late 85', 'not_a_number'],
  ['1000000', 'too_big'],
  ['#N/A', 'excel_error'],
] as const)('%j is %s and nothing else', (raw, fault) => {
  expect(readCell(raw, '.', '100')).toEqual({ token: '', fault })
})

test('a score below zero keeps its number, for whoever takes it', () => {
  expect(readCell('-5.50', '.', '100')).toEqual({ token: '-5.5', fault: 'negative' })
  expect(readCell('LATE -5', '.', '100')).toEqual({ token: 'LATE -5', fault: 'negative' })
  expect(readCell('LATE x', '.', '100')).toEqual({ token: '', fault: 'not_a_number' })
})

describe('a cell out of 40 with a decimal comma', () => {
  test.each([
    ['8,5', '8.5'],
    ['8,50', '8.5'],
    [',5', '0.5'],
    ['8,', '8'],
    ['1.234,5', '1234.5 over_maximum'],
    ['1.234', '1234 over_maximum'],
    ['1 234,5', '1234.5 over_maximum'],
    ['8.5', '! not_a_number'],
    ['80%', '32'],
    ['12,5%', '5'],
    ['8/10', '32'],
    ['7,5/10', '30'],
    ['40', '40'],
    ['41', '41 over_maximum'],
    ['40,001', '40.001 over_maximum'],
  ])('%j is %j', (raw, expected) => {
    expect(shown(readCell(raw, ',', '40'))).toBe(expected)
  })
})

const words: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['', ' ', '-', '--', '\u2013', '\u2014', 'null', 'NULL', 'n/a', 'N/A', 'NA', 'none', 'no score', 'No grade', 'not graded'],
    ...['not applicable', 'ungraded', 'без оцінки', 'sin calificación', '\u200b', '\u00a0'],
  ],
  EX: ['EX', 'ex', 'exc', 'Excused', 'exempt', 'Звільнено', 'exento', 'معفى'],
  MI: ['M', 'm', 'MI', 'mis', 'Missing', 'відсутнє', 'пропущено', 'Не здано', 'falta', 'Sin entregar', 'مفقود'],
  INC: ['INC', 'Incomplete', 'не завершено', 'incompleto', 'غير مكتمل'],
  LATE: ['LATE', 'late', 'запізнення', 'здано із запізненням', 'tarde', 'متأخر'],
  CLEAR: ['CLEAR', 'clear'],
}
test.each(Object.entries(words).flatMap(([token, spoken]) => spoken.map((word) => [word, token])))(
  'the word %j is %j',
  (word, token) => {
    expect(readCell(word, '.', '100')).toEqual({ token })
  },
)

describe('a score with a mark', () => {
  test.each([
    ['LATE 85', 'LATE 85'],
    ['late: 85', 'LATE 85'],
    ['85 late', 'LATE 85'],
    ['85 (Late)', 'LATE 85'],
    ['8/10 late', 'LATE 80'],
    ['INC 40', 'INC 40'],
    ['Incomplete 40', 'INC 40'],
    ['40 (incomplete)', 'INC 40'],
    ['40 inc', 'INC 40'],
    ['LATE 105', 'LATE 105 over_maximum'],
    ['LATE x', '! not_a_number'],
    ['very late', '! not_a_number'],
    ['LATE -5', '! negative'],
    ['85 lately', '! not_a_number'],
  ])('%j is %j', (raw, expected) => {
    expect(shown(readCell(raw, '.', '100'))).toBe(expected)
  })
})

describe('words of a source and letters of a school', () => {
  const letters = [
    { letter: 'A', fromPercent: '90' },
    { letter: 'B+', fromPercent: '87.5' },
    { letter: 'M', fromPercent: '80' },
    { letter: 'F', fromPercent: '0' },
  ]
  const read = createCellReader('.', '20', { words: { 'in progress': '', abs: 'EX' }, letters })
  test.each([
    ['In Progress', ''],
    ['ABS', 'EX'],
    ['A', '18 letter_read'],
    ['b+', '17.5 letter_read'],
    [' B+ ', '17.5 letter_read'],
    ['M', 'MI'],
    ['F', '! lowest_letter'],
    ['C', '! not_a_number'],
    ['19', '19'],
    ['21', '21 over_maximum'],
  ])('%j is %j, read once or twice', (raw, expected) => {
    expect([shown(read(raw)), shown(read(raw))]).toEqual([expected, expected])
  })

  test('the lowest letter has no score', () => {
    expect(read('F')).toEqual({ token: '', fault: 'lowest_letter' })
  })

  test('without them such cells are no scores', () => {
    const plain = createCellReader('.', '20')
    expect(['In Progress', 'A'].map((raw) => shown(plain(raw)))).toEqual(['! not_a_number', '! not_a_number'])
  })

  test('letters in a file say what they were read as, and what is not imported', async () => {
    const file = await readDrawn(
      `
      last_name | first_name | email   | Quiz
      POINTS    |            |         | 20
      S         | A          | a@x.org | B+
      T         | B          | b@x.org | F
      `,
      { letters },
    )
    expect(cellsOf(file)).toEqual(['17.5', '!'])
    expect(file.problems.map(({ code, message, fix, severity }) => [severity, code, message, fix])).toEqual([
      [
        'warn',
        'letter_read',
        "Row 3, Quiz: 'B+' was read as 17.5 of 20 points, the least this letter stands for.",
        'Type the points where they are known.',
      ],
      [
        'reject',
        'lowest_letter',
        "Row 4, Quiz: 'F' is the lowest letter, which stands for any score down to nothing.",
        'Type the points as a number.',
      ],
    ])
    expect(file.cellsRejected).toBe(1)
  })

  test('a column of letters is an assignment only in a school that has them', async () => {
    const drawing = `
      last_name | first_name | email   | Essay | Quiz
      S         | A          | a@x.org | A     | 7
      T         | B          | b@x.org | b+    | 8
    `
    expect((await readDrawn(drawing, { letters })).assignments.map(({ title }) => title)).toEqual(['Essay', 'Quiz'])
    expect((await readDrawn(drawing)).assignments.map(({ title }) => title)).toEqual(['Quiz'])
  })
})

describe('what is said of a cell', () => {
  const drawn = (cell: string) => `
    last_name | first_name | email   | Quiz    | Other
    POINTS    |            |         | 10      | 10
    S         | A          | a@x.org | ${cell} | 1.5
  `
  test.each([
    [
      '12',
      'warn',
      'over_maximum',
      'Row 3, Quiz: 12 is more than the 10 points there are. It counts as extra credit.',
      'If it is a slip, mend the score or the points and upload the file again.',
    ],
    ['1.2345', 'warn', 'rounded', 'Row 3, Quiz: 1.2345 was rounded to three decimals.', 'Nothing is to be done.'],
    [
      '9O',
      'reject',
      'not_a_number',
      "Row 3, Quiz: '9O' is not a score.",
      'Type the points as a number, EX, MI, INC or LATE, or leave the cell empty.',
    ],
    [
      '#REF!',
      'reject',
      'excel_error',
      "Row 3, Quiz: '#REF!' is an error of the spreadsheet's formula.",
      'Mend the formula, or type the points as a number.',
    ],
    [
      '9999999',
      'reject',
      'too_big',
      "Row 3, Quiz: '9999999' is larger than any score that can be stored.",
      'Type the points as a number below 1,000,000.',
    ],
    [
      '-5',
      'block',
      'negative_score',
      "Row 3, Quiz: '-5' is below zero.",
      'Mend the score if it is a slip; otherwise say that negative scores are meant.',
    ],
  ])('%s', async (cell, severity, code, message, fix) => {
    const file = await readDrawn(drawn(cell))
    expect(file.problems).toEqual([{ row: 3, column: 'Quiz', value: cell, code, severity, message, fix }])
    expect(file.cellsRejected).toBe(severity === 'warn' ? 0 : 1)
    expect(file.isBlocked).toBe(severity === 'block')
    expect(file.cells[0]?.[0]).toEqual(severity === 'warn' ? expect.not.stringMatching(/^!/) : severity === 'block' ? '!-5' : '!')
  })

  test('a score below zero is taken or left out, as the teacher says', async () => {
    const taken = await readDrawn(drawn('-5'), { negatives: 'take' })
    expect([cellsOf(taken), problemsOf(taken), taken.cellsRejected]).toEqual([['-5 | 1.5'], [], 0])
    expect(cellsOf(await readDrawn(drawn('LATE -5'), { negatives: 'take' }))).toEqual(['LATE -5 | 1.5'])
    const left = await readDrawn(drawn('-5'), { negatives: 'leave_out' })
    expect([cellsOf(left), problemsOf(left), left.isBlocked]).toEqual([['! | 1.5'], ['reject negative_score 3 Quiz -5'], false])
    expect((await readDrawn(drawn('9O'), { negatives: 'take' })).cellsRejected).toBe(1)
  })

  test('a long value is cut', async () => {
    const file = await readDrawn(drawn('x'.repeat(81)))
    expect(file.problems[0]?.value).toBe(`${'x'.repeat(80)}...`)
    expect((await readDrawn(drawn('x'.repeat(80)))).problems[0]?.value).toBe('x'.repeat(80))
  })
})

describe('a blank cell', () => {
  const drawing = `
    last_name | first_name | email   | Quiz | Essay | Lab
    POINTS    |            |         | 10   | 10    | 10
    S         | A          | a@x.org | 7    | -     | N/A
    T         | B          | b@x.org | x    |       | 0
    U         | C          | c@x.org | CLEAR
  `
  test('keeps the grade that is there', async () => {
    expect(cellsOf(await readDrawn(drawing))).toEqual(['7 |  |', '! |  | 0', 'CLEAR |  |'])
    expect(cellsOf(await readDrawn(drawing, { blankClears: false }))).toEqual(['7 |  |', '! |  | 0', 'CLEAR |  |'])
  })
  test('clears it where the teacher says so; what was not understood stays as it is', async () => {
    expect(cellsOf(await readDrawn(drawing, { blankClears: true }))).toEqual([
      '7 | CLEAR | CLEAR',
      '! | CLEAR | 0',
      'CLEAR | CLEAR | CLEAR',
    ])
  })
})

describe('cells typed anew', () => {
  const drawing = `
    last_name | first_name | email   | Quiz | Essay
    POINTS    |            |         | 10   | 10
    S         | A          | a@x.org | 9O   | 8
    T         | B          | b@x.org |
  `
  test('stand in for those of the file before anything is read', async () => {
    const file = await readDrawn(drawing, { cells: { '3:3': '9', '4:4': '7', '2:3': '20', '1:4': 'Paper', '4:1': 'Bea' } })
    expect(cellsOf(file)).toEqual(['9 | 8', '| 7'])
    expect(file.assignments.map(({ title, maxPoints }) => [title, maxPoints])).toEqual([
      ['Quiz', '20'],
      ['Paper', '10'],
    ])
    expect(file.students[1]?.firstName).toBe('Bea')
    expect(problemsOf(file)).toEqual([])
    expect(file.rowText(3)).toEqual(['S', 'A', 'a@x.org', '9', '8'])
  })
  test('where the file has no such row make none', async () => {
    const file = await readDrawn(drawing, { cells: { '5:0': 'U', '3:3': '9' } })
    expect(file.students).toHaveLength(2)
    expect(cellsOf(file)).toEqual(['9 | 8', '|'])
  })
})

test('every cell text of ours is read back as itself', async () => {
  for (const status of ['graded', 'late', 'excused', 'missing', 'incomplete'] as const) {
    const text = formatCell({ status, score: status === 'excused' || status === 'missing' ? null : '12.125' })
    expect(readCell(text, '.', '100')).toEqual({ token: text })
  }
})

test('percents without points in the file are of the points the class knows', async () => {
  const drawing = `
    last_name | first_name | email   | Quiz
    S         | A          | a@x.org | 80%
  `
  const file = await readDrawn(drawing, { knownPoints: new Map([['Quiz', '50']]) })
  expect(cellsOf(file)).toEqual(['40'])
  expect(file.assignments[0]).toMatchObject({ maxPoints: null, pointsRead: '50' })
  expect(problemsOf(file)).toEqual([])
})
