import type { ImportReview, ReviewColumn, ReviewRow } from '@/lib/imports/views'

/** A column of the review with its position in each row's cells. */
export type NumberedColumn = Readonly<{ column: ReviewColumn; position: number }>

/** Rows in which something happens: the student is new here, or a cell is not the same as before. */
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

/** How many students get at least one grade written. */
export function studentsWritten(rows: readonly ReviewRow[]): number {
  return rows.filter((row) => row.cells.some(([kind]) => kind === 'new' || kind === 'changed' || kind === 'cleared')).length
}

function isChange(cell: ReviewRow['cells'][number] | undefined): boolean {
  return cell !== undefined && cell[0] !== 'same' && cell[0] !== 'kept'
}
