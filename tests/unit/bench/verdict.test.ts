import { describe, expect, test } from 'vitest'
import { type Budget, budgets, parts } from '../../bench/budgets'
import { interleave, timeEach, timeTurns } from '../../bench/interleave'
import { tableOf } from '../../bench/report'
import { holds, judge, median, percentile } from '../../bench/verdict'

const budget: Budget = { id: 'b', part: 'reads', work: 'a read', against: 'another', unit: 'times', floor: 1.5, goal: 1.2 }

describe('the budgets', () => {
  test('each have a floor, a goal below it, words, and an id of their own', () => {
    expect(new Set(budgets.map(({ id }) => id)).size).toBe(budgets.length)
    for (const { id, floor, goal, work, unit, against } of budgets) {
      if (goal === null || floor === null) expect([goal, floor], id).toEqual([null, null])
      else {
        expect(goal, id).toBeGreaterThan(0)
        expect(floor, id).toBeGreaterThan(goal)
      }
      expect(work, id).not.toBe('')
      if (unit === 'times') expect(against, id).not.toBe('')
    }
  })

  test('no part is without one', () => {
    expect(new Set(budgets.map(({ part }) => part))).toEqual(new Set(parts))
  })
})

describe('a verdict', () => {
  test('compares within each round and takes the median of the rounds', () => {
    // Medians divided by medians would be 20 / 10.
    const row = judge(budget, { work: [10, 20, 90], against: [10, 100, 9] })
    expect(row).toMatchObject({ value: 1, min: 0.2, max: 10, work: 20, against: 10, verdict: 'good' })
  })

  test.each([
    [1.2, 'good'],
    [1.21, 'fair'],
    [1.5, 'fair'],
    [1.51, 'fails'],
  ])('of %d is %s', (value, verdict) => {
    expect(judge(budget, { work: [value * 2], against: [2] }).verdict).toBe(verdict)
  })

  test('of a part without a promise is noted, however large', () => {
    const row = judge({ ...budget, floor: null, goal: null }, { work: [900], against: [1] })
    expect(row.verdict).toBe('noted')
    expect(holds([row])).toBe(true)
    expect(tableOf([row]).split('\n')[1]).toMatch(/900 +900\.\.900 +noted$/)
  })

  test('of a value by itself does not divide', () => {
    expect(judge({ ...budget, unit: 'MB' }, { work: [1, 2, 1.4], against: [7, 7, 7] })).toMatchObject({
      value: 1.4,
      verdict: 'fair',
    })
  })

  test.each([
    ['nothing', undefined],
    ['no round', { work: [], against: [] }],
    ['only one side', { work: [1] }],
    ['one round more on one side', { work: [1, 1], against: [1] }],
    ['what the system does not tell', { work: [Number.NaN], against: [1] }],
    ['a division by nothing', { work: [1], against: [0] }],
  ])('of %s is missing, which is no pass', (_what, measured) => {
    const row = judge(budget, measured)
    expect(row).toMatchObject({ value: null, verdict: 'missing' })
    expect(holds([row])).toBe(false)
  })
})

test('a run holds when every row does, and never without rows', () => {
  const [good, fair, bad] = [1, 1.3, 2].map((value) => judge(budget, { work: [value], against: [1] }))
  if (!good || !fair || !bad) throw new Error('three rows')
  expect(holds([good, fair])).toBe(true)
  expect(holds([good, bad])).toBe(false)
  expect(holds([])).toBe(false)
})

test('medians and percentiles', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(2)
  expect(
    percentile(
      Array.from({ length: 100 }, (_, at) => 100 - at),
      0.95,
    ),
  ).toBe(95)
  expect(percentile([7], 0.95)).toBe(7)
})

test('rounds take turns, reversed every other time, and warm-ups do not count', async () => {
  const order: string[] = []
  const work = (name: string) => async () => order.push(name)
  const measured = await interleave({ a: work('a'), b: work('b') }, { rounds: 2, warmups: 1 })
  expect(order.join('')).toBe('baabba')
  expect(measured).toEqual({ a: [3, 6], b: [4, 5] })
})

test('repeats are shared out among readers', async () => {
  let running = 0
  let mostRunning = 0
  let count = 0
  await timeEach(
    async () => {
      count++
      mostRunning = Math.max(mostRunning, ++running)
      await null
      running--
    },
    { count: 10, readers: 4 },
  )
  expect([count, mostRunning]).toEqual([10, 4])
})

test('works take turns call by call, and a single slow call is not felt', async () => {
  const order: string[] = []
  const slowOnce = async () => {
    order.push('a')
    if (order.length === 1) for (const until = performance.now() + 40; performance.now() < until; ) await null
  }
  const measured = await timeTurns({ a: slowOnce, b: async () => order.push('b') }, { rounds: 1, perRound: 5, warmups: 0 })
  expect(order.join('')).toBe('abbaabbaab')
  expect(measured.a).toHaveLength(1)
  expect(measured.a[0]).toBeLessThan(20)
})

test('the table says what was measured, and what was not', () => {
  const rows = [judge(budget, { work: [2.46813], against: [2] }), judge({ ...budget, work: 'another read' }, undefined)]
  const [heading, first, second] = tableOf(rows).split('\n')
  expect(heading).toMatch(/^work +against +measured +value +min\.\.max +floor +goal +verdict$/)
  expect(first).toMatch(/^a read +another +2\.47 \/ 2 ms +1\.23 +1\.23\.\.1\.23 +1\.5 +1\.2 +fair$/)
  expect(second).toMatch(/^another read +another +- +1\.5 +1\.2 +missing$/)
})
