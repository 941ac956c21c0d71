/**
 * The three bands a percent can fall in. Each has a word as well as a colour, because colour never speaks alone.
 */
export type Band = 'good' | 'watch' | 'bad'

/** Where the bands begin, in percent: the school's own, 80 and 60 unless it said otherwise. */
export type BandLimits = Readonly<{ greenPercent: number; amberPercent: number }>

/** The word of each band, as legends and accessible names say it. */
export const bandWords: Readonly<Record<Band, string>> = { good: 'on track', watch: 'watch', bad: 'needs help' }

/** The band of a percent, or null when there is none. A percent on the limit belongs to the better band. */
export function bandOf(percent: number | null, { greenPercent, amberPercent }: BandLimits): Band | null {
  if (percent === null || Number.isNaN(percent)) return null
  if (percent >= greenPercent) return 'good'
  return percent >= amberPercent ? 'watch' : 'bad'
}

/** Percent of the maximum for colour and sorting (not for a report), or null when there is no score or no maximum. */
export function percentOf(score: string | null, maxPoints: string): number | null {
  const possible = Number(maxPoints)
  if (score === null || possible <= 0) return null
  // Multiplied before dividing, so that 48 of 60 is 80 and not a hair less.
  return (Number(score) * 100) / possible
}
