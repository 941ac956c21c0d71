import { describe, expect, it } from 'vitest'
import { problem } from '@/lib/imports/problems'
import type { RawTable } from '@/lib/imports/raw-table'
import { type ParseOptions, readTable } from '@/lib/imports/read-table'
import { ignoredOf, rowsOf } from '../../support/grade-files'

const raw = (drawing: string, more: Partial<RawTable> = {}): RawTable => ({
  ...{ rows: rowsOf(drawing), delimiter: ';', encoding: 'windows-1252', parts: ['a', 'b'], part: 'b', made: null },
  ...{ ignored: [], problems: [], ...more },
})

async function read(table: RawTable, options: Partial<ParseOptions> = {}) {
  const parsed = await readTable(table, { fileName: 'x.csv', ...options })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ code }) => code).join(', '))
  return parsed.file
}

const noticed = problem({ row: 9, code: 'noticed', severity: 'warn', message: 'm', fix: 'f' })

const plain = `
  last_name | first_name | Quiz
  POINTS    |            | 10
  Lee       | Sam        | 5
`

describe('a table is read', () => {
  it('with everything that was known and noticed of it before', async () => {
    const ignored = [{ kind: 'part' as const, where: 'Sheet a', reason: 'Not read.' }]
    const file = await read(raw(`Title | | \n${plain}`, { ignored, problems: [noticed] }))
    expect(file).toMatchObject({
      ...{ source: 'grade-insight', encoding: 'windows-1252', delimiter: ';', parts: ['a', 'b'], part: 'b', headingRow: 2 },
      ...{ exportedAt: null, decimal: '.', isBlocked: false, cellsRejected: 0, rejectedRows: [], privateColumns: [] },
      ...{ describingRows: [2, 3], rowCount: 4, cells: [['5']], problems: [noticed] },
    })
    expect(file.ignored).toEqual([...ignored, { kind: 'row', where: 'Row 1', reason: 'No student and no heading.' }])
    expect(file.assignments).toMatchObject([{ columns: [2], title: 'Quiz', maxPoints: '10' }])
    expect(file.assignments[0]).not.toHaveProperty('confidence')
    expect(file.assignments[0]).not.toHaveProperty('at')
  })

  it('with the texts of the teacher instead of its own', async () => {
    const file = await read(raw(plain), { cells: { '3:2': '7' } })
    expect([file.cells, file.rowText(3)]).toEqual([[['7']], ['Lee', 'Sam', '7']])
  })

  it('with rows of dates and a heading that comes again among those that describe', async () => {
    const file = await read(
      raw(`
        last_name | first_name | Quiz
        DATE      |            | 2026-10-01
        POINTS    |            | 10
        Lee       | Sam        | 5
        last_name | first_name | Quiz
        Average   |            | 5
        Koval     | Mariya     | 6
      `),
    )
    expect(file.describingRows).toEqual([1, 2, 3, 5])
    expect(ignoredOf(file)).toEqual(['Row 5: The heading again.', 'Row 6: A row of totals, not a student.'])
  })

  it('never beyond a signal to stop', async () => {
    const control = new AbortController()
    control.abort(new Error('stopped'))
    await expect(read(raw(plain), { signal: control.signal })).resolves.toMatchObject({ cells: [['5']] })
    const rows = [['last_name', ...Array.from({ length: 900 }, (_, at) => `Q${at}`)]]
    for (let at = 0; at < 30; at++) rows.push([`L${at}`, ...new Array<string>(900).fill('1')])
    await expect(read(raw('', { rows }), { signal: control.signal })).rejects.toThrow('stopped')
  })
})

describe('a table whose students nobody can name', () => {
  const drawing = `
    Grades | of 5b |
    Wer | Was | "  " | A | B | C | D | E
    x   | y   | z | 1 | 2 | 3 | 4 | 5
    v   | w   | z | 1 | 2 | 3 | 4 | 5
  `

  it('is asked about, with its first headings, and everything else waits', async () => {
    const file = await read(raw(drawing, { problems: [noticed] }))
    expect(file.problems).toEqual([
      {
        ...{ row: 2, column: null, value: 'Wer, Was, A, B, C, D', code: 'ask_identity', severity: 'block' },
        message: 'Row 2 was taken for the headings, and none of them says who a row is.',
        fix: 'Say which column holds the e-mail address, the student number or the name, or choose another heading row.',
      },
      noticed,
    ])
    expect(file).toMatchObject({
      ...{ isBlocked: true, headingRow: 2, students: [], rejectedRows: [], cells: [], cellsRejected: 0, rowCount: 4 },
    })
    expect(file.columns.map(({ heading }) => heading)).toContain('Was')
  })

  it('is read once that is said', async () => {
    const file = await read(raw(drawing), { columns: { '0': { use: 'identity', role: 'username' } } })
    expect([file.isBlocked, file.students.map(({ identifiers }) => identifiers[0]?.value)]).toEqual([false, ['x', 'v']])
  })
})

describe('a table is refused', () => {
  it.each([
    ['without a column of scores', 'last_name | first_name\nLee | Sam', 'no_assignment_column', null],
    ['without students', 'Title\n\nlast_name | first_name | Quiz\nAverage | | 5', 'no_students', 2],
    ['without headings', 'Hello\nworld', 'no_identity_column', null],
  ])('%s', async (_what, drawing, code, row) => {
    expect(await readTable(raw(drawing), { fileName: 'x.csv' })).toMatchObject({ kind: 'refused', problems: [{ code, row }] })
  })

  it('not when all of its students are', async () => {
    const file = await read(raw('last_name | first_name | Quiz\nLee | Sam | 5\nLee | Sam | 6'))
    expect([file.students, file.rejectedRows]).toEqual([[], [2, 3]])
  })
})

describe('private columns', () => {
  const drawing = `
    last_name | Phone | first_name | SSN | Quiz
    POINTS    |       |            |     | 10
    Lee       | 555   | Sam        | 1   | 5
    Koval     | 556   | Mariya     | 2   | 6 | 7
    Day       | 557   | Dee        | 3   | 6 | " " |
  `

  it('are named in order, and blank in every row that is shown', async () => {
    const file = await read(raw(drawing))
    expect(file.privateColumns).toEqual([1, 3])
    expect([file.rowText(1), file.rowText(3), file.rowText(5)]).toEqual([
      ['last_name', '', 'first_name', '', 'Quiz'],
      ['Lee', '', 'Sam', '', '5'],
      ['Day', '', 'Dee', '', '6', ' ', ''],
    ])
  })

  it('blank everything behind the first of them in a row whose cells may have moved', async () => {
    expect((await read(raw(drawing))).rowText(4)).toEqual(['Koval', '', '', '', '', ''])
    const shifted = await read(raw('last_name | first_name | Quiz\nPOINTS | | 10\nLee | Sam | 5\nKoval | M | 6 | 7'))
    expect(shifted.rowText(4)).toEqual(['Koval', 'M', '6', '7'])
  })

  it('are those of the content too, whatever the heading says', async () => {
    const file = await read(
      raw('last_name | first_name | code | Phone | Quiz\nLee | Sam | 078-05-1120 | 555 | 5\nKoval | M | 078-05-1121 | 556 | 6'),
    )
    expect([file.privateColumns, file.rowText(2)]).toEqual([
      [2, 3],
      ['Lee', 'Sam', '', '', '5'],
    ])
  })
})
