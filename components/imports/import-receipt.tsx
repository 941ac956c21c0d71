import { textOfCell } from '@/components/gradebook/cell-words'
import { IgnoredList } from '@/components/imports/ignored-list'
import { Changes } from '@/components/imports/changes'
import { ImportDownloads } from '@/components/imports/import-downloads'
import { ImportFacts } from '@/components/imports/import-facts'
import { summaryWords } from '@/components/imports/import-words'
import { LeftOut } from '@/components/imports/left-out'
import type { ReviewLook } from '@/components/imports/review-address'
import { DoneStepper } from '@/components/imports/stepper'
import { UndoHistory } from '@/components/imports/undo-history'
import { UndoReceiptView } from '@/components/imports/undo-receipt'
import { type UndoActions, UndoSection } from '@/components/imports/undo-section'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { DataTable } from '@/components/ui/data-table'
import { type Format, formatInstant } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import type { OriginalState } from '@/lib/imports/downloads'
import type { ImportReceipt, ImportUndo, ReviewPage, UndoParts, UndoReceipt } from '@/lib/imports/views'

/** What became of a written import. */
export type DoneImport = Readonly<{
  receipt: ImportReceipt
  /** Of the whole; null while it stands. */
  undone: UndoReceipt | null
  undos: readonly ImportUndo[]
  parts: UndoParts
  /** First student whose part is shown, from 0. */
  partsFrom: number
  original: OriginalState
}>

/** An import after it was written: what it did, what it kept, who crossed a letter, and the way back. */
export function ImportReceiptView({
  review,
  done,
  actions,
  idempotencyKey,
  isReadOnly,
  look,
  path,
  format,
}: Readonly<{
  review: ReviewPage
  done: DoneImport
  actions: UndoActions
  idempotencyKey: string
  isReadOnly: boolean
  look: ReviewLook
  path: string
  format: Format
}>) {
  const { summary, rows, ignored } = review
  const { receipt, undone } = done
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
      <DoneStepper isUndone={undone !== null} />
      {undone !== null && <UndoReceiptView receipt={undone} undoneAt={summary.undoneAt} format={format} />}
      <Alert
        tone={undone === null ? 'good' : 'info'}
        title={summary.committedAt === null ? 'Written' : `Written on ${formatInstant(summary.committedAt, format)}`}
      >
        <p>{summaryWords(receipt.counts, format)}.</p>
      </Alert>
      {!isReadOnly && (
        <UndoSection
          summary={summary}
          parts={done.parts}
          from={done.partsFrom}
          path={path}
          actions={actions}
          idempotencyKey={idempotencyKey}
          format={format}
        />
      )}
      <UndoHistory undos={done.undos} format={format} />
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
      {undone === null && <LeftOut review={review} format={format} />}
      {rows.length > 0 && (
        <Section id="changes" title={undone === null ? 'What this import wrote' : 'What this import had written'}>
          <Changes review={review} look={look} path={path} format={format} />
        </Section>
      )}
      <ImportDownloads
        importId={summary.id}
        original={done.original}
        isWritten
        hasRejects={receipt.counts.rowsRejected + receipt.counts.cellsRejected > 0}
        format={format}
      />
      {ignored.length > 0 && <IgnoredList parts={ignored} format={format} />}
    </>
  )
}
