import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { RosterList } from '@/components/people/roster-list'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { ButtonLink } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { requireMember } from '@/lib/auth/session'
import { listRosters } from '@/lib/rosters/list-rosters'

export const metadata: Metadata = { title: 'Rosters' }

type Props = Readonly<{
  params: Promise<{ tenant: string }>
  searchParams: Promise<{ cursor?: string | string[] }>
}>

export default async function RostersPage({ params, searchParams }: Props) {
  const { ctx, viewer } = await requireMember('people.import', await params)
  const cursor = single((await searchParams).cursor)
  const { items, nextCursor } = await seen(listRosters(ctx, viewer, { cursor }))
  const upload =
    ctx.status === 'read_only' ? undefined : (
      <ButtonLink href="/people/import/new" look="primary">
        Upload a roster
      </ButtonLink>
    )
  const { locale, timeZone } = ctx
  return (
    <>
      <Breadcrumbs trail={[{ href: '/people', label: 'People' }]} />
      <PageHeader
        title="Rosters"
        facts="Files of students, classes, enrolments and guardians, and what became of them. A written roster can be undone for 30 days."
        actions={upload}
      />
      {items.length === 0 ? (
        <EmptyState title="No rosters yet">
          Upload what your student information system exports: a OneRoster or Clever archive, or CSV tables. You see every change
          before anything is written.
        </EmptyState>
      ) : (
        <RosterList rosters={items} format={{ locale, timeZone }} />
      )}
      <Pagination path="/people/import" query={{}} nextCursor={nextCursor} isFirst={cursor === undefined} />
    </>
  )
}
