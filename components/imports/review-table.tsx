import { CellChange, Arrow } from '@/components/imports/cell-change'
import { lookAddress, type ReviewLook } from '@/components/imports/review-address'
import { changedColumns, changedRows, isChange, type NumberedColumn } from '@/components/imports/review-rows'
import { SlicePages } from '@/components/imports/slice-pages'
import { WorkChange } from '@/components/imports/work-change'
import { Badge } from '@/components/ui/badge'
import { type Format, formatPercent } from '@/components/ui/format'
import type { ReviewPage, ReviewRow } from '@/lib/imports/views'

/** Students and assignments of one page. */
export const rowsPerPage = 50
const columnsPerPage = 30

/**
 * Student by student what a commit will do, old to new; starts with what changes. A table where there is room, a card for each
 * student on a phone, where only cells with a change are shown.
 */
export function ReviewTable({
  review,
  look,
  path,
  format,
}: Readonly<{
  /** With the rows of this page alone. */
  review: Pick<ReviewPage, 'columns' | 'rows' | 'rowCount' | 'overview'>
  look: ReviewLook
  path: string
  format: Format
}>) {
  const rows = look.showsAll ? review.rows : changedRows(review.rows)
  const columns = changedColumns(review.columns, review.overview, look.showsAll)
  const drawn = columns.slice(look.columnsFrom, look.columnsFrom + columnsPerPage)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <section
        aria-label="Changes, student by student"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="review relative overflow-auto rounded-lg border border-line bg-surface sm:max-h-[80dvh]"
      >
        {/* biome-ignore-start lint/a11y/noRedundantRoles: display: block on a phone drops the native roles */}
        <table role="table" className="figures">
          <caption className="sr-only">Changes, student by student</caption>
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col" className="r-name">
                Student
              </th>
              <th role="columnheader" scope="col">
                Current grade
              </th>
              {drawn.map((numbered) => (
                <ColumnHeading key={numbered.position} {...numbered} format={format} />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map((row) => (
              <tr key={row.studentId ?? row.name} role="row">
                <th role="rowheader" scope="row" className="r-name">
                  <bdi>{row.name}</bdi> <RowState state={row.state} />
                </th>
                <td role="cell" data-label="Current grade">
                  <TotalChange row={row} format={format} />
                </td>
                {drawn.map(({ position, column }) => (
                  <td
                    key={position}
                    role="cell"
                    data-label={column.title}
                    className={isChange(row.cells[position]) ? undefined : 'r-quiet'}
                  >
                    <CellChange cell={row.cells[position]} format={format} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {/* biome-ignore-end lint/a11y/noRedundantRoles: see above */}
      </section>
      <SlicePages
        label="Assignments"
        addressOf={(columnsFrom) => lookAddress(path, { ...look, columnsFrom })}
        from={look.columnsFrom}
        shown={drawn.length}
        count={columns.length}
        pageSize={columnsPerPage}
        format={format}
      />
      <SlicePages
        label="Students"
        addressOf={(from) => lookAddress(path, { ...look, from })}
        from={look.from}
        shown={rows.length}
        count={look.showsAll ? review.rowCount : review.overview.rowsChanged}
        pageSize={rowsPerPage}
        format={format}
      />
    </div>
  )
}

function ColumnHeading({ column, format }: NumberedColumn & Readonly<{ format: Format }>) {
  const { title, state } = column
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <th role="columnheader" scope="col">
      <bdi>{title}</bdi>
      {state !== 'matched' && (
        <span className="ms-2">
          <Badge tone={state === 'new' ? 'good' : 'watch'}>{state === 'new' ? 'New' : 'Changed'}</Badge>
        </span>
      )}
      <WorkChange column={column} format={format} />
    </th>
  )
}

function RowState({ state }: Readonly<{ state: ReviewRow['state'] }>) {
  if (state === 'matched') return null
  return <Badge tone="good">{state === 'new' ? 'New student' : 'New in this class'}</Badge>
}

/** A student's total before and after, with the letter, and a word when the letter becomes another one. */
export function TotalChange({
  row,
  format,
}: Readonly<{ row: Pick<ReviewRow, 'totalBefore' | 'totalAfter' | 'letterBefore' | 'letterAfter'>; format: Format }>) {
  const show = (percent: string | null, letter: string | null) =>
    percent === null ? 'none' : `${formatPercent(percent, format)}${letter === null ? '' : ` ${letter}`}`
  const before = show(row.totalBefore, row.letterBefore)
  const after = show(row.totalAfter, row.letterAfter)
  if (before === after) return <span className="text-ink-soft">{after}</span>
  const crosses = row.letterBefore !== null && row.letterAfter !== null && row.letterBefore !== row.letterAfter
  return (
    <span className="inline-flex flex-wrap items-baseline justify-end gap-x-1.5 sm:justify-start">
      <bdi className="text-ink-soft">{before}</bdi> <Arrow />{' '}
      <strong className="font-semibold">
        <bdi>{after}</bdi>
      </strong>
      {crosses && <Badge tone="watch">Other letter</Badge>}
    </span>
  )
}
