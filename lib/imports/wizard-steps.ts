/** Which step of the wizard an open question belongs to, and where the teacher should be. Pure. */
import type { ImportProblem } from './views'
import { type StepState, type WizardStep, wizardSteps } from './wizard-views'

const shapeCodes = new Set(['ask_numbers', 'ask_dates', 'ask_part', 'other_sheets', 'encoding_doubt', 'nul_bytes'])
const mapCodes = new Set([
  ...['ask_identity', 'no_identity_column', 'no_assignment_column', 'no_students', 'values_not_kept', 'points_assumed'],
  ...[
    'same_title',
    'ambiguous_assignment',
    'same_assignment',
    'chosen_assignment_gone',
    'bad_points',
    'bad_date',
    'unknown_month',
  ],
])
/** Settled cell by cell at the review. */
const reviewCodes = new Set(['changed_by_hand', 'graded_since_export', 'older_value'])

/** The step a problem is shown and settled at. What is counted beyond the list belongs where its kind does. */
export function stepOf({ code }: Pick<ImportProblem, 'code'>): WizardStep {
  const kind = code.replace(/^more_/, '')
  if (shapeCodes.has(kind)) return 'shape'
  if (mapCodes.has(kind)) return 'map'
  return reviewCodes.has(kind) ? 'review' : 'fix'
}

/** How each step stands: the first with an open question is open, what follows it comes later. A done step counts what it mentions. */
export function stepsOf(problems: readonly ImportProblem[]): readonly StepState[] {
  const first = firstOpen(problems)
  return wizardSteps.map((step): StepState => {
    const own = problems.filter((problem) => stepOf(problem) === step)
    const open = own.filter(({ severity }) => severity === 'block').length
    if (open > 0 && step === first) return { step, state: 'open', count: open }
    const isLater = first !== null && wizardSteps.indexOf(step) > wizardSteps.indexOf(first)
    return { step, state: isLater ? 'later' : 'done', count: isLater ? open : own.length }
  })
}

/** The first step with something open, or the review. */
export function nextStep(problems: readonly ImportProblem[]): WizardStep {
  return firstOpen(problems) ?? 'review'
}

function firstOpen(problems: readonly ImportProblem[]): WizardStep | null {
  const open = new Set(problems.flatMap((problem) => (problem.severity === 'block' ? [stepOf(problem)] : [])))
  return wizardSteps.find((step) => open.has(step)) ?? null
}
