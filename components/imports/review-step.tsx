import { ActionForm, type FormProblem } from '@/components/imports/action-form'
import { Changes } from '@/components/imports/changes'
import { ConflictList } from '@/components/imports/conflict-list'
import { CountsStrip } from '@/components/imports/counts-strip'
import { Crossings } from '@/components/imports/crossings'
import { IgnoredList } from '@/components/imports/ignored-list'
import { changesNothing, commitWords, summaryWords } from '@/components/imports/import-words'
import { LeftOut } from '@/components/imports/left-out'
import { lookAddress, type ReviewLook } from '@/components/imports/review-address'
import type { WizardAction } from '@/components/imports/wizard-form'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { countOf, type Format } from '@/components/ui/format'
import type { ImportCounts, ReviewPage } from '@/lib/imports/views'
import type { ConflictCell, WizardStep, WizardView } from '@/lib/imports/wizard-views'

type FormAction = (state: FormProblem, form: FormData) => Promise<FormProblem>

/** The step Review: what the import would do, cell by cell, and the button that does exactly that. */
export function ReviewStep({
  review,
  conflicts,
  conflictCounts,
  next,
  look,
  path,
  actions,
  hidden,
  idempotencyKey,
  isReadOnly,
  format,
}: Readonly<{
  review: ReviewPage
  conflicts: readonly ConflictCell[]
  conflictCounts: WizardView['conflictCounts']
  /** The first step with something open. */
  next: WizardStep
  look: ReviewLook
  path: string
  actions: Readonly<{ commit: FormAction; reread: WizardAction }>
  hidden: Readonly<Record<string, string>>
  idempotencyKey: string
  isReadOnly: boolean
  format: Format
}>) {
  const { summary, planHash, warnings, ignored, overview } = review
  const { counts, state, id, classId } = summary
  const isEmpty = changesNothing(counts)
  return (
    <>
      {state === 'blocked' && <Blocked review={review} next={next} format={format} />}
      {warnings.length > 0 && (
        <Alert tone="watch" title="Please check">
          <ul className="grid gap-1">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Alert>
      )}
      <Counts counts={counts} format={format} />
      {counts.cellsCleared > 0 && (
        <Alert tone="bad" title={`${countOf(counts.cellsCleared, 'grade goes away', 'grades go away', format)}`}>
          <p>They are marked “cleared” in red below. If you do not want that, change the answer for empty cells in Fix.</p>
        </Alert>
      )}
      {isEmpty && state === 'planned' && (
        <Alert tone="info" title="0 changes">
          <p>Everything in this file is already in the gradebook. There is nothing to write.</p>
        </Alert>
      )}
      {isReadOnly && (
        <Alert tone="watch" title="This school can only be read right now">
          <p>The import waits here. It can be written when the district opens the school.</p>
        </Alert>
      )}
      {!isReadOnly && state === 'planned' && (
        <div className="no-print flex flex-wrap items-start gap-3">
          {isEmpty ? (
            <ButtonLink href={`/classes/${classId}`}>Open the gradebook</ButtonLink>
          ) : (
            <ActionForm action={actions.commit} hidden={{ importId: id, planHash, idempotencyKey }} pendingText="Writing…">
              {commitWords(counts, overview.studentsWritten, format)}
            </ActionForm>
          )}
        </div>
      )}
      {conflicts.length > 0 && (
        <ConflictList
          conflicts={conflicts}
          counts={conflictCounts}
          from={look.conflictsFrom}
          addressOf={(conflictsFrom) => lookAddress(path, { ...look, conflictsFrom })}
          action={actions.reread}
          hidden={hidden}
          isReadOnly={isReadOnly}
          format={format}
        />
      )}
      <Crossings crossings={overview.crossings} format={format} />
      {!isEmpty && (
        <Section
          id="changes"
          title="What will change"
          aside={<span className="text-sm text-ink-soft">{summaryWords(counts, format)}</span>}
        >
          <Changes review={review} look={look} path={path} format={format} />
        </Section>
      )}
      <LeftOut review={review} format={format} />
      {ignored.length > 0 && <IgnoredList parts={ignored} format={format} />}
    </>
  )
}

function Blocked({ review, next, format }: Readonly<{ review: ReviewPage; next: WizardStep; format: Format }>) {
  const { summary, problems } = review
  const blocking = problems.filter(({ severity }) => severity === 'block')
  return (
    <Alert tone="watch" title="Nothing can be written yet">
      <p>{countOf(blocking.length, 'question needs', 'questions need', format)} your answer first.</p>
      <div className="no-print">
        <ButtonLink href={`/imports/${summary.id}?step=${next}`} look="primary">
          Answer it
        </ButtonLink>
      </div>
    </Alert>
  )
}

/** The numbers of an import, what is bad in red when it happens. */
export function Counts({ counts, format }: Readonly<{ counts: ImportCounts; format: Format }>) {
  return (
    <CountsStrip
      format={format}
      counts={[
        { label: 'new grades', one: 'new grade', count: counts.cellsNew },
        { label: 'changed grades', one: 'changed grade', count: counts.cellsChanged },
        { label: 'cleared grades', one: 'cleared grade', count: counts.cellsCleared, isBad: true },
        { label: 'the same as now', count: counts.cellsUnchanged },
        { label: 'grades left out', one: 'grade left out', count: counts.cellsRejected, isBad: true },
        { label: 'rows left out', one: 'row left out', count: counts.rowsRejected, isBad: true },
        { label: 'new assignments', one: 'new assignment', count: counts.assignmentsNew },
        { label: 'new students', one: 'new student', count: counts.studentsNew },
      ]}
    />
  )
}
