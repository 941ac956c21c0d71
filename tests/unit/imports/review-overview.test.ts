import { describe, expect, it } from 'vitest'
import { tallyCells } from '@/lib/imports/cell-tally'
import { isOther, overviewOf } from '@/lib/imports/review-overview'
import { clear } from '@/lib/imports/cells'
import { rejected } from '@/lib/imports/parsed'
import { keptMark, type PlannedStudent, same, type StoredPlan } from '@/lib/imports/stored-plan'

const student = (row: number, totals: PlannedStudent['totals']): PlannedStudent => ({
  id: null,
  state: 'matched',
  row,
  lastName: `Row ${row}`,
  firstName: '',
  adds: [],
  totals,
})
const assignment = (title: string) => ({ id: null, state: 'matched', title, old: null, maxPoints: '10', dueOn: null }) as const
const none: PlannedStudent['totals'] = [null, null, null, null]
const planOf = (students: readonly PlannedStudent[], titles: readonly string[]): StoredPlan => ({
  ...{ version: 1, classId: 'c', termId: 't', fileSha256: 'f', next: '', old: '', problems: [], ignored: [], warnings: [] },
  ...{ students, assignments: titles.map(assignment), rejects: { describing: [], rows: [], delimiter: ',' } },
})

describe('the overview of a plan', () => {
  it('counts each column over all rows, conflicts apart, and students who get something written', () => {
    const plan = planOf([student(2, none), student(3, none), student(4, none), student(5, none)], ['Quiz', 'Essay'])
    const next = [
      ['8', same],
      [`${keptMark}9`, rejected],
      [clear, '7'],
      ['', ''],
    ]
    const old = [
      ['', '5'],
      ['6', ''],
      ['4', '5'],
      ['3', ''],
    ]
    const tally = tallyCells(
      next.map((cells, at) => ({ next: cells, old: old[at] ?? [] })),
      2,
    )
    expect(overviewOf(plan, tally)).toEqual({
      studentsWritten: 2,
      rowsChanged: 3,
      columns: [
        { new: 1, changed: 0, cleared: 1, rejected: 0, conflicts: 1 },
        { new: 0, changed: 1, cleared: 0, rejected: 1, conflicts: 0 },
      ],
      crossings: [],
    })
  })

  it('counts a row in which nothing but the total becomes another one', () => {
    const same: PlannedStudent['totals'] = ['80.0', 'B', '80.0', 'B']
    const moved = [student(2, same), student(3, ['80.0', 'B', '81.0', 'B']), student(4, ['80.0', 'B', '80.0', 'A'])]
    const fresh = { ...student(5, none), state: 'new' as const }
    const plan = planOf([...moved, fresh, { ...student(6, none), state: 'enrolled' }], [])
    expect(overviewOf(plan, tallyCells([], 0))).toMatchObject({ studentsWritten: 0, rowsChanged: 4 })
    expect(plan.students.map(isOther)).toEqual([false, true, true, true, true])
  })

  it('names who crosses a letter and in which direction; a first letter and a kept one cross nothing', () => {
    const plan = planOf(
      [
        student(2, ['79.5', 'C', '80.1', 'B']),
        student(3, ['100', 'A', '89.9', 'B']),
        student(4, [null, null, '95', 'A']),
        student(5, ['91', 'A', '92', 'A']),
        student(6, ['9.5', 'F', '60', 'D']),
      ],
      [],
    )
    expect(overviewOf(plan, tallyCells([], 0)).crossings).toEqual([
      { row: 2, name: 'Row 2', from: 'C', to: 'B', isUp: true },
      { row: 3, name: 'Row 3', from: 'A', to: 'B', isUp: false },
      { row: 6, name: 'Row 6', from: 'F', to: 'D', isUp: true },
    ])
  })
})
