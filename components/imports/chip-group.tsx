import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import type { Chip } from '@/lib/imports/wizard-views'

/**
 * The ways of reading one thing as buttons of the form around them: one press reads the file that way, with scripts and without.
 * Each shows a piece of the file as it would read.
 */
export function ChipGroup({ name, label, hint, chip }: Readonly<{ name: string; label: string; hint?: ReactNode; chip: Chip }>) {
  const id = `chips-${name}`
  return (
    <fieldset
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      className="grid min-w-0 content-start gap-2 rounded-lg border border-line bg-surface p-4"
    >
      <legend className="float-start flex w-full flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
        {label}
        <Badge tone={chip.isChosen ? 'accent' : 'plain'}>{chip.isChosen ? 'You chose this' : 'Found in the file'}</Badge>
      </legend>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="clear-both text-sm text-ink-soft">
          {hint}
        </p>
      )}
      <div className="clear-both flex flex-wrap gap-2">
        {chip.options.map(({ value, label: text, sample }) => (
          <ChipButton key={value} name={`set.${name}`} value={value} isOn={value === chip.value} sample={sample}>
            {text}
          </ChipButton>
        ))}
      </div>
      {chip.isChosen && (
        <div>
          <button type="submit" name={`set.${name}`} value="" className="min-h-8 text-sm text-accent underline">
            Let the file decide<span className="sr-only"> about: {label}</span>
          </button>
        </div>
      )}
    </fieldset>
  )
}

function ChipButton({
  name,
  value,
  isOn,
  sample,
  children,
}: Readonly<{ name: string; value: string; isOn: boolean; sample: string | null; children: ReactNode }>) {
  return (
    <button
      type="submit"
      name={name}
      value={value}
      aria-pressed={isOn}
      className={`grid min-h-10 max-w-full content-center rounded-md px-3 py-1.5 text-start leading-snug ${
        isOn
          ? 'bg-accent-soft text-accent-strong shadow-[inset_0_0_0_2px_var(--accent)]'
          : 'bg-surface text-ink shadow-[inset_0_0_0_1px_var(--line-strong)] hover:bg-accent-soft'
      }`}
    >
      <span className="flex items-baseline gap-1.5 font-medium">
        {isOn && <span aria-hidden="true">✓</span>}
        {children}
      </span>
      {sample !== null && (
        <span className="min-w-0 text-sm text-ink-soft [overflow-wrap:anywhere]">
          <span className="sr-only">, reads as </span>
          <bdi>{sample}</bdi>
        </span>
      )}
    </button>
  )
}
