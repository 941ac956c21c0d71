import { Arrow } from '@/components/imports/cell-change'
import { Badge } from '@/components/ui/badge'
import { Section } from '@/components/ui/card'
import { DataTable } from '@/components/ui/data-table'
import { countOf, type Format } from '@/components/ui/format'
import type { ReviewOverview } from '@/lib/imports/views'

const listedMax = 100

/** Students whose letter becomes another one, with the direction in a word. Nothing when there are none. */
export function Crossings({ crossings, format }: Readonly<{ crossings: ReviewOverview['crossings']; format: Format }>) {
  if (crossings.length === 0) return null
  const more = crossings.length - listedMax
  return (
    <Section
      id="crossings"
      title={countOf(crossings.length, 'student gets another letter', 'students get another letter', format)}
    >
      <DataTable
        caption="Students who get another letter"
        items={crossings.slice(0, listedMax)}
        keyOf={({ row }) => String(row)}
        columns={[
          { heading: 'Student', cell: ({ name }) => <bdi>{name}</bdi> },
          {
            heading: 'Letter',
            cell: ({ from, to }) => (
              <>
                <bdi>{from}</bdi> <Arrow />{' '}
                <strong className="font-semibold">
                  <bdi>{to}</bdi>
                </strong>
              </>
            ),
          },
          {
            heading: 'Direction',
            cell: ({ isUp }) => <Badge tone={isUp ? 'good' : 'watch'}>{isUp ? '▲ Up' : '▼ Down'}</Badge>,
          },
        ]}
      />
      {more > 0 && (
        <p className="text-sm text-ink-soft">
          {countOf(more, 'more student is', 'more students are', format)} marked “Other letter” in the table of changes.
        </p>
      )}
    </Section>
  )
}
