import { describe, expect, it } from 'vitest'
import { columnField, type ColumnFields, columnMark, patchFromForm, tagsOf } from '@/components/imports/choice-fields'

const formOf = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}
const said = (fields: Readonly<Record<string, string>>) => patchFromForm(formOf(fields))

const untouched: ColumnFields = { use: 'assignment', to: '', title: 'Quiz', points: '20', due: '', category: '', tags: '' }
const column = (fields: ColumnFields, was: ColumnFields = untouched) => ({
  ...Object.fromEntries(Object.entries(fields).map(([field, value]) => [`c3.${field}`, value])),
  [columnField(3, 'was')]: columnMark(was),
})
const id = '0198a2f0-0000-7000-8000-000000000001'

describe('a form of the wizard', () => {
  it('says one thing and nothing about the rest', () => {
    expect(said({ importId: id, step: 'shape', 'set.dates': 'dmy' })).toEqual({ dates: 'dmy' })
    expect(said({ 'set.headingRow': '4' })).toEqual({ headingRow: 4 })
    expect(said({ 'set.blankClears': 'true' })).toEqual({ blankClears: true })
  })

  it('takes a choice back with an empty value, and an untouched one says nothing', () => {
    expect(said({ 'set.numbers': '' })).toEqual({ numbers: null })
    expect(said({ 'set.headingRow': '2', 'was.headingRow': '2' })).toEqual({})
  })

  it('makes a column the teacher’s word only when somebody touched it', () => {
    expect(said(column(untouched))).toEqual({})
    expect(said(column({ ...untouched, use: 'ignore' }))).toEqual({ columns: { 3: { use: 'ignore' } } })
    expect(said(column({ ...untouched, use: 'identity:email' }))).toEqual({ columns: { 3: { use: 'identity', role: 'email' } } })
    const whole = {
      ...untouched,
      to: 'new',
      title: ' Quiz 2 ',
      points: '12.5',
      due: '2026-11-03',
      category: 'Tests',
      tags: 'a, b, a',
    }
    expect(said(column(whole))).toEqual({
      columns: {
        3: {
          ...{ use: 'assignment', assignmentId: null, title: 'Quiz 2', maxPoints: '12.5', dueOn: '2026-11-03' },
          ...{ category: 'Tests', tags: ['a', 'b'] },
        },
      },
    })
    expect(said(column({ ...untouched, to: id }))).toMatchObject({ columns: { 3: { assignmentId: id } } })
  })

  it('lets the file decide again about a column', () => {
    expect(said(column({ ...untouched, use: '' }))).toEqual({ columns: { 3: null } })
  })

  it('takes a cell’s new text, drops one typed back to the file’s own, and a bulk answer fills all of its group', () => {
    const cells = { 'cell.4:3': '90', 'was.cell.4:3': '9O', 'cell.7:3': 'x', 'was.cell.7:3': 'x' }
    expect(said(cells)).toEqual({ cells: { '4:3': '90', '7:3': null } })
    expect(said({ ...cells, 'all.cells': '' })).toEqual({ cells: { '4:3': '', '7:3': '' } })
  })

  it('knows a student, a new one, one to leave out, and a bulk answer for every row of the form', () => {
    const rows = { 'row.4': '', 'student.4': id, 'row.5': '', 'student.5': 'new', 'row.6': '', 'student.6': 'skip', 'row.7': '' }
    const expected = { 4: { use: 'student', studentId: id }, 5: { use: 'new' }, 6: { use: 'skip' } }
    expect(said(rows)).toEqual({ students: expected })
    expect(said({ ...rows, 'all.students': 'skip' })).toEqual({
      students: Object.fromEntries([4, 5, 6, 7].map((row) => [row, { use: 'skip' }])),
    })
  })

  it('chooses conflicts one by one, and all at once forgets the single ones', () => {
    expect(said({ 'conflict.4:3': 'take', 'conflict.5:3': 'keep' })).toEqual({ conflictCells: { '4:3': 'take', '5:3': 'keep' } })
    expect(said({ 'set.conflicts': 'take' })).toEqual({ conflicts: 'take', conflictCells: null })
  })

  it('reads tags between commas of any language', () => {
    expect(tagsOf(' homework, unit 3،اختبار ;; homework')).toEqual(['homework', 'unit 3', 'اختبار'])
  })
})
