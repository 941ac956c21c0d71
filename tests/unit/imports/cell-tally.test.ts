import { expect, test } from 'vitest'
import { packCells } from '@/lib/gradebook/cell'
import { rankOf, tallyCells, tallyOf } from '@/lib/imports/cell-tally'
import { clear } from '@/lib/imports/cells'
import { rejected } from '@/lib/imports/parsed'
import { keptMark, same, type StoredPlan, takenMark } from '@/lib/imports/stored-plan'

const next = [
  ['8', `${takenMark}7`, clear],
  [rejected, same, ''],
  [`${keptMark}9`, '', same],
  ['', same, ''],
  ['', '', ''],
  [same, `${keptMark}9`, '6'],
]
const old = [
  ['', '5', '4'],
  ['3', '5', ''],
  ['6', '2', '1'],
  ['5', '4', '3'],
  ['', '', ''],
  ['5', '3', ''],
]
const lines = next.map((cells, at) => ({ next: cells, old: old[at] ?? [] }))
const columns = [
  { new: 1, changed: 0, cleared: 0, rejected: 1, conflicts: 1 },
  { new: 0, changed: 1, cleared: 0, rejected: 0, conflicts: 1 },
  { new: 1, changed: 0, cleared: 1, rejected: 0, conflicts: 0 },
]

test('counts the cells of each column, the rows by what happens in them, and all cells by kind', () => {
  const tally = tallyCells(lines, 3)
  expect(tally.columns).toEqual(columns)
  expect(tally.ranks).toBe('011220')
  // A blank over a grade is kept like one in conflict; a blank over nothing is no cell.
  expect(tally.kinds).toEqual({ same: 4, kept: 5, new: 2, changed: 1, cleared: 1, rejected: 1 })
})

test('a cell ranks by what happens to it', () => {
  expect(['8', `${takenMark}7`, clear].map(rankOf)).toEqual(['0', '0', '0'])
  expect([rejected, `${keptMark}9`].map(rankOf)).toEqual(['1', '1'])
  expect(['', same].map(rankOf)).toEqual(['2', '2'])
})

test('a plan of an older release, which has no tally, is counted as it would have been', () => {
  const plan = { students: next, assignments: columns, next: packCells(next), old: packCells(old) } as unknown as StoredPlan
  const { columns: counted, ranks } = tallyCells(lines, 3)
  expect(tallyOf(plan)).toMatchObject({ columns: counted, ranks })
  const tally = { columns: [], ranks: '' }
  expect(tallyOf({ ...plan, tally })).toBe(tally)
})
