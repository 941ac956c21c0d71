import { describe, expect, it } from 'vitest'
import { createProblems, maskSecrets, type Noted, problem } from '@/lib/imports/problems'

const noted = (code: string, more: Partial<Noted> = {}): Noted => ({ code, severity: 'warn', message: 'm', fix: 'f', ...more })

describe('a problem', () => {
  it('is whole: what is not said is null', () => {
    const said = { code: 'x', severity: 'warn', message: 'm', fix: 'f' }
    expect(problem(noted('x'))).toEqual({ ...said, row: null, column: null, value: null })
    expect(problem(noted('x', { value: null }))).toEqual({ ...said, row: null, column: null, value: null })
    expect(problem(noted('x', { row: 0, column: 'Quiz', value: '' }))).toEqual({ ...said, row: 0, column: 'Quiz', value: '' })
  })

  it('shows 80 characters of a value', () => {
    expect(problem(noted('x', { value: 'v'.repeat(80) })).value).toBe('v'.repeat(80))
    expect(problem(noted('x', { value: 'v'.repeat(81) })).value).toBe(`${'v'.repeat(80)}...`)
  })

  it('shows no social security number', () => {
    const { value, message } = problem(noted('x', { value: 'a 078-05-1120 b', message: "Row 1: '078-05-1120'." }))
    expect([value, message]).toEqual(['a ***-**-**** b', "Row 1: '***-**-****'."])
  })
})

it.each([
  ['078-05-1120', '***-**-****'],
  ['a078-05-1120, 123-45-6789', 'a***-**-****, ***-**-****'],
  ['1078-05-1120', '1078-05-1120'],
  ['078-05-11201', '078-05-11201'],
  ['078-05-112', '078-05-112'],
  ['078-051120x', '078-051120x'],
  ['no number here', 'no number here'],
])('%j is shown as %j', (text, expected) => {
  expect(maskSecrets(text)).toBe(expected)
})

describe('the problems of a file', () => {
  it('stand in the order of rows, those of the whole file first', () => {
    const problems = createProblems()
    for (const [code, row] of [
      ['c', 7],
      ['b', 3],
      ['a', null],
      ['d', 7],
    ] as const)
      problems.add(noted(code, { row }))
    expect(problems.list().map(({ code }) => code)).toEqual(['a', 'b', 'c', 'd'])
    expect(problems.isBlocked()).toBe(false)
  })

  it('beyond 500 are counted by kind, at the end, but a question never is', () => {
    const problems = createProblems()
    for (let row = 1; row <= 500; row++) problems.add(noted('many', { row }))
    problems.add(noted('many', { row: 501 }))
    problems.add(noted('many', { row: 502 }))
    problems.add(noted('other', { row: 503 }))
    problems.add(noted('more_before', { message: '3 more' }))
    problems.add(noted('ask', { severity: 'block', row: 2 }))
    const list = problems.list()
    expect([list.length, problems.isBlocked()]).toEqual([504, true])
    expect(list.slice(0, 4).map(({ code, row }) => [code, row])).toEqual([
      ['many', 1],
      ['many', 2],
      ['ask', 2],
      ['many', 3],
    ])
    const more = {
      row: null,
      column: null,
      value: null,
      severity: 'warn',
      fix: 'Mend the listed ones first, then upload the file again.',
    }
    expect(list.slice(-3)).toEqual([
      { ...more, code: 'more_before', message: '3 more', fix: 'f' },
      { ...more, code: 'more_many', message: '2 more problems of this kind are not listed one by one.' },
      { ...more, code: 'more_other', message: '1 more problems of this kind are not listed one by one.' },
    ])
  })
})
