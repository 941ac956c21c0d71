/**
 * What was read from a table that was made, said in the words of the file it was made from: rows are those of the file, a score
 * that the file gives twice is left out, and the source is the file's. Pure.
 */
import type { ImportChoices } from './choices'
import { isRejected, type ParsedAssignment, type ParsedFile, rejected } from './parsed'
import { createProblems } from './problems'
import type { MadeTable } from './raw-table'
import type { ImportProblem } from './views'

/** The teacher's own texts, with the rows of the file as those of the table. */
export function editsOfTable(edits: ImportChoices['cells'], made: MadeTable): ImportChoices['cells'] {
  if (edits === undefined) return undefined
  return Object.fromEntries(
    Object.entries(edits).map(([place, text]) => {
      const [row = 0, column = 0] = place.split(':').map(Number)
      return [`${made.rowOf(row - 1) + 1}:${column}`, text]
    }),
  )
}

export type Naming = Readonly<{
  made: MadeTable
  /** What was noticed while the table was made, in the file's own words already. */
  noticed: readonly ImportProblem[]
  /** The teacher's texts by places of the table. */
  edits: ImportChoices['cells']
}>

/** The file as it was uploaded. */
export function nameByFile(file: ParsedFile, { made, noticed, edits = {} }: Naming): ParsedFile {
  const twice = [...made.twice].filter(([place]) => !Object.hasOwn(edits, place))
  const hidden = new Set(file.privateColumns)
  const problems = createProblems()
  for (const each of noticed) problems.add(each)
  for (const each of file.problems) problems.add(placeProblem(each, file, made))
  for (const [, each] of twice) problems.add(each)
  return {
    ...leaveOut(file, twice),
    source: made.source,
    sourceLabel: made.label,
    problems: problems.list(),
    isBlocked: problems.isBlocked(),
    ignored: file.ignored.map((part) => {
      const column = part.kind === 'column' ? file.columns.find(({ heading }) => heading === part.where) : undefined
      return column === undefined ? part : { ...part, reason: made.reasons.get(column.at) ?? part.reason }
    }),
    columns: file.columns.map((column) => ({ ...column, reason: made.reasons.get(column.at) ?? column.reason })),
    ...(made.file === null
      ? {}
      : {
          describingRows: made.file.describing,
          rowCount: made.file.rows.length,
          rowText: (row: number) => (made.file?.rows[row - 1] ?? []).map((cell, at) => (hidden.has(at) ? '' : cell)),
        }),
  }
}

function leaveOut(file: ParsedFile, twice: readonly (readonly [string, ImportProblem])[]): ParsedFile {
  if (twice.length === 0) return file
  const studentAt = new Map(file.students.map(({ row }, at) => [row, at]))
  const cells = file.cells.map((row) => [...row])
  let cellsRejected = file.cellsRejected
  for (const [place] of twice) {
    const [row = 0, column = 0] = place.split(':').map(Number)
    const student = cells[studentAt.get(row) ?? -1]
    const assignment = file.assignments.findIndex(({ columns }) => columns.includes(column))
    if (student === undefined || assignment < 0) continue
    if (!isRejected(student[assignment] ?? '')) cellsRejected++
    student[assignment] = rejected
  }
  return { ...file, cells, cellsRejected }
}

/** A problem of a score stands where the score did, one of a student where the student did. */
function placeProblem(problem: ImportProblem, { assignments, students, headingRow }: ParsedFile, made: MadeTable): ImportProblem {
  const { row } = problem
  if (row === null) return problem
  const assignment = assignments.find(({ title }) => title === problem.column)
  const isStudent = students.some((student) => student.row === row)
  if (!isStudent && row !== headingRow && assignment !== undefined) return { ...problem, row: null }
  const place = made.placeOf(row - 1, assignment === undefined || !isStudent ? null : columnOf(assignment, row, made))
  const message = problem.message.startsWith(`Row ${row}`)
    ? place.text + problem.message.slice(`Row ${row}`.length)
    : problem.message
  return { ...problem, row: place.row, message }
}

/** Of columns that are one assignment, the one that the row has a score in. */
function columnOf({ columns }: ParsedAssignment, row: number, made: MadeTable): number | null {
  const own = columns.find((column) => made.placeOf(row - 1, column).row !== made.placeOf(row - 1, null).row)
  return own ?? columns[0] ?? null
}
