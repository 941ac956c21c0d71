import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { ClassList } from '@/components/gradebook/class-list'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { requireMember } from '@/lib/auth/session'
import { listClasses } from '@/lib/gradebook/classes'

export const metadata: Metadata = { title: 'Classes' }

type Props = Readonly<{ params: Promise<{ tenant: string }>; searchParams: Promise<{ cursor?: string | string[] }> }>

export default async function ClassesPage({ params, searchParams }: Props) {
  const { ctx, viewer } = await requireMember('classes.read', await params)
  const cursor = single((await searchParams).cursor)
  const { items, nextCursor } = await seen(listClasses(ctx, viewer, { cursor }))
  const canImport = viewer.rights.has('grades.import') && ctx.status !== 'read_only'
  return (
    <>
      <PageHeader title="Classes" />
      {items.length === 0 ? (
        <EmptyState title="No classes yet">Classes appear here once the school's office has set them up.</EmptyState>
      ) : (
        <ClassList classes={items} canImport={canImport} format={ctx} />
      )}
      <Pagination path="/classes" query={{}} nextCursor={nextCursor} isFirst={cursor === undefined} />
    </>
  )
}
