import { describe, expect, it } from 'vitest'
import { packCells } from '@/lib/gradebook/cell'
import { conflictsOf } from '@/lib/imports/conflict-cells'
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

function conflicts(next: readonly (readonly string[])[], old: readonly (readonly string[])[], sides = { students, assignments }) {
  const plan: StoredPlan = {
    ...{ version: 1, classId: 'c', termId: 't', fileSha256: 'f', problems: [], ignored: [], warnings: [], ...sides },
    ...{ next: packCells(next), old: packCells(old), rejects: { describing: [], rows: [], delimiter: ',' } },
  }
  return conflictsOf(plan)
}

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

  it('are the first 200', () => {
    const many = Array.from({ length: 201 }, (_, at) => student(`s${at}`, at + 2, `L${at}`, ''))
    const cells = many.map(() => ['~5'])
    const found = conflicts(cells, [], { students: many, assignments: [work('a', 'Quiz', [3])] })
    expect([found.length, found.at(-1)?.row]).toEqual([200, 201])
  })
})
