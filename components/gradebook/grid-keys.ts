/**
 * Where the focus of a grid goes when a key is pressed. Pure, after the ARIA grid pattern: arrows, Home, End, Page Up, Page Down, and
 * with Control the ends of the whole grid. Row 0 is the header row; columns count from 0 in reading order.
 */
export type GridPlace = Readonly<{ row: number; column: number }>
export type GridShape = Readonly<{ rowCount: number; columnCount: number; pageRows: number; isRightToLeft: boolean }>
export type GridKey = Readonly<{ key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }>

/** The next place, or null when the key is not one of the grid's. */
export function moveInGrid(from: GridPlace, pressed: GridKey, shape: GridShape): GridPlace | null {
  if (pressed.altKey || pressed.shiftKey) return null
  const to = destination(from, pressed.key, pressed.ctrlKey || pressed.metaKey, shape)
  return to === null ? null : withinGrid(to, shape)
}

/** The nearest place that exists: rows and columns leave when the person filters. */
export function withinGrid(
  { row, column }: GridPlace,
  { rowCount, columnCount }: Pick<GridShape, 'rowCount' | 'columnCount'>,
): GridPlace {
  return { row: clamp(row, rowCount), column: clamp(column, columnCount) }
}

function destination({ row, column }: GridPlace, key: string, isWhole: boolean, shape: GridShape): GridPlace | null {
  const forward = shape.isRightToLeft ? -1 : 1
  const lastRow = shape.rowCount - 1
  const lastColumn = shape.columnCount - 1
  switch (key) {
    case 'ArrowDown':
      return { row: isWhole ? lastRow : row + 1, column }
    case 'ArrowUp':
      return { row: isWhole ? 0 : row - 1, column }
    case 'ArrowRight':
      return { row, column: isWhole ? (forward === 1 ? lastColumn : 0) : column + forward }
    case 'ArrowLeft':
      return { row, column: isWhole ? (forward === 1 ? 0 : lastColumn) : column - forward }
    case 'Home':
      return { row: isWhole ? 0 : row, column: 0 }
    case 'End':
      return { row: isWhole ? lastRow : row, column: lastColumn }
    case 'PageDown':
      return { row: row + shape.pageRows, column }
    case 'PageUp':
      return { row: row - shape.pageRows, column }
    default:
      return null
  }
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index))
}
