import { describe, expect, it } from 'vitest'
import { rowsOf, shownAssignments, sortValue, tagsOf } from '@/components/gradebook/rows'
import { packCells } from '@/lib/gradebook/cell'
import type { AssignmentView, GradebookStudent } from '@/lib/gradebook/views'

const none = { percent: null, letter: null, earned: '0', possible: '0', countedItems: 0 }
const student = (id: string): GradebookStudent => ({
  id,
  name: id,
  section: null,
  totals: { current: none, ifMissingIsZero: none },
})
const assignment = (title: string, tags: readonly string[]): AssignmentView => ({
  id: title,
  title,
  maxPoints: '10',
  dueOn: null,
  category: null,
  tags,
  isExtraCredit: false,
  isPublished: true,
  meanPercent: null,
})
const assignments = [assignment('Essay 1', ['homework']), assignment('Prüfung', ['test', 'homework']), assignment('Lab', [])]

describe('the rows of a gradebook', () => {
  it('gives each student their own cells and counts what is missing', () => {
    const cells = packCells([
      ['8', 'MI', ''],
      ['', '', ''],
    ])
    const rows = rowsOf({ students: [student('a'), student('b')], assignments, cells })
    expect(rows.map((row) => row.cells)).toEqual([
      ['8', 'MI', ''],
      ['', '', ''],
    ])
    expect(rows.map((row) => row.missingCount)).toEqual([1, 0])
  })

  it('filters assignments by title and by tag, and keeps their position', () => {
    const positions = (filter: { title: string; tag: string }) =>
      shownAssignments(assignments, filter).map(({ position }) => position)
    expect(positions({ title: '', tag: '' })).toEqual([0, 1, 2])
    expect(positions({ title: ' PRUF', tag: '' })).toEqual([1])
    expect(positions({ title: '', tag: 'homework' })).toEqual([0, 1])
    expect(positions({ title: 'essay', tag: 'test' })).toEqual([])
  })

  it('lists every tag once', () => {
    expect(tagsOf(assignments, 'en')).toEqual(['homework', 'test'])
  })

  it('sorts by percent, and an ungraded cell is no zero', () => {
    expect(sortValue('5', '20')).toBe(25)
    expect(sortValue('LATE 5', '20')).toBe(25)
    for (const cell of ['', 'MI', 'EX', undefined]) expect(sortValue(cell, '20')).toBeUndefined()
  })
})
