'use client'

import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react'
import { firstWindow, gridSizes, type Span, windowOf } from '@/components/gradebook/grid-window'

/** What of a grid is drawn; `rem` is null until a browser has measured, and then sizes of the gaps are known. */
export type GridView = Readonly<{ rows: Span; columns: Span; rem: number | null; pageRows: number }>

type Counts = Readonly<{ rowCount: number; columnCount: number }>

/** Follows scrolling and resizing of the grid's box and says which rows and columns to draw. */
export function useGridView(box: RefObject<HTMLDivElement | null>, { rowCount, columnCount }: Counts) {
  const [view, setView] = useState<GridView>({
    rows: { start: 0, end: firstWindow.rows },
    columns: { start: 0, end: firstWindow.columns },
    rem: null,
    pageRows: 10,
  })

  const measure = useCallback(() => {
    const element = box.current
    if (element === null || element.clientWidth === 0) return
    const next = viewOf(element, { rowCount, columnCount })
    setView((previous) => (isSame(previous, next) ? previous : next))
  }, [box, rowCount, columnCount])

  // Before the paint, so that a filter which shortens the list never shows an empty frame.
  useLayoutEffect(measure, [measure])

  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [box, measure])

  return { view: withinCounts(view, { rowCount, columnCount }), measure }
}

function viewOf(element: HTMLDivElement, { rowCount, columnCount }: Counts): GridView {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const nameWidth = element.querySelector<HTMLElement>('.g-name')?.offsetWidth ?? gridSizes.name * rem
  const height = element.clientHeight - gridSizes.header * rem
  return {
    rows: windowOf({ offset: element.scrollTop, size: height, itemSize: gridSizes.row * rem, count: rowCount, overscan: 6 }),
    columns: windowOf({
      // Right to left counts scrolling below zero. The two totals columns scroll away before the first assignment does.
      offset: Math.abs(element.scrollLeft) - 2 * gridSizes.total * rem,
      size: element.clientWidth - nameWidth,
      itemSize: gridSizes.item * rem,
      count: columnCount,
      overscan: 2,
    }),
    rem,
    pageRows: Math.max(1, Math.floor(height / (gridSizes.row * rem)) - 1),
  }
}

function withinCounts(view: GridView, { rowCount, columnCount }: Counts): GridView {
  const clip = ({ start, end }: Span, count: number): Span => ({ start: Math.min(start, count), end: Math.min(end, count) })
  return { ...view, rows: clip(view.rows, rowCount), columns: clip(view.columns, columnCount) }
}

function isSame(a: GridView, b: GridView): boolean {
  return (
    a.rem === b.rem &&
    a.pageRows === b.pageRows &&
    a.rows.start === b.rows.start &&
    a.rows.end === b.rows.end &&
    a.columns.start === b.columns.start &&
    a.columns.end === b.columns.end
  )
}
