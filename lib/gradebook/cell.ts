/**
 * One grade as it travels between database, page, file and API: a short text, so that a whole class is one packed string.
 * Pure and shared with the browser.
 */

/** Why a cell has no plain score, or what a score carries. Absent grade = no cell text at all. */
export type GradeStatus = 'graded' | 'late' | 'excused' | 'missing' | 'incomplete'

/** A grade. `score` is raw points as an exact canonical decimal ('8.5', never '8.50' or '.5'), null when there is none. */
export type Grade = Readonly<{ score: string | null; status: GradeStatus }>

const marks: Readonly<Record<GradeStatus, string>> = { graded: '', late: 'LATE', excused: 'EX', missing: 'MI', incomplete: 'INC' }
const statusOfMark = new Map(Object.entries(marks).map(([status, mark]) => [mark, status as GradeStatus]))

/** Text of a grade: '' (no grade), '85', 'EX', 'MI', 'INC', 'LATE 85', 'INC 40'. */
export function formatCell(grade: Grade | null): string {
  if (grade === null) return ''
  return [marks[grade.status], grade.score ?? ''].filter((part) => part !== '').join(' ')
}

/** The reverse of `formatCell`; throws RangeError on any other text, because only our own writers make it. */
export function parseCell(text: string): Grade | null {
  if (text === '') return null
  const [, mark = '', score = ''] = /^([A-Z]*) ?(-?\d+(?:\.\d+)?)?$/.exec(text) ?? []
  const status = statusOfMark.get(mark)
  if (status === undefined || (mark === '' && score === '')) throw new RangeError('not a packed grade')
  return { score: score === '' ? null : score, status }
}

/** Rows by '\n', cells by '\t'; both are characters no cell text holds. */
export function packCells(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.join('\t')).join('\n')
}

/** The reverse of `packCells`: always `rowCount` rows of `columnCount` cells. */
export function unpackCells(packed: string, rowCount: number, columnCount: number): string[][] {
  const rows = packed === '' ? [] : packed.split('\n')
  return Array.from({ length: rowCount }, (_, row) => {
    const cells = (rows[row] ?? '').split('\t')
    return Array.from({ length: columnCount }, (_, column) => cells[column] ?? '')
  })
}
