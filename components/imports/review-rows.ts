import type { ImportReview, ReviewColumn, ReviewRow } from '@/lib/imports/views'

/** A column of the review with its position in each row's cells. */
export type NumberedColumn = Readonly<{ column: ReviewColumn; position: number }>

/** Rows in which something happens: the student is new here, or a cell changes or is in conflict. */
export function changedRows(rows: readonly ReviewRow[]): readonly ReviewRow[] {
  return rows.filter((row) => row.state !== 'matched' || row.cells.some(isChange))
}

/** Columns in which something happens, or all of them; always in the file's order. */
export function changedColumns(
  { columns, rows }: Pick<ImportReview, 'columns' | 'rows'>,
  showsAll: boolean,
): readonly NumberedColumn[] {
  return columns.flatMap((column, position) => {
    const isShown = showsAll || column.state !== 'matched' || rows.some((row) => isChange(row.cells[position]))
    return isShown ? [{ column, position }] : []
  })
}

/** How many students get at least one grade written, or null when that cannot be told from this slice of the rows. */
export function studentsWritten({ rows, rowCount }: Pick<ImportReview, 'rows' | 'rowCount'>, rowOffset: number): number | null {
  const written = rows.filter((row) => row.cells.some(([kind]) => kind === 'new' || kind === 'changed' || kind === 'cleared'))
  // Rows with changes come first, so a slice that ends with an unchanged row holds all of them.
  const last = rows[rows.length - 1]
  const holdsAll = rowOffset === 0 && (rows.length === rowCount || (last !== undefined && changedRows([last]).length === 0))
  return holdsAll ? written.length : null
}

function isChange(cell: ReviewRow['cells'][number] | undefined): boolean {
  if (cell === undefined || cell[0] === 'same') return false
  // Kept because the file's cell is blank is no news; kept although the file says something else is.
  return cell[0] !== 'kept' || cell[1] !== cell[2]
}
