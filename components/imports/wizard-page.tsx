import type { ReactNode } from 'react'
import { ActionForm, type FormProblem } from '@/components/imports/action-form'
import { ImportFacts } from '@/components/imports/import-facts'
import { changesNothing } from '@/components/imports/import-words'
import { stepNames } from '@/components/imports/step-words'
import { Stepper } from '@/components/imports/stepper'
import { WizardNotice } from '@/components/imports/wizard-notice'
import { ButtonLink } from '@/components/ui/button'
import type { Format } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import { type StepState, type WizardStep, wizardSteps } from '@/lib/imports/wizard-views'
import type { ImportSummary } from '@/lib/imports/views'

/** The frame of a step: which import, where in the wizard, the step itself, and the ways on, back and out. */
export function WizardPage({
  title,
  version,
  summary,
  steps,
  current,
  discard,
  isReadOnly,
  format,
  children,
}: Readonly<{
  title: string
  /** The plan's hash: another one when the import reads another way. */
  version: string
  summary: ImportSummary
  steps: readonly StepState[]
  current: WizardStep
  discard: (state: FormProblem, form: FormData) => Promise<FormProblem>
  isReadOnly: boolean
  format: Format
  children: ReactNode
}>) {
  const { id, classId } = summary
  const place = wizardSteps.indexOf(current)
  const [before, next] = [wizardSteps[place - 1], wizardSteps[place + 1]]
  return (
    <>
      <PageHeader title={title} facts={<ImportFacts summary={summary} format={format} />} />
      <Stepper importId={id} classId={classId} steps={steps} current={current} format={format} />
      <WizardNotice key={current} version={version}>
        {children}
      </WizardNotice>
      <div className="no-print flex flex-wrap items-start justify-between gap-3 border-t border-line pt-4">
        <nav aria-label="Steps back and on" className="flex flex-wrap gap-3">
          {before !== undefined && <ButtonLink href={`/imports/${id}?step=${before}`}>Back: {stepNames[before]}</ButtonLink>}
          {next !== undefined && (
            <ButtonLink href={`/imports/${id}?step=${next}`} look="primary">
              Next: {stepNames[next]}
            </ButtonLink>
          )}
        </nav>
        {!isReadOnly && (
          <ActionForm action={discard} hidden={{ importId: id }} look="quiet" pendingText="Discarding…">
            {changesNothing(summary.counts) ? 'Close this import' : 'Discard, write nothing'}
          </ActionForm>
        )}
      </div>
      <p className="no-print -mt-3 text-sm text-ink-soft">
        You can close this page at any time. The import waits for you under Imports, with all your answers.
      </p>
    </>
  )
}
