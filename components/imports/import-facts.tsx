import { stateWord } from '@/components/imports/import-words'
import { Badge } from '@/components/ui/badge'
import { type Format, formatInstant } from '@/components/ui/format'
import type { ImportSummary } from '@/lib/imports/views'

/** Which file, read as what, for which class and term, by whom and when. `isBusy`: a worker is at it, so that it waits for nobody. */
export function ImportFacts({
  summary,
  isBusy = false,
  format,
}: Readonly<{ summary: ImportSummary; isBusy?: boolean; format: Format }>) {
  const { fileName, sourceLabel, className, termName, actorName, createdAt } = summary
  const { word, tone } = isBusy && summary.state !== 'reading' ? busyWord : stateWord(summary)
  return (
    <>
      <Badge tone={tone}>{word}</Badge> <bdi>{fileName}</bdi> ({sourceLabel}) for <bdi>{className}</bdi>, <bdi>{termName}</bdi>,
      uploaded by <bdi>{actorName}</bdi> on {formatInstant(createdAt, format)}
    </>
  )
}

const busyWord = { word: 'In progress', tone: 'plain' } as const
