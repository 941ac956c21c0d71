import { ActionForm, type FormProblem } from '@/components/imports/action-form'
import { CountsStrip } from '@/components/imports/counts-strip'
import { IgnoredList } from '@/components/imports/ignored-list'
import { changesNothing, commitWords, stateWords, summaryWords } from '@/components/imports/import-words'
import { ProblemList } from '@/components/imports/problem-list'
import { studentsWritten } from '@/components/imports/review-rows'
import { ReviewTable } from '@/components/imports/review-table'
import { Alert } from '@/components/ui/alert'
import { Badge } from '@/components/ui/badge'
import { ButtonLink, DownloadLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { countOf, type Format, formatInstant, formatNumber } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import type { ImportReview, ImportSummary } from '@/lib/imports/views'

type FormAction = (state: FormProblem, form: FormData) => Promise<FormProblem>

/** An import before it is decided: what it would do, what it cannot use, and the two ways on. */
export function ImportReviewView({
  review,
  commit,
  discard,
  idempotencyKey,
  isReadOnly,
  rowOffset,
  format,
}: Readonly<{
  review: ImportReview
  commit: FormAction
  discard: FormAction
  idempotencyKey: string
  isReadOnly: boolean
  rowOffset: number
  format: Format
}>) {
  const { summary, planHash, warnings, ignored } = review
  const { counts, state, id } = summary
  const blocking = review.problems.filter(({ severity }) => severity === 'block')
  const listed = review.problems.filter(({ severity }) => severity !== 'block')
  const isEmpty = changesNothing(counts)
  const isOpen = state === 'planned' || state === 'blocked'
  const hidden = { importId: id, idempotencyKey }
  return (
    <>
      <PageHeader title={titleOf(summary, isEmpty)} facts={<ImportFacts summary={summary} format={format} />} />

      {blocking.length > 0 && (
        <Section id="blocking" title="Answer this first">
          <Alert tone="watch" title="Nothing can be written yet">
            <p>Upload the file again and say how to read it, or mend it in your spreadsheet first.</p>
          </Alert>
          <ProblemList problems={blocking} format={format} />
          <div className="no-print">
            <ButtonLink href={`/imports/new?class=${summary.classId}&answer=1`} look="primary">
              Upload it again with an answer
            </ButtonLink>
          </div>
        </Section>
      )}
      {warnings.length > 0 && (
        <Alert tone="watch" title="Please check">
          <ul className="grid gap-1">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Alert>
      )}
      <CountsStrip
        format={format}
        counts={[
          { label: 'new grades', count: counts.cellsNew },
          { label: 'changed grades', count: counts.cellsChanged },
          { label: 'cleared grades', count: counts.cellsCleared, isBad: true },
          { label: 'the same as now', count: counts.cellsUnchanged },
          { label: 'grades left out', count: counts.cellsRejected, isBad: true },
          { label: 'rows left out', count: counts.rowsRejected, isBad: true },
          { label: 'new assignments', count: counts.assignmentsNew },
          { label: 'new students', count: counts.studentsNew },
        ]}
      />

      {isEmpty && state === 'planned' && (
        <Alert tone="info" title="0 changes">
          <p>Everything in this file is already in the gradebook. There is nothing to write.</p>
        </Alert>
      )}
      {state === 'discarded' && (
        <Alert tone="info" title="This import was discarded">
          <p>Nothing of it was written. Upload the file again if you still need it.</p>
        </Alert>
      )}
      {isOpen && isReadOnly && (
        <Alert tone="watch" title="This school can only be read right now">
          <p>The import waits here. It can be written when the district opens the school.</p>
        </Alert>
      )}
      {isOpen && !isReadOnly && (
        <div className="no-print flex flex-wrap items-start gap-3">
          {state === 'planned' && !isEmpty && (
            <ActionForm action={commit} hidden={{ ...hidden, planHash }} pendingText="Writing…">
              {commitWords(counts, studentsWritten(review, rowOffset), format)}
            </ActionForm>
          )}
          <ActionForm action={discard} hidden={{ importId: id }} look="quiet" pendingText="Discarding…">
            {isEmpty ? 'Close this import' : 'Discard, write nothing'}
          </ActionForm>
          {isEmpty && <ButtonLink href={`/classes/${summary.classId}`}>Open the gradebook</ButtonLink>}
        </div>
      )}

      {listed.length > 0 && <LeftOut review={review} format={format} />}
      {!isEmpty && (
        <Section
          id="changes"
          title="What will change"
          aside={<span className="text-sm text-ink-soft">{summaryWords(counts, format)}</span>}
        >
          <Changes review={review} rowOffset={rowOffset} format={format} />
        </Section>
      )}
      {ignored.length > 0 && <IgnoredList parts={ignored} format={format} />}
    </>
  )
}

/** The part of the changes this page holds; a large file has more, those without a change last. */
export function Changes({ review, rowOffset, format }: Readonly<{ review: ImportReview; rowOffset: number; format: Format }>) {
  const { columns, rows, rowCount, summary } = review
  const end = rowOffset + rows.length
  return (
    <>
      <ReviewTable review={{ columns, rows }} format={format} />
      {rows.length < rowCount && (
        <nav aria-label="Students of this file" className="no-print flex flex-wrap items-center gap-2">
          <p className="text-sm text-ink-soft">
            Students {formatNumber(rowOffset + 1, format)} to {formatNumber(end, format)} of {formatNumber(rowCount, format)},
            those with changes first.
          </p>
          {rowOffset > 0 && <ButtonLink href={`/imports/${summary.id}`}>Back to the first</ButtonLink>}
          {end < rowCount && <ButtonLink href={`/imports/${summary.id}?from=${end}`}>Next students</ButtonLink>}
        </nav>
      )}
    </>
  )
}

/** Problems that do not stop the import, with the left-out rows as a file to mend. */
export function LeftOut({ review, format }: Readonly<{ review: ImportReview; format: Format }>) {
  const { problems, summary } = review
  const listed = problems.filter(({ severity }) => severity !== 'block')
  const hasRejects = summary.counts.rowsRejected + summary.counts.cellsRejected > 0
  return (
    <Section id="problems" title={countOf(listed.length, 'thing to check', 'things to check', format)}>
      <ProblemList problems={listed} format={format} />
      {hasRejects && (
        <div className="no-print">
          <DownloadLink href={`/imports/${summary.id}/rejects`}>Download the left-out rows</DownloadLink>
        </div>
      )}
    </Section>
  )
}

/** Which file, read as what, for which class and term, by whom and when. */
export function ImportFacts({ summary, format }: Readonly<{ summary: ImportSummary; format: Format }>) {
  const { state, fileName, sourceLabel, className, termName, actorName, createdAt } = summary
  return (
    <>
      <Badge tone={stateWords[state].tone}>{stateWords[state].word}</Badge> <bdi>{fileName}</bdi> ({sourceLabel}) for{' '}
      <bdi>{className}</bdi>, {termName}, uploaded by <bdi>{actorName}</bdi> on {formatInstant(createdAt, format)}
    </>
  )
}

function titleOf({ state }: ImportSummary, isEmpty: boolean): string {
  if (state === 'discarded') return 'Discarded import'
  if (state === 'blocked') return 'This file has a question'
  return isEmpty ? 'Nothing to change' : 'Check what will change'
}
