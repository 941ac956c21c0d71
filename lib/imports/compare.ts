/**
 * File against class, cell by cell: what a commit would write, what it leaves, and where two people want different things. Pure but
 * for pausing; who asks says how the past of cells is found.
 */
import { saysTheSame } from './carried'
import { tallyCells } from './cell-tally'
import { clear } from './cells'
import type { ImportChoices } from './choices'
import type { AskedCells, CellPast, ClassState } from './class-state'
import type { MatchedStudent } from './match'
import { awaited, isRejected, rejected } from './parsed'
import { cellsPerSlice, pause } from './pause'
import type { ProblemList } from './problems'
import { keptMark, type PlannedAssignment, same, takenMark, writtenBy } from './stored-plan'
import type { ImportWatch } from './watch'

export type PlanRow = Readonly<{ student: MatchedStudent; cells: readonly string[] }>

export type Compared = Readonly<{
  assignments: readonly PlannedAssignment[]
  /** As in `StoredPlan`, unpacked. */
  next: string[][]
  old: string[][]
  /** Cells in conflict that stay as they are. */
  conflicts: number
  tally: ReturnType<typeof tallyCells>
}>

type Sides = Readonly<{ rows: readonly PlanRow[]; assignments: readonly PlannedAssignment[] }>
type ConflictChoices = Pick<ImportChoices, 'conflicts' | 'conflictCells'>
/** When the file was written, when it says so; what was graded later is newer than it. */
type Answers = ConflictChoices & Readonly<{ exportedAt: string | null }>

/** Finds the past of some cells (`readPast`). */
export type FindPast = (wanted: AskedCells) => Promise<ReadonlyMap<string, CellPast>>

/** Compares all cells, slice by slice, and asks the class's past where the file would change one. */
export async function compareCells(
  findPast: FindPast,
  state: Pick<ClassState, 'assignments' | 'grades'>,
  { rows, assignments, source }: Sides & Readonly<{ source: string }>,
  answers: Answers,
  problems: ProblemList,
  watch: ImportWatch,
): Promise<Compared> {
  const placeOf = new Map<string | null, number>(state.assignments.map(({ id }, place) => [id, place]))
  const places = assignments.map(({ id }) => placeOf.get(id))
  const lines: Line[] = []
  let sincePause = 0
  for (const { student, cells } of rows) {
    const current = state.grades.get(student.id ?? '')
    const old = places.map((place) => (place === undefined ? '' : (current?.[place] ?? '')))
    lines.push({ student, old, next: old.map((text, column) => compareCell(cells[column] ?? '', text, source)) })
    sincePause += places.length
    if (sincePause >= cellsPerSlice) {
      sincePause = 0
      watch.onProgress?.('comparing', lines.length, rows.length)
      await pause(watch.signal)
    }
  }
  const conflicts = await settleConflicts(findPast, { lines, assignments }, answers, problems)
  return {
    assignments,
    next: lines.map(({ next }) => next),
    old: lines.map(({ old }) => old),
    conflicts,
    tally: tallyCells(lines, assignments.length),
  }
}

type Line = Readonly<{ student: MatchedStudent; next: string[]; old: string[] }>

function compareCell(token: string, old: string, source: string): string {
  if (token === '') return ''
  if (token === clear) return old === '' ? '' : clear
  // A score below zero that the class has already is no slip, and nobody is asked about it.
  if (isRejected(token)) return old !== '' && saysTheSame(source, awaited(token), old) ? same : rejected
  return saysTheSame(source, token, old) ? same : token
}

// Stands for an assignment that does not exist yet; no cell of it is asked for.
const noId = '00000000-0000-0000-0000-000000000000'

/**
 * A cell is in conflict when its last change was made by hand, when it was changed after the file was written, or when it already had
 * the file's value and was changed since (an older file). What stands there is kept and listed, unless the teacher chose the file.
 */
async function settleConflicts(
  findPast: FindPast,
  { lines, assignments }: Readonly<{ lines: readonly Line[]; assignments: readonly PlannedAssignment[] }>,
  answers: Answers,
  problems: ProblemList,
): Promise<number> {
  const asked = lines.flatMap(({ student: { id, row }, next }) => {
    if (id === null) return []
    const places = assignments.flatMap((assignment, column) =>
      assignment.id === null || writtenBy(next[column] ?? '') === '' ? [] : [column + 1],
    )
    return places.length === 0 ? [] : [{ id, row, next, places }]
  })
  const past = await findPast({
    studentIds: asked.map(({ id }) => id),
    assignmentIds: assignments.map(({ id }) => id ?? noId),
    places: asked.map(({ places }) => places.join('\t')),
    count: asked.reduce((sum, { places }) => sum + places.length, 0),
    since: answers.exportedAt,
  })
  let kept = 0
  for (const [key, cell] of past) {
    const [index = 0, place = 0] = key.split('\t').map(Number)
    const [line, assignment, column] = [asked[index], assignments[place - 1], place - 1]
    if (line === undefined || assignment === undefined) continue
    const token = line.next[column] ?? ''
    const code = conflictOf(cell, token)
    if (code === null) continue
    const isTaking = isTaken(answers, line.row, assignment)
    line.next[column] = `${isTaking ? takenMark : keptMark}${token}`
    if (isTaking) continue
    kept++
    noteKept(problems, code, { row: line.row, title: assignment.title, token })
  }
  return kept
}

type ConflictCode = 'changed_by_hand' | 'graded_since_export' | 'older_value'

function conflictOf({ lastKind, isSince, texts }: CellPast, token: string): ConflictCode | null {
  if (isSince) return 'graded_since_export'
  if (lastKind === 'edit') return 'changed_by_hand'
  return texts.slice(0, -1).includes(token === clear ? '' : token) ? 'older_value' : null
}

function isTaken(answers: ConflictChoices, row: number, { columns = [] }: PlannedAssignment): boolean {
  const own = columns.flatMap((column) => answers.conflictCells?.[`${row}:${column}`] ?? [])[0]
  return (own ?? answers.conflicts) === 'take'
}

const reasons: Readonly<Record<ConflictCode, string>> = {
  changed_by_hand: 'somebody changed this grade by hand after the last import. It was kept',
  graded_since_export: 'somebody graded this after the file was downloaded. It was kept',
  older_value: 'this value is older than what stands there, which was kept',
}

function noteKept(
  problems: ProblemList,
  code: ConflictCode,
  { row, title, token }: Readonly<{ row: number; title: string; token: string }>,
): void {
  problems.add({
    row,
    column: title,
    value: token,
    code,
    severity: 'warn',
    message: `Row ${row}, ${title}: ${reasons[code]}; the file's '${token}' was not taken.`,
    fix: 'To take the value of the file, say so at the review.',
  })
}
