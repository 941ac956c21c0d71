import Link from 'next/link'
import { DataTable } from '@/components/ui/data-table'
import { type Format, formatNumber } from '@/components/ui/format'
import { Instant } from '@/components/ui/instant'
import type { ClassSummary } from '@/lib/gradebook/views'

/** Classes with their size and how old their grades are; each leads to its gradebook. */
export function ClassList({
  classes,
  canImport,
  format,
}: Readonly<{ classes: readonly ClassSummary[]; canImport: boolean; format: Format }>) {
  return (
    <DataTable
      caption="Classes"
      items={classes}
      keyOf={({ id }) => id}
      columns={[
        {
          heading: 'Class',
          cell: ({ id, name, subject }) => (
            <span className="grid">
              <Link href={`/classes/${id}`} prefetch={false} className="text-base font-semibold">
                <bdi>{name}</bdi>
              </Link>
              {subject !== null && <span className="text-sm font-normal text-ink-soft">{subject}</span>}
            </span>
          ),
        },
        { heading: 'Teachers', cell: ({ teachers }) => <bdi>{teachers.length === 0 ? 'None yet' : teachers.join(', ')}</bdi> },
        { heading: 'Students', isNumber: true, cell: ({ studentCount }) => formatNumber(studentCount, format) },
        { heading: 'Assignments', isNumber: true, cell: ({ assignmentCount }) => formatNumber(assignmentCount, format) },
        {
          heading: 'Grades last changed',
          cell: ({ gradedAt }) => (gradedAt === null ? 'No grades yet' : <Instant at={gradedAt} format={format} />),
        },
        ...(canImport
          ? [
              {
                heading: 'Next step',
                cell: ({ id, name }: ClassSummary) => (
                  <Link
                    href={`/imports/new?class=${id}`}
                    prefetch={false}
                    aria-label={`Upload a file for ${name}`}
                    className="whitespace-nowrap"
                  >
                    Upload a file
                  </Link>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}
