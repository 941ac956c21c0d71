/**
 * Scores that come one by one, as in a file with a row for each of them, put together to the table that everything else reads:
 * a row for each student, a column for each assignment. Students stand at the index of their own row of the file; dates and points
 * follow after the last row. Pure.
 */
import type { ColumnChoice } from './choices'
import { importCellsMax, importColumnsMax } from './limits'
import { problem } from './problems'
import { tooMany } from './row-limits'
import type { MadeTable } from './raw-table'
import { cleanDigits } from './text'
import type { ImportProblem } from './views'

/** A row of the file as it is called and numbered there; the index of a student's row is that of the table as well. */
export type Where = (at: number) => Readonly<{ row: number; text: string }>

export type ScoreAssignment = Readonly<{ title: string; points: string; date: string; category: string }>

type Row = readonly string[]

export type ScoreTable = Readonly<{
  rows: readonly Row[]
  problems: readonly ImportProblem[]
  made: Pick<MadeTable, 'columns' | 'placeOf' | 'rowOf' | 'twice'>
}>

export type ScoreTableBuilder = Readonly<{
  /** A student's cells before the assignments, and the index of the row they stand in. The first call for a key counts. */
  addStudent: (key: string, at: number, cells: () => Row) => void
  /** What a row says about an assignment; what an earlier one left open is filled in. */
  addAssignment: (key: string, said: ScoreAssignment, at: number) => void
  /** A score of a student and an assignment that were added. */
  addScore: (student: string, assignment: string, value: string, at: number) => void
  finish: () => ScoreTable | ImportProblem
}>

type Student = { at: number; cells: Row; scores: Map<number, Readonly<{ value: string; at: number }>> }
type Assignment = { column: number; title: string; points: string; date: string; category: string; at: number }

/** `heading`: the row of headings before the assignments, standing at `headingAt`. */
export function createScoreTable(heading: Row, headingAt: number, where: Where): ScoreTableBuilder {
  const students = new Map<string, Student>()
  const studentOfRow = new Map<number, number>()
  const assignments = new Map<string, Assignment>()
  const twice = new Map<string, ImportProblem>()
  const problems: ImportProblem[] = []
  return {
    addStudent(key, at, cells) {
      if (!students.has(key)) students.set(key, { at, cells: cells(), scores: new Map() })
    },
    addAssignment(key, said, at) {
      const known = assignments.get(key)
      if (known === undefined) {
        assignments.set(key, { ...said, at, column: heading.length + assignments.size })
        return
      }
      const isOther = said.points !== '' && known.points !== '' && cleanDigits(said.points) !== cleanDigits(known.points)
      if (isOther && !problems.some(({ value }) => value === known.title)) problems.push(otherPoints(known, said, at, where))
      known.points ||= said.points
      known.category ||= said.category
    },
    addScore(student, assignment, value, at) {
      const row = students.get(student)
      const column = assignments.get(assignment)
      if (row === undefined || column === undefined) return
      studentOfRow.set(at, row.at)
      const known = row.scores.get(column.column)
      if (known === undefined) row.scores.set(column.column, { value, at })
      else if (cleanDigits(known.value) !== cleanDigits(value)) {
        const place = `${row.at + 1}:${column.column}`
        if (!twice.has(place)) twice.set(place, twoScores(column.title, [known, { value, at }], where))
      }
    },
    finish() {
      const width = heading.length + assignments.size
      if (width > importColumnsMax) return tooManyAssignments(assignments.size)
      if (students.size * width > importCellsMax) return tooMany('cells', importCellsMax)
      const rows = layRows({ heading, headingAt, students, assignments, twice })
      const byRow = new Map([...students.values()].map((student) => [student.at, student]))
      const scoreRow = (row: number, column: number | null) =>
        (column === null ? undefined : byRow.get(row)?.scores.get(column)?.at) ?? row
      return {
        rows,
        problems,
        made: {
          columns: choicesOf(assignments),
          placeOf: (row, column) => where(scoreRow(row, column)),
          rowOf: (at) => studentOfRow.get(at) ?? at,
          twice,
        },
      }
    },
  }
}

type Parts = Readonly<{
  heading: Row
  headingAt: number
  students: ReadonlyMap<string, Student>
  assignments: ReadonlyMap<string, Assignment>
  twice: ReadonlyMap<string, ImportProblem>
}>

const noCells: Row = []

function layRows({ heading, headingAt, students, assignments, twice }: Parts): Row[] {
  const columns = [...assignments.values()]
  const last = [...students.values()].reduce((most, { at }) => Math.max(most, at), headingAt)
  const rows: Row[] = new Array<Row>(last + 1).fill(noCells)
  rows[headingAt] = [...heading, ...columns.map(({ title }) => title)]
  for (const { at, cells, scores } of students.values()) {
    const valueIn = (column: number) => (twice.has(`${at + 1}:${column}`) ? '' : (scores.get(column)?.value ?? ''))
    rows[at] = [...cells, ...columns.map(({ column }) => valueIn(column))]
  }
  const describe = (label: string, texts: readonly string[]) => {
    if (texts.some((text) => text !== '')) rows.push([label, ...heading.slice(1).map(() => ''), ...texts])
  }
  describe(
    'DATE',
    columns.map(({ date }) => date),
  )
  describe(
    'POINTS',
    columns.map(({ points }) => points),
  )
  return rows
}

function choicesOf(assignments: ReadonlyMap<string, Assignment>): Record<string, ColumnChoice> {
  return Object.fromEntries(
    [...assignments.values()].map(({ column, title, category }) => [
      column,
      { use: 'assignment' as const, title, ...(category === '' ? {} : { category }) },
    ]),
  )
}

function otherPoints(known: Assignment, said: ScoreAssignment, at: number, where: Where): ImportProblem {
  return problem({
    row: where(at).row,
    column: known.title,
    value: known.title,
    code: 'points_disagree',
    severity: 'block',
    message: `${known.title}: ${where(known.at).text} says it is out of ${known.points}, and ${where(at).text} says ${said.points}.`,
    fix: 'Give the assignment the same points in all of its rows.',
  })
}

type Said = Readonly<{ value: string; at: number }>

function twoScores(title: string, [first, second]: readonly [Said, Said], where: Where): ImportProblem {
  return problem({
    row: where(second.at).row,
    column: title,
    value: `${first.value}, ${second.value}`,
    code: 'two_scores',
    severity: 'reject',
    message: `${title}: ${where(first.at).text} gives this student '${first.value}', and ${where(second.at).text} gives '${second.value}'. Neither was imported.`,
    fix: 'Keep the right row, delete the other, and upload the file again.',
  })
}

function tooManyAssignments(count: number): ImportProblem {
  return problem({
    code: 'too_many_columns',
    severity: 'block',
    message: `The file names ${count} assignments; at most ${importColumnsMax} columns can be read.`,
    fix: 'Upload one class and term at a time.',
  })
}
