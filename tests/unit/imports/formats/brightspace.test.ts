import { describe, expect, test } from 'vitest'
import { assignmentsOf, cellsOf, columnsOf, ignoredOf, problemsOf, readDrawn, studentsOf } from '../../../support/grade-files'

const total = 'A total of the other system; totals are computed here.'

test('a whole export: marks are taken off, points and category are read from the heading', async () => {
  const file = await readDrawn(`
    OrgDefinedId | Username | Last Name | First Name | Email     | Essay Points Grade <Numeric MaxPoints:13 Weight:10 Category:Home work CategoryWeight:15> | Quiz Points Grade <Numeric MaxPoints:100 Category:X> | Lab Points Grade <Numeric MaxPoints:7.5> | Essay Weighted Grade <Numeric Weight:10> | Words Text Grade <Text> | Home work Subtotal Numerator | Home work Subtotal Denominator | Calculated Final Grade Numerator | Calculated Final Grade Denominator | End-of-Line Indicator
    #00123       | #jdoe    | Doe       | Jane       | j@x.org   | 10.5 | 88 | 5 | 9 | hi | 1 | 2 | 3 | 4 | #
    #00124       | #aroe    | Roe       | Ann        | a@x.org   |      |    | 0 |   |    |   |   |   |   | #
  `)
  expect([file.source, file.sourceLabel]).toEqual(['brightspace', 'Brightspace grade export'])
  expect(studentsOf(file)).toEqual([
    '2 Doe, Jane number=00123 username=jdoe email=j@x.org',
    '3 Roe, Ann number=00124 username=aroe email=a@x.org',
  ])
  expect(assignmentsOf(file)).toEqual(['Essay /13 in Home work', 'Quiz /100 in X', 'Lab /7.5'])
  expect(cellsOf(file)).toEqual(['10.5 | 88 | 5', '|  | 0'])
  expect(ignoredOf(file)).toEqual([
    'Essay Weighted Grade <Numeric Weight:10>: The same grade in another form; points are imported.',
    'Words Text Grade <Text>: Text beside the scores; it is not imported.',
    `Home work Subtotal Numerator: ${total}`,
    `Home work Subtotal Denominator: ${total}`,
    `Calculated Final Grade Numerator: ${total}`,
    `Calculated Final Grade Denominator: ${total}`,
    'End-of-Line Indicator: Text beside the scores; it is not imported.',
  ])
  expect(problemsOf(file)).toEqual([])
  expect(columnsOf(file).slice(0, 3)).toEqual([
    'A OrgDefinedId identity number sure',
    'B Username identity username sure',
    'C Last Name identity lastName sure',
  ])
})

describe('headings', () => {
  test.each([
    ['Quiz Points Grade', 'Quiz /?'],
    ['Quiz Points Grade <Numeric>', 'Quiz /?'],
    ['Quiz Points Grade <MaxPoints:5>', 'Quiz /5'],
    ['Quiz Points Grade <Numeric MaxPoints:5 Weight:2>', 'Quiz /5'],
    ['Quiz Points Grade <Numeric MaxPoints:5 Category:A B Weight:2 CategoryWeight:3>', 'Quiz /5 in A B'],
    ['Quiz Points Grade <Pass/Fail MaxPoints:5 Category:>', 'Quiz /5'],
    ['Bonus Points Grade Points Grade <Numeric MaxPoints:5>', 'Bonus Points Grade /5'],
    ['Points Grade', 'Points Grade /?'],
  ])('%s', async (heading, assignment) => {
    const file = await readDrawn([
      ['OrgDefinedId', heading, 'End-of-Line Indicator'],
      ['#1', '3', '#'],
    ])
    expect(file.source).toBe('brightspace')
    expect(assignmentsOf(file)).toEqual([assignment])
  })
})

test('a mark stands only before numbers and user names, and only once', async () => {
  const file = await readDrawn(`
    OrgDefinedId | Username | Email    | Quiz Points Grade | End-of-Line Indicator
    ##1          | jdoe     | #j@x.org | 5                 | #
  `)
  expect(studentsOf(file)).toEqual(['2 , number=#1 username=jdoe email=#j@x.org'])
})
