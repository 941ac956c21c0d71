import { describe, expect, it } from 'vitest'
import { createFinder } from '@/lib/imports/similar'

const people = [
  ['Koval', 'Mariya'],
  ['Lee', 'Sam'],
  ['Núñez García', 'José Luis'],
  ['Шевченко', 'Тарас'],
  ['Lee', 'Samantha'],
].map(([lastName = '', firstName = '']) => ({ lastName, firstName }))

const find: ReturnType<typeof createFinder<(typeof people)[number]>> = (name, limit) => createFinder(people)(name, limit)
const names = (lastName: string, firstName: string, limit = 3) =>
  find({ lastName, firstName }, limit).map(({ item }) => `${item.firstName} ${item.lastName}`)

describe('likeness', () => {
  it.each([
    ['Kowal', 'Maria', 'Mariya Koval'],
    ['Mariya', 'Koval', 'Mariya Koval'],
    ['Nunez', 'Jose', 'José Luis Núñez García'],
    ['ШЕВЧЕНКО', 'Т.', 'Тарас Шевченко'],
    ['Lee', 'Samm', 'Sam Lee'],
  ])('finds who %s, %s may mean', (lastName, firstName, expected) => {
    expect(names(lastName, firstName)[0]).toBe(expected)
  })

  it('is whole for the same name, and puts the likest first', () => {
    const found = find({ lastName: 'Lee', firstName: 'Sam' }, 5)
    expect(found[0]?.likeness).toBe(1)
    expect(found.map(({ item }) => item.firstName)).toEqual(['Sam', 'Samantha'])
  })

  it('finds nobody for a name that is like none, or for no name', () => {
    expect(names('Zhang', 'Wei')).toEqual([])
    expect(names('', '')).toEqual([])
  })

  const likenessOf = (one: string, other: string) =>
    createFinder([{ lastName: one, firstName: '' }])({ lastName: other, firstName: '' }, 1)[0]?.likeness ?? 0

  it.each([
    // Pairs of letters with the edges of words: 2 x shared / all.
    ['ab', 'ab', 1],
    ['Ab', 'aB', 1],
    ['Núñez', 'Nunez', 1],
    ["O'Neil-Smith", "o neil, smith'", 1],
    ['Room 12', 'room  12', 1],
    ['ab', 'ac', 0],
    ['abc', 'abd', 0.5],
    ['abcd', 'abce', 0.6],
    ['abab', 'ab', 6 / 7],
  ])('of %j and %j is %d', (one, other, expected) => {
    expect(likenessOf(one, other)).toBeCloseTo(expected, 5)
  })

  it('puts the likest first, wherever they stand, and of the equally like the first', () => {
    const three = ['Leeds', 'Leex', 'Lee', 'Leey'].map((lastName) => ({ lastName, firstName: '' }))
    const found = createFinder(three)({ lastName: 'Lee', firstName: '' }, 4)
    expect(found.map(({ item }) => item.lastName)).toEqual(['Lee', 'Leex', 'Leey', 'Leeds'])
    const alike = ['Xlee', 'Leex', 'Ylee', 'Leey'].map((lastName) => ({ lastName, firstName: '' }))
    const equals = createFinder(alike)({ lastName: 'Lee', firstName: '' }, 4)
    expect(equals.map(({ item }) => item.lastName)).toEqual(['Xlee', 'Leex', 'Ylee', 'Leey'])
    const reversed = createFinder([...three].reverse())({ lastName: 'Lee', firstName: '' }, 4)
    expect(reversed.map(({ item }) => item.lastName)).toEqual(['Lee', 'Leey', 'Leex', 'Leeds'])
  })

  it('gives no more than it is asked for', () => {
    expect(names('Lee', 'Sam', 1)).toEqual(['Sam Lee'])
  })
})
