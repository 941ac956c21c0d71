import { textOfCell } from '@/components/gradebook/cell-words'
import { ActionForm, type FormProblem } from '@/components/imports/action-form'
import { IgnoredList } from '@/components/imports/ignored-list'
import { Changes, ImportFacts, LeftOut } from '@/components/imports/import-review'
import { summaryWords } from '@/components/imports/import-words'
import { UndoReceiptView } from '@/components/imports/undo-receipt'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { DataTable } from '@/components/ui/data-table'
import { type Format, formatInstant } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import type { ImportReceipt, ImportReview, UndoReceipt } from '@/lib/imports/views'

/** An import after it was written: what it did, what it kept, who crossed a letter, and the way back. */
export function ImportReceiptView({
  review,
  receipt,
  undone,
  undo,
  idempotencyKey,
  isReadOnly,
  rowOffset,
  format,
}: Readonly<{
  review: ImportReview
  receipt: ImportReceipt
  undone: UndoReceipt | null
  undo: (state: FormProblem, form: FormData) => Promise<FormProblem>
  idempotencyKey: string
  isReadOnly: boolean
  rowOffset: number
  format: Format
}>) {
  const { summary, rows, ignored, problems } = review
  const done = `${summaryWords(receipt.counts, format)}.`
  const canUndo = undone === null && summary.canUndo && !isReadOnly
  return (
    <>
      <PageHeader
        title={undone === null ? 'Import written' : 'Undone import'}
        facts={<ImportFacts summary={summary} format={format} />}
        actions={
          <ButtonLink href={`/classes/${summary.classId}`} look="primary">
            Open the gradebook
          </ButtonLink>
        }
      />
      {undone !== null && <UndoReceiptView receipt={undone} undoneAt={summary.undoneAt} format={format} />}
      <Alert
        tone={undone === null ? 'good' : 'info'}
        title={summary.committedAt === null ? 'Written' : `Written on ${formatInstant(summary.committedAt, format)}`}
      >
        <p>{done}</p>
      </Alert>
      {canUndo && (
        <div className="no-print grid gap-2">
          <ActionForm action={undo} hidden={{ importId: summary.id, idempotencyKey }} look="danger" pendingText="Undoing…">
            Undo this import
          </ActionForm>
          <p className="text-sm text-ink-soft">
            Puts every grade back as it was before. Grades somebody changed since then stay, and are listed.
            {summary.undoUntil !== null && ` Possible until ${formatInstant(summary.undoUntil, format)}.`}
          </p>
        </div>
      )}
      {receipt.kept.length > 0 && (
        <Section id="kept" title="Graded by somebody else in the meantime, and kept">
          <DataTable
            caption="Grades that were kept"
            items={receipt.kept}
            keyOf={({ studentName, assignmentTitle }) => `${studentName} ${assignmentTitle}`}
            columns={[
              { heading: 'Student', cell: ({ studentName }) => <bdi>{studentName}</bdi> },
              { heading: 'Assignment', cell: ({ assignmentTitle }) => <bdi>{assignmentTitle}</bdi> },
              { heading: 'Kept', cell: ({ now }) => textOfCell(now, format) },
              { heading: 'In the file', cell: ({ wanted }) => textOfCell(wanted, format) },
            ]}
          />
        </Section>
      )}
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
      {undone === null && problems.some(({ severity }) => severity !== 'block') && <LeftOut review={review} format={format} />}
      {rows.length > 0 && (
        <Section id="changes" title={undone === null ? 'What this import wrote' : 'What this import had written'}>
          <Changes review={review} rowOffset={rowOffset} format={format} />
        </Section>
      )}
      {ignored.length > 0 && <IgnoredList parts={ignored} format={format} />}
    </>
  )
}
