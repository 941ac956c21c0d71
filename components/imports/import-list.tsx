import Link from 'next/link'
import { stateWord, summaryWords } from '@/components/imports/import-words'
import { Badge } from '@/components/ui/badge'
import { DataTable } from '@/components/ui/data-table'
import type { Format } from '@/components/ui/format'
import { Instant } from '@/components/ui/instant'
import { originalDays } from '@/lib/imports/limits'
import type { ImportSummary } from '@/lib/imports/views'

/** Imports, newest first: which file, into which class, by whom, and what became of it. */
export function ImportList({
  imports,
  now,
  format,
}: Readonly<{
  imports: readonly ImportSummary[]
  /** The moment of the page (ISO), after which originals are past their days; not said: a short list without downloads. */
  now?: string
  format: Format
}>) {
  return (
    <DataTable
      caption="Imports, newest first"
      items={imports}
      keyOf={({ id }) => id}
      columns={[
        {
          heading: 'File',
          cell: ({ id, fileName, sourceLabel }) => (
            <span className="grid">
              <Link href={`/imports/${id}`} prefetch={false}>
                <bdi>{fileName}</bdi>
              </Link>
              <span className="text-sm font-normal text-ink-soft">{sourceLabel}</span>
            </span>
          ),
        },
        {
          heading: 'Class',
          cell: ({ className, termName }) => (
            <span className="grid">
              <span>
                <bdi>{className}</bdi>
              </span>
              <span className="text-sm text-ink-soft">{termName}</span>
            </span>
          ),
        },
        { heading: 'State', cell: (summary) => <State {...stateWord(summary)} /> },
        { heading: 'What it does', cell: ({ counts }) => summaryWords(counts, format) },
        {
          heading: 'Uploaded',
          cell: ({ createdAt, actorName }) => (
            <span className="grid">
              <Instant at={createdAt} format={format} />
              <span className="text-sm text-ink-soft">
                <bdi>{actorName}</bdi>
              </span>
            </span>
          ),
        },
        ...(now === undefined
          ? []
          : [{ heading: 'Downloads', cell: (summary: ImportSummary) => <Downloads summary={summary} now={now} /> }]),
      ]}
    />
  )
}

function Downloads({ summary: { id, state, fileName, createdAt }, now }: Readonly<{ summary: ImportSummary; now: string }>) {
  if (state === 'reading') return <span className="text-ink-soft">none yet</span>
  const isKept = Date.parse(now) < Date.parse(createdAt) + originalDays * 86_400_000
  const files = [
    ...(isKept ? [{ part: 'original', word: 'File' }] : []),
    { part: 'plan', word: 'Plan' },
    ...(state === 'committed' || state === 'undone' ? [{ part: 'receipt', word: 'Receipt' }] : []),
  ]
  return (
    <span className="no-print flex flex-wrap justify-end gap-x-3 sm:justify-start">
      {files.map(({ part, word }) => (
        <a key={part} href={`/imports/${id}/${part}`} download className="inline-block py-0.5">
          {word}
          <span className="sr-only">
            {' '}
            of <bdi>{fileName}</bdi>
          </span>
        </a>
      ))}
    </span>
  )
}

function State({ word, tone }: ReturnType<typeof stateWord>) {
  return <Badge tone={tone}>{word}</Badge>
}
