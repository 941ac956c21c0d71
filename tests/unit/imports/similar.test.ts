import { describe, expect, it } from 'vitest'
import { createFinder } from '@/lib/imports/similar'

const people = [
  ['Koval', 'Mariya'],
  ['Lee', 'Sam'],
  ['Núñez García', 'José Luis'],
  ['Шевченко', 'Тарас'],
  ['Lee', 'Samantha'],
].map(([lastName = '', firstName = '']) => ({ lastName, firstName }))

const find = createFinder(people)
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

  it('gives no more than it is asked for', () => {
    expect(names('Lee', 'Sam', 1)).toEqual(['Sam Lee'])
  })
})
