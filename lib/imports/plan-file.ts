/**
 * What a file would do to a class as it is, under the teacher's choices: the same three always give the same plan. Pure but for
 * pausing; who asks says whom the school knows and how the past of cells is found.
 */
import { packCells } from '@/lib/gradebook/cell'
import type { ImportChoices } from './choices'
import type { ClassState, ClassStudent } from './class-state'
import { compareCells, type Compared, type FindPast, type PlanRow } from './compare'
import { matchAssignments } from './match-assignments'
import { type MatchedStudent, matchStudents, skipped } from './match'
import { awaited, type ParsedFile } from './parsed'
import { planTotals } from './plan-totals'
import { createProblems } from './problems'
import { type PlannedAssignment, type PlannedStudent, same, type StoredPlan } from './stored-plan'
import { readingOf } from './stored-reading'
import type { ImportCounts, ImportProblem } from './views'
import type { ImportWatch } from './watch'

export type MadePlan = Readonly<{ kind: 'plan'; plan: StoredPlan; counts: ImportCounts; source: string; isBlocked: boolean }>
export type Made = MadePlan | Readonly<{ kind: 'refused'; problems: readonly ImportProblem[] }>

/** A file as it was read. */
export type FileToPlan = Readonly<{
  file: ParsedFile
  fileSha256: string
  /** The bytes that are kept of the file. */
  kept: Readonly<{ bytes: Uint8Array }>
  choices: ImportChoices
  watch: ImportWatch
}>

/** What the school knows that the file speaks of. */
export type KnownOfSchool = Readonly<{
  /** Students by `kind\tfolded` of an identifier. */
  known: ReadonlyMap<string, ClassStudent>
  /** Those the teacher chose, by id. */
  chosen: ReadonlyMap<string, ClassStudent>
  findPast: FindPast
}>

/** `refused`: no row of the file can be imported, and no answer would change that. */
export async function planFile(from: FileToPlan, state: ClassState, { known, chosen, findPast }: KnownOfSchool): Promise<Made> {
  const { file, choices, watch } = from
  const problems = createProblems()
  const asked = file.problems.filter(isBelowZero)
  for (const noted of file.problems) if (!isBelowZero(noted)) problems.add(noted)
  const students = matchStudents(file, state, { known, chosen, choices: choices.students ?? {} })
  const assignments = matchAssignments(file, state, choices.columns)
  for (const noted of [...students.problems, ...assignments.problems]) problems.add(noted)
  const rows = students.found.flatMap((student, at) =>
    student === null || student === skipped ? [] : [{ student, cells: file.cells[at] ?? [] }],
  )
  if (rows.length === 0 && asked.length === 0 && !problems.isBlocked() && !students.found.includes(skipped))
    return { kind: 'refused', problems: problems.list() }
  const answers = { ...choices, exportedAt: file.exportedAt }
  const sides = { rows, assignments: assignments.found, source: file.source }
  const compared = await compareCells(findPast, state, sides, answers, problems, watch)
  const below = asked.length === 0 ? { known: 0, unknown: 0 } : belowZero(rows, compared.next)
  if (below.unknown > 0 || rows.length === 0) for (const noted of asked) problems.add(noted)
  const totals = await planTotals(
    state,
    { assignments: compared.assignments, rows: rows.map(({ student }) => student.id), next: compared.next },
    watch,
  )
  const absent = await warnOfAbsent(state, { rows, assignments: compared.assignments }, watch)
  const refusedRows = file.students.flatMap(({ row }, at) => (students.found[at] === null ? [row] : []))
  const skippedRows = file.students.flatMap(({ row }, at) => (students.found[at] === skipped ? [row] : []))
  const thought = { compared, absent, refusedRows, skippedRows, problems: problems.list() }
  const planned = rows.map(({ student }, at) => ({ ...student, totals: totals[at] ?? noTotals }))
  const plan = planOf(from, state, planned, thought)
  const rejects = { cellsRejected: file.cellsRejected - below.known, rowsRejected: file.rejectedRows.length + refusedRows.length }
  return { kind: 'plan', plan, counts: countsOf(plan, compared, rejects), source: file.source, isBlocked: problems.isBlocked() }
}

const isBelowZero = ({ code, severity }: ImportProblem) => code === 'negative_score' && severity === 'block'

/** Of the scores below zero that await an answer, how many the class has already, and how many it has not. */
function belowZero(rows: readonly PlanRow[], next: readonly (readonly string[])[]): Readonly<{ known: number; unknown: number }> {
  const count = { known: 0, unknown: 0 }
  for (const [at, { cells }] of rows.entries()) {
    for (const [column, token] of cells.entries()) {
      if (awaited(token) !== '') count[next[at]?.[column] === same ? 'known' : 'unknown']++
    }
  }
  return count
}

const noTotals: PlannedStudent['totals'] = [null, null, null, null]

type Thought = Readonly<{
  compared: Compared
  absent: readonly string[]
  refusedRows: readonly number[]
  skippedRows: readonly number[]
  problems: readonly ImportProblem[]
}>

function planOf(
  { file, fileSha256, kept, choices }: FileToPlan,
  state: ClassState,
  students: readonly PlannedStudent[],
  { compared, absent, refusedRows, skippedRows, problems }: Thought,
): StoredPlan {
  const { classId, termId } = state
  return {
    version: 1,
    ...{ classId, termId, fileSha256, students },
    assignments: compared.assignments,
    next: packCells(compared.next),
    old: compared.old.some((row) => row.some((text) => text !== '')) ? packCells(compared.old) : '',
    problems,
    ignored: [
      ...file.ignored,
      ...skippedRows.map((row) => ({ kind: 'row' as const, where: `Row ${row}`, reason: 'Left out, as you chose.' })),
    ],
    warnings: [...warningsOf(compared, choices), ...absent, ...notWeighed(compared.assignments, state)],
    rejects: rejectsOf(file, problems),
    tally: { columns: compared.tally.columns, ranks: compared.tally.ranks },
    reading: readingOf(file, kept.bytes, refusedRows),
  }
}

function countsOf(
  plan: StoredPlan,
  { tally }: Compared,
  rejects: Pick<ImportCounts, 'cellsRejected' | 'rowsRejected'>,
): ImportCounts {
  const students = (state: MatchedStudent['state']) => plan.students.filter((student) => student.state === state).length
  const assignments = (state: string) => plan.assignments.filter((assignment) => assignment.state === state).length
  return {
    studentsMatched: students('matched'),
    studentsNew: students('new'),
    studentsEnrolled: students('enrolled'),
    assignmentsMatched: assignments('matched'),
    assignmentsNew: assignments('new'),
    assignmentsChanged: assignments('changed'),
    cellsNew: tally.kinds.new,
    cellsChanged: tally.kinds.changed,
    cellsCleared: tally.kinds.cleared,
    cellsUnchanged: tally.kinds.same,
    cellsKept: tally.kinds.kept,
    ...rejects,
  }
}

function warningsOf({ conflicts, tally }: Compared, choices: ImportChoices): string[] {
  const { cleared } = tally.kinds
  const why = choices.blankClears
    ? 'because their cells are blank and you said that a blank takes a grade away'
    : 'because the file says CLEAR'
  return [
    ...(cleared > 0 ? [`${gradesOf(cleared)} will be taken away, ${why}.`] : []),
    ...(conflicts === 1 ? ["1 grade was changed after the file's value. It is kept as it is."] : []),
    ...(conflicts > 1 ? [`${conflicts} grades were changed after the file's values. They are kept as they are.`] : []),
  ]
}

function gradesOf(count: number): string {
  return count === 1 ? '1 grade' : `${count} grades`
}

/** Other points or another category of known work move totals of the whole class, also of those of whom the file says nothing. */
async function warnOfAbsent(
  state: ClassState,
  { rows, assignments }: Readonly<{ rows: readonly PlanRow[]; assignments: readonly PlannedAssignment[] }>,
  { signal }: ImportWatch,
): Promise<string[]> {
  const isMoving = ({ old, maxPoints }: PlannedAssignment) =>
    old !== null && (old.maxPoints !== maxPoints || old.category !== undefined)
  if (!assignments.some(isMoving)) return []
  const named = new Set(rows.map(({ student }) => student.id))
  const ids = state.students.flatMap(({ id }) => (named.has(id) ? [] : [id]))
  const totals = await planTotals(state, { assignments, rows: ids, next: [] }, { signal })
  const moved = totals.filter(([before, from, after, to]) => before !== after || from !== to)
  if (moved.length === 0) return []
  const letters = moved.filter(([, from, , to]) => from !== null && to !== null && from !== to).length
  const who =
    moved.length === 1 ? '1 student who is not in the file gets' : `${moved.length} students who are not in the file get`
  return [
    `Points or categories change for the whole class: ${who} another total as well${letters === 0 ? '' : `, ${letters} of them another letter`}.`,
  ]
}

/** Where a class weighs its categories, work outside of them changes nobody's total: better said than wondered about. */
function notWeighed(assignments: readonly PlannedAssignment[], { categories }: Pick<ClassState, 'categories'>): string[] {
  const weighed = new Set(categories.flatMap(({ name, weight }) => (Number(weight) > 0 ? [name] : [])))
  if (weighed.size === 0) return []
  const why = 'This class weighs its categories'
  const moved = assignments.flatMap(({ title, category, old }) =>
    old?.category !== undefined && !weighed.has(category ?? '')
      ? [`${why}, and '${category}' has no weight: there '${title}' counts for no total.`]
      : [],
  )
  const [first, ...others] = assignments.filter(({ state, category }) => state === 'new' && !weighed.has(category ?? ''))
  if (first === undefined) return moved
  return others.length === 0
    ? [
        ...moved,
        `${why}, and '${first.title}' is in none with a weight: it changes no total. To count it, choose its category at the step Map.`,
      ]
    : [
        ...moved,
        `${why}, and '${first.title}' and ${others.length} more are in none with a weight: they change no total. To count them, choose their categories at the step Map.`,
      ]
}

function rejectsOf(file: ParsedFile, problems: readonly ImportProblem[]): StoredPlan['rejects'] {
  const reasons = new Map<number, string[]>()
  for (const { row, severity, message } of problems) {
    if (row !== null && severity === 'reject') reasons.set(row, [...(reasons.get(row) ?? []), message])
  }
  return {
    describing: file.describingRows.map((row) => file.rowText(row)),
    // In the order of rows, as the problems are.
    rows: [...reasons].map(([row, messages]) => ({ row, cells: file.rowText(row), reason: messages.join(' ') })),
    delimiter: file.delimiter ?? ',',
  }
}
