import { describe, expect, it } from 'vitest'
import { askedOf, chosenIn, keysIn, knownBy } from '@/lib/imports/known-students'
import type { IdentifierKind } from '@/lib/imports/parsed'

const identifier = (kind: IdentifierKind, folded: string) => ({ kind, folded, value: folded.toUpperCase() })
const lee = { id: '01a2203b-3120-74b6-8344-0bdad2027721', lastName: 'Lee', firstName: 'Sam' }
const koval = { id: '01a2203b-3120-74b6-8344-0bdad2027722', lastName: 'Koval', firstName: 'Mariya' }
const key = `gi-${lee.id}`

describe('what is asked of the school', () => {
  it('is every identifier, and an address that stands for a user name as an e-mail too', () => {
    const given = [identifier('username', 'sam@x.org'), identifier('username', 'sam'), identifier('number', '1@x')]
    expect(askedOf(given)).toEqual([...given, { kind: 'email', folded: 'sam@x.org' }])
    expect(askedOf([])).toEqual([])
  })

  it('is also whose keys of ours there are, whatever column they stand in', () => {
    const address = `${key}@grade-insight.invalid`
    expect([...keysIn([identifier('sis', key), identifier('email', address), identifier('number', '7')])]).toEqual([
      [key, lee.id],
      [address, lee.id],
    ])
  })
})

it('students chosen by hand are those of the rows that have one', () => {
  expect(chosenIn({})).toEqual([])
  expect(
    chosenIn({ students: { '2': { use: 'student', studentId: lee.id }, '3': { use: 'new' }, '4': { use: 'skip' } } }),
  ).toEqual([lee.id])
})

describe('an identifier is known', () => {
  const whom = (
    identifiers: Parameters<typeof knownBy>[0],
    found: Readonly<Record<string, typeof lee>>,
    keyed: readonly (typeof lee)[] = [],
  ) =>
    Object.fromEntries(
      [...knownBy(identifiers, new Map(Object.entries(found)), new Map(keyed.map((each) => [each.id, each])))].map(
        ([asked, { lastName }]) => [asked, lastName],
      ),
    )

  it('as what the school calls it', () => {
    expect(whom([identifier('number', '7'), identifier('number', '8')], { 'number\t7': lee })).toEqual({ 'number\t7': 'Lee' })
  })

  it('as an e-mail when it is a user name, unless it is somebody’s user name', () => {
    const login = identifier('username', 'sam@x.org')
    expect(whom([login], { 'email\tsam@x.org': lee })).toEqual({ 'email\tsam@x.org': 'Lee', 'username\tsam@x.org': 'Lee' })
    expect(whom([login], { 'email\tsam@x.org': lee, 'username\tsam@x.org': koval })).toMatchObject({
      'username\tsam@x.org': 'Koval',
    })
    expect(whom([identifier('number', 'sam@x.org')], { 'email\tsam@x.org': lee })).toEqual({ 'email\tsam@x.org': 'Lee' })
  })

  it('as our own key of a student of this school, and of no other', () => {
    expect(whom([identifier('number', key)], {}, [lee])).toEqual({ [`number\t${key}`]: 'Lee' })
    expect(whom([identifier('number', key), identifier('number', '7')], {}, [koval])).toEqual({})
    expect(whom([identifier('username', key)], { [`email\t${key}`]: koval }, [lee])).toMatchObject({
      [`username\t${key}`]: 'Lee',
    })
  })
})
