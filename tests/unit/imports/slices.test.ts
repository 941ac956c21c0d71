import { expect, test } from 'vitest'
import { findCandidates } from '@/lib/imports/candidates'
import { readColumns, type Table } from '@/lib/imports/columns'
import { detectLayout } from '@/lib/imports/detect'
import { createProblems } from '@/lib/imports/problems'
import { readCells } from '@/lib/imports/read-cells'
import { readStudents } from '@/lib/imports/roster'
import { rowRoles } from '@/lib/imports/row-roles'
import { readSigns } from '@/lib/imports/signs'

/** A hundred assignments and so many students. */
function tableOf(students: number): Table {
  const at = Array.from({ length: 100 }, (_, column) => column)
  const rows = [
    ['email', ...at.map((column) => `Quiz ${column}`)],
    ...Array.from({ length: students }, (_, row) => [`s${row}@x.org`, ...at.map(() => '7')]),
  ]
  const detected = detectLayout(rows)
  if (detected.kind !== 'layout') throw new Error(detected.problem.code)
  return { rows, roles: rowRoles(rows, detected.layout), layout: detected.layout, delimiter: ',' }
}

const stopped = { fileName: 'grades.csv', signal: AbortSignal.abort(new Error('stopped')) }

test('looking through scores can be stopped after every 20,000 of them, and not before', async () => {
  const look = (table: Table) => readSigns(table, findCandidates(table, 'x'), stopped, createProblems())
  await expect(look(tableOf(200))).rejects.toThrow('stopped')
  expect((await look(tableOf(199))).signs.get(1)).toMatchObject({ filled: 199, scores: 199, largest: 7 })
})

test('reading scores can be stopped after every 20,000 of them, and not before', async () => {
  const read = async (table: Table) => {
    const problems = createProblems()
    const { columns, decimal } = await readColumns(table, { fileName: 'grades.csv' }, problems)
    const { students } = readStudents(table, problems, new Set())
    return readCells(students, columns, { table, decimal, options: stopped }, problems)
  }
  await expect(read(tableOf(200))).rejects.toThrow('stopped')
  expect((await read(tableOf(199))).cells).toHaveLength(199)
})
