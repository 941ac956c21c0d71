import { describe, expect, it } from 'vitest'
import { parseFile } from '@/lib/imports/parse'
import { readPreamble } from '@/lib/imports/preamble'
import type { RawTable } from '@/lib/imports/raw-table'
import { bytesOf, rowsOf } from '../../support/grade-files'

const raw = (drawing: string): RawTable => ({
  ...{ rows: rowsOf(drawing), delimiter: ',', encoding: 'utf-8', parts: [], part: null, made: null, problems: [] },
  ignored: [{ kind: 'part', where: 'Sheet a', reason: 'Not read.' }],
})
const read = (drawing: string, said: Parameters<typeof readPreamble>[1] = {}) => readPreamble(raw(drawing), said)

const drawing = `
  Teacher:         | Ms X
  Assignment Name: |  | Quiz 3
  Due Date:        | 2026-10-01
  Points Possible: | 20
  Assignment:      | Again
  Student Num      | Section | Score | Comment
  0042             | A       | 18    | x
  0043             | B       | ABS   | y
  0044             | C       | absent | z
  0045             | D       | absolute | abs
  0046             | E       | no abs | absent
`

describe('lines above a table', () => {
  it('become title, date and points of its one column of scores', () => {
    expect(read(drawing)?.rows).toEqual([
      ['Teacher:', 'Ms X'],
      ...[[], [], []],
      ['Assignment:', 'Again'],
      ['Student Num', 'Section', 'Quiz 3', 'Comment'],
      ['0042', 'A', '18', 'x'],
      ['0043', 'B', '', 'y'],
      ['0044', 'C', '', 'z'],
      ['0045', 'D', 'absolute', 'abs'],
      ['0046', 'E', 'no abs', 'absent'],
      ['DATE', '', '2026-10-01', ''],
      ['POINTS', '', '20', ''],
    ])
  })

  it('say of the table what it is made from', () => {
    const made = read(drawing)?.made
    expect(made).toMatchObject({
      ...{
        source: 'powerteacher',
        columns: { '2': { use: 'assignment', title: 'Quiz 3' } },
        reasons: new Map(),
        twice: new Map(),
      },
      file: { rows: rowsOf(drawing), describing: [2, 3, 4, 6] },
    })
    expect([made?.placeOf(7, null), made?.rowOf(7)]).toEqual([{ row: 8, text: 'Row 8' }, 7])
  })

  it('say of whom there is no score, beside what was left out before', () => {
    const reason = 'Absent: there is no score, and the grade stays as it is.'
    expect(read(drawing)?.ignored).toEqual([
      { kind: 'part', where: 'Sheet a', reason: 'Not read.' },
      { kind: 'cell', where: 'Row 8, Quiz 3', reason },
      { kind: 'cell', where: 'Row 9, Quiz 3', reason },
    ])
  })

  it('need be no more than a title, also one like our words', () => {
    const made = read('Assignment: | Absent | x\nStudent Num | Section | Score\n0042 | A | 18\n0043 | B | 19')
    expect(made?.rows).toEqual([[], ['Student Num', 'Section', 'Absent'], ['0042', 'A', '18'], ['0043', 'B', '19']])
    expect(made?.ignored).toHaveLength(1)
  })

  it('count above the headings only', () => {
    const made = read(
      'Assignment: | Quiz | x\nStudent Num | Section | Score\n0042 | A | 18\nDue Date: | 2026-10-01 | 5\n0043 | B | 19',
    )
    expect(made?.rows[3]).toEqual(['Due Date:', '2026-10-01', '5'])
    expect(made?.rows).toHaveLength(5)
  })

  it.each([
    ...['Assignment Name', 'assignment', 'Assignment Title:'].map((word) => [word, 'Due date', 'Max points', 'Score']),
    ...['Due Date:', 'Date due', 'DATE'].map((word) => ['Assignment', word, 'Max points', 'Score']),
    ...['Points possible', 'Max Points', 'Maximum points', 'Score points', 'Total points'].map((word) => [
      ...['Assignment', 'Due date', word, 'Score'],
    ]),
    ...['Score', 'Scores', 'Grade', 'Points', 'Points earned'].map((word) => ['Assignment', 'Due date', 'Max points', word]),
  ])('are known by %j, %j, %j and %j', (title, date, points, score) => {
    const made = read(
      `${title} | Quiz\n${date} | 2026-10-01\n${points} | 20\nStudent Num | Section | ${score}\n1 | A | 18\n2 | B | 19`,
    )
    expect(made?.rows.slice(3)).toEqual([
      ['Student Num', 'Section', 'Quiz'],
      ['1', 'A', '18'],
      ['2', 'B', '19'],
      ['DATE', '', '2026-10-01'],
      ['POINTS', '', '20'],
    ])
  })
})

describe('there are none of them', () => {
  it.each([
    ['without a heading row', drawing, { headingRow: 99 }],
    ['without anybody', 'Assignment: | Quiz\nWhat | Score\nx | 18', {}],
    ['without a column of scores', 'Assignment: | Quiz\nStudent Num | Result\n0042 | 18', {}],
    ['with two columns of scores', 'Assignment: | Quiz\nStudent Num | Score | Points\n0042 | 18 | 20', {}],
    ['without a title', 'Due Date: | 2026-10-01\nStudent Num | Score\n0042 | 18', {}],
    ['with a blank title', 'Assignment: | " "\nStudent Num | Score\n0042 | 18', {}],
  ])('%s', (_what, drawn, said) => {
    expect(read(drawn, said)).toBeNull()
  })

  it('when the teacher says that the scores tell who a row is', async () => {
    const bytes = bytesOf(rowsOf('Assignment: | Quiz\nlast_name | Score | Lab\nLee | 18 | 5\nKoval | 19 | 6'))
    const columns = { '1': { use: 'identity' as const, role: 'number' as const } }
    const parsed = await parseFile(bytes, { fileName: 'x.csv', columns })
    expect(parsed.kind === 'parsed' && parsed.file.source).not.toBe('powerteacher')
  })
})

it('a text of the teacher goes to the row it is said of', async () => {
  const parsed = await parseFile(bytesOf(rowsOf(drawing)), { fileName: 'x.csv', cells: { '10:2': '7', '11:2': '8' } })
  expect(parsed.kind === 'parsed' && parsed.file.cells).toEqual([['18'], [''], [''], ['7'], ['8']])
})
