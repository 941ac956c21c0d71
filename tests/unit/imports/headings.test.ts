import { describe, expect, test } from 'vitest'
import { detectLayout } from '@/lib/imports/detect'
import { assignmentsOf, columnsOf, ignoredOf, readDrawn } from '../../support/grade-files'

describe('a heading longer than a title', () => {
  const read = (...headings: readonly string[]) =>
    readDrawn([
      ['Student', 'ID', 'SIS Login ID', 'Section', 'Quiz (1001)', ...headings],
      ['    Points Possible', '', '', '', '10', ...headings.map(() => '5')],
      ['Doe, Jane', '1', 'jdoe', 'A', '7', ...headings.map(() => '3')],
    ])
  const padded = (end: string, length: number) => `${'x'.repeat(length - end.length)}${end}`

  test('says nothing by its pattern: it is a title, cut to what can be stored', async () => {
    const file = await read(padded(' (1002)', 300), padded(' (1003)', 301))
    expect(assignmentsOf(file)).toEqual([
      'Quiz /10 #1001',
      `${'x'.repeat(293)} /5 #1002`,
      `${padded(' (1003)', 301).slice(0, 300)} /5`,
    ])
  })

  test('speaks for no source', async () => {
    const read = (length: number) =>
      readDrawn([
        ['First name', 'Last name', 'Email', padded(' (Real)', length)],
        ['A', 'S', 'a@x.org', '7'],
      ])
    expect([(await read(300)).source, (await read(301)).source]).toEqual(['moodle', 'grade-insight'])
  })

  test('is no word of a list, unless spaces made it long', async () => {
    const file = await readDrawn([
      ['last_name', 'first_name', `email${' '.repeat(400)}`, `Total${'\u00a0'.repeat(400)}`, 'Quiz', ' '.repeat(400)],
      ['S', 'A', 'a@x.org', '9', '7', ''],
    ])
    expect(columnsOf(file)[2]).toBe('C email identity email sure')
    expect(ignoredOf(file)).toEqual(['Total: A total of the other system; totals are computed here.'])
    expect(assignmentsOf(file)).toEqual(['Quiz /?'])
  })

  test.each([
    ' [total pts: 1',
    ' points grade <',
    'a points grade <maxpoints:1 category: weight:1 [total pts: 1 current score (1 (real',
  ])('of %j over and over costs what one of other words costs', (seed) => {
    const time = (text: string) => {
      const heading = text.repeat(Math.ceil(10_000 / text.length)).slice(0, 10_000)
      const rows = [['email', ...Array.from({ length: 999 }, () => heading)]]
      const from = performance.now()
      detectLayout(rows)
      return performance.now() - from
    }
    const plain = seed.replace(/[a-z]/g, 'q')
    time(plain)
    // Unbounded it is thirty times as much and more.
    expect(time(seed)).toBeLessThan(time(plain) * 8 + 200)
  })
})
