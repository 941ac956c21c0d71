import { ActionForm, type FormProblem } from '@/components/imports/action-form'
import { CountsStrip } from '@/components/imports/counts-strip'
import { RosterChanges } from '@/components/people/roster-changes'
import { RosterFacts, RosterLeftOut, UnknownTeachers } from '@/components/people/roster-parts'
import { rosterSummary, stripCounts } from '@/components/people/roster-words'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { countOf, type Format, formatInstant } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import type { KeptChange, RosterReview } from '@/lib/rosters/views'

const keptMax = 200

/** A roster after it was written: what it did, and the way back; after the undo, what stayed. */
export function RosterReceiptView({
  review,
  undone,
  undo,
  idempotencyKey,
  isReadOnly,
  pageSize,
  format,
}: Readonly<{
  review: RosterReview
  undone: Readonly<{ restored: number; kept: readonly KeptChange[] }> | null
  undo: (state: FormProblem, form: FormData) => Promise<FormProblem>
  idempotencyKey: string
  isReadOnly: boolean
  pageSize: number
  format: Format
}>) {
  const { summary } = review
  const written = summary.committedAt === null ? 'Written' : `Written on ${formatInstant(summary.committedAt, format)}`
  return (
    <>
      <PageHeader
        title={undone === null ? 'Roster written' : 'Undone roster'}
        facts={<RosterFacts summary={summary} format={format} />}
        actions={
          <ButtonLink href="/students" look="primary">
            See the students
          </ButtonLink>
        }
      />
      {undone !== null && <Undone undone={undone} undoneAt={summary.undoneAt} format={format} />}
      <Alert tone={undone === null ? 'good' : 'info'} title={written}>
        <p>{rosterSummary(summary.counts, format)}.</p>
      </Alert>
      {summary.canUndo && !isReadOnly && (
        <div className="no-print grid gap-2">
          <ActionForm action={undo} hidden={{ rosterId: summary.id, idempotencyKey }} look="danger" pendingText="Undoing…">
            Undo this roster
          </ActionForm>
          {summary.undoUntil !== null && (
            <p className="text-sm text-ink-soft">
              Possible until {formatInstant(summary.undoUntil, format)}. What somebody changed since stays and is listed.
            </p>
          )}
        </div>
      )}
      <UnknownTeachers review={review} format={format} />
      <CountsStrip counts={stripCounts(summary.counts)} format={format} />
      <Section id="changes" title="Every change">
        <RosterChanges path={`/people/import/${summary.id}`} review={review} pageSize={pageSize} format={format} />
      </Section>
      <RosterLeftOut review={review} format={format} />
    </>
  )
}

function Undone({
  undone: { restored, kept },
  undoneAt,
  format,
}: Readonly<{ undone: Readonly<{ restored: number; kept: readonly KeptChange[] }>; undoneAt: string | null; format: Format }>) {
  return (
    <Alert tone="good" title={undoneAt === null ? 'Undone' : `Undone on ${formatInstant(undoneAt, format)}`}>
      <p>{countOf(restored, 'change was', 'changes were', format)} taken back.</p>
      {kept.length > 0 && (
        <>
          <p>{countOf(kept.length, 'change', 'changes', format)} stayed, because somebody worked on it since:</p>
          <ul className="list-disc ps-5">
            {kept.slice(0, keptMax).map(({ kind, what, reason }) => (
              <li key={`${kind} ${what} ${reason}`}>
                <bdi>{what}</bdi>. {reason}
              </li>
            ))}
            {kept.length > keptMax && <li>{countOf(kept.length - keptMax, 'more', 'more', format)}</li>}
          </ul>
        </>
      )}
    </Alert>
  )
}
