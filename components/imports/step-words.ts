import { countOf, type Format } from '@/components/ui/format'
import type { StepState, WizardStep } from '@/lib/imports/wizard-views'

/** The steps as people read them, from the file on the disk to the receipt. */
export const stepNames = {
  drop: 'Drop',
  shape: 'Shape',
  map: 'Map',
  fix: 'Fix',
  review: 'Review',
  done: 'Done',
} as const satisfies Readonly<Record<WizardStep | 'drop' | 'done', string>>

/** The heading of each step's page. */
export const stepTitles: Readonly<Record<WizardStep, string>> = {
  shape: 'How the file is read',
  map: 'What each column is',
  fix: 'What needs your answer',
  review: 'Check what will change',
}

/** How a step stands, in words. */
export function stateOfStep({ step, state, count }: StepState, format: Format): string {
  if (state === 'later')
    return count > 0 ? `${countOf(count, 'question', 'questions', format)} later` : 'waits for an earlier step'
  if (state === 'open') return countOf(count, 'question', 'questions', format)
  if (count > 0) return countOf(count, 'thing to check', 'things to check', format)
  return step === 'review' ? 'ready for you' : 'nothing open'
}
