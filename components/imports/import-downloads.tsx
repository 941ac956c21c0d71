import { DownloadLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { type Format, formatInstant } from '@/components/ui/format'
import type { OriginalState } from '@/lib/imports/downloads'

/** What can be downloaded of an import: the file as it came, what was planned, what was done, and what was left out. */
export function ImportDownloads({
  importId,
  original: { isKept, isRedacted, expiresAt },
  isWritten,
  hasRejects,
  format,
}: Readonly<{
  importId: string
  original: OriginalState
  isWritten: boolean
  hasRejects: boolean
  format: Format
}>) {
  return (
    <Section id="downloads" title="Downloads">
      <div className="no-print flex flex-wrap gap-2">
        {isKept && <DownloadLink href={`/imports/${importId}/original`}>The file you uploaded</DownloadLink>}
        {hasRejects && <DownloadLink href={`/imports/${importId}/rejects`}>The left-out rows</DownloadLink>}
        <DownloadLink href={`/imports/${importId}/plan`}>The plan</DownloadLink>
        {isWritten && <DownloadLink href={`/imports/${importId}/receipt`}>The receipt</DownloadLink>}
      </div>
      <p className="max-w-prose text-sm text-ink-soft">
        {isKept
          ? `The file is kept locked until ${expiresAt === null ? 'its 90 days are over' : formatInstant(expiresAt, format)}, then deleted.`
          : 'The file you uploaded was deleted after 90 days. The plan and the receipt stay.'}
        {isKept && isRedacted && ' What stood in private columns is not in it: it was never kept.'}
      </p>
    </Section>
  )
}
