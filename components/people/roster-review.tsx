import { ActionForm, type FormProblem } from '@/components/imports/action-form'
import { CountsStrip } from '@/components/imports/counts-strip'
import { RosterChanges } from '@/components/people/roster-changes'
import { RosterFacts, RosterLeftOut, UnknownTeachers } from '@/components/people/roster-parts'
import { changesAnything, removalText, stripCounts } from '@/components/people/roster-words'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import type { Format } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import type { RosterReview } from '@/lib/rosters/views'

type Act = (state: FormProblem, form: FormData) => Promise<FormProblem>

/** A roster before it is written: the numbers first, then what goes, what is wrong, and every change. */
export function RosterReviewView({
  review,
  commit,
  discard,
  idempotencyKey,
  isReadOnly,
  pageSize,
  format,
}: Readonly<{
  review: RosterReview
  commit: Act
  discard: Act
  idempotencyKey: string
  isReadOnly: boolean
  pageSize: number
  format: Format
}>) {
  const { summary } = review
  const path = `/people/import/${summary.id}`
  const isOpen = summary.state === 'planned' && !isReadOnly
  const hasChanges = changesAnything(summary.counts)
  return (
    <>
      <PageHeader title={titleOf(review, hasChanges)} facts={<RosterFacts summary={summary} format={format} />} />
      {isReadOnly && (
        <Alert tone="watch" title="This school can only be read right now">
          <p>The roster can be written when the district opens the school again.</p>
        </Alert>
      )}
      {!hasChanges && (
        <Alert tone="good" title="0 changes">
          <p>Everything in the file that could be read is at the school already.</p>
        </Alert>
      )}
      <CountsStrip counts={stripCounts(summary.counts)} format={format} />
      <Removals review={review} format={format} />
      <UnknownTeachers review={review} format={format} />
      {isOpen && (
        <div className="no-print flex flex-wrap items-start gap-3">
          {hasChanges && <Write review={review} commit={commit} idempotencyKey={idempotencyKey} />}
          <ActionForm action={discard} hidden={{ rosterId: summary.id }} look="quiet" pendingText="Discarding…">
            Discard it
          </ActionForm>
        </div>
      )}
      {hasChanges && (
        <Section id="changes" title="Every change">
          <RosterChanges path={path} review={review} pageSize={pageSize} format={format} />
        </Section>
      )}
      <RosterLeftOut review={review} format={format} />
    </>
  )
}

function titleOf({ summary }: RosterReview, hasChanges: boolean): string {
  if (summary.state === 'discarded') return 'Discarded roster'
  return hasChanges ? 'Check what will change' : 'Nothing to change'
}

function Write({ review, commit, idempotencyKey }: Readonly<{ review: RosterReview; commit: Act; idempotencyKey: string }>) {
  const { summary, planHash, numberToRepeat } = review
  if (numberToRepeat !== null) {
    return (
      <ButtonLink href={`/people/import/${summary.id}/confirm`} look="primary" prefetch={false}>
        Go on to the second question
      </ButtonLink>
    )
  }
  return (
    <ActionForm action={commit} hidden={{ rosterId: summary.id, planHash, idempotencyKey }} pendingText="Writing…">
      Write these changes
    </ActionForm>
  )
}

/** What goes; loud where it is more than a tenth. */
function Removals({ review, format }: Readonly<{ review: RosterReview; format: Format }>) {
  const going = review.removals.filter(({ removed }) => removed > 0)
  if (going.length === 0) return null
  const isLarge = review.numberToRepeat !== null
  return (
    <Alert tone={isLarge ? 'bad' : 'info'} title={isLarge ? 'More than a tenth would go' : 'Some would go'}>
      <ul className="list-disc ps-5">
        {going.map((removal) => (
          <li key={removal.kind} className={removal.isLarge ? 'font-semibold' : ''}>
            <bdi>{removalText(removal, format)}</bdi>
          </li>
        ))}
      </ul>
      <p>Nothing is deleted: grades and history stay, and it can be undone for 30 days.</p>
      {isLarge && (
        <p>A file of another school, or one that was cut off, looks just like this. You will be asked a second time.</p>
      )}
    </Alert>
  )
}
