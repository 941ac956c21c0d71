import { describe, expect, test } from 'vitest'
import { createNumberEvidence, type DateOrder, decideDates, readDate, readNumber } from '@/lib/imports/locale'
import { assignmentsOf, problemsOf, readDrawn } from '../../support/grade-files'

describe('numbers', () => {
  test.each([
    ['1', '1', '1'],
    ['+1', '1', '1'],
    ['-1', '-1', '-1'],
    ['007', '007', '007'],
    ['1.5', '1.5', null],
    ['1,5', null, '1.5'],
    ['.5', '0.5', null],
    [',5', null, '0.5'],
    ['5.', '5', null],
    ['5,', null, '5'],
    ['1,234', '1234', '1.234'],
    ['1.234', '1.234', '1234'],
    ['1,234.5', '1234.5', null],
    ['1.234,5', null, '1234.5'],
    ['1,234,567', '1234567', null],
    ['1.234.567', null, '1234567'],
    ['12,345', '12345', '12.345'],
    ['123.456.789', null, '123456789'],
    ['12,34', null, '12.34'],
    ['1234,567', null, '1234.567'],
    ['1234.567', '1234.567', null],
    ['1 234', '1234', '1234'],
    ['1 234.5', '1234.5', null],
    ['1 23', null, null],
    ['12 3456', null, null],
    ['', null, null],
    ['.', null, null],
    [',', null, null],
    ['-', null, null],
    ['--1', null, null],
    ['1-', null, null],
    ['1e3', null, null],
    ['1x', null, null],
    ['x1', null, null],
  ])('%j is %j with a point and %j with a comma', (text, point, comma) => {
    expect([readNumber(text, '.'), readNumber(text, ',')]).toEqual([point, comma])
  })
})

describe('the decimal mark of a file', () => {
  const decide = (texts: readonly string[], delimiter: string | null = ',') => {
    const evidence = createNumberEvidence()
    for (const text of texts) evidence.see(text)
    return evidence.decide(delimiter)
  }
  test.each([
    ['nothing', [], '.'],
    ['whole numbers and words', ['1', 'A', '', 'x.y', 'a,b'], '.'],
    ['8.5', ['8.5'], '.'],
    ['.5', ['.5'], '.'],
    ['8,5', ['8,5'], ','],
    [',5', [',5'], ','],
    ['two places', ['12,34'], ','],
    ['four places', ['1,2345'], ','],
    ['a percent', ['8,5%'], ','],
    ['a sign', ['-8,5'], ','],
    ['a space between thousands', ['1 234,5'], ','],
    ['1,234.5', ['1,234.5'], '.'],
    ['1.234,5', ['1.234,5'], ','],
    ['1,234,567', ['1,234,567'], '.'],
    ['1.234.567', ['1.234.567'], ','],
    ['1,234 beside 8.5', ['1,234', '8.5'], '.'],
    ['1,234 beside 8,5', ['1,234', '8,5'], ','],
    ['1.234 between commas', ['1.234'], '.'],
    ['1234.567', ['1234.567'], '.'],
    ['1234,567', ['1234,567'], ','],
    ['12,345.67 beside 1,234', ['12,345.67', '1,234'], '.'],
    ['1,234,567.89 beside 1,234', ['1,234,567.89', '1,234'], '.'],
    ['10.25 beside 1,234', ['10.25', '1,234'], '.'],
    ['1,234,567 beside 1,234', ['1,234,567', '1,234'], '.'],
    ['12.345,67', ['12.345,67'], ','],
    ['1.234.567,89', ['1.234.567,89'], ','],
  ])('%s', (_, texts, value) => {
    expect(decide(texts)).toEqual({ value, isSure: true })
  })

  test.each([
    ...['1.2.3', '1,2,3', '12,34.5', '12.34,5', '1234,567.8', '1234.567,8', '1.234.56', '1,234,56', '1,234.5.6', '1.234,5,6'],
    ...['v8.5', 'v8,5', '8.5x', '8,5x', '8.5/10', '8,5/10', '--8.5', '--8,5', '8.5%%', '8,5%%', '5.', '5,', '.', ',', 'a,234.5'],
    ...['1,abc.5', '1,234.x', 'a.234,5', '1.abc,5', '1.234,x'],
  ])('%s says nothing', (text) => {
    const sure = (value: string) => ({ value, isSure: true })
    expect([decide([text, '8.5'], ';'), decide([text, '8,5'], ';')]).toEqual([sure('.'), sure(',')])
    expect([decide([text]), decide([text], ';')]).toEqual([sure('.'), sure('.')])
  })

  test.each(['12,345', '123,456', '-1,234', '1,234%'])('%s alone can be either', (text) => {
    expect(decide([text])).toMatchObject({ isSure: false, example: text })
  })

  test('1,234 alone can be either', () => {
    expect(decide(['5', '1,234', '2,345'])).toEqual({
      value: '.',
      isSure: false,
      example: '1,234',
      reason: "'1,234' can mean 1.234 or 1234.",
    })
  })
  test('1.234 can be either between semicolons only', () => {
    expect(decide(['1.234', '2.345'], ';')).toEqual({
      value: '.',
      isSure: false,
      example: '1.234',
      reason: "'1.234' can mean 1.234 or 1234.",
    })
    expect([decide(['12.345'], ';').isSure, decide(['1234.567'], ';').isSure, decide([], ';').isSure]).toEqual([
      false,
      true,
      true,
    ])
    expect([decide(['1.234'], '\t').isSure, decide(['1.234'], null).isSure, decide(['1.234', '7,5'], ';')]).toEqual([
      true,
      true,
      { value: ',', isSure: true },
    ])
  })
  test('both marks in one file are asked', () => {
    expect(decide(['8.5', '9.5', '7,5', '6,5'])).toEqual({
      value: '.',
      isSure: false,
      example: '7,5',
      reason: "'8.5' and '7,5' use different decimal marks.",
    })
  })

  test('the row of points counts too, and an answer settles it', async () => {
    const drawing = `
      last_name | first_name | email   | Quiz
      POINTS    |            |         | 1,234
      S         | A          | a@x.org | 7
    `
    const file = await readDrawn(drawing)
    expect(file.problems).toEqual([
      {
        row: null,
        column: null,
        value: '1,234',
        code: 'ask_numbers',
        severity: 'block',
        message: "'1,234' can mean 1.234 or 1234. Nothing else in the file says which is meant.",
        fix: 'Say whether the decimal mark is a point or a comma, or write one score with its decimals.',
      },
    ])
    const [point, comma] = [await readDrawn(drawing, { numbers: '.' }), await readDrawn(drawing, { numbers: ',' })]
    expect([assignmentsOf(point), assignmentsOf(comma)]).toEqual([['Quiz /1234'], ['Quiz /1.234']])
    expect([point.decimal, comma.decimal, problemsOf(point)]).toEqual(['.', ',', []])
    expect(problemsOf(comma)).toEqual(['warn over_maximum 3 Quiz 7'])
  })

  test('an answer goes before what the file seems to say', async () => {
    const file = await readDrawn(
      `
      last_name | first_name | email   | Quiz
      POINTS    |            |         | 10
      S         | A          | a@x.org | 8.5
      `,
      { numbers: ',' },
    )
    expect([file.decimal, ...problemsOf(file)]).toEqual([',', 'reject not_a_number 3 Quiz 8.5'])
  })
})

describe('dates', () => {
  const of = (text: string, order: DateOrder = 'mdy') => {
    const read = readDate(text, order)
    if (read.kind === 'no_date') return null
    return read.kind === 'date' ? read.on : `? ${read.word}`
  }
  test.each([
    ['2025-06-01', '2025-06-01'],
    ['2025-6-1', '2025-06-01'],
    ['2025/06/01', '2025-06-01'],
    ['2025.06.01', '2025-06-01'],
    ['2025-06-01T08:00:00Z', '2025-06-01'],
    ['2025-06-01 08:00', '2025-06-01'],
    ['2025-06-01x', '? x'],
    ['x2025-06-01', '? x'],
    ['12025-06-01', null],
    ['2025-13-01', null],
    ['2025-02-29', null],
    ['2024-02-29', '2024-02-29'],
    ['45809', '2025-06-01'],
    ['45811', '2025-06-03'],
    ['32874', '1990-01-01'],
    ['32873', null],
    ['73415', '2100-12-31'],
    ['73416', null],
    ['4580', null],
    ['458090', null],
    ['045809', null],
    ['1989-12-31', null],
    ['1990-01-01', '1990-01-01'],
    ['2100-12-31', '2100-12-31'],
    ['2101-01-01', null],
    ['Nov 1, 2024', '2024-11-01'],
    ['November 1st, 2024', '2024-11-01'],
    ['Sat, Nov 2nd 2024', '2024-11-02'],
    ['2-Jul-25', '2025-07-02'],
    ['2 Jul', null],
    ['Jul 2025', null],
    ['2025 Jul 2', '2025-07-02'],
    ['29 вер. 2025 р.', '2025-09-29'],
    ['29 вересня 2025 року', '2025-09-29'],
    ['1 de noviembre de 2024', '2024-11-01'],
    ['1 de nov del 2024', '2024-11-01'],
    ['٢٩ سبتمبر ٢٠٢٥', null],
    ['29 سبتمبر 2025', '2025-09-29'],
    ['3 Brumaire 2025', '? brumaire'],
    ['31 Jun 2025', null],
    ['366 Jan 2025', null],
    ['in the year 2025, 5', null],
    ['soon', null],
    ['', null],
    ['7', null],
  ])('%j is %j', (text, expected) => {
    expect(of(text)).toBe(expected)
  })

  test.each([
    ['06/13/2025', '2025-06-13', null],
    ['13/06/2025', null, '2025-06-13'],
    ['6/1/25', '2025-06-01', '2025-01-06'],
    ['6-1-2025', '2025-06-01', '2025-01-06'],
    ['6.1.2025', '2025-01-06', '2025-01-06'],
    ['6.13.2025', '2025-06-13', '2025-06-13'],
    ['1.6.2025 р.', '2025-06-01', '2025-06-01'],
    ['1.6.2025 р', '2025-06-01', '2025-06-01'],
    ['1.6.2025 г.', '2025-06-01', '2025-06-01'],
    ['1.6.2025 г', '2025-06-01', '2025-06-01'],
    ['6/1/2025, 10:30', '2025-06-01', '2025-01-06'],
    ['6/1/2025 10:30', '2025-06-01', '2025-01-06'],
    ['6/1-2025', null, null],
    ['6/1/202', null, null],
  ])('%j is %j with the month first and %j with the day first', (text, month, day) => {
    expect([of(text, 'mdy'), of(text, 'dmy')]).toEqual([month, day])
  })

  const months: readonly (readonly string[])[] = [
    ['January', 'jan', 'січня', 'січень', 'січ', 'enero', 'ene', 'يناير'],
    ['February', 'feb', 'лютого', 'лютий', 'лют', 'febrero', 'فبراير'],
    ['March', 'mar', 'березня', 'березень', 'бер', 'marzo', 'مارس'],
    ['April', 'apr', 'квітня', 'квітень', 'квіт', 'кві', 'abril', 'abr', 'أبريل', 'ابريل'],
    ['May', 'травня', 'травень', 'трав', 'тра', 'mayo', 'مايو'],
    ['June', 'jun', 'червня', 'червень', 'черв', 'чер', 'junio', 'يونيو', 'يونيه'],
    ['July', 'jul', 'липня', 'липень', 'лип', 'julio', 'يوليو', 'يوليه'],
    ['August', 'aug', 'серпня', 'серпень', 'серп', 'сер', 'agosto', 'ago', 'أغسطس', 'اغسطس'],
    ['September', 'sep', 'sept', 'вересня', 'вересень', 'вер', 'septiembre', 'setiembre', 'set', 'سبتمبر'],
    ['October', 'oct', 'жовтня', 'жовтень', 'жовт', 'жов', 'octubre', 'أكتوبر', 'اكتوبر'],
    ['November', 'nov', 'листопада', 'листопад', 'лист', 'лис', 'noviembre', 'نوفمبر'],
    ['December', 'dec', 'грудня', 'грудень', 'груд', 'гру', 'diciembre', 'dic', 'ديسمبر'],
  ]
  test.each(months.flatMap((names, at) => names.map((name) => [name, at + 1] as const)))('%s is month %i', (name, month) => {
    expect(of(`5 ${name} 2025`)).toBe(`2025-${String(month).padStart(2, '0')}-05`)
  })

  test.each([
    ...['de', 'del', 'р', 'року', 'г', 'st', 'nd', 'rd', 'th', 'at', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    ...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  ])('%s is not taken for the month that is not known', (word) => {
    expect(of(`5 ${word} Brumaire 2025`)).toBe('? brumaire')
    expect(of(`5 ${word} 2025`)).toBeNull()
  })

  test('of two words of which neither is a month, none is blamed', () => {
    expect(of('5 Brumaire an 2025')).toBeNull()
  })
})

describe('the order of day and month in a file', () => {
  test.each([
    [[], { value: 'mdy', isSure: true }],
    [['2025-06-01', 'Nov 1, 2024', ''], { value: 'mdy', isSure: true }],
    [['01/06/2025', '13/06/2025'], { value: 'dmy', isSure: true }],
    [['01/06/2025', '06/13/2025'], { value: 'mdy', isSure: true }],
    [['05/05/2025'], { value: 'mdy', isSure: true }],
    [['12/12/2025', '01.06.2025'], { value: 'mdy', isSure: true }],
    [['12/13/2025'], { value: 'mdy', isSure: true }],
    [['13/12/2025'], { value: 'dmy', isSure: true }],
    [['13/13/2025'], { value: 'mdy', isSure: true }],
    [['13/13/2025', '13/06/2025'], { value: 'dmy', isSure: true }],
    [['13/13/2025', '06/13/2025'], { value: 'mdy', isSure: true }],
    [
      ['01/06/2025', '02/07/2025'],
      {
        value: 'mdy',
        isSure: false,
        example: '01/06/2025',
        reason: "In '01/06/2025' the day and the month cannot be told apart.",
      },
    ],
    [
      ['13/06/2025', '14/06/2025', '06/13/2025', '06/14/2025'],
      {
        value: 'dmy',
        isSure: false,
        example: '13/06/2025',
        reason: "'13/06/2025' and '06/13/2025' put day and month in different orders.",
      },
    ],
  ])('%j', (texts, decision) => {
    expect(decideDates(texts)).toEqual(decision)
  })

  test.each(['05/12/2025', '12/05/2025'])('%s alone can be either', (text) => {
    expect(decideDates([text])).toMatchObject({ isSure: false, example: text })
  })

  const drawn = (...dates: readonly [string, string]) => `
    last_name | first_name | email   | A           | B
    DATE      | -          | -       | ${dates[0]} | ${dates[1]}
    POINTS    | -          | -       | 10          | 10
    S         | A          | a@x.org | 1           | 2
  `
  test('is asked once and settled by an answer', async () => {
    const file = await readDrawn(drawn('01/06/2025', '03/06/2025'))
    expect(file.problems).toEqual([
      {
        row: null,
        column: null,
        value: '01/06/2025',
        code: 'ask_dates',
        severity: 'block',
        message: "In '01/06/2025' the day and the month cannot be told apart.",
        fix: 'Say whether the day or the month comes first, or write the dates as 2025-06-01.',
      },
    ])
    const [day, month] = [
      await readDrawn(drawn('01/06/2025', '03/06/2025'), { dates: 'dmy' }),
      await readDrawn(drawn('01/06/2025', '03/06/2025'), { dates: 'mdy' }),
    ]
    expect([assignmentsOf(day), assignmentsOf(month)]).toEqual([
      ['A /10 on 2025-06-01', 'B /10 on 2025-06-03'],
      ['A /10 on 2025-01-06', 'B /10 on 2025-03-06'],
    ])
    expect([day.dateOrder, month.dateOrder, ...problemsOf(day), ...problemsOf(month)]).toEqual(['dmy', 'mdy'])
  })

  test('a date that cannot be read is left empty and said', async () => {
    const file = await readDrawn(drawn('3 Brumaire 2025', '2025-02-30'))
    expect(assignmentsOf(file)).toEqual(['A /10', 'B /10'])
    expect(
      file.problems.map(({ row, column, value, code, severity, message, fix }) => [
        row,
        column,
        value,
        code,
        severity,
        message,
        fix,
      ]),
    ).toEqual([
      [
        2,
        'A',
        '3 Brumaire 2025',
        'unknown_month',
        'warn',
        "A: 'brumaire' is not a month we know. The date was left empty.",
        'Write the date as 2025-06-01.',
      ],
      [
        2,
        'B',
        '2025-02-30',
        'bad_date',
        'warn',
        "B: '2025-02-30' is not a date. It was left empty.",
        'Write the date as 2025-06-01.',
      ],
    ])
  })
})
