import type { Budget, BudgetId } from './budgets'

/** What was measured for a budget, a number a round: the work and what stands against it, or values by themselves. */
export type Measurement = Readonly<{ work: readonly number[]; against?: readonly number[] }>
export type Measurements = Partial<Record<BudgetId, Measurement>>

/** `good` is within the goal, `fair` between goal and floor, `noted` without either; `missing` was to be measured and was not. */
export type Verdict = 'good' | 'fair' | 'fails' | 'noted' | 'missing'

/** A row of the report. `value` is the median of the rounds, null when nothing was measured. */
export type Row = Readonly<{
  budget: Budget
  work: number | null
  against: number | null
  value: number | null
  min: number | null
  max: number | null
  verdict: Verdict
}>

/** Compares within each round, so that what slows a machine for a while slows both sides; then takes the median of the rounds. */
export function judge(budget: Budget, measured: Measurement | undefined): Row {
  const values = measured === undefined ? [] : valuesOf(budget, measured)
  if (measured === undefined || values.length === 0 || !values.every(Number.isFinite))
    return { budget, work: null, against: null, value: null, min: null, max: null, verdict: 'missing' }
  const value = median(values)
  return {
    budget,
    work: median(measured.work),
    against: measured.against ? median(measured.against) : null,
    value,
    min: Math.min(...values),
    max: Math.max(...values),
    verdict: verdictOf(budget, value),
  }
}

function verdictOf({ floor, goal }: Budget, value: number): Verdict {
  if (floor === null || goal === null) return 'noted'
  if (value > floor) return 'fails'
  return value > goal ? 'fair' : 'good'
}

/** Whether a run may end with code 0. */
export function holds(rows: readonly Row[]): boolean {
  return rows.length > 0 && rows.every(({ verdict }) => verdict !== 'fails' && verdict !== 'missing')
}

function valuesOf({ unit }: Budget, { work, against }: Measurement): number[] {
  if (unit !== 'times') return [...work]
  if (against === undefined || against.length !== work.length) return []
  return work.map((value, round) => value / (against[round] ?? Number.NaN))
}

/** The middle of the values, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}

/** The smallest value that at least this share (0-1) of the values does not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
