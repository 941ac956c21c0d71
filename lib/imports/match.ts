/** Which student and which assignment of the school a file means. Pure: the class as it is comes in, a match or a reason comes out. */
import { studentIdOfKey } from '@/lib/gradebook/student-key'
import type { ClassAssignment, ClassState, ClassStudent } from './class-state'
import { defaultMaxPoints } from './limits'
import type { ParsedAssignment, ParsedFile, ParsedStudent } from './parsed'
import type { Noted } from './problems'
import type { PlannedAssignment, PlannedStudent } from './stored-plan'
import { foldName, foldTitle } from './text'

export type MatchedStudent = Omit<PlannedStudent, 'totals'>
export type Matches<Item> = Readonly<{ found: readonly (Item | null)[]; problems: readonly Noted[] }>

/**
 * A student for every row, in row order; null where the row is refused. Identifiers find any student of the school, an exact
 * name only one of the class, and only when it is one alone. Nobody is matched by likeness.
 */
export function matchStudents(
  file: ParsedFile,
  state: ClassState,
  known: ReadonlyMap<string, ClassStudent>,
): Matches<MatchedStudent> {
  const problems: Noted[] = []
  const enrolled = new Map(state.students.map((student) => [student.id, student]))
  const byIdentifier = file.students.map((student) => findByIdentifier(student, known, problems))
  const taken = new Set(byIdentifier.flatMap((hit) => (hit && hit !== 'refused' ? [hit.id] : [])))
  const byName = new Map<string, ClassStudent[]>()
  for (const student of state.students) {
    if (!taken.has(student.id)) byName.set(nameKey(student), [...(byName.get(nameKey(student)) ?? []), student])
  }
  const hits = file.students.map(
    (student, at) => byIdentifier[at] ?? findByName(student, byName.get(nameKey(student)) ?? [], problems),
  )
  const rowsOf = new Map<string, number[]>()
  for (const [at, hit] of hits.entries()) {
    const row = file.students[at]?.row
    if (hit && hit !== 'refused' && row !== undefined) rowsOf.set(hit.id, [...(rowsOf.get(hit.id) ?? []), row])
  }
  const found = file.students.map((student, at): MatchedStudent | null => {
    const hit = hits[at] ?? null
    if (hit === 'refused') return null
    const rows = hit === null ? [] : (rowsOf.get(hit.id) ?? [])
    if (rows.length > 1) {
      problems.push({
        row: student.row,
        code: 'same_student',
        severity: 'reject',
        value: `${student.lastName}, ${student.firstName}`,
        message: `Rows ${rows.join(' and ')} are the same student of the school. None of them was imported.`,
        fix: 'Keep the right row, delete the others, and upload the file again.',
      })
      return null
    }
    if (hit === null && student.lastName === '' && student.firstName === '') {
      problems.push({
        row: student.row,
        value: student.identifiers[0]?.value ?? null,
        code: 'unknown_student',
        severity: 'reject',
        message: `Row ${student.row}: the school knows no student by '${student.identifiers[0]?.value ?? ''}', and the row gives no name to add one.`,
        fix: 'Mend the e-mail or number, or add columns last_name and first_name.',
      })
      return null
    }
    return {
      id: hit?.id ?? null,
      state: hit === null ? 'new' : enrolled.has(hit.id) ? 'matched' : 'enrolled',
      row: student.row,
      // What the school calls a student stays; only new ones take the file's name.
      lastName: hit?.lastName ?? student.lastName,
      firstName: hit?.firstName ?? student.firstName,
      // A key of ours that nobody here has is of another school, and no identifier of this one.
      adds: student.identifiers.filter(({ kind, folded }) => !known.has(`${kind}\t${folded}`) && studentIdOfKey(folded) === null),
    }
  })
  return { found, problems }
}

const nameKey = ({ lastName, firstName }: { lastName: string; firstName: string }) =>
  `${foldName(lastName)}\t${foldName(firstName)}`

type Hit = ClassStudent | 'refused' | null

function findByIdentifier(student: ParsedStudent, known: ReadonlyMap<string, ClassStudent>, problems: Noted[]): Hit {
  const hits = student.identifiers.flatMap(({ kind, folded }) => known.get(`${kind}\t${folded}`) ?? [])
  if (new Set(hits.map(({ id }) => id)).size < 2) return hits[0] ?? null
  problems.push({
    row: student.row,
    value: student.identifiers.map(({ value }) => value).join(', '),
    code: 'identifiers_disagree',
    severity: 'reject',
    message: `Row ${student.row}: its identifiers belong to different students of the school.`,
    fix: 'Mend the wrong one and upload the file again.',
  })
  return 'refused'
}

function findByName(student: ParsedStudent, candidates: readonly ClassStudent[], problems: Noted[]): Hit {
  const [only, other] = candidates
  if (only === undefined || (student.lastName === '' && student.firstName === '')) return null
  const name = `${student.lastName}, ${student.firstName}`
  if (other === undefined) {
    const [identifier] = student.identifiers
    if (identifier) {
      problems.push({
        row: student.row,
        value: identifier.value,
        code: 'matched_by_name',
        severity: 'warn',
        message: `Row ${student.row}: nobody has '${identifier.value}' yet, but ${name} is in the class. The grades go to that student, who keeps both.`,
        fix: 'If this is another student of the same name, discard the import and add that student to the class first.',
      })
    }
    return only
  }
  if (student.identifiers.length > 0) return null
  problems.push({
    row: student.row,
    value: name,
    code: 'ambiguous_name',
    severity: 'reject',
    message: `Row ${student.row}: ${candidates.length} students of the class are called ${name}.`,
    fix: 'Add an e-mail address or student number to the row.',
  })
  return 'refused'
}

/** An assignment for every column. The title decides; among several of one title the date does, and else it is asked. */
export function matchAssignments(file: ParsedFile, state: ClassState): Matches<PlannedAssignment> {
  const problems: Noted[] = []
  const byTitle = new Map<string, ClassAssignment[]>()
  for (const assignment of state.assignments) {
    const title = foldTitle(assignment.title)
    byTitle.set(title, [...(byTitle.get(title) ?? []), assignment])
  }
  const columnsOf = new Map<string, number>()
  for (const { title } of file.assignments) columnsOf.set(foldTitle(title), (columnsOf.get(foldTitle(title)) ?? 0) + 1)
  const found = file.assignments.map((assignment) => {
    const candidates = byTitle.get(foldTitle(assignment.title)) ?? datedTwin(assignment.title, byTitle)
    const dated = candidates.filter(({ dueOn }) => dueOn === assignment.dueOn)
    const isAlone = candidates.length === 1 && columnsOf.get(foldTitle(assignment.title)) === 1
    const hit = isAlone ? candidates[0] : dated.length === 1 ? dated[0] : undefined
    if (hit === undefined && candidates.length > 1) {
      problems.push({
        column: assignment.title,
        value: assignment.dueOn,
        code: 'ambiguous_assignment',
        severity: 'block',
        message: `The class has ${candidates.length} assignments called '${assignment.title}', and the date in the file does not say which is meant.`,
        fix: `Give the column one of these dates: ${candidates.map(({ dueOn }) => dueOn ?? 'no date').join(', ')}.`,
      })
    }
    return hit ? planMatched(assignment, hit) : planNew(assignment)
  })
  return { found, problems }
}

/** Our exports tell assignments of one title apart by their dates: `Essay [2026-10-01]`, `Essay [no date]`. */
function datedTwin(title: string, byTitle: ReadonlyMap<string, readonly ClassAssignment[]>): readonly ClassAssignment[] {
  const [, own, date] = /^(.+) \[(\d{4}-\d{2}-\d{2}|no date)\]$/.exec(foldTitle(title)) ?? []
  if (own === undefined) return []
  const dated = (byTitle.get(own) ?? []).filter(({ dueOn }) => (dueOn ?? 'no date') === date)
  return dated.length === 1 ? dated : []
}

function planNew({ title, maxPoints, dueOn }: ParsedAssignment): PlannedAssignment {
  return { id: null, state: 'new', title, old: null, maxPoints: maxPoints ?? defaultMaxPoints, dueOn }
}

function planMatched({ maxPoints, dueOn }: ParsedAssignment, hit: ClassAssignment): PlannedAssignment {
  const next = { maxPoints: maxPoints ?? hit.maxPoints, dueOn: dueOn ?? hit.dueOn }
  const isChanged = next.maxPoints !== hit.maxPoints || next.dueOn !== hit.dueOn
  return {
    id: hit.id,
    state: isChanged ? 'changed' : 'matched',
    title: hit.title,
    old: { maxPoints: hit.maxPoints, dueOn: hit.dueOn },
    ...next,
  }
}
