import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moveInGrid, withinGrid } from '@/components/gradebook/grid-keys'

const shape = { rowCount: 31, columnCount: 23, pageRows: 10, isRightToLeft: false }
const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const from = { row: 5, column: 7 }

describe('moveInGrid', () => {
  it.each([
    ['ArrowDown', { row: 6, column: 7 }],
    ['ArrowUp', { row: 4, column: 7 }],
    ['ArrowRight', { row: 5, column: 8 }],
    ['ArrowLeft', { row: 5, column: 6 }],
    ['Home', { row: 5, column: 0 }],
    ['End', { row: 5, column: 22 }],
    ['PageDown', { row: 15, column: 7 }],
    ['PageUp', { row: 0, column: 7 }],
  ])('%s moves the focus', (key, to) => {
    expect(moveInGrid(from, { ...plain, key }, shape)).toEqual(to)
  })

  it.each([
    ['Home', { row: 0, column: 0 }],
    ['End', { row: 30, column: 22 }],
    ['ArrowDown', { row: 30, column: 7 }],
    ['ArrowLeft', { row: 5, column: 0 }],
  ])('Control with %s goes to the end of the grid', (key, to) => {
    expect(moveInGrid(from, { ...plain, key, ctrlKey: true }, shape)).toEqual(to)
  })

  it('follows the eye from right to left', () => {
    const arabic = { ...shape, isRightToLeft: true }
    expect(moveInGrid(from, { ...plain, key: 'ArrowLeft' }, arabic)).toEqual({ row: 5, column: 8 })
    expect(moveInGrid(from, { ...plain, key: 'ArrowRight' }, arabic)).toEqual({ row: 5, column: 6 })
    expect(moveInGrid(from, { ...plain, key: 'ArrowRight', ctrlKey: true }, arabic)).toEqual({ row: 5, column: 0 })
  })

  it('leaves Tab, letters and combinations of the browser alone', () => {
    for (const key of ['Tab', 'Enter', 'a', 'Escape']) expect(moveInGrid(from, { ...plain, key }, shape)).toBeNull()
    expect(moveInGrid(from, { ...plain, key: 'ArrowLeft', altKey: true }, shape)).toBeNull()
  })

  it('never leaves the grid', () => {
    const key = fc.constantFrom('ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'Home', 'End', 'PageDown', 'PageUp')
    fc.assert(
      fc.property(
        fc.array(fc.record({ key, ctrlKey: fc.boolean() }), { maxLength: 60 }),
        fc.boolean(),
        (presses, isRightToLeft) => {
          let place = { row: 0, column: 0 }
          for (const press of presses) {
            const next = moveInGrid(place, { ...plain, ...press }, { ...shape, isRightToLeft })
            if (next === null) throw new Error('a key of the grid was not answered')
            place = next
            expect(place.row >= 0 && place.row < shape.rowCount && place.column >= 0 && place.column < shape.columnCount).toBe(
              true,
            )
          }
        },
      ),
    )
  })
})

describe('withinGrid', () => {
  it('brings the focus back when a filter took its row away', () => {
    expect(withinGrid({ row: 28, column: 20 }, { rowCount: 4, columnCount: 3 })).toEqual({ row: 3, column: 2 })
  })
})
