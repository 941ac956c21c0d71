import { describe, expect, it } from 'vitest'
import { changesNothing, commitWords, stateWord, summaryWords } from '@/components/imports/import-words'
import { changedColumns, changedRows } from '@/components/imports/review-rows'
import type { ImportCounts, ReviewColumn, ReviewRow } from '@/lib/imports/views'

const format = { locale: 'en-GB', timeZone: 'Europe/London' }
const nothing: ImportCounts = {
  studentsMatched: 30,
  studentsNew: 0,
  studentsEnrolled: 0,
  assignmentsMatched: 20,
  assignmentsNew: 0,
  assignmentsChanged: 0,
  cellsNew: 0,
  cellsChanged: 0,
  cellsCleared: 0,
  cellsUnchanged: 600,
  cellsKept: 0,
  cellsRejected: 0,
  rowsRejected: 0,
}

describe('the words of an import', () => {
  it('never call a plan that changes nothing something to wait for', () => {
    const word = (state: 'planned' | 'committed' | 'blocked', hasChanges: boolean, canRedo = false) =>
      stateWord({ state, hasChanges, canRedo }).word
    expect(word('planned', true)).toBe('Waiting for you')
    expect(word('planned', false)).toBe('Nothing to change')
    expect(word('blocked', false)).toBe('Has a question')
    expect([word('committed', true), word('committed', true, true)]).toEqual(['Written', 'Undone in part'])
  })

  it('count exactly what the button will write', () => {
    const counts = { ...nothing, cellsNew: 1_200, cellsChanged: 33, cellsCleared: 1 }
    expect(commitWords(counts, 30, format)).toBe('Write 1,233 grades and clear 1 grade for 30 students')
    expect(commitWords({ ...nothing, cellsNew: 1 }, 1, format)).toBe('Write 1 grade for 1 student')
    expect(commitWords({ ...nothing, cellsCleared: 2 }, 2, format)).toBe('Clear 2 grades for 2 students')
    expect(commitWords({ ...nothing, assignmentsChanged: 1 }, 0, format)).toBe('Write these changes')
  })

  it('say no changes only when nothing at all would change', () => {
    expect(summaryWords(nothing, format)).toBe('No changes')
    expect(changesNothing(nothing)).toBe(true)
    for (const key of [
      'cellsNew',
      'cellsChanged',
      'cellsCleared',
      'studentsNew',
      'studentsEnrolled',
      'assignmentsNew',
      'assignmentsChanged',
    ] as const) {
      expect(changesNothing({ ...nothing, [key]: 1 })).toBe(false)
      expect(summaryWords({ ...nothing, [key]: 1 }, format)).not.toBe('No changes')
    }
  })
})

const column = (title: string, state: ReviewColumn['state']): ReviewColumn => ({
  assignmentId: title,
  title,
  state,
  maxPoints: { old: '10', new: '10' },
  dueOn: { old: null, new: null },
  ...{ category: null, tags: [] },
})
const row = (name: string, cells: ReviewRow['cells'], state: ReviewRow['state'] = 'matched'): ReviewRow => ({
  studentId: name,
  name,
  state,
  cells,
  totalBefore: null,
  totalAfter: null,
  letterBefore: null,
  letterAfter: null,
})

describe('the review', () => {
  const same = ['same', '8', '8'] as const
  const columns = [column('Essay', 'matched'), column('Quiz', 'matched'), column('Lab', 'new')]
  const rows = [
    row('changed', [['changed', '7', '8'], same, same]),
    row('conflict', [['kept', '7', '9'], same, same]),
    row('blank', [['kept', '7', '7'], same, same]),
    row('quiet', [same, same, same]),
    row('new', [same, same, same], 'new'),
    { ...row('total', [same, same, same]), totalBefore: '80.0', totalAfter: '81.0' },
    { ...row('letter', [same, same, same]), letterBefore: 'B', letterAfter: 'A' },
  ]

  it('shows rows in which something happens, conflicts and totals included, blanks not', () => {
    expect(changedRows(rows).map(({ name }) => name)).toEqual(['changed', 'conflict', 'new', 'total', 'letter'])
  })

  it('shows columns in which something happens, at their own positions', () => {
    const none = { new: 0, changed: 0, cleared: 0, rejected: 0, conflicts: 0 }
    const overview = { columns: [{ ...none, conflicts: 1 }, none, none] }
    expect(changedColumns(columns, overview, false).map(({ position }) => position)).toEqual([0, 2])
    expect(changedColumns(columns, overview, true).map(({ position }) => position)).toEqual([0, 1, 2])
  })
})
