import Link from 'next/link'
import { stateOfStep, stepNames } from '@/components/imports/step-words'
import type { Format } from '@/components/ui/format'
import type { StepState, WizardStep } from '@/lib/imports/wizard-views'

type Item = Readonly<{ name: string; href: string | null; words: string; tone: 'done' | 'open' | 'later'; isCurrent: boolean }>

/** The steps of one import. Each says how it stands and can be opened at any time; the shown one is marked. */
export function Stepper({
  importId,
  classId,
  steps,
  current,
  format,
}: Readonly<{
  importId: string
  classId: string
  steps: readonly StepState[]
  current: WizardStep
  format: Format
}>) {
  const between = steps.map((step) => ({
    name: stepNames[step.step],
    href: `/imports/${importId}?step=${step.step}`,
    words: stateOfStep(step, format),
    tone: step.state,
    isCurrent: step.step === current,
  }))
  const drop = { name: stepNames.drop, href: `/imports/new?class=${classId}`, words: 'file read', tone: 'done' } as const
  const done = { name: stepNames.done, href: null, words: 'after you write', tone: 'later' } as const
  return <StepList items={[{ ...drop, isCurrent: false }, ...between, { ...done, isCurrent: false }]} />
}

/** The steps while no file is there yet. */
export function DropStepper() {
  const later = (['shape', 'map', 'fix', 'review', 'done'] as const).map((step) => ({
    ...{ name: stepNames[step], href: null, words: 'after the file', tone: 'later', isCurrent: false },
  }))
  const drop = { name: stepNames.drop, href: null, words: 'choose a file', tone: 'open', isCurrent: true } as const
  return <StepList items={[drop, ...later.map((item) => ({ ...item, tone: 'later' as const }))]} />
}

/** The steps of an import that was written: all behind it, and none to be opened again. */
export function DoneStepper({ isUndone }: Readonly<{ isUndone: boolean }>) {
  const past = (['drop', 'shape', 'map', 'fix', 'review'] as const).map((step) => ({
    ...{ name: stepNames[step], href: null, words: 'done', isCurrent: false },
    tone: 'done' as const,
  }))
  const words = isUndone ? 'undone' : 'written'
  return <StepList items={[...past, { name: stepNames.done, href: null, words, tone: 'done', isCurrent: true }]} />
}

const discs = { done: '✓', open: '•', later: '' } as const

function StepList({ items }: Readonly<{ items: readonly Item[] }>) {
  return (
    <nav aria-label="Steps of this import" className="no-print">
      <ol className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-3 lg:grid-cols-6">
        {items.map((item, index) => (
          <li key={item.name} className={`flex ${item.isCurrent ? 'bg-accent-soft' : 'bg-surface'}`}>
            <StepBody {...item} number={index + 1} />
          </li>
        ))}
      </ol>
    </nav>
  )
}

function StepBody({ name, href, words, tone, isCurrent, number }: Item & Readonly<{ number: number }>) {
  const body = (
    <>
      <span
        aria-hidden="true"
        className={`figures grid size-6 flex-none place-items-center rounded-full text-[0.8125rem] font-semibold ${
          isCurrent ? 'bg-accent text-on-accent' : 'text-ink-soft shadow-[inset_0_0_0_1px_var(--line-strong)]'
        }`}
      >
        {tone === 'done' && !isCurrent ? discs.done : number}
      </span>
      <span className="grid min-w-0">
        <span className={isCurrent ? 'font-semibold text-ink' : 'font-medium text-ink'}>{name}</span>
        <span className={`text-[0.8125rem] leading-5 ${tone === 'open' && !isCurrent ? 'text-watch' : 'text-ink-soft'}`}>
          <bdi>{words}</bdi>
        </span>
      </span>
    </>
  )
  const shape = 'flex min-h-14 min-w-0 flex-1 items-center gap-2.5 px-3 py-2 no-underline'
  if (href === null)
    return (
      <span aria-current={isCurrent ? 'step' : undefined} className={shape}>
        {body}
      </span>
    )
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isCurrent ? 'step' : undefined}
      className={`${shape} hover:bg-accent-soft focus-visible:-outline-offset-2`}
    >
      {body}
    </Link>
  )
}
