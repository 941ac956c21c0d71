import type { ReactNode } from 'react'

type Tone = 'info' | 'good' | 'watch' | 'bad'

const tones: Readonly<Record<Tone, { box: string; sign: string }>> = {
  info: { box: 'border-accent bg-accent-soft', sign: 'i' },
  good: { box: 'border-good bg-good-soft', sign: '✓' },
  watch: { box: 'border-watch bg-watch-soft', sign: '!' },
  bad: { box: 'border-bad bg-bad-soft', sign: '×' },
}

/** Something to know: what happened, then what to do. `isLive` announces it when it appears after an action. */
export function Alert({
  tone,
  title,
  isLive = false,
  children,
}: Readonly<{ tone: Tone; title: string; isLive?: boolean; children?: ReactNode }>) {
  return (
    <div role={isLive ? 'alert' : undefined} className={`flex gap-3 rounded-md border-s-4 px-4 py-3 ${tones[tone].box}`}>
      <span aria-hidden="true" className="font-bold">
        {tones[tone].sign}
      </span>
      <div className="grid min-w-0 gap-1">
        <p className="font-semibold">{title}</p>
        {children}
      </div>
    </div>
  )
}
