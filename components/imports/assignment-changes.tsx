import Link from 'next/link'
import { CellChange } from '@/components/imports/cell-change'
import { lookAddress, type ReviewLook } from '@/components/imports/review-address'
import { changedColumns, changesOf, isChange } from '@/components/imports/review-rows'
import { rowsPerPage, TotalChange } from '@/components/imports/review-table'
import { SlicePages } from '@/components/imports/slice-pages'
import { WorkChange } from '@/components/imports/work-change'
import { Badge } from '@/components/ui/badge'
import { ButtonLink } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { countOf, type Format, formatNumber } from '@/components/ui/format'
import type { ReviewOverview, ReviewPage } from '@/lib/imports/views'

type Props = Readonly<{ review: ReviewPage; look: ReviewLook; path: string; format: Format }>

/** Assignment by assignment: how much changes in each, and for one of them every student. */
export function AssignmentChanges(props: Props) {
  const { column } = props.look
  return column !== null && props.review.columns[column] !== undefined ? (
    <OneAssignment {...props} place={column} />
  ) : (
    <AllAssignments {...props} />
  )
}

function AllAssignments({ review, look, path, format }: Props) {
  const { columns, overview } = review
  const items = changedColumns(columns, overview, look.showsAll)
  return (
    <DataTable
      caption="Changes, assignment by assignment"
      items={items}
      keyOf={({ position }) => String(position)}
      columns={[
        {
          heading: 'Assignment',
          cell: ({ column, position }) => (
            <>
              <Link href={lookAddress(path, { by: 'assignments', column: position })} prefetch={false}>
                <bdi>{column.title}</bdi>
              </Link>{' '}
              {column.state === 'new' && <Badge tone="good">New</Badge>}
              {column.state === 'changed' && <Badge tone="watch">Changed</Badge>}
              <WorkChange column={column} format={format} />
            </>
          ),
        },
        ...kinds.map(({ heading, of, sign, isBad }) => ({
          heading,
          isNumber: true,
          cell: ({ position }: (typeof items)[number]) => {
            const count = overview.columns[position]?.[of] ?? 0
            const tone = count === 0 ? 'text-ink-soft' : isBad ? 'text-bad' : ''
            return (
              <span className={tone}>
                {count > 0 && sign !== '' && <span aria-hidden="true">{sign} </span>}
                {formatNumber(count, format)}
              </span>
            )
          },
        })),
      ]}
    />
  )
}

const kinds: readonly Readonly<{ heading: string; of: keyof ReviewOverview['columns'][number]; sign: string; isBad: boolean }>[] =
  [
    { heading: 'New', of: 'new', sign: '+', isBad: false },
    { heading: 'Changed', of: 'changed', sign: '', isBad: false },
    { heading: 'Cleared', of: 'cleared', sign: '−', isBad: true },
    { heading: 'Left out', of: 'rejected', sign: '×', isBad: true },
    { heading: 'Kept', of: 'conflicts', sign: '', isBad: false },
  ]

function OneAssignment({ review, look, path, place, format }: Props & Readonly<{ place: number }>) {
  const rows = look.showsAll ? review.rows : review.rows.filter((row) => isChange(row.cells[place]))
  const all = look.showsAll ? review.rowCount : changesOf(review.overview.columns[place])
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="text-base font-semibold">
          <bdi>{review.columns[place]?.title}</bdi>{' '}
          <span className="ms-1 font-normal text-ink-soft">{countOf(all, 'student', 'students', format)}</span>
        </h3>
        <div className="no-print">
          <ButtonLink href={lookAddress(path, { by: 'assignments', showsAll: look.showsAll })}>All assignments</ButtonLink>
        </div>
      </div>
      <DataTable
        caption={`Changes in ${review.columns[place]?.title ?? ''}, student by student`}
        items={rows}
        keyOf={({ studentId, name }) => studentId ?? name}
        columns={[
          { heading: 'Student', cell: ({ name }) => <bdi>{name}</bdi> },
          { heading: 'Grade', cell: ({ cells }) => <CellChange cell={cells[place]} format={format} /> },
          { heading: 'Current grade', cell: (row) => <TotalChange row={row} format={format} /> },
        ]}
      />
      <SlicePages
        label="Students"
        addressOf={(from) => lookAddress(path, { ...look, from })}
        from={look.from}
        shown={rows.length}
        count={all}
        pageSize={rowsPerPage}
        format={format}
      />
    </div>
  )
}
