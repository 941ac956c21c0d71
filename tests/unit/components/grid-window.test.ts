import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offsetToShow, windowOf } from '@/components/gradebook/grid-window'

const views = fc.record({
  offset: fc.integer({ min: -500, max: 100_000 }),
  size: fc.integer({ min: 0, max: 3_000 }),
  itemSize: fc.integer({ min: 10, max: 200 }),
  count: fc.integer({ min: 0, max: 5_000 }),
  overscan: fc.integer({ min: 0, max: 10 }),
})

describe('windowOf', () => {
  it('draws what is in view and the overscan around it', () => {
    expect(windowOf({ offset: 400, size: 200, itemSize: 40, count: 1_000, overscan: 2 })).toEqual({ start: 8, end: 17 })
  })

  it('stays within the list and is never empty while there are items', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { start, end } = windowOf(view)
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeLessThanOrEqual(view.count)
        expect(end > start).toBe(view.count > 0)
      }),
    )
  })

  it('holds every item that is at least partly in view', () => {
    fc.assert(
      fc.property(views, fc.nat(), (view, pick) => {
        fc.pre(view.count > 0)
        const index = pick % view.count
        const begins = index * view.itemSize
        const isInView = begins < Math.max(0, view.offset) + view.size && begins + view.itemSize > Math.max(0, view.offset)
        const { start, end } = windowOf(view)
        if (isInView) expect(index >= start && index < end).toBe(true)
      }),
    )
  })
})

describe('offsetToShow', () => {
  const view = { size: 500, before: 100, itemSize: 40 }

  it('leaves an item alone that is already in view', () => {
    expect(offsetToShow({ ...view, offset: 200, itemStart: 400 })).toBe(200)
  })

  it('moves an item out from under what sticks at the start', () => {
    expect(offsetToShow({ ...view, offset: 200, itemStart: 250 })).toBe(150)
  })

  it('moves an item up from below the end', () => {
    expect(offsetToShow({ ...view, offset: 200, itemStart: 700 })).toBe(240)
  })

  it('never scrolls before the beginning', () => {
    expect(offsetToShow({ ...view, offset: 200, itemStart: 60 })).toBe(0)
  })
})
