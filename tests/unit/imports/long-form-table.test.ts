import { describe, expect, it } from 'vitest'
import { readLongForm } from '@/lib/imports/long-form'
import { problem } from '@/lib/imports/problems'
import type { RawTable } from '@/lib/imports/raw-table'
import { rowsOf } from '../../support/grade-files'

const raw = (drawing: string | string[][], more: Partial<RawTable> = {}): RawTable => ({
  ...{ rows: typeof drawing === 'string' ? rowsOf(drawing) : drawing, delimiter: ',', encoding: 'utf-8', parts: [], part: null },
  ...{ made: null, ignored: [], problems: [], ...more },
})

async function table(drawing: string | string[][], more: Partial<RawTable> = {}, said: Parameters<typeof readLongForm>[1] = {}) {
  const read = await readLongForm(raw(drawing, more), said)
  if (read === null || 'code' in read || read.made === null) throw new Error(read === null ? 'no long form' : 'refused')
  return { ...read, made: read.made }
}

/** Rows of students and what follows, without the heading and what is blank. */
const bodyOf = async (drawing: string) => (await table(drawing)).rows.slice(1).filter((row) => row.length > 0)

describe('the table a file with one row a score becomes', () => {
  const drawing = `
    List of 5b | | |
    student id | task | result | out of | due | type | status | remark | attempt | Phone
    17 | Quiz | 7 | 10 | 2026-10-01 | Tests | late | fine | 1 | 555
    18 | Quiz | 8 | 10 | 2026-10-01 | Tests |      | well | 2 | 556
    17 | Lab  | 3 | 5  |            |       |      |      | 3 |
  `

  it('has columns of the file at their places, and those of assignments behind them', async () => {
    const { rows } = await table(drawing)
    expect(rows).toEqual([
      [],
      ['student_number', '', '', '', '', '', '', 'remark', 'attempt', 'Phone', 'Quiz', 'Lab'],
      ['17', '', '', '', '', '', '', '', '1', '555', 'LATE 7', '3'],
      ['18', '', '', '', '', '', '', '', '2', '556', '8', ''],
      ['DATE', '', '', '', '', '', '', '', '', '', '2026-10-01', ''],
      ['POINTS', '', '', '', '', '', '', '', '', '', '10', '5'],
    ])
  })

  it('knows what its columns are, and why the others are left out', async () => {
    const { made } = await table(drawing)
    expect(made.columns).toEqual({
      ...{ '0': { use: 'identity', role: 'number' }, '8': { use: 'ignore' } },
      ...{ '10': { use: 'assignment', title: 'Quiz', category: 'Tests' }, '11': { use: 'assignment', title: 'Lab' } },
    })
    expect([...made.reasons]).toEqual([
      [8, 'Says nothing about a score.'],
      [7, 'Text beside the scores; it is not imported.'],
    ])
    expect((await table('email | assignment | score\na@x | Quiz | 7')).made.reasons.size).toBe(0)
  })

  it('keeps the file as it stood, and what was noticed and left out before', async () => {
    const ignored = [{ kind: 'part' as const, where: 'Sheet a', reason: 'Not read.' }]
    const noticed = problem({ code: 'noticed', severity: 'warn', message: 'm', fix: 'f' })
    const read = await table(drawing, { ignored, problems: [noticed] })
    expect(read.made).toMatchObject({ source: 'long-form', file: { rows: rowsOf(drawing), describing: [2] } })
    expect(read.problems).toEqual([noticed])
    expect(read.ignored).toEqual([...ignored, { kind: 'row', where: 'Row 1', reason: 'No student and no heading.' }])
    expect(read.made.placeOf(2, 11)).toEqual({ row: 5, text: 'Row 5' })
  })

  it('has its parts wherever they stand', async () => {
    const { rows } = await table('assignment | score | email\nQuiz | 7 | a@x\nLab | 8 | a@x')
    expect(rows).toEqual([
      ['', '', 'email', 'Quiz', 'Lab'],
      ['', '', 'a@x', '7', '8'],
    ])
  })

  it('takes the teacher’s word for who a row is', async () => {
    const said = { columns: { '0': { use: 'identity' as const, role: 'sis' as const } } }
    const read = await table('Code | assignment | score\n17 | Quiz | 7', {}, said)
    expect([read.rows[0]?.[0], read.made.columns['0']]).toEqual(['sis_id', { use: 'identity', role: 'sis' }])
  })

  it.each([
    ['is refused with too many assignments', 1000, 'too_many_columns'],
    ['is not with a few less', 997, undefined],
  ])('%s', async (_what, count, code) => {
    const rows = Array.from({ length: count }, (_, at) => ['a@x.org', `Quiz ${at}`, '1'])
    const read = await readLongForm(raw([['email', 'assignment', 'score'], ...rows]), {})
    expect(read !== null && 'code' in read ? read.code : undefined).toBe(code)
  })
})

describe('a file is none with one row a score', () => {
  it.each([
    ['without a heading row', 'email | assignment | score\na@x | Quiz | 7', { headingRow: 99 }],
    ['without anybody', 'what | assignment | score\nx | Quiz | 7', {}],
    ['without scores', 'email | assignment | phone\na@x | Quiz | 7', {}],
    ['without titles of assignments', 'email | score | phone\na@x | 7 | 5', {}],
    ['with nothing under the titles', 'email | assignment | score\na@x | | 7\na@x | | 8', {}],
    ['with scores for titles, each of another student', 'email | assignment | score\na@x | 1 | 7\nb@x | 2 | 8', {}],
    [
      'whose column of scores is mapped by hand',
      'email | assignment | score\na@x | Quiz | 7',
      { columns: { '2': { use: 'ignore' as const } } },
    ],
  ])('%s', async (_what, drawing, said) => {
    expect(await readLongForm(raw(drawing), said)).toBeNull()
  })

  it('unless one of the titles is a text, or a student comes again', async () => {
    expect(await table('email | assignment | score\na@x | 1 | 7\nb@x | Quiz | 8\nc@x | 3 | 8')).toMatchObject({ made: {} })
    expect(await table('email | assignment | score\na@x | 1 | 7\na@x | 2 | 8')).toMatchObject({ made: {} })
  })
})

describe('a row of a score', () => {
  it.each([
    ['--', 'b@x', 2],
    ['\u2014', 'b@x', 2],
    ['-7', 'b@x', 1],
    ['7-', 'b@x', 1],
  ])('with %j for a number is known by what else it says', async (number, email, count) => {
    const rows = await bodyOf(`
      student id | email | assignment | score
      ${number}  | ${email} | Quiz | 1
      ${number}  | c@x   | Lab  | 2
    `)
    expect(rows).toHaveLength(count)
  })

  it('is of the student of both names together', async () => {
    const rows = await bodyOf('last name | first name | assignment | score\nAb | c | Quiz | 1\nA | bc | Quiz | 2')
    expect(rows.map((row) => row.slice(0, 2))).toEqual([
      ['Ab', 'c'],
      ['A', 'bc'],
    ])
  })

  it('of half a name is of that student, of none of nobody', async () => {
    const { rows, problems } = await table('last name | first name | assignment | score\n | Ana | Quiz | 1\n - | - | Quiz | 2')
    expect([rows.length, problems.map(({ row, code }) => `${row} ${code}`)]).toEqual([2, ['3 no_student']])
  })

  it.each([
    ['--', '2026-10-01', 1],
    ['-', '2026-10-01', 1],
    ['1-', '2026-10-01', 2],
    ['-1', '2026-10-01', 2],
    ['٢٠٢٦-١٠-٠١', '2026-10-01', 1],
  ])('with the date %j beside %j', async (one, other, count) => {
    const read = await table(`email | assignment | score | date\na@x | Quiz | 1 | ${one}\nb@x | Quiz | 2 | ${other}`)
    expect(read.rows[0]?.slice(4)).toHaveLength(count)
  })

  it.each([
    ['--', 'late', 'LATE'],
    ['\u2013', 'missing', 'MI'],
    ['-5', 'late', 'LATE -5'],
    ['5-', 'late', 'LATE 5-'],
    ['5', 'Not Submitted', '5'],
    ['', 'not submitted', 'MI'],
    ['', 'exempt', 'EX'],
    ['5', 'excused', 'EX'],
    ['5', 'incomplete', 'INC 5'],
    ['5', 'done late', 'LATE 5'],
    ['5', 'turned in late', 'LATE 5'],
    ['5', 'turned in', '5'],
    ['-', 'turned in', '-'],
  ])('of %j that is %j says %j', async (score, status, expected) => {
    const [row] = await bodyOf(`email | assignment | score | status\na@x | Quiz | ${score} | ${status}`)
    expect(row?.at(-1)).toBe(expected)
  })

  it('is the heading again only when title and score both say so', async () => {
    const read = await table(`
      email | assignment | score
      a@x   | Assignment | 5
      a@x   | Quiz       | grade
      email | Task       | Grade
      b@x   | Quiz       | 6
    `)
    expect(read.rows).toEqual([
      ['email', '', '', 'Assignment', 'Quiz'],
      ['a@x', '', '', '5', 'grade'],
      [],
      [],
      ['b@x', '', '', '', '6'],
    ])
    expect(read.ignored).toEqual([{ kind: 'row', where: 'Row 4', reason: 'The heading again.' }])
  })

  it('that is blank is nothing', async () => {
    const { rows, problems, ignored } = await table([
      ['email', 'task', 'score'],
      ['', ' ', ''],
      ['a@x', 'Quiz', '5'],
    ])
    expect([rows.length, problems, ignored]).toEqual([3, [], []])
  })

  it('of two columns for the same takes the word that comes first in ours', async () => {
    const [row] = await bodyOf('email | assignment | marks | score | max | out of\na@x | Quiz | 1 | 2 | 3 | 4')
    expect(row).toEqual(['a@x', '', '1', '', '3', '', '2'])
  })
})
