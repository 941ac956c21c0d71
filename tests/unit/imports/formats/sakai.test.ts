import { expect, test } from 'vitest'
import { assignmentsOf, cellsOf, ignoredOf, problemsOf, readDrawn, studentsOf } from '../../../support/grade-files'

test('a whole export: points in brackets, comments by star, what is not to be read by number sign', async () => {
  const file = await readDrawn(`
    Student ID | Student Name | Quiz 1 [10] | * Quiz 1 | # Course Grade | Essay [12.5] | *Essay
    s1         | Doe, Jane    | 9           | nice     | A              | 12           |
    s2         | Roe, Ann     |             |          | B              |              | late
  `)
  expect([file.source, file.sourceLabel]).toEqual(['sakai', 'Sakai gradebook'])
  expect(studentsOf(file)).toEqual(['2 Doe, Jane number=s1', '3 Roe, Ann number=s2'])
  expect(assignmentsOf(file)).toEqual(['Quiz 1 /10', 'Essay /12.5'])
  expect(cellsOf(file)).toEqual(['9 | 12', '|'])
  expect(ignoredOf(file)).toEqual([
    '* Quiz 1: Comments on the scores; they are not imported.',
    '# Course Grade: Marked by # as not to be read.',
    '*Essay: Comments on the scores; they are not imported.',
  ])
  expect(problemsOf(file)).toEqual([])
})

test('only points in brackets make it Sakai; without them stars and number signs are titles', async () => {
  const file = await readDrawn(`
    Student ID | Student Name | * Quiz 1 | # of tries
    s1         | Doe, Jane    | 9        | 3
  `)
  expect(file.source).toBe('generic')
  expect(assignmentsOf(file)).toEqual(['* Quiz 1 /?', '# of tries /?'])
})

test('brackets with words are part of a title', async () => {
  const file = await readDrawn(`
    Student ID | Student Name | Quiz [10] | Essay [draft]
    s1         | Doe, Jane    | 9         | 3
  `)
  expect(assignmentsOf(file)).toEqual(['Quiz /10', 'Essay [draft] /?'])
})
