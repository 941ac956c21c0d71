import { Badge, type BadgeTone } from '@/components/ui/badge'
import { DataTable } from '@/components/ui/data-table'
import { type Format, formatNumber } from '@/components/ui/format'
import { Instant } from '@/components/ui/instant'
import type { SchoolSummary } from '@/lib/district/views'

const states: Readonly<Record<SchoolSummary['status'], { word: string; tone: BadgeTone }>> = {
  provisioning: { word: 'Being set up', tone: 'accent' },
  active: { word: 'Open', tone: 'good' },
  read_only: { word: 'Read only', tone: 'watch' },
  suspended: { word: 'Paused', tone: 'bad' },
  offboarded: { word: 'Has left', tone: 'plain' },
}

/** The schools of a district. A school whose database does not answer keeps its row and says so. */
export function SchoolList({ schools, format }: Readonly<{ schools: readonly SchoolSummary[]; format: Format }>) {
  const sized = (school: SchoolSummary, pick: (size: NonNullable<SchoolSummary['size']>) => string) =>
    school.size === null ? (
      <span className="text-ink-soft">{school.reach === 'closed' ? '–' : 'no answer'}</span>
    ) : (
      pick(school.size)
    )
  return (
    <DataTable
      caption="Schools"
      items={schools}
      keyOf={({ tenantId }) => tenantId}
      columns={[
        {
          heading: 'School',
          cell: ({ name, slug, district }) => (
            <span className="grid">
              <bdi className="text-base font-semibold">{name}</bdi>
              <span className="text-sm font-normal text-ink-soft">{district === null ? slug : `${slug} · ${district}`}</span>
            </span>
          ),
        },
        {
          heading: 'Status',
          cell: ({ status, reach }) => (
            <span className="inline-flex flex-wrap gap-1">
              <Badge tone={states[status].tone}>{states[status].word}</Badge>
              {reach === 'unavailable' && <Badge tone="bad">Database does not answer</Badge>}
            </span>
          ),
        },
        { heading: 'Shard', cell: ({ shard }) => <code className="font-mono text-sm">{shard}</code> },
        {
          heading: 'Students',
          isNumber: true,
          cell: (school) => sized(school, ({ students }) => formatNumber(students, format)),
        },
        { heading: 'Classes', isNumber: true, cell: (school) => sized(school, ({ classes }) => formatNumber(classes, format)) },
        { heading: 'Grades', isNumber: true, cell: (school) => sized(school, ({ grades }) => formatNumber(grades, format)) },
        {
          heading: 'Last import',
          cell: ({ size }) =>
            size?.lastImportAt == null ? (
              <span className="text-ink-soft">none known</span>
            ) : (
              <Instant at={size.lastImportAt} format={format} />
            ),
        },
      ]}
    />
  )
}
