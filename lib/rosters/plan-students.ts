/** What a roster does to the school's students. Pure. */
import { eachInSlices } from './in-slices'
import { identifierKey, matchStudents, nameOf, type StudentIndex, type StudentMatches } from './match-students'
import { type FileStudent, identifierNames, type RosterFile, type StudentRef } from './roster-file'
import type { RosterProblemList } from './roster-problems'
import type { SchoolState, StateStudent } from './school-state'
import { type IdentifierStep, type PlannedStudent, type PlanRef, refTo } from './stored-plan'

export type StudentsPlan = Readonly<{
  planned: readonly PlannedStudent[]
  same: number
  /** Whom another table's row means: an id of the school's, a place in the plan, or null. */
  find: (ref: StudentRef) => PlanRef | null
  leaving: ReadonlySet<string>
  /** Whether a student of the school is at the school once the plan is done. */
  isHere: (id: string) => boolean
  /** Rows about these were refused: nothing of them ends. */
  held: ReadonlySet<string>
}>

/** Rows and students together: new, changed, come back, leaving. */
export async function planStudents(
  file: RosterFile,
  state: SchoolState,
  index: StudentIndex,
  problems: RosterProblemList,
): Promise<StudentsPlan> {
  const rows = mergeSame(file.students)
  const matches = matchStudents(rows, index, problems)
  const owners = ownersAfter(rows, matches)
  const planned: PlannedStudent[] = []
  const refs = new Map<string, PlanRef>()
  const present = new Set<string>()
  const leaving = new Map<string, StateStudent>()
  await eachInSlices(rows, (row, at) => {
    const hit = matches.hits[at]
    if (hit === undefined || hit === 'refused') return
    if (row.isRemoved) {
      if (hit !== 'new' && hit.leftAt === null) leaving.set(hit.id, hit)
      return
    }
    const student = hit === 'new' ? newStudent(row, index, owners, problems) : knownStudent(row, hit, { index, owners, problems })
    const ref = hit === 'new' ? refTo(planned.length) : hit.id
    if (student === null && hit === 'new') return
    if (hit !== 'new') present.add(hit.id)
    for (const own of row.identifiers) refs.set(identifierKey(own), ref)
    if (student !== null) planned.push(student)
  })
  if (file.whole.includes('students')) {
    for (const student of state.students) {
      if (student.leftAt === null && !present.has(student.id) && !matches.held.has(student.id)) leaving.set(student.id, student)
    }
  }
  const changed = planned.filter(({ state: kind }) => kind !== 'new').length
  return {
    planned: [...planned, ...[...leaving.values()].map(leavingStudent)],
    same: present.size - changed,
    find: (ref) => {
      for (const each of ref) {
        const found = refs.get(identifierKey(each)) ?? index.byIdentifier.get(identifierKey(each))
        if (found !== undefined) return found
      }
      return null
    },
    leaving: new Set(leaving.keys()),
    isHere: (id) => !leaving.has(id) && (present.has(id) || index.byId.get(id)?.leftAt === null),
    held: matches.held,
  }
}

/** Rows that say the same about a student are one: systems repeat a student for every contact and every class. */
function mergeSame(rows: readonly FileStudent[]): readonly FileStudent[] {
  const seen = new Map<string, FileStudent>()
  for (const row of rows) {
    const { file: _file, row: _row, ...said } = row
    const key = JSON.stringify(said)
    if (!seen.has(key)) seen.set(key, row)
  }
  return [...seen.values()]
}

/** The row of each student of the school, and who will hold each identifier by the file's word: an id, or `new`. */
type Owners = Readonly<{ rowOf: ReadonlyMap<string, FileStudent>; holderAfter: ReadonlyMap<string, string> }>

function ownersAfter(rows: readonly FileStudent[], { hits }: StudentMatches): Owners {
  const rowOf = new Map<string, FileStudent>()
  const holderAfter = new Map<string, string>()
  for (const [at, hit] of hits.entries()) {
    const row = rows[at]
    if (row === undefined || hit === undefined || hit === 'refused' || row.isRemoved) continue
    if (hit !== 'new') rowOf.set(hit.id, row)
    for (const own of row.identifiers) holderAfter.set(identifierKey(own), hit === 'new' ? 'new' : hit.id)
  }
  return { rowOf, holderAfter }
}

type Known = Readonly<{ index: StudentIndex; owners: Owners; problems: RosterProblemList }>

function newStudent(row: FileStudent, index: StudentIndex, owners: Owners, problems: RosterProblemList): PlannedStudent | null {
  const { lastName, firstName } = row
  if (lastName + firstName === '') {
    problems.add(row.file, {
      ...{ row: row.row, code: 'no_name', severity: 'reject' },
      message: `Row ${row.row} is of a student the school does not know, and has no name.`,
      fix: 'Write the name, and upload the file again.',
    })
    return null
  }
  const identifiers = identifierSteps(row, null, { index, owners, problems })
  return { id: null, state: 'new', lastName, firstName, old: null, leftAt: null, identifiers }
}

function knownStudent(row: FileStudent, hit: StateStudent, known: Known): PlannedStudent | null {
  const next = nameAfter(row, hit)
  const isRenamed = next.lastName !== hit.lastName || next.firstName !== hit.firstName
  const identifiers = identifierSteps(row, hit.id, known)
  if (!isRenamed && identifiers.length === 0 && hit.leftAt === null) return null
  const old = isRenamed ? { lastName: hit.lastName, firstName: hit.firstName } : null
  return { id: hit.id, state: hit.leftAt === null ? 'changed' : 'back', ...next, old, leftAt: hit.leftAt, identifiers }
}

/** A blank never clears a name, and a whole name that reads the same is the same, however it was split. */
function nameAfter(row: FileStudent, hit: StateStudent): Readonly<{ lastName: string; firstName: string }> {
  const whole = (name: Pick<StateStudent, 'lastName' | 'firstName'>) => `${name.firstName} ${name.lastName}`.trim()
  if (row.isNameSplit && whole(row) === whole(hit)) return { lastName: hit.lastName, firstName: hit.firstName }
  return { lastName: row.lastName || hit.lastName, firstName: row.firstName || hit.firstName }
}

function leavingStudent({ id, lastName, firstName }: StateStudent): PlannedStudent {
  return { id, state: 'leaving', lastName, firstName, old: null, leftAt: null, identifiers: [] }
}

/** An identifier that changes stays as an alias, so that older grade files still find the student. */
function identifierSteps(row: FileStudent, studentId: string | null, { index, owners, problems }: Known): IdentifierStep[] {
  const own = studentId === null ? [] : (index.identifiersOf.get(studentId) ?? [])
  return row.identifiers.flatMap((wanted): IdentifierStep[] => {
    const holder = index.byIdentifier.get(identifierKey(wanted))
    const mine = own.find((each) => identifierKey(each) === identifierKey(wanted))
    if (mine?.isPrimary) return []
    const demoted = own
      .filter((each) => each.kind === wanted.kind && each.isPrimary)
      // One that another row of the file takes over moves away by itself.
      .filter((each) => (owners.holderAfter.get(identifierKey(each)) ?? studentId) === studentId)
      .map((each): IdentifierStep => ({ kind: each.kind, folded: each.folded, value: each.folded, step: 'demote' }))
    if (mine !== undefined) return [...demoted, { ...wanted, step: 'promote' }]
    if (holder === undefined) return [...demoted, { ...wanted, step: 'add' }]
    const other = owners.rowOf.get(holder)
    const isGivenUp = other?.identifiers.some((each) => each.kind === wanted.kind && each.folded !== wanted.folded) ?? false
    if (isGivenUp) return [...demoted, { ...wanted, step: 'move', from: holder, wasPrimary: wasPrimary(holder, wanted, index) }]
    const student = index.byId.get(holder)
    problems.add(row.file, {
      ...{ row: row.row, column: identifierNames[wanted.kind], value: wanted.value, code: 'identifier_taken', severity: 'warn' },
      message: `Row ${row.row} (${nameOf(row)}): the ${identifierNames[wanted.kind]} ${wanted.value} belongs to ${student ? nameOf(student) : 'another student'}. It was left there.`,
      fix: 'Correct it where the file comes from, or give the other student their new one in the same file.',
    })
    return []
  })
}

function wasPrimary(holder: string, wanted: Pick<IdentifierStep, 'kind' | 'folded'>, index: StudentIndex): boolean {
  return (index.identifiersOf.get(holder) ?? []).some((each) => identifierKey(each) === identifierKey(wanted) && each.isPrimary)
}
