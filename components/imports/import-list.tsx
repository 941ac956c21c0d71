import Link from 'next/link'
import { stateWords, summaryWords } from '@/components/imports/import-words'
import { Badge } from '@/components/ui/badge'
import { DataTable } from '@/components/ui/data-table'
import type { Format } from '@/components/ui/format'
import { Instant } from '@/components/ui/instant'
import type { ImportSummary } from '@/lib/imports/views'

/** Imports, newest first: which file, into which class, by whom, and what became of it. */
export function ImportList({ imports, format }: Readonly<{ imports: readonly ImportSummary[]; format: Format }>) {
  return (
    <DataTable
      caption="Imports, newest first"
      items={imports}
      keyOf={({ id }) => id}
      columns={[
        {
          heading: 'File',
          cell: ({ id, fileName }) => (
            <Link href={`/imports/${id}`} prefetch={false}>
              <bdi>{fileName}</bdi>
            </Link>
          ),
        },
        {
          heading: 'Class',
          cell: ({ className, termName }) => (
            <span className="grid">
              <bdi>{className}</bdi>
              <span className="text-sm text-ink-soft">{termName}</span>
            </span>
          ),
        },
        { heading: 'State', cell: ({ state }) => <Badge tone={stateWords[state].tone}>{stateWords[state].word}</Badge> },
        { heading: 'What it does', cell: ({ counts }) => summaryWords(counts, format) },
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
