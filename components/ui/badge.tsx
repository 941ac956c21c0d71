import type { ReactNode } from 'react'

export type BadgeTone = 'plain' | 'accent' | 'good' | 'watch' | 'bad'

const tones: Readonly<Record<BadgeTone, string>> = {
  plain: 'bg-sunken text-ink-soft shadow-[inset_0_0_0_1px_var(--line)]',
  accent: 'bg-accent-soft text-accent-strong',
  good: 'bg-good-soft text-good',
  watch: 'bg-watch-soft text-watch',
  bad: 'bg-bad-soft text-bad',
}

/** A short word about the state of a thing. The word carries the meaning; the colour only helps. */
export function Badge({ tone = 'plain', children }: Readonly<{ tone?: BadgeTone; children: ReactNode }>) {
  return (
    <span
      className={`inline-flex items-center whitespace-nowrap rounded px-2 py-0.5 text-[0.8125rem] font-medium leading-5 ${tones[tone]}`}
    >
      {children}
    </span>
  )
}
