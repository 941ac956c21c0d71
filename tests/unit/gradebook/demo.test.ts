import { describe, expect, test } from 'vitest'
import { demoTerms, dueDay } from '@/lib/ops/demo-calendar'
import { demoSchoolRows } from '@/lib/ops/demo-school'

describe('the demo’s terms lie round the day it is loaded', () => {
  test.each([
    ['2026-11-20', 'Spring 2026', 'Autumn 2026'],
    ['2026-12-31', 'Spring 2026', 'Autumn 2026'],
    ['2027-01-12', 'Autumn 2026', 'Spring 2027'],
    ['2027-07-30', 'Autumn 2026', 'Spring 2027'],
    ['2027-09-01', 'Spring 2027', 'Autumn 2027'],
  ])('on %s: %s is over, %s is the one', (today, previous, current) => {
    expect(demoTerms(today).map(({ name, isLocked }) => [name, isLocked])).toEqual([
      [previous, true],
      [current, false],
    ])
  })

  test('work is due on school days inside its term, in order', () => {
    for (const term of demoTerms('2026-11-20')) {
      const days = Array.from({ length: 14 }, (_, index) => dueDay(term, index, 14))
      expect([...days].sort()).toEqual(days)
      for (const day of days) {
        expect(day >= term.startsOn && day <= term.endsOn).toBe(true)
        expect([0, 6]).not.toContain(new Date(day).getUTCDay())
      }
    }
  })
})

describe('the demo’s rows', () => {
  const numbers = (slug: 'northside' | 'riverside') =>
    demoSchoolRows(slug, '2026-11-20', 'hash')
      .find(([table]) => table === 'grades')?.[1]
      .map(({ score, status }) => `${status} ${score}`)

  test('one day gives the same grades every time, and each school its own', () => {
    expect(numbers('northside')).toEqual(numbers('northside'))
    expect(numbers('northside')).not.toEqual(numbers('riverside'))
  })

  test('no two students of a school have one e-mail or number', () => {
    for (const slug of ['northside', 'riverside'] as const) {
      const rows = demoSchoolRows(slug, '2026-11-20', 'hash').find(([table]) => table === 'student_identifiers')?.[1] ?? []
      const keys = rows.map(({ kind, folded }) => `${kind} ${folded}`)
      expect(keys.length).toBeGreaterThan(100)
      expect(new Set(keys).size).toBe(keys.length)
    }
  })
})
