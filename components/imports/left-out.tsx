import { ProblemList } from '@/components/imports/problem-list'
import { DownloadLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { countOf, type Format } from '@/components/ui/format'
import type { ImportReview } from '@/lib/imports/views'

/** Problems that do not stop the import, with the left-out rows as a file to mend. Nothing when there are none. */
export function LeftOut({
  review: { problems, summary },
  format,
}: Readonly<{ review: Pick<ImportReview, 'problems' | 'summary'>; format: Format }>) {
  const listed = problems.filter(({ severity }) => severity !== 'block')
  const hasRejects = summary.counts.rowsRejected + summary.counts.cellsRejected > 0
  if (listed.length === 0 && !hasRejects) return null
  return (
    <Section
      id="problems"
      title={listed.length === 0 ? 'Left-out rows' : countOf(listed.length, 'thing to check', 'things to check', format)}
    >
      <ProblemList problems={listed} format={format} />
      {hasRejects && (
        <div className="no-print">
          <DownloadLink href={`/imports/${summary.id}/rejects`}>Download the left-out rows</DownloadLink>
        </div>
      )}
    </Section>
  )
}
