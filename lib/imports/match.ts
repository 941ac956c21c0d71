/** Which student of the school a row means. Pure: the class as it is comes in, a match or a reason comes out. */
import { studentIdOfKey } from '@/lib/gradebook/student-key'
import type { ImportChoices, StudentChoice } from './choices'
import type { ClassState, ClassStudent } from './class-state'
import type { ParsedFile, ParsedStudent } from './parsed'
import type { Noted } from './problems'
import type { PlannedStudent } from './stored-plan'
import { foldName } from './text'

export type MatchedStudent = Omit<PlannedStudent, 'totals'>
/** A row left out because the teacher said so. */
export const skipped = 'skipped'

export type MatchedStudents = Readonly<{
  /** In row order; null where the row is refused. */
  found: readonly (MatchedStudent | typeof skipped | null)[]
  problems: readonly Noted[]
}>

/** What the school knows: students by `kind\tfolded` of an identifier, and those the teacher chose, by id. */
type Known = Readonly<{
  known: ReadonlyMap<string, ClassStudent>
  chosen: ReadonlyMap<string, ClassStudent>
  choices: NonNullable<ImportChoices['students']>
}>

/**
 * A student for every row. The teacher's word goes first; identifiers find any student of the school, an exact name only one of
 * the class, and only when it is one alone. Nobody is matched by likeness.
 */
export function matchStudents(
  file: ParsedFile,
  state: Pick<ClassState, 'students'>,
  { known, chosen, choices }: Known,
): MatchedStudents {
  const problems: Noted[] = []
  const enrolled = new Map(state.students.map((student) => [student.id, student]))
  const said = file.students.map((student) => findBySaying(student, choices[String(student.row)], chosen, problems))
  const byIdentifier = file.students.map((student, at) => said[at] ?? findByIdentifier(student, known, problems))
  const taken = new Set(byIdentifier.flatMap((hit) => (isStudent(hit) ? [hit.id] : [])))
  const byName = new Map<string, ClassStudent[]>()
  for (const student of state.students) {
    if (!taken.has(student.id)) byName.set(nameKey(student), [...(byName.get(nameKey(student)) ?? []), student])
  }
  const hits = file.students.map(
    (student, at) => byIdentifier[at] ?? findByName(student, byName.get(nameKey(student)) ?? [], problems),
  )
  const rowsOf = new Map<string, number[]>()
  for (const [at, { row }] of file.students.entries()) {
    const hit = hits[at]
    if (isStudent(hit)) rowsOf.set(hit.id, [...(rowsOf.get(hit.id) ?? []), row])
  }
  const found = file.students.map((student, at): MatchedStudents['found'][number] => {
    const saying = hits[at] ?? null
    if (saying === 'refused') return null
    if (saying === skipped) return skipped
    const hit = saying === 'new' ? null : saying
    const rows = rowsOf.get(hit?.id ?? '') ?? []
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
      ...(saying === 'new' ? { isChosenNew: true as const } : {}),
      // A key of ours that nobody here has is of another school, and no identifier of this one.
      adds: student.identifiers.filter(({ kind, folded }) => !known.has(`${kind}\t${folded}`) && studentIdOfKey(folded) === null),
    }
  })
  return { found, problems }
}

const nameKey = ({ lastName, firstName }: { lastName: string; firstName: string }) =>
  `${foldName(lastName)}\t${foldName(firstName)}`

type Hit = ClassStudent | 'refused' | 'new' | typeof skipped | null

const isStudent = (hit: Hit | undefined): hit is ClassStudent => typeof hit === 'object' && hit !== null

function findBySaying(
  { row }: ParsedStudent,
  choice: StudentChoice | undefined,
  chosen: ReadonlyMap<string, ClassStudent>,
  problems: Noted[],
): Hit {
  if (choice === undefined) return null
  if (choice.use !== 'student') return choice.use === 'skip' ? skipped : 'new'
  const student = chosen.get(choice.studentId)
  if (student !== undefined) return student
  problems.push({
    row,
    code: 'chosen_student_gone',
    severity: 'block',
    message: `Row ${row}: the student you chose can no longer be found.`,
    fix: 'Choose another student for the row, add it as a new one, or leave it out.',
  })
  return 'refused'
}

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
