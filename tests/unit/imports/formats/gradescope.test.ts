import { describe, expect, test } from 'vitest'
import { assignmentsOf, cellsOf, columnsOf, ignoredOf, problemsOf, readDrawn, studentsOf } from '../../../support/grade-files'

const beside = 'Text beside the scores; it is not imported.'
const total = 'A total of the other system; totals are computed here.'
const time = 'When work was handed in; it is not imported.'
const question = 'A question of the assignment; its total is imported.'

test('the grades of a course: columns of points, times and lateness belong to their assignment', async () => {
  const file = await readDrawn(`
    First Name | Last Name | SID | Email   | Sections | HW1 | HW1 - Max Points | HW1 - Submission Time     | HW1 - Lateness (H:M:S) | HW2 | HW2 - Max Points | Total Lateness (H:M:S)
    Jane       | Doe       | 001 | j@x.org | S1       | 9.0 | 10.0             | 2025-01-01 10:00:00 -0800 | 00:00:00               | 4   | 12.5             | 00:00:00
    Ann        | Roe       | 002 | a@x.org | S1       |     | 10.0             |                           |                        | 5   |                  | 00:00:00
  `)
  expect([file.source, file.sourceLabel]).toEqual(['gradescope', 'Gradescope grade export'])
  expect(studentsOf(file)).toEqual(['2 Doe, Jane number=001 email=j@x.org', '3 Roe, Ann number=002 email=a@x.org'])
  expect(assignmentsOf(file)).toEqual(['HW1 /10', 'HW2 /12.5'])
  expect(cellsOf(file)).toEqual(['9 | 4', '| 5'])
  expect(ignoredOf(file)).toEqual([
    `Sections: ${beside}`,
    `HW1 - Submission Time: ${time}`,
    `HW1 - Lateness (H:M:S): ${time}`,
    `Total Lateness (H:M:S): ${total}`,
  ])
  expect(problemsOf(file)).toEqual([])
  expect(columnsOf(file).slice(5, 9)).toEqual([
    'F HW1 assignment sure',
    'G HW1 - Max Points ignored sure',
    'H HW1 - Submission Time ignored sure',
    'I HW1 - Lateness (H:M:S) ignored sure',
  ])
  expect(file.columns[6]?.reason).toBe('What the assignment is out of.')
})

test('a column that is called like one of them is an assignment where there is no other of its title', async () => {
  const file = await readDrawn(`
    First Name | Last Name | SID | Sections | HW1 | Lab - Max Points | Run - Submission Time
    Jane       | Doe       | 001 | S1       | 9   | 5                | 7
  `)
  expect(assignmentsOf(file)).toEqual(['HW1 /?', 'Lab - Max Points /?', 'Run - Submission Time /?'])
})

test('points that differ from row to row are not known', async () => {
  const file = await readDrawn(`
    First Name | Last Name | SID | Sections | HW1 | HW1 - Max Points
    Jane       | Doe       | 001 | S1       | 9   | 10
    Ann        | Roe       | 002 | S1       | 8   | 12
  `)
  expect(assignmentsOf(file)).toEqual(['HW1 /?'])
})

describe('the scores of one assignment', () => {
  test('its title is the name of the file, its points are in a column, questions are parts of it', async () => {
    const file = await readDrawn(
      `
      Name        | SID | Email   | Total Score | Max Points | Status   | Submission ID | Submission Time           | Lateness (H:M:S) | View Count | Submission Count | 1: Proof (5.0 pts) | 2.1: Sum (5.0 pts)
      Jane Doe    | 001 | j@x.org | 9.0         | 10.0       | Graded   | 123           | 2025-01-01 10:00:00 -0800 | 00:00:00         | 1          | 1                | 5.0                | 4.0
      Ann van Roe | 002 | a@x.org |             | 10.0       | Missing  |               |                           |                  |            |                  |                    |
      Pat Poe     | 003 | p@x.org | Ungraded    | 10.0       | Ungraded | 124           |                           |                  |            |                  |                    |
      `,
      { fileName: 'HW 1.csv' },
    )
    expect(file.source).toBe('gradescope')
    expect(studentsOf(file)).toEqual([
      '2 Doe, Jane number=001 email=j@x.org',
      '3 Roe, Ann van number=002 email=a@x.org',
      '4 Poe, Pat number=003 email=p@x.org',
    ])
    expect(assignmentsOf(file)).toEqual(['HW 1 /10'])
    expect(cellsOf(file)).toEqual(['9', 'MI', ''])
    expect(ignoredOf(file)).toEqual([
      `Submission ID: ${beside}`,
      `Submission Time: ${beside}`,
      `Lateness (H:M:S): ${beside}`,
      `View Count: ${beside}`,
      `Submission Count: ${beside}`,
      `1: Proof (5.0 pts): ${question}`,
      `2.1: Sum (5.0 pts): ${question}`,
    ])
    expect(file.columns.flatMap(({ heading, reason }) => (['Max Points', 'Status'].includes(heading) ? [reason] : []))).toEqual([
      'What the assignment is out of.',
      'Says whether work is missing or late.',
    ])
    expect(problemsOf(file)).toEqual([])
  })

  test('with first and last names of their own', async () => {
    const file = await readDrawn(`
      First Name | Last Name | SID | Email   | Sections | Total Score | Max Points | Status
      Jane       | Doe       | 001 | j@x.org | S1       | 9.0         | 10.0       | Graded
    `)
    expect(assignmentsOf(file)).toEqual(['grades /10'])
    expect(studentsOf(file)).toEqual(['2 Doe, Jane number=001 email=j@x.org'])
  })

  test('points in the first column are points', async () => {
    const file = await readDrawn(`
      Max Points | Name     | SID | Total Score | Status
      12         | Jane Doe | 001 | 9.0         | Graded
    `)
    expect(assignmentsOf(file)).toEqual(['grades /12'])
  })
})
