import type { Metadata } from 'next'
import { Suspense } from 'react'
import { seen, single } from '@/app/seen'
import { SchoolList } from '@/components/console/school-list'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { TableSkeleton } from '@/components/ui/skeleton'
import type { ConsoleViewer } from '@/lib/auth/members'
import { requireConsoleMember } from '@/lib/auth/session'
import { listSchools } from '@/lib/district/schools'

export const metadata: Metadata = { title: 'Schools' }

/** The console serves districts in many places, so it writes times in UTC and says so. */
const format = { locale: 'en-GB', timeZone: 'UTC' }

type Props = Readonly<{ searchParams: Promise<{ cursor?: string | string[] }> }>

export default async function SchoolsPage({ searchParams }: Props) {
  const { viewer } = await requireConsoleMember('schools.read')
  const cursor = single((await searchParams).cursor)
  return (
    <>
      <PageHeader
        title="Schools"
        facts="Status, size and last import of each school. Times are in UTC. No student's name is shown here."
      />
      {/* Every shard is asked and a slow one may take seconds, so the page does not wait for it. */}
      <Suspense key={cursor} fallback={<TableSkeleton label="Asking the schools" rows={8} columns={6} />}>
        <Schools viewer={viewer} cursor={cursor} />
      </Suspense>
    </>
  )
}

async function Schools({ viewer, cursor }: Readonly<{ viewer: ConsoleViewer; cursor: string | undefined }>) {
  const { items, nextCursor } = await seen(listSchools(viewer, { cursor }))
  return (
    <>
      {items.length === 0 ? (
        <EmptyState title="No schools yet">Schools of your district appear here once they are set up.</EmptyState>
      ) : (
        <SchoolList schools={items} format={format} />
      )}
      <Pagination path="/" query={{}} nextCursor={nextCursor} isFirst={cursor === undefined} />
    </>
  )
}
