import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { DataTable } from '@/components/ui/data-table'
import { Instant } from '@/components/ui/instant'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { listAudit } from '@/lib/audit/list'
import { requireMember } from '@/lib/auth/session'

export const metadata: Metadata = { title: 'Audit' }

type Props = Readonly<{ params: Promise<{ tenant: string }>; searchParams: Promise<{ cursor?: string | string[] }> }>

export default async function AuditPage({ params, searchParams }: Props) {
  const { ctx, viewer } = await requireMember('audit.read', await params)
  const cursor = single((await searchParams).cursor)
  const { items, nextCursor } = await seen(listAudit(ctx, viewer, cursor ?? null))
  return (
    <>
      <PageHeader
        title="Audit"
        facts="Every change, and every look at a student's record, newest first. Entries cannot be changed or removed."
      />
      <DataTable
        caption="Audit entries, newest first"
        items={items}
        keyOf={({ seq }) => seq}
        columns={[
          { heading: 'What', cell: ({ actionLabel }) => actionLabel },
          { heading: 'Who', cell: ({ actorName }) => <bdi>{actorName}</bdi> },
          { heading: 'When', cell: ({ at }) => <Instant at={at} format={ctx} /> },
          { heading: 'Details', cell: ({ detail }) => detailWords(detail) },
          { heading: 'Number', isNumber: true, cell: ({ seq }) => seq },
        ]}
      />
      <Pagination path="/audit" query={{}} nextCursor={nextCursor} isFirst={cursor === undefined} />
    </>
  )
}

/** Counts as 'cells new: 12'; ids help nobody who reads this page. */
function detailWords(detail: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(detail).flatMap(([key, value]) =>
    typeof value === 'number' && value !== 0 ? [`${key.replace(/([A-Z])|_/g, ' $1').toLowerCase()}: ${value}`] : [],
  )
  return said.length === 0 ? '–' : said.join(', ')
}
