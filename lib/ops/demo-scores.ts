/**
 * Believable grades, the same at every load: each number is drawn from a generator seeded with what it belongs to. Pure.
 * A pupil has an ability (bell-shaped, mean 80 %), a trend over the term and a habit of handing in; work has a difficulty.
 */
import type { Grade } from '@/lib/gradebook/cell'

/** How a pupil does: `ability` and `trend` are shares of 1, `trend` what is gained or lost over a term. */
export type Pupil = Readonly<{ ability: number; trend: number; missingShare: number }>

/** A pupil of these words: the school, the place in the class list. */
export function drawPupil(seed: string): Pupil {
  const random = generator(seed)
  const ability = Math.min(0.98, Math.max(0.4, 0.8 + bell(random) * 0.13))
  return {
    ability,
    trend: bell(random) * 0.08,
    // Who does well hands in nearly everything; who struggles leaves out up to an eighth.
    missingShare: 0.005 + Math.max(0, 0.78 - ability) * 0.3,
  }
}

/** A piece of work as the generator needs it: how far into its term it is due (0 to 1), and whether grading is still under way. */
export type WorkAt = Readonly<{
  maxPoints: number
  isExtraCredit: boolean
  place: number
  progress: 'graded' | 'partly' | 'waiting'
}>

/** The grade of one pupil for one piece of work, or null while there is none. */
export function drawGrade(seed: string, difficultySeed: string, pupil: Pupil, work: WorkAt): Grade | null {
  const random = generator(seed)
  const lot = random()
  if (work.progress === 'waiting' || (work.progress === 'partly' && random() < 0.45)) return null
  if (work.isExtraCredit) return lot < 0.6 ? null : { score: points(0.5 + random() * 0.5, work.maxPoints), status: 'graded' }
  if (lot < pupil.missingShare) return { score: null, status: 'missing' }
  if (lot > 0.988) return { score: null, status: 'excused' }
  if (lot > 0.98) return { score: null, status: 'incomplete' }
  if (lot > 0.976) return { score: '0', status: 'graded' }
  const difficulty = bell(generator(difficultySeed)) * 0.04
  const share = pupil.ability + pupil.trend * (work.place - 0.5) - difficulty + bell(random) * 0.08
  const isLate = random() < 0.03 + pupil.missingShare / 3
  return { score: points(share - (isLate ? 0.05 : 0), work.maxPoints), status: isLate ? 'late' : 'graded' }
}

/** Quizzes are marked in half points, tests in whole ones; nobody gets more than there is. */
function points(share: number, maxPoints: number): string {
  const steps = maxPoints < 50 ? 2 : 1
  const score = Math.round(Math.min(1, Math.max(0.05, share)) * maxPoints * steps) / steps
  return String(score)
}

/** About normal with mean 0 and deviation 1, within 3. */
function bell(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3)
}

/** Numbers from 0 to 1 out of a text: FNV-1a into mulberry32. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5
  for (const letter of seed) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
