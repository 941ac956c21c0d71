import Link from 'next/link'
import { rosterStateWords, rosterSummary, sourceWords } from '@/components/people/roster-words'
import { Badge } from '@/components/ui/badge'
import { DataTable } from '@/components/ui/data-table'
import type { Format } from '@/components/ui/format'
import { Instant } from '@/components/ui/instant'
import type { RosterSummary } from '@/lib/rosters/views'

/** Rosters, newest first: which file, by whom, and what became of it. */
export function RosterList({ rosters, format }: Readonly<{ rosters: readonly RosterSummary[]; format: Format }>) {
  return (
    <DataTable
      caption="Rosters, newest first"
      items={rosters}
      keyOf={({ id }) => id}
      columns={[
        {
          heading: 'File',
          cell: ({ id, fileName, source }) => (
            <span className="grid">
              <Link href={`/people/import/${id}`} prefetch={false}>
                <bdi>{fileName}</bdi>
              </Link>
              <span className="text-sm text-ink-soft">{sourceWords[source]}</span>
            </span>
          ),
        },
        {
          heading: 'State',
          cell: ({ state }) => <Badge tone={rosterStateWords[state].tone}>{rosterStateWords[state].word}</Badge>,
        },
        { heading: 'What it does', cell: ({ counts }) => rosterSummary(counts, format) },
        {
          heading: 'Uploaded',
          cell: ({ createdAt, actorName }) => (
            <span className="grid">
              <Instant at={createdAt} format={format} />
              <bdi className="text-sm text-ink-soft">{actorName}</bdi>
            </span>
          ),
        },
      ]}
    />
  )
}
