import { redirect } from 'next/navigation'
import { randomUUID } from 'node:crypto'
import { seen } from '@/app/seen'
import { ActionForm } from '@/components/imports/action-form'
import { FileGone } from '@/components/imports/file-gone'
import { FixStep } from '@/components/imports/fix-step'
import { ImportFacts } from '@/components/imports/import-facts'
import { changesNothing } from '@/components/imports/import-words'
import { MapStep } from '@/components/imports/map-step'
import { ProgressEnded } from '@/components/imports/progress-ended'
import { readLook, readPlace } from '@/components/imports/review-address'
import { ReviewStep } from '@/components/imports/review-step'
import { rowsPerPage } from '@/components/imports/review-table'
import { ShapeStep } from '@/components/imports/shape-step'
import { stepTitles } from '@/components/imports/step-words'
import { WizardPage } from '@/components/imports/wizard-page'
import { PageHeader } from '@/components/ui/page-header'
import { loadOriginalState } from '@/lib/imports/downloads'
import { loadSummary } from '@/lib/imports/load-summary'
import { loadReviewPage, type ReviewSlice } from '@/lib/imports/review'
import type { ReviewPage } from '@/lib/imports/views'
import { loadWizard, loadWizardReview } from '@/lib/imports/wizard'
import { stepOf } from '@/lib/imports/wizard-steps'
import { type WizardStep, type WizardView, wizardSteps } from '@/lib/imports/wizard-views'
import { answerWizard, commitReviewed, discardReviewed, forgetColumns, rememberColumns } from '../actions'
import { formatOf, type Shown } from './shown'

/** An import that waits for its teacher: one step of it. An address without a step goes to the first with something open. */
export async function OpenImport(shown: Shown) {
  const { ctx, viewer, importId, query, progress } = shown
  const step = wizardSteps.find((each) => each === query.step)
  const [found, original] = await Promise.all([
    step === 'review'
      ? loadWizardReview(ctx, viewer, importId, sliceOf(shown))
      : loadWizard(ctx, viewer, importId).then((wizard) => wizard && { wizard, review: null }),
    seen(loadOriginalState(ctx, viewer, importId)),
  ])
  if (found === null) return <OldImport {...shown} />
  const { wizard, review } = found
  if (step === undefined) redirect(`/imports/${importId}?step=${wizard.next}`)
  const isReadOnly = ctx.status === 'read_only'
  const format = formatOf(shown)
  const title = step === 'review' && changesNothing(wizard.summary.counts) ? 'Nothing to change' : stepTitles[step]
  return (
    <WizardPage
      title={title}
      version={wizard.planHash}
      summary={wizard.summary}
      steps={wizard.steps}
      current={step}
      discard={discardReviewed}
      isReadOnly={isReadOnly}
      format={format}
    >
      <ProgressEnded progress={progress} format={format} />
      {!original.isKept && <FileGone classId={wizard.summary.classId} />}
      <Step wizard={wizard} review={review} step={step} isFixed={isReadOnly || !original.isKept} shown={shown} />
    </WizardPage>
  )
}

/** `isFixed`: nothing can be said about the file any more, or right now. */
function Step({
  wizard,
  review,
  step,
  isFixed,
  shown,
}: Readonly<{ wizard: WizardView; review: ReviewPage | null; step: WizardStep; isFixed: boolean; shown: Shown }>) {
  const { importId, query } = shown
  const path = `/imports/${importId}?step=${step}`
  const common = {
    action: answerWizard,
    hidden: { importId, step },
    isReadOnly: isFixed,
    format: formatOf(shown),
  }
  const questions = wizard.fix.groups.filter((group) => stepOf(group) === step)
  if (step === 'shape') return <ShapeStep shape={wizard.shape} questions={questions} {...common} />
  if (step === 'map') {
    const mapping = { save: rememberColumns, forget: forgetColumns }
    return (
      <MapStep
        map={wizard.map}
        questions={questions}
        path={path}
        from={readPlace(query.from) ?? 0}
        mapping={mapping}
        {...common}
      />
    )
  }
  if (step === 'fix') return <FixStep fix={wizard.fix} choices={wizard.choices} {...common} />
  return review && <Review {...wizard} review={review} path={path} shown={shown} />
}

/** The rows of the review that an address asks for. */
function sliceOf({ query }: Pick<Shown, 'query'>): ReviewSlice {
  const { from, column } = readLook(query)
  return { rowOffset: from, rowLimit: rowsPerPage, column: column ?? undefined }
}

function Review({
  review,
  conflicts,
  conflictCounts,
  next,
  path,
  shown,
}: Readonly<Pick<WizardView, 'conflicts' | 'conflictCounts' | 'next'> & { review: ReviewPage; path: string; shown: Shown }>) {
  const { ctx, importId, query } = shown
  return (
    <ReviewStep
      review={review}
      conflicts={conflicts}
      conflictCounts={conflictCounts}
      next={next}
      look={readLook(query)}
      path={path}
      actions={{ commit: commitReviewed, reread: answerWizard }}
      hidden={{ importId, step: 'review' }}
      idempotencyKey={randomUUID()}
      isReadOnly={ctx.status === 'read_only'}
      format={formatOf(shown)}
    />
  )
}

/** A plan of a release that did not keep how its file was read: it can be written or put away, but not read another way. */
async function OldImport(shown: Shown) {
  const { ctx, viewer, importId } = shown
  const [summary, review] = await Promise.all([
    seen(loadSummary(ctx, viewer, importId)),
    seen(loadReviewPage(ctx, viewer, importId, sliceOf(shown))),
  ])
  const [isReadOnly, format] = [ctx.status === 'read_only', formatOf(shown)]
  return (
    <>
      <PageHeader title={stepTitles.review} facts={<ImportFacts summary={summary} format={format} />} />
      <Review
        review={review}
        conflicts={[]}
        conflictCounts={{ all: 0, kept: 0 }}
        next="review"
        path={`/imports/${importId}`}
        shown={shown}
      />
      {!isReadOnly && (
        <ActionForm action={discardReviewed} hidden={{ importId }} look="quiet" pendingText="Discarding…">
          Discard, write nothing
        </ActionForm>
      )}
    </>
  )
}
