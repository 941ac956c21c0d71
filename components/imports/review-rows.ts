import type { ReviewColumn, ReviewOverview, ReviewRow } from '@/lib/imports/views'

/** A column of the review with its position in each row's cells. */
export type NumberedColumn = Readonly<{ column: ReviewColumn; position: number }>

/** Rows in which something happens: the student is new here, a cell changes or is in conflict, or the total becomes another one. */
export function changedRows(rows: readonly ReviewRow[]): readonly ReviewRow[] {
  return rows.filter(
    (row) =>
      row.state !== 'matched' ||
      row.totalBefore !== row.totalAfter ||
      row.letterBefore !== row.letterAfter ||
      row.cells.some(isChange),
  )
}

/** Columns in which something happens in any row, or all of them; always in the file's order. */
export function changedColumns(
  columns: readonly ReviewColumn[],
  { columns: counts }: Pick<ReviewOverview, 'columns'>,
  showsAll: boolean,
): readonly NumberedColumn[] {
  return columns.flatMap((column, position) => {
    const isShown = showsAll || column.state !== 'matched' || changesOf(counts[position]) > 0
    return isShown ? [{ column, position }] : []
  })
}

/** How many cells of a column something happens in. */
export function changesOf(counts: ReviewOverview['columns'][number] | undefined): number {
  return counts === undefined ? 0 : Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** True when something happens in this cell: written, cleared, left out, or kept against the file. */
export function isChange(cell: ReviewRow['cells'][number] | undefined): boolean {
  if (cell === undefined || cell[0] === 'same') return false
  // Kept because the file's cell is blank is no news; kept although the file says something else is.
  return cell[0] !== 'kept' || cell[1] !== cell[2]
}
