/** What every table is held to, however it was opened: rows, columns, cells, and the length of one cell. Pure. */
import { importCellCharsMax, importCellsMax, importColumnsMax, importRowsMax, importScoreRowsMax } from './limits'
import { problem } from './problems'
import type { ImportProblem } from './views'

type TableLimits = Readonly<{ rows: number; cells: number }>

/** Takes the rows of a table one after the other and gives the reason why it is too large, once it is. */
export function createRowLimits(
  most: TableLimits = { rows: importScoreRowsMax, cells: importCellsMax },
): (row: readonly string[], number: number) => ImportProblem | null {
  let filledRows = 0
  let cells = 0
  return (row, number) => {
    const refusal = refuseRow(row, number)
    if (refusal) return refusal
    cells += row.length
    if (isFilled(row)) filledRows++
    if (filledRows > most.rows) return tooMany('rows', most.rows)
    return cells > most.cells ? tooMany('cells', most.cells) : null
  }
}

/** The refusal of a table with one row a student that has more of them than are read, or null. */
export function refusalOfLength(rows: readonly (readonly string[])[]): ImportProblem | null {
  if (rows.length <= importRowsMax) return null
  const filled = rows.reduce((count, row) => count + (isFilled(row) ? 1 : 0), 0)
  return filled > importRowsMax ? tooMany('rows', importRowsMax) : null
}

const isFilled = (row: readonly string[]) => row.length > 1 || (row[0] ?? '') !== ''

/** The refusal of a table with more rows or cells than are read. */
export function tooMany(what: 'rows' | 'cells', limit: number): ImportProblem {
  return problem({
    code: `too_many_${what}`,
    severity: 'block',
    message: `The file has more than ${limit} ${what}, which is the limit.`,
    fix: 'Upload one class and term at a time.',
  })
}

function refuseRow(row: readonly string[], number: number): ImportProblem | null {
  const width = row.length > importColumnsMax ? filledWidth(row) : row.length
  if (width > importColumnsMax) {
    return problem({
      row: number,
      code: 'too_many_columns',
      severity: 'block',
      message: `Row ${number} has ${width} columns; at most ${importColumnsMax} can be read.`,
      fix: 'Delete the columns you do not need and upload the file again.',
    })
  }
  for (let column = 0; column < width; column++) {
    const cell = row[column] ?? ''
    if (cell.length > importCellCharsMax) return cellTooLong(cell, number, column)
  }
  return null
}

function filledWidth(row: readonly string[]): number {
  let width = row.length
  while (width > 0 && row[width - 1] === '') width--
  return width
}

function cellTooLong(cell: string, number: number, column: number): ImportProblem {
  return problem({
    row: number,
    value: cell,
    code: 'cell_too_long',
    severity: 'block',
    message: `Row ${number}, column ${column + 1} holds ${cell.length} characters; at most ${importCellCharsMax} can be read.`,
    fix: 'Shorten that cell. A quotation mark that is never closed is the usual reason.',
  })
}
