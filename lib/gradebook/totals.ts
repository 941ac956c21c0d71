/**
 * The grading engine: from one student's grades to two named totals, each of which can say how it came about.
 *
 * The rules, the same for pages, files and the API:
 * - Work that is not published to students counts for nobody, so that teacher and student see the same total.
 * - Ungraded is never zero, and zero is zero. Excused work never counts. Late work counts as scored. Incomplete work counts
 *   once it has a score. Missing work is left out of `current` and is zero in `ifMissingIsZero`, whatever score it carries.
 * - Extra credit adds to what was earned and not to what was possible; so does work worth zero points.
 * - "Drop lowest" acts in each category on its own (drops.ts), on counted work that is not extra credit.
 * - Without any category weight the percent is all points earned over all points possible.
 * - With weights it is the mean of the categories' percents by weight, over those categories that have counted work:
 *   the weights are shares and are scaled up (or down) to the ones in play. Work without a weighted category does not count.
 *   This is how Canvas ("Assign weight to groups") and Moodle ("Weighted mean of grades", empty grades excluded) reckon;
 *   we differ from Canvas only where weights add up to more than 100, which here are shares as well.
 * - Percents are rounded once, at the end, half up to one decimal, and letters are read off the rounded percent, so that
 *   letter and printed percent never contradict each other.
 *
 * Pure and exact: whole thousandths of a point, quotients on BigInt. Shared with the browser.
 */
import type { Grade } from './cell'
import { type Fraction, fromThousandths, percentOfFraction, toThousandths } from './decimals'
import { chooseDrops, type Droppable } from './drops'
import type { LeftOutReason, TotalName, TotalStep, Totals, TotalView } from './views'

/** The letters of a school: each from this percent up, highest first. */
export type LetterScale = readonly Readonly<{ letter: string; fromPercent: string }>[]

/** What the engine needs of an assignment. `dueOn` is 'YYYY-MM-DD' and matters to `trendOf` only. */
export type GradedItem = Readonly<{
  id: string
  maxPoints: string
  dueOn: string | null
  categoryId: string | null
  isExtraCredit: boolean
  /** False: students do not see it yet, so it counts in no total, for nobody. Default true. */
  isPublished?: boolean
}>

/** A category's rule; `weight` is a share of any unit, null or zero when the category has none. */
export type CategoryRule = Readonly<{ id: string; name: string; weight: string | null; dropLowest: number }>

/** A class's assignments and rules made ready once, for any number of students. */
export type GradingScheme = Readonly<{
  isWeighted: boolean
  items: readonly Readonly<{ id: string; dueOn: string | null; possible: number; isBonus: boolean; isPublished: boolean }>[]
  groups: readonly Group[]
  letters: LetterScale
}>

type Group = Readonly<{
  categoryId: string | null
  name: string | null
  weight: number
  dropLowest: number
  indexes: readonly number[]
}>

/** Makes a class ready for reckoning. Assignments keep their order: the grades given later stand in the same one. */
export function prepareScheme(
  assignments: readonly GradedItem[],
  categories: readonly CategoryRule[],
  letters: LetterScale,
): GradingScheme {
  const rules = categories.map((rule) => ({ ...rule, weight: rule.weight === null ? 0 : toThousandths(rule.weight) }))
  const known = new Set(rules.map((rule) => rule.id))
  const indexesOf = (categoryId: string | null) =>
    assignments.flatMap((item, index) => {
      const own = item.categoryId !== null && known.has(item.categoryId) ? item.categoryId : null
      return own === categoryId ? [index] : []
    })
  return {
    isWeighted: rules.some((rule) => rule.weight > 0),
    items: assignments.map((item) => {
      const possible = toThousandths(item.maxPoints)
      const isBonus = item.isExtraCredit || possible === 0
      return { id: item.id, dueOn: item.dueOn, possible, isBonus, isPublished: item.isPublished ?? true }
    }),
    groups: [
      ...rules.map(({ id, ...rule }) => ({ ...rule, categoryId: id, indexes: indexesOf(id) })),
      { categoryId: null, name: null, weight: 0, dropLowest: 0, indexes: indexesOf(null) },
    ].filter((group) => group.indexes.length > 0),
    letters,
  }
}

/** Both totals of one student; `grades` stand in the order of the scheme's assignments, null where there is none. */
export function computeTotals(scheme: GradingScheme, grades: readonly (Grade | null)[]): Totals {
  const current = computeTotal(scheme, grades, 'current')
  const hasMissing = grades.some((grade) => grade?.status === 'missing')
  return { current, ifMissingIsZero: hasMissing ? computeTotal(scheme, grades, 'ifMissingIsZero') : current }
}

/** The steps that lead to one total: how it is reckoned, category by category, what was left out and why, and the total. */
export function explainTotal(scheme: GradingScheme, grades: readonly (Grade | null)[], name: TotalName): TotalStep[] {
  const tallies = tallyGroups(scheme, grades, name)
  const weights = tallies.filter(isInPlay).reduce((sum, tally) => sum + tally.group.weight, 0)
  const idAt = (index: number) => scheme.items[index]?.id ?? ''
  const bonusIds = (isBonus: boolean, tally: Tally) =>
    tally.counted.filter((index) => scheme.items[index]?.isBonus === isBonus).map(idAt)
  return [
    { kind: 'method', method: scheme.isWeighted ? 'weighted' : 'points' },
    ...tallies
      .filter((tally) => countsIn(scheme, tally))
      .map((tally) => ({
        kind: 'category' as const,
        categoryId: tally.group.categoryId,
        name: tally.group.name,
        sharePercent: scheme.isWeighted ? percentOfRatio(tally.group.weight, weights) : null,
        earned: fromThousandths(tally.earned),
        possible: fromThousandths(tally.possible),
        percent: percentOfRatio(tally.earned, tally.possible),
        countedIds: bonusIds(false, tally),
        extraCreditIds: bonusIds(true, tally),
      })),
    ...tallies.flatMap((tally) => [
      ...tally.leftOut.map(([index, reason]) => ({ kind: 'left_out' as const, assignmentId: idAt(index), reason })),
      ...(countsIn(scheme, tally) ? [] : tally.counted).map((index) => ({
        kind: 'left_out' as const,
        assignmentId: idAt(index),
        reason: tally.group.weight > 0 ? ('nothing_possible' as const) : ('no_weight' as const),
      })),
    ]),
    { kind: 'total', total: summarise(scheme, tallies) },
  ]
}

/**
 * The current percent as it stood after each date on which counted work was due, oldest first; its last point is the
 * current total. Work without a date counts from the start. Dates on which nothing counts yet are left out.
 */
export function trendOf(scheme: GradingScheme, grades: readonly (Grade | null)[]): { on: string; percent: string }[] {
  const counts = (index: number) => {
    const grade = grades[index] ?? null
    return grade !== null && typeof countedScore(grade, 'current') === 'number'
  }
  const dates = new Set(
    scheme.items.flatMap(({ dueOn, isPublished }, index) => (dueOn !== null && isPublished && counts(index) ? [dueOn] : [])),
  )
  return [...dates].sort().flatMap((on) => {
    const until = grades.map((grade, index) => ((scheme.items[index]?.dueOn ?? on) <= on ? grade : null))
    const { percent } = computeTotal(scheme, until, 'current')
    return percent === null ? [] : [{ on, percent }]
  })
}

/**
 * The letter of a percent as printed (already rounded to one decimal: 89.95 is printed as 90.0 and is an A where A starts
 * at 90), or null when there is no percent or it lies below every letter.
 */
export function letterOf(percent: string | null, letters: LetterScale): string | null {
  if (percent === null) return null
  const value = toThousandths(percent)
  return letters.find(({ fromPercent }) => toThousandths(fromPercent) <= value)?.letter ?? null
}

/** A score in percent of the points possible, one decimal, half up; null without a score or when nothing is possible. */
export function scorePercent(score: string | null, maxPoints: string): string | null {
  return score === null ? null : percentOfRatio(toThousandths(score), toThousandths(maxPoints))
}

/** Mean percent of the scores that count in `current`, or null when none does. */
export function meanPercent(maxPoints: string, grades: readonly (Grade | null)[]): string | null {
  const scores = grades
    .map((grade) => (grade === null ? 'ungraded' : countedScore(grade, 'current')))
    .filter((score) => typeof score === 'number')
  return percentOfRatio(
    scores.reduce((sum, score) => sum + score, 0),
    toThousandths(maxPoints) * scores.length,
  )
}

type Tally = {
  readonly group: Group
  earned: number
  possible: number
  counted: readonly number[]
  leftOut: (readonly [index: number, reason: LeftOutReason])[]
}

function computeTotal(scheme: GradingScheme, grades: readonly (Grade | null)[], name: TotalName): TotalView {
  return summarise(scheme, tallyGroups(scheme, grades, name))
}

function tallyGroups(scheme: GradingScheme, grades: readonly (Grade | null)[], name: TotalName): Tally[] {
  return scheme.groups.map((group) => tallyGroup(scheme, group, grades, name))
}

function tallyGroup(scheme: GradingScheme, group: Group, grades: readonly (Grade | null)[], name: TotalName): Tally {
  const leftOut: Tally['leftOut'] = []
  const regular: Droppable[] = []
  const bonusIndexes: number[] = []
  let bonus = 0
  for (const index of group.indexes) {
    const item = scheme.items[index]
    const grade = grades[index] ?? null
    const earned = grade === null ? 'ungraded' : countedScore(grade, name)
    if (item === undefined) continue
    if (!item.isPublished) leftOut.push([index, 'unpublished'])
    else if (typeof earned === 'string') leftOut.push([index, earned])
    else if (item.isBonus) {
      bonus += earned
      bonusIndexes.push(index)
    } else regular.push({ index, earned, possible: item.possible })
  }
  const dropped = new Set(chooseDrops(regular, group.dropLowest, bonus))
  for (const index of dropped) leftOut.push([index, 'dropped'])
  const kept = dropped.size === 0 ? regular : regular.filter(({ index }) => !dropped.has(index))
  return {
    group,
    earned: kept.reduce((sum, { earned }) => sum + earned, bonus),
    possible: kept.reduce((sum, { possible }) => sum + possible, 0),
    counted: [...kept.map(({ index }) => index), ...bonusIndexes],
    leftOut,
  }
}

/** The points a grade counts for in this total, or why it does not count. */
function countedScore(grade: Grade, name: TotalName): number | LeftOutReason {
  if (grade.status === 'excused') return 'excused'
  if (grade.status === 'missing') return name === 'current' ? 'missing' : 0
  if (grade.score === null) return grade.status === 'incomplete' ? 'incomplete' : 'ungraded'
  return toThousandths(grade.score)
}

function summarise(scheme: GradingScheme, tallies: readonly Tally[]): TotalView {
  const counting = tallies.filter((tally) => countsIn(scheme, tally))
  const earned = counting.reduce((sum, tally) => sum + tally.earned, 0)
  const possible = counting.reduce((sum, tally) => sum + tally.possible, 0)
  const fraction = scheme.isWeighted ? weightedMean(counting) : fractionOf(earned, possible)
  const percent = fraction === null ? null : percentOfFraction(fraction)
  return {
    percent,
    letter: letterOf(percent, scheme.letters),
    earned: fromThousandths(earned),
    possible: fromThousandths(possible),
    countedItems: counting.reduce((sum, tally) => sum + tally.counted.length, 0),
  }
}

function countsIn(scheme: GradingScheme, tally: Tally): boolean {
  return scheme.isWeighted ? isInPlay(tally) : tally.counted.length > 0
}

/** A weighted category takes part once something in it can be earned; extra credit alone is a share of nothing. */
function isInPlay({ group, possible }: Tally): boolean {
  return group.weight > 0 && possible > 0
}

function weightedMean(tallies: readonly Tally[]): Fraction | null {
  const weights = tallies.reduce((sum, { group }) => sum + group.weight, 0)
  if (weights === 0) return null
  const sum = tallies.reduce(
    ({ over, under }, { group, earned, possible }) => ({
      over: over * BigInt(possible) + BigInt(group.weight) * BigInt(earned) * under,
      under: under * BigInt(possible),
    }),
    { over: 0n, under: 1n },
  )
  return { over: sum.over, under: sum.under * BigInt(weights) }
}

function fractionOf(over: number, under: number): Fraction | null {
  return under > 0 ? { over: BigInt(over), under: BigInt(under) } : null
}

function percentOfRatio(over: number, under: number): string | null {
  const fraction = fractionOf(over, under)
  return fraction === null ? null : percentOfFraction(fraction)
}
