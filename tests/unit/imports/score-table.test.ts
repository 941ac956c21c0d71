import { describe, expect, it } from 'vitest'
import { createScoreTable, type ScoreAssignment, type ScoreTable, type ScoreTableBuilder } from '@/lib/imports/score-table'
import { tooMany } from '@/lib/imports/row-limits'

const build = (heading: readonly string[] = ['email', 'name'], headingAt = 0) =>
  createScoreTable(heading, headingAt, (at) => ({ row: at + 101, text: `Line ${at}` }))
const said = (title: string, more: Partial<ScoreAssignment> = {}) => ({ title, points: '', date: '', category: '', ...more })

function finish(builder: ScoreTableBuilder): ScoreTable {
  const finished = builder.finish()
  if ('code' in finished) throw new Error(finished.code)
  return finished
}

describe('scores that come one by one', () => {
  it('stand in a row for each student, at that of the first score, and a column for each assignment', () => {
    const table = build()
    table.addStudent('a', 2, () => ['a@x', 'A'])
    table.addAssignment('quiz', said('Quiz'), 2)
    table.addScore('a', 'quiz', '7', 2)
    table.addStudent('b', 3, () => ['b@x', 'B'])
    table.addAssignment('lab', said('Lab', { points: '10', date: '2026-10-01', category: 'Labs' }), 3)
    table.addScore('b', 'lab', '8', 3)
    table.addStudent('a', 4, () => ['never', 'asked'])
    table.addScore('a', 'lab', '9', 4)
    const { rows, problems, made } = finish(table)
    expect(rows).toEqual([
      ['email', 'name', 'Quiz', 'Lab'],
      [],
      ['a@x', 'A', '7', '9'],
      ['b@x', 'B', '', '8'],
      ['DATE', '', '', '2026-10-01'],
      ['POINTS', '', '', '10'],
    ])
    expect(problems).toEqual([])
    expect(made.columns).toEqual({
      '2': { use: 'assignment', title: 'Quiz' },
      '3': { use: 'assignment', title: 'Lab', category: 'Labs' },
    })
    expect(made.twice.size).toBe(0)
  })

  it('need no rows of dates and points that say nothing, and none of students below a low heading', () => {
    const table = build(['email'], 3)
    table.addAssignment('quiz', said('Quiz'), 1)
    table.addStudent('a', 1, () => ['a@x'])
    expect(finish(table).rows).toEqual([[], ['a@x', ''], [], ['email', 'Quiz']])
  })

  it('of nobody and nothing that was added are none', () => {
    const table = build()
    table.addStudent('a', 1, () => ['a@x', ''])
    table.addAssignment('quiz', said('Quiz'), 1)
    table.addScore('a', 'lab', '7', 1)
    table.addScore('b', 'quiz', '7', 1)
    expect(finish(table).rows[1]).toEqual(['a@x', '', ''])
  })

  it('are found again: a place of the table is that of the score, or of the student where there is none', () => {
    const table = build()
    table.addStudent('a', 1, () => ['a@x', 'A'])
    table.addAssignment('quiz', said('Quiz'), 1)
    table.addAssignment('lab', said('Lab'), 4)
    table.addScore('a', 'quiz', '7', 1)
    table.addScore('a', 'lab', '8', 4)
    const { made } = finish(table)
    expect([made.placeOf(1, 2), made.placeOf(1, 3), made.placeOf(1, null), made.placeOf(1, 9), made.placeOf(2, 3)]).toEqual([
      { row: 102, text: 'Line 1' },
      { row: 105, text: 'Line 4' },
      { row: 102, text: 'Line 1' },
      { row: 102, text: 'Line 1' },
      { row: 103, text: 'Line 2' },
    ])
    expect([made.rowOf(1), made.rowOf(4), made.rowOf(7)]).toEqual([1, 1, 7])
  })
})

describe('what later rows say of an assignment', () => {
  const twice = (first: Partial<ScoreAssignment>, second: Partial<ScoreAssignment>) => {
    const table = build(['email'])
    table.addAssignment('quiz', said('Quiz', first), 1)
    table.addAssignment('quiz', said('Quiz', second), 2)
    return finish(table)
  }

  it('fills in what was left open, and changes nothing else', () => {
    expect(twice({}, { points: '10', category: 'Tests' })).toMatchObject({
      rows: [
        ['email', 'Quiz'],
        ['POINTS', '10'],
      ],
      problems: [],
      made: { columns: { '1': { title: 'Quiz', category: 'Tests' } } },
    })
    expect(twice({ points: '10', category: 'Tests' }, { category: 'Labs' })).toMatchObject({
      problems: [],
      made: { columns: { '1': { category: 'Tests' } } },
    })
  })

  it('is the same in digits of another script', () => {
    expect(twice({ points: '10' }, { points: '١٠' }).problems).toEqual([])
    expect(twice({ points: '١٠' }, { points: '10' }).problems).toEqual([])
  })

  it('is asked once for each title when the points are others', () => {
    const table = build(['email'])
    table.addAssignment('quiz', said('Quiz', { points: '10' }), 1)
    table.addAssignment('lab', said('Lab', { points: '5' }), 2)
    table.addAssignment('quiz', said('Quiz', { points: '12' }), 3)
    table.addAssignment('quiz', said('Quiz', { points: '13' }), 4)
    table.addAssignment('lab', said('Lab', { points: '6' }), 5)
    const fix = 'Give the assignment the same points in all of its rows.'
    expect(finish(table).problems).toEqual([
      {
        ...{ row: 104, column: 'Quiz', value: 'Quiz', code: 'points_disagree', severity: 'block', fix },
        message: 'Quiz: Line 1 says it is out of 10, and Line 3 says 12.',
      },
      {
        ...{ row: 106, column: 'Lab', value: 'Lab', code: 'points_disagree', severity: 'block', fix },
        message: 'Lab: Line 2 says it is out of 5, and Line 5 says 6.',
      },
    ])
  })
})

describe('a score given twice', () => {
  const scores = (...values: readonly string[]) => {
    const table = build(['email'])
    table.addStudent('a', 1, () => ['a@x'])
    table.addAssignment('quiz', said('Quiz'), 1)
    for (const [at, value] of values.entries()) table.addScore('a', 'quiz', value, at + 1)
    return finish(table)
  }

  it('counts once when it is the same, also in digits of another script', () => {
    expect(scores('7', '٧')).toMatchObject({
      rows: [
        ['email', 'Quiz'],
        ['a@x', '7'],
      ],
      made: { twice: new Map() },
    })
    expect(scores('٧', '7').made.twice.size).toBe(0)
  })

  it('is no score when it is not, and the first two rows are named', () => {
    const { rows, made } = scores('7', '8', '9')
    expect(rows[1]).toEqual(['a@x', ''])
    expect([...made.twice]).toEqual([
      [
        '2:1',
        {
          ...{ row: 103, column: 'Quiz', value: '7, 8', code: 'two_scores', severity: 'reject' },
          message: "Quiz: Line 1 gives this student '7', and Line 2 gives '8'. Neither was imported.",
          fix: 'Keep the right row, delete the other, and upload the file again.',
        },
      ],
    ])
  })
})

describe('a table of scores may have', () => {
  const sized = (students: number, assignments: number) => {
    const table = build(['email'])
    for (let at = 0; at < students; at++) table.addStudent(`s${at}`, at + 1, () => ['a@x'])
    for (let at = 0; at < assignments; at++) table.addAssignment(`a${at}`, said(`A${at}`), 1)
    return table.finish()
  }

  it('1000 columns, those of the student with them', () => {
    expect(sized(1, 999)).toMatchObject({ problems: [] })
    expect(sized(1, 1000)).toEqual({
      ...{ row: null, column: null, value: null, code: 'too_many_columns', severity: 'block' },
      message: 'The file names 1000 assignments; at most 1000 columns can be read.',
      fix: 'Upload one class and term at a time.',
    })
  })

  it('2 million cells', () => {
    expect(sized(2001, 999)).toEqual(tooMany('cells', 2_000_000))
  })
})
