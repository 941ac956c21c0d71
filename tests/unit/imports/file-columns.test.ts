import { describe, expect, test } from 'vitest'
import type { IdentityRole } from '@/lib/imports/formats/format'
import { canTellStudents } from '@/lib/imports/identity-words'
import { columnsOf, readDrawn } from '../../support/grade-files'

describe('who a row may be, by the cells alone', () => {
  test.each([
    [['Ann Lee', 'Bob Ray'], 'fullName'],
    [['Lee, Ann', 'Ray, Bob'], 'fullName'],
    [["O'Neil Ann-Marie", 'St. John J. R.', 'Ле\u2019нко Оксана'], 'fullName'],
    [['Ann Lee', 'Ann Lee', 'Bob Ray'], 'fullName'],
    [['Ann Lee', 'Ann Lee'], null],
    [['Ann', 'Bob'], null],
    [['Ann Lee', 'Bob'], null],
    [['Ann Lee 2', 'Bob Ray 3'], null],
    [['1 Ann Lee', '2 Bob Ray'], null],
    [['Ann 4Lee', 'Bob 4Ray'], null],
    [['A9n Lee', 'B9b Ray'], null],
    [['Ann Lee', 'Bob Ray', 'Cy Poe', 'x9'], null],
    [['a@x.org', 'b@x.org'], 'email'],
    [['\uff41@x.org', 'b@x.org'], 'email'],
    [['a@x.org', 'b@x.org', 'c@x.org', 'none'], null],
    [['', ''], null],
  ] as const)('%j: %j', async (cells, identity) => {
    const file = await readDrawn([['Wer', 'Wert', 'Zahl'], ...cells.map((cell) => [cell, '7', '8'])])
    expect(file.columns[0]).toMatchObject({ identity, samples: cells.filter((cell) => cell !== '').slice(0, 3) })
    expect(file.columns[0]?.role === 'identity').toBe(identity !== null)
    if (identity !== null) expect(file.columns[0]).toMatchObject({ confidence: 'guess', reason: null })
  })

  test('is not guessed once the headings say it', async () => {
    const file = await readDrawn('email | Mood | Quiz\na@x.org | Ann Lee | 7\nb@x.org | Bob Ray | 8')
    expect(columnsOf(file).slice(0, 2)).toEqual(['A email identity email sure', 'B Mood ignored guess'])
    expect(file.columns[1]?.reason).toBe('Holds text and no score, points or date.')
  })
})

describe('samples', () => {
  test.each([
    [199, ['late one']],
    [200, []],
  ])('of a column that is empty for %i students: %j', async (empty, samples) => {
    const file = await readDrawn([
      ['last_name', 'first_name', 'email', 'Notes', 'Quiz'],
      ...Array.from({ length: empty }, (_, at) => ['S', 'A', `s${at}@x.org`, '', '7']),
      ['T', 'B', 't@x.org', 'late one', '7'],
    ])
    expect(file.columns[3]?.samples).toEqual(samples)
  })
  test('are without guards and what cannot be seen', async () => {
    const file = await readDrawn([
      ['="email"', '="Notes"', 'Quiz'],
      ['="a@x.org"', "'=x", '\u200b7'],
    ])
    expect(file.columns.map(({ heading, samples }) => [heading, ...samples])).toEqual([
      ['email', 'a@x.org'],
      ['Notes', '=x'],
      ['Quiz', '7'],
    ])
  })
})

test.each([
  [['fullName'], true],
  [['email'], true],
  [['number'], true],
  [['username'], true],
  [['sis'], true],
  [['lastName', 'firstName'], true],
  [['lastName'], false],
  [['firstName'], false],
  [[], false],
] as const)('%j tell students apart: %j', (roles: readonly IdentityRole[], canTell) => {
  expect(canTellStudents(new Map(roles.map((role, at) => [role, at])))).toBe(canTell)
})
