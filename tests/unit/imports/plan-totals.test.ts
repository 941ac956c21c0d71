import { describe, expect, it } from 'vitest'
import type { ClassState } from '@/lib/imports/class-state'
import { planTotals } from '@/lib/imports/plan-totals'
import type { PlannedAssignment } from '@/lib/imports/stored-plan'
import { classOf, workOf } from '../../support/class-of'

const quiz = workOf('a', 'Quiz', { maxPoints: '10' })
const essay = workOf('b', 'Essay', { maxPoints: '20' })
const state = classOf({ assignments: [quiz, essay], grades: { lee: ['8', '10'], koval: ['', '17'] } })

const known = (id: string, maxPoints: string, more: Partial<PlannedAssignment> = {}): PlannedAssignment => ({
  ...{ id, state: 'matched', title: id, old: null, maxPoints, dueOn: null },
  ...more,
})
const fresh = (title: string, maxPoints: string, category?: string | null): PlannedAssignment => ({
  ...{ id: null, state: 'new', title, old: null, maxPoints, dueOn: null },
  ...(category === undefined ? {} : { category }),
})

type Row = readonly [student: string | null, next: readonly string[]]

async function totals(assignments: readonly PlannedAssignment[], rows: readonly Row[], of: ClassState = state) {
  const made = await planTotals(of, {
    assignments,
    rows: rows.map(([id]) => id),
    next: rows.map(([, next]) => next),
  })
  return made.map((each) => each.map((part) => part ?? '-').join(' '))
}

describe('a total before and after', () => {
  it('is over all work of the term, also what the file does not speak of', async () => {
    expect(await totals([known('b', '20')], [['lee', ['19']]])).toEqual(['60.0 - 90.0 A'])
    expect(await totals([known('a', '10')], [['koval', ['10']]])).toEqual(['85.0 B 90.0 A'])
  })

  it('takes the columns in whatever order the file has them', async () => {
    const columns = [known('b', '20'), fresh('Lab', '10'), known('a', '10')]
    expect(await totals(columns, [['lee', ['20', '1', '9']]])).toEqual(['60.0 - 75.0 -'])
    expect(await totals(columns, [['koval', ['', '', '9']]])).toEqual(['85.0 B 86.7 B'])
  })

  it.each([
    ['a blank, which keeps', '', '60.0 - 60.0 -'],
    ['what is the same', '=', '60.0 - 60.0 -'],
    ['what was left out', '!', '60.0 - 60.0 -'],
    ['a conflict that is kept', '~10', '60.0 - 60.0 -'],
    ['a conflict that is taken', '^10', '60.0 - 66.7 -'],
    ['a grade taken away', 'CLEAR', '60.0 - 50.0 -'],
    ['work that is excused', 'EX', '60.0 - 50.0 -'],
  ])('of %s', async (_what, token, expected) => {
    expect(await totals([known('a', '10')], [['lee', [token]]])).toEqual([expected])
  })

  it('is none before for somebody new, or without a grade so far, and none after without any', async () => {
    const columns = [known('a', '10'), known('b', '20')]
    expect(
      await totals(columns, [
        [null, ['9', '']],
        ['nobody', ['', '16']],
        [null, ['', '']],
      ]),
    ).toEqual(['- - 90.0 A', '- - 80.0 B', '- - - -'])
  })

  it('follows points that change, for those who have a grade there', async () => {
    const columns = [known('a', '16', { state: 'changed' })]
    expect(
      await totals(columns, [
        ['lee', ['=']],
        ['koval', ['']],
      ]),
    ).toEqual(['60.0 - 50.0 -', '85.0 B 85.0 B'])
    expect(await totals([known('a', '10', { state: 'changed', dueOn: '2026-10-01' })], [['lee', ['=']]])).toEqual([
      '60.0 - 60.0 -',
    ])
  })

  it('follows those of the column that changes, whatever stands in the others', async () => {
    const columns = [known('b', '20'), known('a', '16', { state: 'changed' })]
    expect(await totals(columns, [['koval', ['', '']]])).toEqual(['85.0 B 85.0 B'])
    expect(await totals(columns, [['lee', ['', '']]])).toEqual(['60.0 - 50.0 -'])
  })
})

describe('categories', () => {
  const weighted = classOf({
    categories: [
      { id: 'tests', name: 'Tests', weight: '80', dropLowest: 0 },
      { id: 'labs', name: 'Labs', weight: '20', dropLowest: 0 },
    ],
    assignments: [{ ...quiz, categoryId: 'tests' }],
    grades: { lee: ['5'] },
  })

  it('of the class count by their weight, also for new work that goes into one', async () => {
    expect(await totals([fresh('Lab', '10', 'Labs')], [['lee', ['10']]], weighted)).toEqual(['50.0 - 60.0 -'])
  })

  it.each([
    ['a category that is new', 'Homework'],
    ['no category', null],
    ['no category by name', ''],
    ['none said', undefined],
  ])('of %s have no weight: in a class that weighs, such work does not count', async (_what, category) => {
    expect(await totals([fresh('Work', '10', category)], [['lee', ['10']]], weighted)).toEqual(['50.0 - 50.0 -'])
  })

  it('that are new drop nothing: every score in one counts', async () => {
    const columns = [fresh('One', '10', 'New'), fresh('Two', '10', 'New')]
    expect(await totals(columns, [[null, ['2', '8']]], classOf())).toEqual(['- - 50.0 -'])
  })

  it('stay what they are when new work names one the class has', async () => {
    const dropping = classOf({ categories: [{ id: 'c', name: 'Labs', weight: null, dropLowest: 1 }] })
    const columns = [fresh('One', '10', 'Labs'), fresh('Two', '10', 'Labs')]
    expect(await totals(columns, [[null, ['2', '8']]], dropping)).toEqual(['- - 80.0 B'])
  })

  it('named by work that the class has already make no new one', async () => {
    expect(await totals([known('a', '10', { category: 'Labs' })], [['lee', ['9']]], weighted)).toEqual(['50.0 - 90.0 A'])
  })
})

it('new work is published and no extra credit; work that is hidden or extra stays so', async () => {
  const hidden = classOf({
    assignments: [
      { ...quiz, isPublished: false },
      { ...essay, isExtraCredit: true },
    ],
    grades: { lee: ['1', '2'] },
  })
  expect(await totals([fresh('Lab', '10')], [['lee', ['7']]], hidden)).toEqual(['- - 90.0 A'])
})

it('long files are reckoned in slices that can be followed and stopped', async () => {
  const works = Array.from({ length: 50 }, (_, at) => workOf(`w${at}`, `W${at}`))
  const rows = Array.from({ length: 250 }, () => null)
  const planned = { assignments: [], rows, next: [] }
  const seen: string[] = []
  const onProgress = (phase: string, done: number, total: number | null) => seen.push(`${phase} ${done}/${total}`)
  await planTotals(classOf({ assignments: works }), planned, { onProgress })
  expect(seen).toEqual(['totals 100/250', 'totals 200/250'])
  const control = new AbortController()
  control.abort(new Error('stopped'))
  await expect(planTotals(classOf({ assignments: works }), planned, { signal: control.signal })).rejects.toThrow('stopped')
  await expect(planTotals(classOf({ assignments: works }), planned)).resolves.toHaveLength(250)
})
