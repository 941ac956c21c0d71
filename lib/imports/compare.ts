/**
 * File against class, cell by cell: what a commit would write, what it leaves, and where two people want different things. Pure but
 * for pausing; who asks says how the past of cells is found.
 */
import { saysTheSame } from './carried'
import { clear } from './cells'
import type { ImportChoices } from './choices'
import type { AskedCells, CellPast, ClassState } from './class-state'
import type { MatchedStudent } from './match'
import { rejected } from './parsed'
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
  /** Cells by kind: same, new, changed, cleared, kept. */
  tally: ReadonlyMap<string, number>
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
  const placeOf = new Map(state.assignments.map(({ id }, place) => [id, place]))
  const places = assignments.map(({ id }) => (id === null ? -1 : (placeOf.get(id) ?? -1)))
  const next: string[][] = []
  const old: string[][] = []
  let sincePause = 0
  for (const { student, cells } of rows) {
    const current = student.id === null ? undefined : state.grades.get(student.id)
    const before = places.map((place) => (place < 0 ? '' : (current?.[place] ?? '')))
    old.push(before)
    next.push(before.map((text, column) => compareCell(cells[column] ?? '', text, source)))
    sincePause += places.length
    if (sincePause >= cellsPerSlice) {
      sincePause = 0
      watch.onProgress?.('comparing', next.length, rows.length)
      await pause(watch.signal)
    }
  }
  const conflicts = await settleConflicts(findPast, { rows, assignments, next }, answers, problems)
  return { assignments, next, old, conflicts, tally: tallyCells(next, old) }
}

function compareCell(token: string, old: string, source: string): string {
  if (token === '' || token === rejected) return token
  if (token === clear) return old === '' ? '' : clear
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
  { rows, assignments, next }: Sides & Readonly<{ next: string[][] }>,
  answers: Answers,
  problems: ProblemList,
): Promise<number> {
  const asked = next.flatMap((cells, at) => {
    const id = rows[at]?.student.id ?? null
    if (id === null) return []
    const places = cells.flatMap((token, column) =>
      writtenBy(token) === '' || assignments[column]?.id === null ? [] : [column + 1],
    )
    return places.length === 0 ? [] : [{ at, id, places }]
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
    const at = asked[index]?.at ?? -1
    const column = place - 1
    const cells = next[at]
    const token = cells?.[column] ?? ''
    const code = conflictOf(cell, token)
    if (code === null || cells === undefined) continue
    const row = rows[at]?.student.row ?? 0
    if (isTaken(answers, row, assignments[column])) cells[column] = `${takenMark}${token}`
    else {
      cells[column] = `${keptMark}${token}`
      kept++
      noteKept(problems, code, { row, title: assignments[column]?.title ?? '', token })
    }
  }
  return kept
}

type ConflictCode = 'changed_by_hand' | 'graded_since_export' | 'older_value'

function conflictOf({ lastKind, isSince, texts }: CellPast, token: string): ConflictCode | null {
  if (isSince) return 'graded_since_export'
  if (lastKind === 'edit') return 'changed_by_hand'
  return texts.slice(0, -1).includes(token === clear ? '' : token) ? 'older_value' : null
}

function isTaken(answers: ConflictChoices, row: number, assignment: PlannedAssignment | undefined): boolean {
  const own = (assignment?.columns ?? []).flatMap((column) => answers.conflictCells?.[`${row}:${column}`] ?? [])[0]
  return (own ?? answers.conflicts ?? 'keep') === 'take'
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

function tallyCells(next: readonly (readonly string[])[], old: readonly (readonly string[])[]): Map<string, number> {
  const tally = new Map<string, number>()
  const count = (kind: string) => tally.set(kind, (tally.get(kind) ?? 0) + 1)
  for (const [at, cells] of next.entries()) {
    for (const [column, token] of cells.entries()) {
      const before = old[at]?.[column] ?? ''
      if (token === same) count('same')
      else if (token === rejected) continue
      else if (token === '') {
        if (before !== '') count('kept')
      } else if (token.startsWith(keptMark)) count('kept')
      else if (writtenBy(token) === clear) count('cleared')
      else count(before === '' ? 'new' : 'changed')
    }
  }
  return tally
}
