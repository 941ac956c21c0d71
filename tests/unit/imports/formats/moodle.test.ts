import { describe, expect, test } from 'vitest'
import { assignmentsOf, cellsOf, columnsOf, ignoredOf, problemsOf, readDrawn, studentsOf } from '../../../support/grade-files'

const beside = 'Text beside the scores; it is not imported.'
const total = 'A total of the other system; totals are computed here.'
const other = 'The same scores in another form; one is imported.'
const words = 'Feedback in words; it is not imported.'

const whole = `
  First name | Last name | ID number | Institution | Department | Email address | Quiz: Cells (Real) | Quiz: Cells (Percentage) | Quiz: Cells (Letter) | Quiz: Cells (Feedback) | Labs total (Real) | Course total (Real) | Last downloaded from this course
  Anne       | Able      | 0001      | HQ          |            | anne@x.org    | 8.50               | 85.00 %                  | B                    | good                   | 8.5               | 8.5                 | 1718000000
  Bob        | Bunce     | 0002      | HQ          |            | bob@x.org     | -                  | -                        | -                    |                        | -                 | -                   | 1718000000
`

test('a whole export: one kind of each item is the score, the rest is named, the time of the export is kept', async () => {
  const file = await readDrawn(whole)
  expect([file.source, file.sourceLabel]).toEqual(['moodle', 'Moodle grade export'])
  expect(file.exportedAt).toBe('2024-06-10T06:13:20.000Z')
  expect(studentsOf(file)).toEqual(['2 Able, Anne number=0001 email=anne@x.org', '3 Bunce, Bob number=0002 email=bob@x.org'])
  expect(assignmentsOf(file)).toEqual(['Quiz: Cells /?'])
  expect(cellsOf(file)).toEqual(['8.5', ''])
  expect(ignoredOf(file)).toEqual([
    `Institution: ${beside}`,
    `Department: ${beside}`,
    `Quiz: Cells (Percentage): ${other}`,
    `Quiz: Cells (Letter): ${other}`,
    `Quiz: Cells (Feedback): ${words}`,
    `Labs total (Real): ${total}`,
    `Course total (Real): ${total}`,
  ])
  expect(problemsOf(file)).toEqual(['warn points_assumed'])
  expect(columnsOf(file).slice(5)).toEqual([
    'F Email address identity email sure',
    'G Quiz: Cells (Real) assignment sure',
    'H Quiz: Cells (Percentage) ignored sure',
    'I Quiz: Cells (Letter) ignored sure',
    'J Quiz: Cells (Feedback) ignored sure',
    'K Labs total (Real) ignored sure',
    'L Course total (Real) ignored sure',
    'M Last downloaded from this course ignored sure',
  ])
  expect(file.columns.at(-1)?.reason).toBe('Says when the file was written.')
})

test.each([',', ';', ':', '\t'])('cells parted by %j', async (delimiter) => {
  const file = await readDrawn(whole, { writing: { delimiter } })
  expect([file.source, file.delimiter]).toEqual(['moodle', delimiter])
  expect(assignmentsOf(file)).toEqual(['Quiz: Cells /?'])
  expect(cellsOf(file)).toEqual(['8.5', ''])
})

describe('which kind of an item is the score', () => {
  const drawn = (headings: string, cells: string) => `
    First name | Surname | Email address | ${headings}
    Anne       | Able    | anne@x.org    | ${cells}
  `
  test.each([
    ['real before percentage', 'Essay (Percentage) | Essay (Real)', '80.00 % | 8', ['C 8']],
    ['percentage before letter', 'Essay (Letter) | Essay (Percentage)', 'B | 80.00 %', ['C 80']],
    ['each item has its own', 'Essay (Percentage) | Quiz (Real)', '80.00 % | 7', ['C 80 | 7']],
  ])('%s', async (_, headings, cells, expected) => {
    const file = await readDrawn(drawn(headings, cells))
    expect(cellsOf(file).map((line) => `C ${line}`)).toEqual(expected)
    expect(file.assignments.map(({ title }) => title)).toContain('Essay')
  })

  test('a column without a kind is a score too', async () => {
    const file = await readDrawn(drawn('Essay | Essay (Percentage)', '8 | 80.00 %'))
    expect([cellsOf(file), ignoredOf(file)]).toEqual([['8'], [`Essay (Percentage): ${other}`]])
  })

  test('a kind that is chosen is one, whatever else there is', async () => {
    const file = await readDrawn(drawn('Essay (Real) | Essay (Percentage)', '8 | 90.00 %'), {
      columns: { 4: { use: 'assignment', title: 'Share' } },
    })
    expect(assignmentsOf(file)).toEqual(['Essay /?', 'Share /?'])
    const same = await readDrawn(drawn('Essay (Real) | Essay (Percentage)', '8 | 90.00 %'), {
      columns: { 4: { use: 'assignment' } },
    })
    expect(assignmentsOf(same)).toEqual(['Essay /?', 'Essay /?'])
  })

  test('words instead of scores are left out and named', async () => {
    const file = await readDrawn(`${drawn('Essay (Real) | Quiz (Real)', 'kind | 7')}\nBob | Bunce | b@x.org | loud | 8`)
    expect([assignmentsOf(file), ignoredOf(file)]).toEqual([
      ['Quiz /?'],
      ['Essay (Real): Holds text and no score, points or date.'],
    ])
  })

  test('letters alone are no scores, and are named', async () => {
    const file = await readDrawn(drawn('Essay (Letter) | Quiz (Real)', 'B | 7'))
    expect(assignmentsOf(file)).toEqual(['Quiz /?'])
    expect(ignoredOf(file)).toEqual(['Essay (Letter): Holds letters or words, and no points.'])
  })

  test('an item twice of one kind is asked', async () => {
    expect(problemsOf(await readDrawn(drawn('Essay (Real) | Essay (Real)', '8 | 9')))).toEqual([
      'warn points_assumed',
      'block same_title Essay D, E',
    ])
  })
})

test('a category total has no colon; an activity that is called a total is an assignment', async () => {
  const file = await readDrawn(`
    First name | Surname | Email address | Labs total (Real) | Quiz: Grand total (Real) | Total (Real) | Category total (Percentage)
    Anne       | Able    | anne@x.org    | 1                 | 2                        | 3            | 4 %
  `)
  expect(assignmentsOf(file)).toEqual(['Quiz: Grand total /?', 'Total /?'])
  expect(ignoredOf(file)).toEqual([`Labs total (Real): ${total}`, `Category total (Percentage): ${total}`])
})

test('older exports have no kinds; feedback belongs to its item only where there is one', async () => {
  const file = await readDrawn(`
    First name | Surname | ID number | Institution | Email address | Essay | Feedback: Essay | Feedback: nothing | Course total
    Anne       | Able    |           | HQ          | anne@x.org    | 56.00 | welcome         | 3                 | 56.00
    Bob        | Bunce   |           | HQ          | bob@x.org     | 75.00 |                 | 4                 | 75.00
  `)
  expect(file.source).toBe('moodle')
  expect(assignmentsOf(file)).toEqual(['Essay /?', 'Feedback: nothing /?'])
  expect(ignoredOf(file)).toEqual([`Institution: ${beside}`, `Feedback: Essay: ${words}`, `Course total: ${total}`])
})

test('a Spanish page', async () => {
  const file = await readDrawn(`
    Nombre | Apellido(s) | Número de ID | Dirección de correo | Ensayo (Real) | Ensayo (Porcentaje) | Total del curso (Real) | Última descarga de este curso
    Ana    | Núñez       | 7            | ana@x.org           | 8,5           | 85,00 %             | 8,5                    | 1718000000
  `)
  expect([file.source, file.exportedAt]).toEqual(['moodle', '2024-06-10T06:13:20.000Z'])
  expect(studentsOf(file)).toEqual(['2 Núñez, Ana number=7 email=ana@x.org'])
  expect(assignmentsOf(file)).toEqual(['Ensayo /?'])
  expect(cellsOf(file)).toEqual(['8.5'])
  expect(ignoredOf(file)).toEqual([`Ensayo (Porcentaje): ${other}`, `Total del curso (Real): ${total}`])
})

describe('the time of the export', () => {
  const drawn = (...times: string[]) =>
    ['First name | Surname | Email address | Essay (Real) | Last downloaded from this course']
      .concat(times.map((time, at) => `Anne${at} | Able | a${at}@x.org | 8 | ${time}`))
      .join('\n')
  test.each([
    ['the earliest of several', ['1718000000', '1717000000', '1719000000'], '2024-05-29T16:26:40.000Z'],
    ['nine digits are a time of long ago', ['999999999'], '2001-09-09T01:46:39.000Z'],
    ['rows without one do not count', ['', '1718000000', '-'], '2024-06-10T06:13:20.000Z'],
    ['no number is no time', ['yesterday'], null],
    ['too short a number is no time', ['17180000'], null],
    ['too long a number is no time', ['17180000000'], null],
    ['a number that begins with zero is no time', ['0718000000'], null],
  ])('%s', async (_, times, exportedAt) => {
    expect((await readDrawn(drawn(...times))).exportedAt).toBe(exportedAt)
  })
})
