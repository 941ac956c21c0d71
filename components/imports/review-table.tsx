'use client'

import { useMemo, useState } from 'react'
import { textOfCell } from '@/components/gradebook/cell-words'
import { cellKindWords } from '@/components/imports/import-words'
import { changedColumns, changedRows, type NumberedColumn } from '@/components/imports/review-rows'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { countOf, type Format, formatDay, formatNumber, formatPercent } from '@/components/ui/format'
import type { ImportReview, ReviewRow } from '@/lib/imports/views'

const rowsAtOnce = 50
const columnsAtOnce = 30

/** Cell by cell what a commit will do, old to new. Starts with what changes; everything else is one tick away. */
export function ReviewTable({ review, format }: Readonly<{ review: Pick<ImportReview, 'columns' | 'rows'>; format: Format }>) {
  const [showsAll, setShowsAll] = useState(false)
  const [rowCount, setRowCount] = useState(rowsAtOnce)
  const [columnCount, setColumnCount] = useState(columnsAtOnce)

  const rows = useMemo(() => (showsAll ? review.rows : changedRows(review.rows)), [review.rows, showsAll])
  const columns = useMemo(() => changedColumns(review, showsAll), [review, showsAll])
  const drawnColumns = columns.slice(0, columnCount)
  const moreRows = rows.length - rowCount
  const moreColumns = columns.length - columnCount

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <label className="no-print flex min-h-8 items-center gap-2 justify-self-start">
        <input
          type="checkbox"
          checked={showsAll}
          onChange={(event) => setShowsAll(event.target.checked)}
          className="size-4 accent-accent"
        />
        Also show what stays the same
      </label>
      <section
        aria-label="Changes, student by student"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="relative max-h-[80dvh] overflow-auto rounded-lg border border-line bg-surface"
      >
        <table className="figures min-w-full border-separate border-spacing-0 text-start text-sm">
          <thead>
            <tr>
              <th
                scope="col"
                className="sticky start-0 top-0 z-20 min-w-36 border-b border-e border-line bg-sunken px-3 py-2 text-start sm:min-w-52"
              >
                Student
              </th>
              <th scope="col" className="sticky top-0 z-10 min-w-36 border-b border-line bg-sunken px-3 py-2 text-start">
                Current grade
              </th>
              {drawnColumns.map((numbered) => (
                <ColumnHeading key={numbered.position} {...numbered} format={format} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, rowCount).map((row) => (
              <tr key={row.studentId ?? row.name}>
                <th
                  scope="row"
                  className="sticky start-0 z-[1] border-b border-e border-line bg-surface px-3 py-1.5 text-start font-medium"
                >
                  <bdi>{row.name}</bdi> <RowState state={row.state} />
                </th>
                <td className="whitespace-nowrap border-b border-line px-3 py-1.5">
                  <TotalChange row={row} format={format} />
                </td>
                {drawnColumns.map(({ position }) => (
                  <CellChange key={position} cell={row.cells[position]} format={format} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {(moreRows > 0 || moreColumns > 0) && (
        <div className="no-print flex flex-wrap gap-2">
          {moreRows > 0 && (
            <Button type="button" onClick={() => setRowCount(rowCount + rowsAtOnce * 4)}>
              Show {countOf(Math.min(moreRows, rowsAtOnce * 4), 'more student', 'more students', format)}
            </Button>
          )}
          {moreColumns > 0 && (
            <Button type="button" onClick={() => setColumnCount(columnCount + columnsAtOnce)}>
              Show {countOf(Math.min(moreColumns, columnsAtOnce), 'more assignment', 'more assignments', format)}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function ColumnHeading({ column, format }: NumberedColumn & Readonly<{ format: Format }>) {
  const { maxPoints, dueOn, title, state } = column
  const points = (text: string) => formatNumber(text, format)
  const day = (text: string | null) => (text === null ? 'no date' : formatDay(text, format))
  return (
    <th
      scope="col"
      className="sticky top-0 z-10 min-w-36 border-b border-line bg-sunken px-3 py-2 text-start align-top font-semibold"
    >
      <bdi>{title}</bdi>
      {state !== 'matched' && (
        <span className="ms-2">
          <Badge tone={state === 'new' ? 'good' : 'watch'}>{state === 'new' ? 'New' : 'Changed'}</Badge>
        </span>
      )}
      <span className="block text-xs font-normal text-ink-soft">
        of {maxPoints.old !== null && maxPoints.old !== maxPoints.new && <del>{points(maxPoints.old)}</del>}{' '}
        {points(maxPoints.new)}
        {(dueOn.new !== null || dueOn.old !== null) && <> · </>}
        {dueOn.old !== null && dueOn.old !== dueOn.new && <del>{day(dueOn.old)}</del>} {dueOn.new !== null && day(dueOn.new)}
      </span>
    </th>
  )
}

function RowState({ state }: Readonly<{ state: ReviewRow['state'] }>) {
  if (state === 'matched') return null
  return <Badge tone="good">{state === 'new' ? 'New student' : 'New in this class'}</Badge>
}

function TotalChange({ row, format }: Readonly<{ row: ReviewRow; format: Format }>) {
  const show = (percent: string | null, letter: string | null) =>
    percent === null ? 'none' : `${formatPercent(percent, format)}${letter === null ? '' : ` ${letter}`}`
  const before = show(row.totalBefore, row.letterBefore)
  const after = show(row.totalAfter, row.letterAfter)
  if (before === after) return <span className="text-ink-soft">{after}</span>
  return (
    <>
      <span className="text-ink-soft">{before}</span> <Arrow /> <strong className="font-semibold">{after}</strong>
    </>
  )
}

function CellChange({ cell, format }: Readonly<{ cell: ReviewRow['cells'][number] | undefined; format: Format }>) {
  const frame = 'whitespace-nowrap border-b border-line px-3 py-1.5'
  if (cell === undefined) return <td className={frame} />
  const [kind, old, next] = cell
  if (kind === 'kept' && old !== next) {
    return (
      <td className={frame}>
        {textOfCell(old, format)} <span className="text-watch">kept, the file says {textOfCell(next, format)}</span>
      </td>
    )
  }
  if (kind === 'same' || kind === 'kept') return <td className={`${frame} text-ink-soft`}>{textOfCell(old, format)}</td>
  return (
    <td className={frame}>
      <span className={`d-${kind} inline-flex gap-1.5 rounded px-1.5`}>
        {kind === 'new' && <span aria-hidden="true">+</span>}
        {kind !== 'new' && old !== '' && (
          <>
            <del>{textOfCell(old, format)}</del> <Arrow />
          </>
        )}
        <strong className="font-semibold">
          {kind === 'cleared' ? 'cleared' : kind === 'rejected' ? 'left out' : textOfCell(next, format)}
        </strong>
        <span className="sr-only">{cellKindWords[kind]}</span>
      </span>
    </td>
  )
}

function Arrow() {
  return (
    <>
      <span aria-hidden="true" className="inline-block rtl:-scale-x-100">
        →
      </span>
      <span className="sr-only">becomes</span>
    </>
  )
}
