import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Grade, parseCell } from '@/lib/gradebook/cell'
import {
  type CategoryRule,
  computeTotals,
  explainTotal,
  type GradedItem,
  letterOf,
  meanPercent,
  prepareScheme,
  scorePercent,
  trendOf,
} from '@/lib/gradebook/totals'
import type { TotalStep } from '@/lib/gradebook/views'

const letters = [
  { letter: 'A', fromPercent: '90' },
  { letter: 'B', fromPercent: '80' },
  { letter: 'C', fromPercent: '70' },
  { letter: 'F', fromPercent: '0' },
]

type Work = readonly [
  cell: string,
  maxPoints: string,
  category?: string,
  options?: { extra?: boolean; dueOn?: string; isHidden?: boolean },
]

function schemeOf(work: readonly Work[], categories: readonly CategoryRule[] = []) {
  const items: GradedItem[] = work.map(([, maxPoints, categoryId, options], index) => ({
    id: `a${index + 1}`,
    maxPoints,
    dueOn: options?.dueOn ?? null,
    categoryId: categoryId ?? null,
    isExtraCredit: options?.extra ?? false,
    isPublished: !(options?.isHidden ?? false),
  }))
  return prepareScheme(items, categories, letters)
}

const gradesOf = (work: readonly Work[]) => work.map(([cell]) => parseCell(cell))

function totalsOf(work: readonly Work[], categories: readonly CategoryRule[] = []) {
  return computeTotals(schemeOf(work, categories), gradesOf(work))
}

const category = (id: string, weight: string | null = null, dropLowest = 0): CategoryRule => ({
  id,
  name: id,
  weight,
  dropLowest,
})

describe('what counts', () => {
  const cases: readonly [title: string, work: readonly Work[], current: string | null, ifMissingIsZero: string | null][] = [
    ['nothing graded is no percent, not zero', [['', '10']], null, null],
    ['no assignments at all is no percent', [], null, null],
    [
      'ungraded work is left out of both totals',
      [
        ['8', '10'],
        ['', '10'],
      ],
      '80.0',
      '80.0',
    ],
    [
      'a zero is a zero in both totals',
      [
        ['8', '10'],
        ['0', '10'],
      ],
      '40.0',
      '40.0',
    ],
    [
      'missing work counts only in the second total',
      [
        ['8', '10'],
        ['MI', '10'],
      ],
      '80.0',
      '40.0',
    ],
    [
      'missing work counts as zero even with a score beside it',
      [
        ['8', '10'],
        ['MI 5', '10'],
      ],
      '80.0',
      '40.0',
    ],
    ['only missing work: nothing, and zero', [['MI', '10']], null, '0.0'],
    [
      'excused work never counts, with or without a score',
      [
        ['8', '10'],
        ['EX', '10'],
        ['EX 2', '10'],
      ],
      '80.0',
      '80.0',
    ],
    [
      'incomplete work waits for its score',
      [
        ['8', '10'],
        ['INC', '10'],
      ],
      '80.0',
      '80.0',
    ],
    [
      'incomplete work with a score counts',
      [
        ['8', '10'],
        ['INC 4', '10'],
      ],
      '60.0',
      '60.0',
    ],
    [
      'late work counts as scored',
      [
        ['8', '10'],
        ['LATE 6', '10'],
      ],
      '70.0',
      '70.0',
    ],
    [
      'late work without a score is ungraded',
      [
        ['8', '10'],
        ['LATE', '10'],
      ],
      '80.0',
      '80.0',
    ],
    [
      'extra credit adds to earned, not to possible',
      [
        ['8', '10'],
        ['1', '5', undefined, { extra: true }],
      ],
      '90.0',
      '90.0',
    ],
    [
      'extra credit may lift the percent over 100',
      [
        ['10', '10'],
        ['2', '5', undefined, { extra: true }],
      ],
      '120.0',
      '120.0',
    ],
    ['extra credit alone is no percent', [['2', '5', undefined, { extra: true }]], null, null],
    [
      'extra credit that was not handed in costs nothing',
      [
        ['8', '10'],
        ['MI', '5', undefined, { extra: true }],
      ],
      '80.0',
      '80.0',
    ],
    [
      'work worth zero points adds what it earned',
      [
        ['8', '10'],
        ['1', '0'],
      ],
      '90.0',
      '90.0',
    ],
    [
      'a score over the maximum counts in full',
      [
        ['12', '10'],
        ['8', '10'],
      ],
      '100.0',
      '100.0',
    ],
    [
      'a negative score counts',
      [
        ['-2', '10'],
        ['8', '10'],
      ],
      '30.0',
      '30.0',
    ],
    [
      'unequal maxima weigh by points',
      [
        ['10', '10'],
        ['0', '90'],
      ],
      '10.0',
      '10.0',
    ],
    [
      'work that is not published counts in neither',
      [
        ['8', '10'],
        ['0', '10', undefined, { isHidden: true }],
      ],
      '80.0',
      '80.0',
    ],
    [
      'thousandths add up exactly',
      [
        ['0.1', '1'],
        ['0.2', '1'],
        ['0.001', '1'],
      ],
      '10.0',
      '10.0',
    ],
  ]
  test.each(cases)('%s', (_title, work, current, ifMissingIsZero) => {
    const totals = totalsOf(work)
    expect([totals.current.percent, totals.ifMissingIsZero.percent]).toEqual([current, ifMissingIsZero])
  })

  test('earned, possible and the number of counted items are those of the work that counts', () => {
    const { current, ifMissingIsZero } = totalsOf([
      ['8.25', '10'],
      ['MI', '5'],
      ['EX', '7'],
      ['', '9'],
      ['1', '2', undefined, { extra: true }],
    ])
    expect(current).toEqual({ percent: '92.5', letter: 'A', earned: '9.25', possible: '10', countedItems: 2 })
    expect(ifMissingIsZero).toEqual({ percent: '61.7', letter: 'F', earned: '9.25', possible: '15', countedItems: 3 })
  })
})

describe('rounding and letters', () => {
  test.each([
    ['87.25', '100', '87.3'],
    ['87.249', '100', '87.2'],
    ['1', '3', '33.3'],
    ['2', '3', '66.7'],
    ['1', '2000', '0.1'],
    ['0.999', '2000', '0.0'],
    ['-1.5', '100', '-1.5'],
    ['-0.25', '100', '-0.2'],
    ['999999.999', '999999.999', '100.0'],
  ])('%s of %s is %s %%, half up', (score, maxPoints, percent) => {
    expect(scorePercent(score, maxPoints)).toBe(percent)
  })

  test('a percent needs a score and something to earn', () => {
    expect([scorePercent(null, '10'), scorePercent('5', '0')]).toEqual([null, null])
  })

  test.each([
    ['100.0', 'A'],
    ['120.0', 'A'],
    ['90.0', 'A'],
    ['89.9', 'B'],
    ['80.0', 'B'],
    ['0.0', 'F'],
    ['-0.1', null],
    [null, null],
  ])('%s is %s', (percent, letter) => {
    expect(letterOf(percent, letters)).toBe(letter)
  })

  test('the letter is read off the printed percent: 89.95 is printed as 90.0 and is an A', () => {
    expect(totalsOf([['89.95', '100']]).current).toMatchObject({ percent: '90.0', letter: 'A' })
    expect(totalsOf([['89.949', '100']]).current).toMatchObject({ percent: '89.9', letter: 'B' })
  })

  test('the mean of an assignment is of the scores there are', () => {
    expect(meanPercent('10', [parseCell('9'), parseCell('LATE 6'), parseCell('MI'), parseCell('EX'), null])).toBe('75.0')
    expect([meanPercent('10', [null]), meanPercent('0', [parseCell('3')])]).toEqual([null, null])
  })
})

describe('categories with weights', () => {
  const weights = [category('tests', '70'), category('homework', '30')]

  test('the total is the mean of the categories by weight, whatever their points', () => {
    expect(
      totalsOf(
        [
          ['90', '100', 'tests'],
          ['5', '10', 'homework'],
        ],
        weights,
      ).current.percent,
    ).toBe('78.0')
  })

  test('a category without counted work gives its share to the others', () => {
    expect(
      totalsOf(
        [
          ['90', '100', 'tests'],
          ['', '10', 'homework'],
        ],
        weights,
      ).current.percent,
    ).toBe('90.0')
  })

  test('missing work brings its category into play in the second total only', () => {
    const totals = totalsOf(
      [
        ['90', '100', 'tests'],
        ['MI', '10', 'homework'],
      ],
      weights,
    )
    expect([totals.current.percent, totals.ifMissingIsZero.percent]).toEqual(['90.0', '63.0'])
  })

  test('weights are shares: 7 and 3, 70 and 30, 140 and 60 say the same', () => {
    const work: Work[] = [
      ['90', '100', 'tests'],
      ['5', '10', 'homework'],
    ]
    const percents = [
      ['7', '3'],
      ['0.7', '0.3'],
      ['140', '60'],
    ].map(([a, b]) => totalsOf(work, [category('tests', a), category('homework', b)]).current.percent)
    expect(percents).toEqual(['78.0', '78.0', '78.0'])
  })

  test('work outside the weighted categories does not count and is said not to', () => {
    const work: Work[] = [
      ['90', '100', 'tests'],
      ['0', '10'],
      ['0', '10', 'practice'],
    ]
    const rules = [...weights, category('practice')]
    expect(totalsOf(work, rules).current).toMatchObject({ percent: '90.0', countedItems: 1 })
    expect(leftOut(explainTotal(schemeOf(work, rules), gradesOf(work), 'current'))).toEqual({ a2: 'no_weight', a3: 'no_weight' })
  })

  test('extra credit lifts its category; a category of nothing else has no share', () => {
    const work: Work[] = [
      ['80', '100', 'tests'],
      ['10', '10', 'tests', { extra: true }],
      ['5', '5', 'homework', { extra: true }],
    ]
    expect(totalsOf(work, weights).current.percent).toBe('90.0')
    expect(leftOut(explainTotal(schemeOf(work, weights), gradesOf(work), 'current'))).toEqual({ a3: 'nothing_possible' })
  })

  test('one weighted category makes the class weighted; weights of zero leave it by points', () => {
    const work: Work[] = [
      ['9', '10', 'tests'],
      ['0', '10', 'homework'],
    ]
    expect(totalsOf(work, [category('tests', '1'), category('homework')]).current.percent).toBe('90.0')
    expect(totalsOf(work, [category('tests', '0'), category('homework')]).current.percent).toBe('45.0')
  })
})

describe('drop lowest', () => {
  const quizzes = (dropLowest: number) => [category('quizzes', null, dropLowest)]

  test('drops the score whose absence helps most, not the lowest score: 20/100 goes and 1/20 stays', () => {
    const work: Work[] = [
      ['80', '100', 'quizzes'],
      ['20', '100', 'quizzes'],
      ['1', '20', 'quizzes'],
    ]
    expect(totalsOf(work, quizzes(1)).current.percent).toBe('67.5')
  })

  test('the best pair to drop need not hold the best single one', () => {
    const work: Work[] = [
      ['100', '100', 'quizzes'],
      ['42', '91', 'quizzes'],
      ['14', '55', 'quizzes'],
      ['3', '38', 'quizzes'],
    ]
    const droppedOf = (count: number) =>
      Object.keys(leftOut(explainTotal(schemeOf(work, quizzes(count)), gradesOf(work), 'current'))).sort()
    expect([droppedOf(1), droppedOf(2)]).toEqual([['a4'], ['a2', 'a3']])
  })

  test('never drops the last item', () => {
    expect(
      totalsOf(
        [
          ['5', '10', 'quizzes'],
          ['9', '10', 'quizzes'],
        ],
        quizzes(7),
      ).current,
    ).toMatchObject({ percent: '90.0', countedItems: 1 })
  })

  test('counts only work that counts: excused and ungraded quizzes are not the dropped ones', () => {
    const work: Work[] = [
      ['EX', '10', 'quizzes'],
      ['', '10', 'quizzes'],
      ['5', '10', 'quizzes'],
      ['9', '10', 'quizzes'],
    ]
    expect(totalsOf(work, quizzes(1)).current.percent).toBe('90.0')
  })

  test('a missing quiz is the one dropped in the second total', () => {
    const work: Work[] = [
      ['MI', '10', 'quizzes'],
      ['5', '10', 'quizzes'],
      ['9', '10', 'quizzes'],
    ]
    const { current, ifMissingIsZero } = totalsOf(work, quizzes(1))
    expect([current.percent, ifMissingIsZero.percent]).toEqual(['90.0', '70.0'])
  })

  test('extra credit is never dropped', () => {
    const work: Work[] = [
      ['8', '10', 'quizzes'],
      ['9', '10', 'quizzes'],
      ['0', '10', 'quizzes', { extra: true }],
    ]
    expect(leftOut(explainTotal(schemeOf(work, quizzes(1)), gradesOf(work), 'current'))).toEqual({ a1: 'dropped' })
  })

  test('acts in its own category only', () => {
    const work: Work[] = [
      ['9', '10', 'quizzes'],
      ['8', '10', 'quizzes'],
      ['1', '10'],
      ['2', '10'],
    ]
    expect(totalsOf(work, quizzes(1)).current).toMatchObject({ earned: '12', possible: '30' })
  })

  test('gives the best percent of all choices (against every choice)', () => {
    const points = fc.integer({ min: 0, max: 40 })
    const item = fc.record({ earned: points, possible: fc.integer({ min: 1, max: 40 }) })
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 8 }), fc.nat({ max: 8 }), points, (items, count, bonus) => {
        const work: Work[] = [
          ...items.map(({ earned, possible }): Work => [String(earned), String(possible), 'quizzes']),
          [String(bonus), '1', 'quizzes', { extra: true }],
        ]
        const { earned, possible } = totalsOf(work, quizzes(count)).current
        const best = bestOfAllChoices(items, Math.min(count, items.length - 1), bonus)
        expect(Number(earned) * best.possible).toBe(best.earned * Number(possible))
      }),
      { numRuns: 500 },
    )
  })
})

describe('laws', () => {
  const cell = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 10_000 }).map((hundredths) => String(hundredths / 100)) },
    fc.constantFrom('', 'EX', 'MI', 'INC', 'LATE', 'LATE 7', 'INC 3', 'EX 4', '0'),
  )
  const work = fc.array(
    fc.tuple(cell, fc.constantFrom('100', '100', '250.5'), fc.constantFrom(undefined, 'x', 'y', 'z')).map((all): Work => all),
    { maxLength: 12 },
  )
  const rules = fc
    .tuple(fc.constantFrom(null, '0', '40', '12.5'), fc.constantFrom(null, '60', '1'), fc.nat({ max: 2 }), fc.nat({ max: 2 }))
    .map(([first, second, drop, otherDrop]) => [category('x', first, drop), category('y', second, otherDrop), category('z')])

  test('the order of the assignments changes nothing', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(work, rules)
          .chain(([list, cats]) =>
            fc.tuple(fc.constant(list), fc.constant(cats), fc.shuffledSubarray(list, { minLength: list.length })),
          ),
        ([list, cats, shuffled]) => {
          expect(totalsOf(shuffled, cats)).toEqual(totalsOf(list, cats))
        },
      ),
    )
  })

  test('an excused or ungraded item more changes nothing', () => {
    fc.assert(
      fc.property(
        work,
        rules,
        fc.constantFrom('', 'EX', 'EX 9', 'LATE', 'INC'),
        fc.constantFrom('x', 'y', 'z'),
        (list, cats, blank, where) => {
          expect(totalsOf([...list, [blank, '50', where]], cats)).toEqual(totalsOf(list, cats))
        },
      ),
    )
  })

  test('without extra credit and over-scores the percent lies between 0 and 100, and missing never helps', () => {
    fc.assert(
      fc.property(work, rules, (list, cats) => {
        const { current, ifMissingIsZero } = totalsOf(list, cats)
        for (const { percent } of [current, ifMissingIsZero]) {
          if (percent === null) continue
          expect(Number(percent)).toBeGreaterThanOrEqual(0)
          expect(Number(percent)).toBeLessThanOrEqual(100)
        }
        const hasRules = cats.some(({ dropLowest, weight }) => dropLowest > 0 || Number(weight ?? 0) > 0)
        if (!hasRules && current.percent !== null)
          expect(Number(ifMissingIsZero.percent)).toBeLessThanOrEqual(Number(current.percent))
      }),
    )
  })

  test('an explanation accounts for every assignment once and ends with the total itself', () => {
    fc.assert(
      fc.property(work, rules, fc.constantFrom('current' as const, 'ifMissingIsZero' as const), (list, cats, name) => {
        const scheme = schemeOf(list, cats)
        const steps = explainTotal(scheme, gradesOf(list), name)
        const told = steps.flatMap((step) =>
          step.kind === 'category'
            ? [...step.countedIds, ...step.extraCreditIds]
            : step.kind === 'left_out'
              ? [step.assignmentId]
              : [],
        )
        expect(told.sort()).toEqual(list.map((_, index) => `a${index + 1}`).sort())
        expect(steps.at(-1)).toEqual({ kind: 'total', total: computeTotals(scheme, gradesOf(list))[name] })
      }),
    )
  })

  test('the trend ends with the current total', () => {
    fc.assert(
      fc.property(
        work,
        rules,
        fc.array(fc.constantFrom('2026-09-01', '2026-09-02', '2026-10-01', undefined), { minLength: 12, maxLength: 12 }),
        (list, cats, dates) => {
          const dated = list.map(
            ([text, max, where], index): Work => [text, max, where, dates[index] === undefined ? {} : { dueOn: dates[index] }],
          )
          const trend = trendOf(schemeOf(dated, cats), gradesOf(dated))
          expect(trend.map(({ on }) => on)).toEqual([...new Set(trend.map(({ on }) => on))].sort())
          if (trend.length > 0) expect(trend.at(-1)?.percent).toBe(totalsOf(dated, cats).current.percent)
        },
      ),
    )
  })
})

test('an explanation tells category by category what counted, with shares scaled to the categories in play', () => {
  const work: Work[] = [
    ['90', '100', 'tests'],
    ['4', '10', 'homework'],
    ['8', '10', 'homework'],
    ['EX', '10', 'homework'],
    ['', '20', 'project'],
  ]
  const rules = [category('tests', '50'), category('homework', '25', 1), category('project', '25')]
  expect(explainTotal(schemeOf(work, rules), gradesOf(work), 'current')).toEqual([
    { kind: 'method', method: 'weighted' },
    {
      kind: 'category',
      categoryId: 'tests',
      name: 'tests',
      sharePercent: '66.7',
      earned: '90',
      possible: '100',
      percent: '90.0',
      countedIds: ['a1'],
      extraCreditIds: [],
    },
    {
      kind: 'category',
      categoryId: 'homework',
      name: 'homework',
      sharePercent: '33.3',
      earned: '8',
      possible: '10',
      percent: '80.0',
      countedIds: ['a3'],
      extraCreditIds: [],
    },
    { kind: 'left_out', assignmentId: 'a4', reason: 'excused' },
    { kind: 'left_out', assignmentId: 'a2', reason: 'dropped' },
    { kind: 'left_out', assignmentId: 'a5', reason: 'ungraded' },
    { kind: 'total', total: { percent: '86.7', letter: 'B', earned: '98', possible: '110', countedItems: 2 } },
  ])
})

test('the trend runs by date; undated work counts from the start', () => {
  const work: Work[] = [
    ['10', '10'],
    ['6', '10', undefined, { dueOn: '2026-09-20' }],
    ['8', '10', undefined, { dueOn: '2026-09-10' }],
    ['MI', '10', undefined, { dueOn: '2026-09-30' }],
  ]
  expect(trendOf(schemeOf(work), gradesOf(work))).toEqual([
    { on: '2026-09-10', percent: '90.0' },
    { on: '2026-09-20', percent: '80.0' },
  ])
})

test('a class of 1,000 students and 200 assignments with drops is reckoned without anybody waiting', () => {
  const work = Array.from({ length: 200 }, (_, index): Work => ['', String(10 + (index % 7) * 15), index % 2 === 0 ? 'x' : 'y'])
  const scheme = schemeOf(work, [category('x', '60', 2), category('y', '40', 1)])
  const rows = Array.from({ length: 1000 }, (_, row) =>
    work.map(
      (_item, column): Grade =>
        (row + column) % 11 === 0
          ? { score: null, status: 'missing' }
          : { score: `${(row * 7 + column * 3) % 10}.5`, status: 'graded' },
    ),
  )
  const start = performance.now()
  for (const row of rows) computeTotals(scheme, row)
  // Measured 0.2 s; the bound only catches a change of its order of growth.
  expect(performance.now() - start).toBeLessThan(3000)
})

function leftOut(steps: readonly TotalStep[]): Record<string, string> {
  return Object.fromEntries(steps.flatMap((step) => (step.kind === 'left_out' ? [[step.assignmentId, step.reason]] : [])))
}

function bestOfAllChoices(items: readonly { earned: number; possible: number }[], dropCount: number, bonus: number) {
  const choices = Array.from({ length: 2 ** items.length }, (_, mask) =>
    items.filter((_item, index) => ((mask >> index) & 1) === 0),
  )
    .filter((kept) => kept.length === items.length - dropCount)
    .map((kept) => ({
      earned: kept.reduce((sum, item) => sum + item.earned, bonus),
      possible: kept.reduce((sum, item) => sum + item.possible, 0),
    }))
  return choices.reduce((best, choice) => (choice.earned * best.possible > best.earned * choice.possible ? choice : best))
}
