import Link from 'next/link'
import { DataTable } from '@/components/ui/data-table'
import type { StudentSummary } from '@/lib/gradebook/views'

/** Students by name with what files know them by. */
export function StudentList({ students }: Readonly<{ students: readonly StudentSummary[] }>) {
  return (
    <DataTable
      caption="Students"
      items={students}
      keyOf={({ id }) => id}
      columns={[
        {
          heading: 'Name',
          cell: ({ id, name }) => (
            <Link href={`/students/${id}`} prefetch={false}>
              <bdi>{name}</bdi>
            </Link>
          ),
        },
        { heading: 'E-mail', cell: ({ email }) => email ?? 'none' },
        { heading: 'Number', cell: ({ number }) => number ?? 'none' },
        { heading: 'Classes', cell: ({ classNames }) => <bdi>{classNames.length === 0 ? 'none' : classNames.join(', ')}</bdi> },
      ]}
    />
  )
}
