import { describe, expect, it } from 'vitest'
import { packCells } from '@/lib/gradebook/cell'
import { conflictsOf, countConflicts } from '@/lib/imports/conflict-cells'
import type { PlannedAssignment, PlannedStudent, StoredPlan } from '@/lib/imports/stored-plan'

const student = (id: string | null, row: number, lastName: string, firstName: string): PlannedStudent => ({
  ...{ id, state: 'matched', row, lastName, firstName, adds: [], totals: [null, null, null, null] },
})
const work = (id: string | null, title: string, columns?: readonly number[]): PlannedAssignment => ({
  ...{ id, state: 'matched', title, old: null, maxPoints: '10', dueOn: null },
  ...(columns === undefined ? {} : { columns }),
})

const students = [student('s', 3, 'Lee', 'Sam'), student('t', 7, 'Koval', ''), student(null, 9, 'New', 'Kid')]
const assignments = [work('a', 'Quiz', [4, 6]), work('b', 'Essay'), work(null, 'Fresh', [8])]

type Rows = readonly (readonly string[])[]

function planOf(next: Rows, old: Rows, sides = { students, assignments }): StoredPlan {
  return {
    ...{ version: 1, classId: 'c', termId: 't', fileSha256: 'f', problems: [], ignored: [], warnings: [], ...sides },
    ...{ next: packCells(next), old: packCells(old), rejects: { describing: [], rows: [], delimiter: ',' } },
  }
}

const conflicts = (...sides: Parameters<typeof planOf>) => conflictsOf(planOf(...sides))

describe('the cells two people want different', () => {
  it('are those that are kept and those the file takes all the same, in the order of the file', () => {
    const found = conflicts(
      [
        ['~5', '^CLEAR', '='],
        ['6', '~CLEAR', '!'],
      ],
      [
        ['4', '7', ''],
        ['2', '3', ''],
      ],
    )
    const quiz = { row: 3, column: 4, student: 'Lee, Sam', assignment: 'Quiz', studentId: 's', assignmentId: 'a' }
    const essay = { column: 0, assignment: 'Essay', assignmentId: 'b', wanted: '' }
    expect(found).toEqual([
      { ...quiz, now: '4', wanted: '5', choice: 'keep' },
      { ...quiz, ...essay, now: '7', choice: 'take' },
      { ...essay, row: 7, student: 'Koval', studentId: 't', now: '3', choice: 'keep' },
    ])
  })

  it('are found when all of them are taken, or all kept', () => {
    expect(conflicts([['^5', '', '']], [['4', '', '']]).map(({ choice }) => choice)).toEqual(['take'])
    expect(conflicts([['~5', '', '']], [['4', '', '']]).map(({ choice }) => choice)).toEqual(['keep'])
  })

  it('are none of who or what does not exist yet, and none in a plan without them', () => {
    expect(conflicts([['', '', '~5'], [], ['~5', '~5', '']], [])).toEqual([])
    expect(conflicts([['5', '=', '!']], [])).toEqual([])
  })

  it('now hold nothing where the plan packs no old values', () => {
    expect(conflicts([['~5', '', '']], [])).toMatchObject([{ now: '', wanted: '5' }])
  })

  it('are the first 1,000, and all of them are counted', () => {
    const many = Array.from({ length: 1_001 }, (_, at) => student(`s${at}`, at + 2, `L${at}`, ''))
    const sides = { students: many, assignments: [work('a', 'Quiz', [3])] }
    const cells = many.map((_, at) => [at === 1_000 ? '^5' : '~5'])
    const found = conflicts(cells, [], sides)
    expect([found.length, found.at(-1)?.row]).toEqual([1_000, 1_001])
    expect(countConflicts(planOf(cells, [], sides))).toEqual({ all: 1_001, kept: 1_000 })
  })

  it('are counted apart from everything else a plan says', () => {
    const next = [
      ['~8', '^9', '7'],
      ['=', '', '!'],
      ['CLEAR', '~CLEAR', '~6'],
    ]
    expect(countConflicts(planOf(next, []))).toEqual({ all: 4, kept: 3 })
    expect(countConflicts(planOf([['7', '=', '']], []))).toEqual({ all: 0, kept: 0 })
  })
})
