import { asTable } from '@/lib/ops/table'
import type { Budget } from './budgets'
import type { Row } from './verdict'

/** The rows as a table for people. */
export function tableOf(rows: readonly Row[]): string {
  return asTable(
    rows.map(({ budget, work, against, value, min, max, verdict }) => ({
      work: budget.work,
      against: budget.against,
      measured: measuredOf(budget, work, against),
      value: shown(budget, value),
      'min..max': min === null || max === null ? '' : `${figures(min)}..${figures(max)}`,
      floor: budget.floor === null ? '' : figures(budget.floor),
      goal: budget.goal === null ? '' : figures(budget.goal),
      verdict,
    })),
    'Nothing was measured.',
  )
}

/** Milliseconds or whatever both sides are in: for curiosity only, they depend on the machine. */
function measuredOf({ unit }: Budget, work: number | null, against: number | null): string {
  if (work === null || against === null) return ''
  return unit === 'times' ? `${figures(work)} / ${figures(against)} ms` : `${figures(work)} / ${figures(against)} ${unit}`
}

function shown({ unit }: Budget, value: number | null): string {
  if (value === null) return '-'
  return unit === 'times' ? figures(value) : `${figures(value)} ${unit}`
}

/** Three significant figures, never as a power of ten. */
function figures(value: number): string {
  return Number(value.toPrecision(3)).toString()
}
