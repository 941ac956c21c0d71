import { describe, expect, it } from 'vitest'
import { editsOfTable, nameByFile, type Naming } from '@/lib/imports/made-table'
import type { ParsedFile } from '@/lib/imports/parsed'
import { type Noted, problem } from '@/lib/imports/problems'
import type { MadeTable } from '@/lib/imports/raw-table'
import { readDrawn } from '../../support/grade-files'

/** A table whose row 3 was line 30 of the file, and whose scores of column 3 stood ten lines further down. */
const made = (more: Partial<MadeTable> = {}): MadeTable => ({
  ...{ source: 'theirs', label: 'Their file', columns: {}, reasons: new Map(), twice: new Map(), file: null },
  placeOf: (row, column) => {
    const line = (row + 1) * 10 + (column === 3 ? 10 : 0)
    return { row: line, text: `Line ${line}` }
  },
  rowOf: (at) => at - 20,
  ...more,
})

const drawing = `
  last_name | first_name | Quiz | Lab | SSN
  Lee       | Sam        | 5    | 6   | 078-05-1120
  Koval     | Mariya     | 7    |     |
  POINTS    |            | 10   | 10  |
`
const noted = (more: Partial<Noted>) => problem({ code: 'x', severity: 'warn', message: 'm', fix: 'f', ...more })

async function name({ made: of = made(), noticed = [], edits }: Partial<Naming> = {}, change: Partial<ParsedFile> = {}) {
  return nameByFile({ ...(await readDrawn(drawing)), problems: [], ...change }, { made: of, noticed, edits })
}

describe('texts of the teacher', () => {
  it('go to the row of the table that the line of the file became', () => {
    expect(editsOfTable({ '23:4': '5', '30:0': 'x' }, made())).toEqual({ '3:4': '5', '10:0': 'x' })
    expect(editsOfTable({}, made())).toEqual({})
    expect(editsOfTable(undefined, made())).toBeUndefined()
  })
})

describe('what was read is said in the words of the file', () => {
  it('its source', async () => {
    expect(await name()).toMatchObject({ source: 'theirs', sourceLabel: 'Their file', isBlocked: false, problems: [] })
  })

  it('what was noticed on the way, as it was said there, with what blocks', async () => {
    const file = await name({ noticed: [noted({ row: 2, severity: 'block', message: 'Row 2 m' })] })
    expect(file).toMatchObject({ isBlocked: true, problems: [{ row: 2, message: 'Row 2 m' }] })
  })

  it.each([
    ['of the whole file stays so', { row: null, message: 'Row 2 m' }, { row: null, message: 'Row 2 m' }],
    [
      'of a score stands where that did',
      { row: 2, column: 'Lab', message: 'Row 2, Lab: m' },
      { row: 30, message: 'Line 30, Lab: m' },
    ],
    ['of another score stands there', { row: 2, column: 'Quiz', message: 'Row 2, Quiz' }, { row: 20, message: 'Line 20, Quiz' }],
    [
      'of a student stands where the student did',
      { row: 3, column: 'e-mail', message: 'Row 3: m' },
      { row: 30, message: 'Line 30: m' },
    ],
    ['that does not begin with its row keeps its sentence', { row: 2, message: 'm Row 2' }, { row: 20, message: 'm Row 2' }],
    [
      'of a row of points is of no row, but of its column',
      { row: 4, column: 'Quiz', message: 'Row 4, Quiz' },
      { row: null, column: 'Quiz', message: 'Row 4, Quiz' },
    ],
    [
      'of a row of points as a whole stands at its line',
      { row: 4, column: 'other', message: 'Row 4: m' },
      { row: 40, message: 'Line 40: m' },
    ],
    [
      'of the heading stands there, whatever the column',
      { row: 1, column: 'Lab', message: 'Row 1, Lab' },
      { row: 10, message: 'Line 10, Lab' },
    ],
  ])('a problem %s', async (_what, given, expected) => {
    expect((await name({}, { problems: [noted(given)] })).problems).toMatchObject([expected])
  })

  it('a score of several columns that are one assignment, where that row has it', async () => {
    const file = await readDrawn(drawing)
    const assignments = file.assignments.slice(0, 1).map((quiz) => ({ ...quiz, columns: [2, 3] }))
    const problems = [noted({ row: 2, column: 'Quiz', message: 'Row 2' })]
    expect((await name({}, { assignments, problems })).problems).toMatchObject([{ row: 30, message: 'Line 30' }])
    const nowhere = made({ placeOf: (row, column) => ({ row: row + 1, text: `Line ${column}` }) })
    expect((await name({ made: nowhere }, { assignments, problems })).problems).toMatchObject([{ row: 2, message: 'Line 2' }])
  })
})

describe('a score that the file gives twice', () => {
  const twice = (...places: readonly string[]) =>
    made({
      twice: new Map(places.map((place) => [place, noted({ row: 99, code: 'two_scores', severity: 'reject', message: place })])),
    })

  it('is left out, counted and said, as often as there is one', async () => {
    const file = await name({ made: twice('2:2', '3:3') })
    expect(file.cells).toEqual([
      ['!', '6'],
      ['7', '!'],
    ])
    expect([file.cellsRejected, ...file.problems.map(({ row, message }) => `${row} ${message}`)]).toEqual([2, '99 2:2', '99 3:3'])
  })

  it('is counted once when it is no score anyway', async () => {
    const cells = [
      ['!', '6'],
      ['7', ''],
    ]
    expect(await name({ made: twice('2:2') }, { cells, cellsRejected: 1 })).toMatchObject({ cells, cellsRejected: 1 })
  })

  it('is none where the teacher said which one it is', async () => {
    const file = await name({ made: twice('2:2', '2:3'), edits: { '2:2': '5' } })
    expect([file.cells[0], file.problems.length, file.cellsRejected]).toEqual([['5', '!'], 1, 1])
  })

  it('of a row or column that is none of these changes no cell, and is said', async () => {
    const file = await name({ made: twice('9:2', '2:9', '2:0') })
    expect([file.cells, file.cellsRejected, file.problems.length]).toEqual([
      [
        ['5', '6'],
        ['7', ''],
      ],
      0,
      3,
    ])
  })

  it('leaves the file that was read as it was', async () => {
    const file = await readDrawn(drawing)
    nameByFile(file, { made: twice('2:2'), noticed: [], edits: undefined })
    expect(file.cells[0]).toEqual(['5', '6'])
  })
})

describe('columns and rows', () => {
  const of = made({
    reasons: new Map([[4, 'Not of this kind.']]),
    file: { rows: [['x', 'head'], [], ['a', 'b', 'c', 'd', 'secret', 'e']], describing: [1, 2] },
  })

  it('are left out for the reasons of the file', async () => {
    const file = await name({ made: of })
    expect(file.ignored).toEqual([{ kind: 'column', where: 'SSN', reason: 'Not of this kind.' }])
    expect(file.columns.map(({ reason }) => reason)).toEqual([null, null, null, null, 'Not of this kind.'])
    const own = 'Looks like social security numbers; it is not stored.'
    expect((await name()).ignored).toEqual([{ kind: 'column', where: 'SSN', reason: own }])
    expect((await name()).columns.at(-1)?.reason).toBe(own)
    const rows = [{ kind: 'row' as const, where: 'SSN', reason: 'A row.' }]
    expect((await name({ made: of }, { ignored: rows })).ignored).toEqual(rows)
  })

  it('are those of the file, without private columns', async () => {
    const file = await name({ made: of })
    expect([file.describingRows, file.rowCount, file.rowText(3), file.rowText(2), file.rowText(9)]).toEqual([
      [1, 2],
      3,
      ['a', 'b', 'c', 'd', '', 'e'],
      [],
      [],
    ])
  })

  it('are those of the table where no single table was uploaded', async () => {
    const [file, table] = [await name(), await readDrawn(drawing)]
    expect([file.describingRows, file.rowCount, file.rowText(2)]).toEqual([table.describingRows, 4, ['Lee', 'Sam', '5', '6', '']])
  })
})
