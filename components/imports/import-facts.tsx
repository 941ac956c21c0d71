import { stateWord } from '@/components/imports/import-words'
import { Badge } from '@/components/ui/badge'
import { type Format, formatInstant } from '@/components/ui/format'
import type { ImportSummary } from '@/lib/imports/views'

/** Which file, read as what, for which class and term, by whom and when. */
export function ImportFacts({ summary, format }: Readonly<{ summary: ImportSummary; format: Format }>) {
  const { fileName, sourceLabel, className, termName, actorName, createdAt } = summary
  const { word, tone } = stateWord(summary)
  return (
    <>
      <Badge tone={tone}>{word}</Badge> <bdi>{fileName}</bdi> ({sourceLabel}) for <bdi>{className}</bdi>, <bdi>{termName}</bdi>,
      uploaded by <bdi>{actorName}</bdi> on {formatInstant(createdAt, format)}
    </>
  )
}
