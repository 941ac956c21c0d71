import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { roleNames } from '@/components/shell/role-names'
import { Badge } from '@/components/ui/badge'
import { ButtonLink } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { SearchForm } from '@/components/ui/search-form'
import { requireMember } from '@/lib/auth/session'
import { listMembers } from '@/lib/people/members'

export const metadata: Metadata = { title: 'People' }

type Props = Readonly<{
  params: Promise<{ tenant: string }>
  searchParams: Promise<{ q?: string | string[]; cursor?: string | string[] }>
}>

export default async function PeoplePage({ params, searchParams }: Props) {
  const { ctx, viewer } = await requireMember('people.read', await params)
  const { q, cursor } = await searchParams
  const query = single(q)
  const at = single(cursor)
  const { items, nextCursor } = await seen(listMembers(ctx, viewer, { query, cursor: at }))
  return (
    <>
      <PageHeader
        title="People"
        facts="Everybody who can sign in to this school."
        actions={viewer.rights.has('people.import') && <ButtonLink href="/people/import">Import a roster</ButtonLink>}
      />
      <SearchForm path="/people" label="Name or e-mail begins with" query={query ?? ''} />
      {items.length === 0 ? (
        <EmptyState title="Nobody found">No name or e-mail begins with “{query ?? ''}”. Try fewer letters.</EmptyState>
      ) : (
        <DataTable
          caption="People of this school"
          items={items}
          keyOf={({ id }) => id}
          columns={[
            {
              heading: 'Name',
              cell: ({ name, isDisabled }) => (
                <>
                  <bdi>{name}</bdi> {isDisabled && <Badge>Shut out</Badge>}
                </>
              ),
            },
            { heading: 'E-mail', cell: ({ email }) => email },
            { heading: 'Role', cell: ({ roles }) => roleNames(roles) },
            {
              heading: 'Teaches, or belongs to',
              cell: ({ classNames, studentNames }) => <bdi>{[...classNames, ...studentNames].join('; ') || 'nobody yet'}</bdi>,
            },
          ]}
        />
      )}
      <Pagination path="/people" query={{ q: query }} nextCursor={nextCursor} isFirst={at === undefined} />
    </>
  )
}
