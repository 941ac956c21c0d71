import { expect, test } from 'vitest'
import { isSameWish, rereadWishSchema, undoWishSchema } from '@/lib/jobs/wish'

const [one, two] = ['01a220e6-89ef-7600-b9d3-5f2a0d51b2a2', '01a220e6-8a12-7418-b275-b786817f38ea']

test('a wish is the same in whatever order its fields come back, and with fields that said nothing', () => {
  const wish = { choices: { numbers: ',' as const, cells: { '4:3': '81', '5:3': null } }, isFileSent: false }
  expect(isSameWish({ isFileSent: false, choices: { cells: { '5:3': null, '4:3': '81' }, numbers: ',' } }, wish)).toBe(true)
  expect(isSameWish(wish, { ...wish, choices: { ...wish.choices, dates: undefined } })).toBe(true)
})

test.each([
  ['another part', { only: { studentIds: [one] } }, { only: { studentIds: [two] } }],
  ['more of it', { only: { studentIds: [one] } }, { only: { studentIds: [one, two] } }],
  ['the other kind of part', { only: { studentIds: [one] } }, { only: { assignmentIds: [one] } }],
  ['the whole', { only: { studentIds: [one] } }, null],
  ['a part of it', null, { only: { studentIds: [one] } }],
  ['the file sent with it', { choices: {}, isFileSent: false }, { choices: {}, isFileSent: true }],
  ['an answer taken back', { choices: {}, isFileSent: false }, { choices: { numbers: null }, isFileSent: false }],
])('%s is another wish', (_, stored, wish) => {
  expect(isSameWish(stored, wish)).toBe(false)
})

test.each([
  ['ids that are none', { only: { studentIds: ['all'] } }],
  ['students and assignments at once', { only: { studentIds: [one], assignmentIds: [two] } }],
  ['no part', { only: {} }],
  ['nothing said, which is not the whole', {}],
  ['the wish of another kind', { choices: {}, isFileSent: false }],
  ['nothing at all', undefined],
])('an undo is not read from %s', (_, stored) => {
  expect(undoWishSchema.safeParse(stored).success).toBe(false)
})

test.each([
  ['no choices', { isFileSent: false }],
  ['choices nobody knows how to take', { choices: { numbers: 'x' }, isFileSent: false }],
  ['the wish of another kind', { only: { studentIds: [one] } }],
  ['nothing', null],
])('a reading is not read from %s', (_, stored) => {
  expect(rereadWishSchema.safeParse(stored).success).toBe(false)
})
