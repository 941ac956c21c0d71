/** Which cells of a file get which grade, and everything that stays as it is with its reason. Pure. */
import { formatCell, type Grade } from '@/lib/gradebook/cell'
import type { ClassSheet } from '@/lib/gradebook/exports/class-sheet'
import { listName } from '@/lib/people/names'
import { saysTheSame } from './carried'
import type { CellEdit } from './fill-text'
import type { FillChoices, FillColumn, FillDifference, FillView } from './fill-views'
import { type WrittenGrade, writeGrade } from './fill-words'
import type { DecimalMark } from './locale'
import { type ParsedFile, rejected } from './parsed'

/** A grade that goes into a cell; `token` is what the importer must read there afterwards. */
export type PlannedEdit = CellEdit & Readonly<{ student: number; assignment: number; token: string; was: string }>

export type FillPlan = Readonly<{
  edits: readonly PlannedEdit[]
  columns: readonly FillColumn[]
  differences: readonly FillDifference[]
  unwritten: FillView['unwritten']
}>

/** The file against the class. `students` and `assignments` say, in the order of the file's, which of the class each is. */
export type FillTask = Readonly<{
  file: ParsedFile
  sheet: ClassSheet
  students: readonly (string | null)[]
  assignments: readonly (string | null)[]
  decimal: DecimalMark
  choices: FillChoices
  /** `student assignment` of edits that were tried and did not read back: not tried again. */
  failed: ReadonlySet<string>
}>

export function planFill(task: FillTask): FillPlan {
  const placeOf = new Map(task.sheet.students.map(({ id }, place) => [id, place]))
  const collected: Collected = { edits: [], differences: [], unwritten: [] }
  const columns = task.file.assignments.map((_, assignment) => planColumn(task, assignment, placeOf, collected))
  return { ...collected, columns }
}

type Collected = { edits: PlannedEdit[]; differences: FillDifference[]; unwritten: FillView['unwritten'][number][] }

function planColumn(task: FillTask, assignment: number, placeOf: ReadonlyMap<string, number>, into: Collected): FillColumn {
  const { file, sheet, assignments, students } = task
  const read = file.assignments[assignment]
  const id = assignments[assignment] ?? null
  const target = sheet.assignments.findIndex((own) => own.id === id)
  const own = sheet.assignments[target]
  const counts = { filled: 0, same: 0, different: 0, unwritten: 0 }
  for (const [student, studentId] of students.entries()) {
    const place = studentId === null ? undefined : placeOf.get(studentId)
    const grade = place === undefined ? null : (sheet.grades[place]?.[target] ?? null)
    if (grade !== null) counts[planCell(task, { student, assignment, grade }, into)]++
  }
  const at = read?.columns[0] ?? 0
  return {
    at,
    name: file.columns.find((column) => column.at === at)?.name ?? '',
    title: read?.title ?? '',
    assignmentId: own?.id ?? null,
    ...counts,
    points:
      own !== undefined && read?.maxPoints != null && read.maxPoints !== own.maxPoints
        ? { file: read.maxPoints, own: own.maxPoints }
        : null,
  }
}

type Cell = Readonly<{ student: number; assignment: number; grade: Grade }>

function planCell(
  { file, decimal, choices, failed }: FillTask,
  { student, assignment, grade }: Cell,
  into: Collected,
): 'filled' | 'same' | 'different' | 'unwritten' {
  const was = file.cells[student]?.[assignment] ?? ''
  const token = formatCell(grade)
  if (was !== '' && saysTheSame(file.source, was, token)) return 'same'
  const who = file.students[student]
  const read = file.assignments[assignment]
  const row = who?.row ?? 0
  const column = read?.columns[0] ?? 0
  const place = { row, student: who === undefined ? '' : listName(who), title: read?.title ?? '', own: token }
  if (was !== '') into.differences.push({ ...place, file: was === rejected ? shownCell(file, row, column) : was })
  if (was !== '' && !choices.overwrites) return 'different'
  const written = holdsNoPoints(file, column) ?? writeGrade(grade, file.source, decimal)
  const isFailed = failed.has(`${student} ${assignment}`)
  if (written.text === null || isFailed) {
    into.unwritten.push({ ...place, why: written.text === null ? written.why : 'The cell would not be read as this grade.' })
    return 'unwritten'
  }
  into.edits.push({ row, column, text: written.text, student, assignment, token, was })
  return 'filled'
}

/** Columns of percents and letters: 8.5 of 10 points written there would be taken for 8.5 percent. */
function holdsNoPoints(file: ParsedFile, at: number): WrittenGrade | null {
  const heading = file.columns.find((column) => column.at === at)?.heading ?? ''
  const isOther = /\((?:percentage|porcentaje|letter|letra)\)$|%$/i.test(heading)
  return isOther ? { text: null, why: 'The column is for percents or letters; the grades here are points.' } : null
}

const shownCell = (file: ParsedFile, row: number, column: number) => file.rowText(row)[column] ?? ''
