import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { ImportList } from '@/components/imports/import-list'
import { ButtonLink } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { requireMember } from '@/lib/auth/session'
import { listImports } from '@/lib/imports/list'

export const metadata: Metadata = { title: 'Imports' }

type Props = Readonly<{
  params: Promise<{ tenant: string }>
  searchParams: Promise<{ class?: string | string[]; cursor?: string | string[] }>
}>

export default async function ImportsPage({ params, searchParams }: Props) {
  const { ctx, viewer } = await requireMember('grades.import', await params)
  const query = await searchParams
  const cursor = single(query.cursor)
  const classId = single(query.class)
  const { items, nextCursor } = await seen(listImports(ctx, viewer, { classId, cursor }))
  const upload =
    ctx.status === 'read_only' ? undefined : (
      <ButtonLink href="/imports/new" look="primary">
        Upload a grade file
      </ButtonLink>
    )
  return (
    <>
      <PageHeader
        title="Imports"
        facts="Every uploaded file and what became of it. A written import can be undone for 30 days."
        actions={upload}
      />
      {items.length === 0 ? (
        <EmptyState
          title="No imports yet"
          action={
            <a href="/gradebook-template.csv" download>
              Download a sample file
            </a>
          }
        >
          Upload the grade file you already have: our template, or what Google Classroom gives you. You see every change before
          anything is written.
        </EmptyState>
      ) : (
        <ImportList now={new Date().toISOString()} imports={items} format={ctx} />
      )}
      <Pagination path="/imports" query={{ class: classId }} nextCursor={nextCursor} isFirst={cursor === undefined} />
    </>
  )
}
