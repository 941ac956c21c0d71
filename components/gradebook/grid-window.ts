/**
 * Which rows and columns of a large grid are drawn. Rows and columns have fixed sizes (globals.css holds the same numbers), so a
 * window is a matter of counting, on the server as well as in the browser.
 */

/** Sizes in rem. */
export const gridSizes = { row: 2.25, header: 4.5, name: 14, total: 8, item: 7.5 } as const

/** What the server draws before it knows any screen: one laptop screen full. */
export const firstWindow = { rows: 26, columns: 12 } as const

/** A half-open range `[start, end)`. */
export type Span = Readonly<{ start: number; end: number }>

/**
 * The items of a list that a viewport shows, with `overscan` more on each side. All sizes in the same unit. Always within
 * `[0, count)`, and never empty while there are items.
 */
export function windowOf(
  view: Readonly<{ offset: number; size: number; itemSize: number; count: number; overscan: number }>,
): Span {
  const { offset, size, itemSize, count, overscan } = view
  if (count === 0) return { start: 0, end: 0 }
  const first = Math.min(count - 1, Math.max(0, Math.floor(offset / itemSize)))
  const last = Math.max(first + 1, Math.ceil((Math.max(0, offset) + size) / itemSize))
  return { start: Math.max(0, first - overscan), end: Math.min(count, last + overscan) }
}

/** How far to scroll so that the item at `index` lies wholly between `before` (what sticks at the start) and the end of the view. */
export function offsetToShow(
  view: Readonly<{ offset: number; size: number; before: number; itemStart: number; itemSize: number }>,
): number {
  const { offset, size, before, itemStart, itemSize } = view
  if (itemStart < offset + before) return Math.max(0, itemStart - before)
  if (itemStart + itemSize > offset + size) return itemStart + itemSize - size
  return offset
}
