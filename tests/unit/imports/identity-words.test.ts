import { expect, it } from 'vitest'
import { canvas } from '@/lib/imports/formats/canvas'
import { generic } from '@/lib/imports/formats/generic'
import { moodle } from '@/lib/imports/formats/moodle'
import { findIdentity, identityOf, ownIdentityOf } from '@/lib/imports/identity-words'

it('words of a source of its own are known, and those of others as well', () => {
  expect(ownIdentityOf('sis user id', canvas)).toBe('sis')
  expect(identityOf('sis user id', canvas)).toBe('sis')
  expect([ownIdentityOf('correo', canvas), identityOf('correo', canvas)]).toEqual([null, 'email'])
  expect([ownIdentityOf('quiz', canvas), identityOf('quiz', canvas)]).toEqual([null, null])
})

it('“First” and “Last” of others are titles', () => {
  for (const word of ['first', 'last', 'given']) expect(identityOf(word, canvas)).toBeNull()
  expect([identityOf('first', generic), identityOf('last', generic)]).toEqual(['firstName', 'lastName'])
})

it('a word that a source has for something else is none', () => {
  expect([identityOf('id', canvas), identityOf('id', moodle)]).toEqual([null, 'number'])
})

it('a word of the source goes before another’s meaning of it', () => {
  expect(canvas.identity.fullName).toContain('student')
  expect(identityOf('student', canvas)).toBe('fullName')
})

it('the first column of each role counts, words of the source before those of others', () => {
  const found = (...words: string[]) => Object.fromEntries(findIdentity(words, canvas))
  expect(found('name', 'student', 'student', 'email', 'email')).toEqual({ fullName: 1, email: 3 })
  expect(found('name', 'correo', 'quiz')).toEqual({ fullName: 0, email: 1 })
  expect(found('quiz', 'id')).toEqual({})
  expect(findIdentity(['first', 'last'], canvas).size).toBe(0)
})
