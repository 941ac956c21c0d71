import { IgnoredList } from '@/components/imports/ignored-list'
import { ImportFacts, LeftOut } from '@/components/imports/import-review'
import { summaryWords } from '@/components/imports/import-words'
import { ReviewTable } from '@/components/imports/review-table'
import { UndoPanel, type UndoState } from '@/components/imports/undo-panel'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { DataTable } from '@/components/ui/data-table'
import { type Format, formatInstant } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import type { ImportReceipt, ImportReview } from '@/lib/imports/views'

/** An import after it was written: what it did, who crossed a letter, and the way back. */
export function ImportReceiptView({
  review,
  receipt,
  undo,
  idempotencyKey,
  isReadOnly,
  format,
}: Readonly<{
  review: ImportReview
  receipt: ImportReceipt
  undo: (state: UndoState, form: FormData) => Promise<UndoState>
  idempotencyKey: string
  isReadOnly: boolean
  format: Format
}>) {
  const { summary, columns, rows, ignored, problems } = review
  const isUndone = summary.state === 'undone'
  const done = `${summaryWords(receipt.counts, format)}.`
  return (
    <>
      <PageHeader
        title={isUndone ? 'Undone import' : 'Import written'}
        facts={<ImportFacts summary={summary} format={format} />}
        actions={
          <ButtonLink href={`/classes/${summary.classId}`} look="primary">
            Open the gradebook
          </ButtonLink>
        }
      />
      {isUndone ? (
        <Alert tone="info" title={`Undone${summary.undoneAt === null ? '' : ` on ${formatInstant(summary.undoneAt, format)}`}`}>
          <p>The grades are as they were before this import, except those somebody changed after it. It had written: {done}</p>
        </Alert>
      ) : (
        <Alert
          tone="good"
          title={`Written${summary.committedAt === null ? '' : ` on ${formatInstant(summary.committedAt, format)}`}`}
        >
          <p>{done}</p>
        </Alert>
      )}
      <UndoPanel
        action={undo}
        importId={summary.id}
        idempotencyKey={idempotencyKey}
        canUndo={summary.canUndo && !isReadOnly}
        until={summary.undoUntil === null ? null : formatInstant(summary.undoUntil, format)}
        format={format}
      />
      {receipt.crossed.length > 0 && (
        <Section id="crossed" title="Students whose letter changed">
          <DataTable
            caption="Students whose letter changed"
            items={receipt.crossed}
            keyOf={({ studentId }) => studentId}
            columns={[
              { heading: 'Student', cell: ({ name }) => <bdi>{name}</bdi> },
              { heading: 'Before', cell: ({ from }) => <bdi>{from ?? 'none'}</bdi> },
              { heading: 'After', cell: ({ to }) => <bdi>{to ?? 'none'}</bdi> },
            ]}
          />
        </Section>
      )}
      {problems.some(({ severity }) => severity !== 'block') && <LeftOut review={review} format={format} />}
      {rows.length > 0 && (
        <Section id="changes" title="What this import wrote">
          <ReviewTable review={{ columns, rows }} format={format} />
        </Section>
      )}
      {ignored.length > 0 && <IgnoredList parts={ignored} format={format} />}
    </>
  )
}
