import { describe, expect, it } from 'vitest'
import { createRowLimits, refusalOfLength, tooMany } from '@/lib/imports/row-limits'

const block = { column: null, severity: 'block' }

describe('a table may have', () => {
  it('so many rows that hold anything; blank ones do not count', () => {
    const limit = createRowLimits({ rows: 2, cells: 100 })
    expect([['a'], [], [''], ['', ''], ['']].map((row, at) => limit(row, at + 1))).toEqual([null, null, null, null, null])
    expect(limit(['b'], 6)).toEqual({
      ...{ ...block, row: null, value: null, code: 'too_many_rows' },
      message: 'The file has more than 2 rows, which is the limit.',
      fix: 'Upload one class and term at a time.',
    })
  })

  it('so many cells, blank ones with them', () => {
    const limit = createRowLimits({ rows: 10, cells: 4 })
    expect(limit(['a', ''], 1)).toBeNull()
    expect(limit(['', 'b'], 2)).toBeNull()
    expect(limit([''], 3)).toEqual(tooMany('cells', 4))
    expect(tooMany('cells', 4)).toMatchObject({
      code: 'too_many_cells',
      message: 'The file has more than 4 cells, which is the limit.',
    })
  })

  it('1000 columns, with whatever blank ones at their end', () => {
    const limit = createRowLimits()
    const wide = new Array<string>(1000).fill('x')
    expect(limit(wide, 1)).toBeNull()
    expect(limit([...wide, '', ''], 2)).toBeNull()
    expect(limit(new Array<string>(1001).fill(''), 3)).toBeNull()
    expect(limit([...wide, '', 'x', ''], 4)).toEqual({
      ...{ ...block, row: 4, value: null, code: 'too_many_columns' },
      message: 'Row 4 has 1002 columns; at most 1000 can be read.',
      fix: 'Delete the columns you do not need and upload the file again.',
    })
  })

  it('10,000 characters in a cell', () => {
    const limit = createRowLimits()
    expect(limit(['x'.repeat(10_000)], 1)).toBeNull()
    expect(limit(['a', 'x'.repeat(10_001)], 2)).toEqual({
      ...{ ...block, row: 2, value: `${'x'.repeat(80)}...`, code: 'cell_too_long' },
      message: 'Row 2, column 2 holds 10001 characters; at most 10000 can be read.',
      fix: 'Shorten that cell. A quotation mark that is never closed is the usual reason.',
    })
  })

  it('200,000 rows and 2 million cells, when nothing else is said', () => {
    const limit = createRowLimits()
    const wide = new Array<string>(1000).fill('')
    for (let at = 1; at <= 2000; at++) if (limit(wide, at) !== null) throw new Error(`refused at ${at}`)
    expect(limit(['x'], 2001)).toEqual(tooMany('cells', 2_000_000))
  })
})

describe('a table with one row a student may have 20,000 of them', () => {
  const filled = new Array<readonly string[]>(20_000).fill(['x'])

  it('whatever blank rows there are', () => {
    expect(refusalOfLength(filled)).toBeNull()
    expect(refusalOfLength([...filled, [], ['']])).toBeNull()
    expect(refusalOfLength([...filled, ['', '']])).toEqual(tooMany('rows', 20_000))
    expect(refusalOfLength([...filled, ['x']])).toEqual(tooMany('rows', 20_000))
  })
})
