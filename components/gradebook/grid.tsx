'use client'

import type { SortDirection } from '@tanstack/react-table'
import Link from 'next/link'
import { type KeyboardEvent, memo, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { BandLimits } from '@/components/gradebook/bands'
import { gradeLook, TotalCell } from '@/components/gradebook/grid-cells'
import { type GridPlace, moveInGrid, withinGrid } from '@/components/gradebook/grid-keys'
import { assignmentColumn, currentColumn, ifMissingColumn, nameColumn } from '@/components/gradebook/grid-table'
import { gridSizes, offsetToShow, type Span } from '@/components/gradebook/grid-window'
import type { GridRow, shownAssignments } from '@/components/gradebook/rows'
import { useGridView } from '@/components/gradebook/use-grid-view'
import { type Format, formatNumber, formatPercent, formatShortDay } from '@/components/ui/format'

type Shown = ReturnType<typeof shownAssignments>
export type Sorting = Readonly<{ column: string; direction: SortDirection }> | null

/** Name, current grade, grade if missing work counts as zero; then the assignments. */
const leadingColumns = 3

/**
 * A class as one ARIA grid: one stop for Tab, arrows inside. Only the rows and columns in view are drawn; the gaps around them keep
 * the scroll bars true. Row 1 of the grid is its header.
 */
export function Grid({
  label,
  rows,
  assignments,
  sorting,
  onSort,
  colours,
  format,
}: Readonly<{
  label: string
  rows: readonly GridRow[]
  assignments: Shown
  sorting: Sorting
  onSort: (column: string) => void
  colours: BandLimits
  format: Format
}>) {
  const box = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLTableElement>(null)
  const wantsFocus = useRef(false)
  const hadFocus = useRef(false)
  const [wantedPlace, setPlace] = useState<GridPlace>({ row: 1, column: 0 })
  const { view, measure } = useGridView(box, { rowCount: rows.length, columnCount: assignments.length })

  const shape = { rowCount: rows.length + 1, columnCount: assignments.length + leadingColumns }
  const place = withinGrid(wantedPlace, shape)
  const tabPlace = nearestDrawn(place, view.rows, view.columns)

  useLayoutEffect(() => {
    const element = table.current
    if (element === null) return
    if (wantsFocus.current) {
      wantsFocus.current = false
      const cell = focusableAt(element, place)
      cell?.focus({ preventScroll: true })
      // The grid has scrolled inside itself already; a page lower than the grid follows the focus here.
      cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    } else if (hadFocus.current && !element.contains(document.activeElement) && document.activeElement === document.body) {
      // The focused cell scrolled out and is no longer drawn: the grid itself keeps the keyboard until the next arrow key.
      element.focus({ preventScroll: true })
    }
  })

  // A new order is read from its beginning.
  const order = sorting === null ? '' : `${sorting.column} ${sorting.direction}`
  const lastOrder = useRef(order)
  useEffect(() => {
    if (lastOrder.current === order) return
    lastOrder.current = order
    if (box.current !== null) box.current.scrollTop = 0
  }, [order])

  const move = (event: KeyboardEvent) => {
    const isRightToLeft = box.current !== null && getComputedStyle(box.current).direction === 'rtl'
    const next = moveInGrid(place, event, { ...shape, pageRows: view.pageRows, isRightToLeft })
    if (next === null) return
    event.preventDefault()
    if (box.current !== null && view.rem !== null) scrollTo(box.current, next, view.rem)
    wantsFocus.current = true
    setPlace({ ...next })
    measure()
  }

  const drawnColumns = assignments.slice(view.columns.start, view.columns.end)
  const gaps = {
    top: view.rows.start * gridSizes.row,
    bottom: (rows.length - view.rows.end) * gridSizes.row,
    start: view.columns.start * gridSizes.item,
    end: (assignments.length - view.columns.end) * gridSizes.item,
  }
  const sortOf = (column: string) => (sorting?.column === column ? sorting.direction : null)
  const header = (column: string, index: number) => ({
    index,
    sort: sortOf(column),
    isTabStop: tabPlace.row === 0 && tabPlace.column === index,
    onSort: () => onSort(column),
  })

  return (
    <div ref={box} className="grid-scroll" onScroll={measure}>
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA allows a table to be a grid, and it stays a table without scripts
        role="grid"
        tabIndex={-1}
        aria-label={label}
        aria-rowcount={shape.rowCount}
        aria-colcount={shape.columnCount}
        aria-readonly="true"
        className="grid-table outline-none"
        onKeyDown={move}
        onFocus={(event) => {
          hadFocus.current = true
          const found = placeOf(event.target)
          if (found !== null && (found.row !== place.row || found.column !== place.column)) setPlace(found)
        }}
        onBlur={(event) => {
          // A cell that stops being drawn also blurs, with nothing focused after it; only a real move elsewhere lets go.
          if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) hadFocus.current = false
        }}
      >
        <thead>
          <tr aria-rowindex={1}>
            <HeaderCell className="g-name" {...header(nameColumn, 0)} title="Student" />
            <HeaderCell className="g-total" {...header(currentColumn, 1)} title="Current grade" detail="graded work" />
            <HeaderCell className="g-total" {...header(ifMissingColumn, 2)} title="If missing is 0" detail="missing counts" />
            <Gap kind="th" inlineSize={gaps.start} />
            {drawnColumns.map(({ assignment, position }, offset) => (
              <HeaderCell
                key={assignment.id}
                className="g-item"
                {...header(assignmentColumn(position), leadingColumns + view.columns.start + offset)}
                title={assignment.title}
                detail={[
                  `of ${formatNumber(assignment.maxPoints, format)}`,
                  assignment.isPublished ? '' : 'not posted',
                  assignment.dueOn === null ? '' : formatShortDay(assignment.dueOn, format),
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
                note={assignment.meanPercent === null ? null : `mean ${formatPercent(assignment.meanPercent, format)}`}
              />
            ))}
            <Gap kind="th" inlineSize={gaps.end} />
          </tr>
        </thead>
        <tbody>
          <GapRow blockSize={gaps.top} />
          {rows.slice(view.rows.start, view.rows.end).map((row, offset) => {
            const index = view.rows.start + offset + 1
            return (
              <Row
                key={row.student.id}
                row={row}
                index={index}
                assignments={assignments}
                start={view.columns.start}
                end={view.columns.end}
                tabColumn={tabPlace.row === index ? tabPlace.column : -1}
                colours={colours}
                format={format}
              />
            )
          })}
          <GapRow blockSize={gaps.bottom} />
        </tbody>
      </table>
    </div>
  )
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const

function HeaderCell({
  index,
  className,
  title,
  detail,
  note,
  sort,
  isTabStop,
  onSort,
}: Readonly<{
  index: number
  className: string
  title: string
  detail?: string
  note?: string | null
  sort: SortDirection | null
  isTabStop: boolean
  onSort: () => void
}>) {
  return (
    <th
      scope="col"
      aria-colindex={index + 1}
      aria-sort={sort === null ? undefined : ariaSort[sort]}
      className={className}
      title={title}
    >
      <button
        type="button"
        tabIndex={isTabStop ? 0 : -1}
        onClick={onSort}
        className="flex w-full items-start gap-1 text-start text-sm font-semibold leading-tight"
      >
        <bdi className="line-clamp-2 min-w-0 hyphens-auto">{title}</bdi>
        <span aria-hidden="true" className={sort === null ? 'text-ink-soft opacity-40' : 'text-accent'}>
          {sort === 'asc' ? '↑' : sort === 'desc' ? '↓' : '↕'}
        </span>
      </button>
      {detail !== undefined && <span className="block truncate text-xs text-ink-soft">{detail}</span>}
      {note != null && <span className="sr-only">, {note}</span>}
    </th>
  )
}

const Row = memo(function Row({
  row,
  index,
  assignments,
  start,
  end,
  tabColumn,
  colours,
  format,
}: Readonly<{
  row: GridRow
  index: number
  assignments: Shown
  start: number
  end: number
  tabColumn: number
  colours: BandLimits
  format: Format
}>) {
  const { student, cells } = row
  const stop = (column: number) => (tabColumn === column ? 0 : -1)
  return (
    <tr aria-rowindex={index + 1}>
      <th scope="row" aria-colindex={1} className="g-name">
        {/* No prefetch: thirty student pages would be read, and audited, for nobody. */}
        <Link
          href={`/students/${student.id}`}
          prefetch={false}
          tabIndex={stop(0)}
          className="font-medium text-ink no-underline hover:underline"
        >
          <bdi>{student.name}</bdi>
        </Link>
      </th>
      <td aria-colindex={2} tabIndex={stop(1)} className="g-total">
        <TotalCell total={student.totals.current} colours={colours} format={format} />
      </td>
      <td aria-colindex={3} tabIndex={stop(2)} className="g-total">
        <TotalCell total={student.totals.ifMissingIsZero} colours={colours} format={format} />
      </td>
      <td aria-hidden="true" className="g-gap" />
      {assignments.slice(start, end).map(({ assignment, position }, offset) => {
        const column = leadingColumns + start + offset
        const { text, words, className } = gradeLook(cells[position] ?? '', assignment.maxPoints, { colours, format })
        return (
          <td key={assignment.id} aria-colindex={column + 1} tabIndex={stop(column)} aria-label={words}>
            <span className={className}>{text}</span>
          </td>
        )
      })}
      <td aria-hidden="true" className="g-gap" />
    </tr>
  )
})

/** Sizes are set by the browser after it has measured, never in the server's markup: the content policy forbids style attributes. */
function Gap({ kind: Kind, inlineSize }: Readonly<{ kind: 'th' | 'td'; inlineSize: number }>): ReactNode {
  return (
    <Kind
      aria-hidden="true"
      className="g-gap"
      ref={(element: HTMLElement | null) => element?.style.setProperty('inline-size', `${inlineSize}rem`)}
    />
  )
}

function GapRow({ blockSize }: Readonly<{ blockSize: number }>) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of nothing; it takes no focus
    <tr aria-hidden="true">
      <td className="g-gap" ref={(element) => element?.style.setProperty('block-size', `${blockSize}rem`)} />
    </tr>
  )
}

/** The place itself when it is drawn, else the drawn place nearest to it, so that Tab always finds the grid. */
function nearestDrawn({ row, column }: GridPlace, rows: Span, columns: Span): GridPlace {
  const clamp = (index: number, { start, end }: Span) => Math.min(Math.max(index, start), Math.max(start, end - 1))
  return {
    row: row === 0 ? 0 : clamp(row - 1, rows) + 1,
    column: column < leadingColumns ? column : clamp(column - leadingColumns, columns) + leadingColumns,
  }
}

function focusableAt(table: HTMLTableElement, { row, column }: GridPlace): HTMLElement | null {
  const cell = table.querySelector<HTMLElement>(`tr[aria-rowindex="${row + 1}"] > [aria-colindex="${column + 1}"]`)
  return cell?.querySelector<HTMLElement>('a, button') ?? cell
}

function placeOf(target: Element): GridPlace | null {
  const column = target.closest('[aria-colindex]')?.getAttribute('aria-colindex')
  const row = target.closest('[aria-rowindex]')?.getAttribute('aria-rowindex')
  return column == null || row == null ? null : { row: Number(row) - 1, column: Number(column) - 1 }
}

function scrollTo(box: HTMLDivElement, { row, column }: GridPlace, rem: number): void {
  if (row > 0) {
    box.scrollTop = offsetToShow({
      offset: box.scrollTop,
      size: box.clientHeight,
      before: gridSizes.header * rem,
      itemStart: (gridSizes.header + (row - 1) * gridSizes.row) * rem,
      itemSize: gridSizes.row * rem,
    })
  }
  const nameWidth = box.querySelector<HTMLElement>('.g-name')?.offsetWidth ?? gridSizes.name * rem
  const isTotal = column < leadingColumns
  const totals = Math.min(column, leadingColumns) - 1
  if (column === 0) return
  const sign = getComputedStyle(box).direction === 'rtl' ? -1 : 1
  const offset = offsetToShow({
    offset: Math.abs(box.scrollLeft),
    size: box.clientWidth,
    before: nameWidth,
    itemStart: nameWidth + (totals * gridSizes.total + (isTotal ? 0 : (column - leadingColumns) * gridSizes.item)) * rem,
    itemSize: (isTotal ? gridSizes.total : gridSizes.item) * rem,
  })
  box.scrollLeft = sign * offset
}
