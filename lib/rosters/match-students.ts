/** Which student of the school a row means. Pure. Nobody is matched by likeness. */
import { foldName } from '@/lib/imports/text'
import { groupBy } from './group-by'
import { type FileStudent, identifierNames, identifierOrder } from './roster-file'
import type { RosterProblemList } from './roster-problems'
import type { SchoolState, StateIdentifier, StateStudent } from './school-state'

/** The school's students by everything a row may name them by. */
export type StudentIndex = Readonly<{
  byId: ReadonlyMap<string, StateStudent>
  byIdentifier: ReadonlyMap<string, string>
  identifiersOf: ReadonlyMap<string, readonly StateIdentifier[]>
}>

export type StudentMatches = Readonly<{
  /** For each row the student of the school, `new`, or `refused`. */
  hits: readonly (StateStudent | 'new' | 'refused')[]
  /** Students that a refused row may mean: they are left as they are, and nobody of them is gone. */
  held: ReadonlySet<string>
}>

export const identifierKey = ({ kind, folded }: Pick<StateIdentifier, 'kind' | 'folded'>): string => `${kind}\t${folded}`

export function indexStudents({ students, identifiers }: SchoolState): StudentIndex {
  return {
    byId: new Map(students.map((student) => [student.id, student])),
    byIdentifier: new Map(identifiers.map((each) => [identifierKey(each), each.studentId])),
    identifiersOf: groupBy(identifiers, ({ studentId }) => studentId),
  }
}

/**
 * Rows to students: internal id, then SIS id, number, user name, e-mail, then an exact name that one student alone has. A weaker
 * identifier never takes a student whom another row names by a stronger one. Rows that mean one student are refused side by side.
 */
export function matchStudents(rows: readonly FileStudent[], index: StudentIndex, problems: RosterProblemList): StudentMatches {
  const refused = refuseSame(rows, problems)
  const found: (StateStudent | null)[] = rows.map(() => null)
  const taken = new Set<string>()
  const pass = (find: (row: FileStudent) => string | undefined) => {
    const hits = rows.map((row, at) => (found[at] === null ? find(row) : undefined))
    for (const [at, id] of hits.entries()) {
      if (id !== undefined && !taken.has(id)) found[at] = index.byId.get(id) ?? null
    }
    for (const hit of found) if (hit) taken.add(hit.id)
  }
  pass(({ internalId }) => (internalId !== null && index.byId.has(internalId) ? internalId : undefined))
  for (const kind of identifierOrder) {
    pass(({ identifiers }) => {
      const own = identifiers.find((each) => each.kind === kind)
      return own === undefined ? undefined : index.byIdentifier.get(identifierKey(own))
    })
  }
  const byName = nameFinder(rows, found, index, taken)
  pass(byName)
  refuseDoubles(rows, found, refused, problems)
  refuseStrangers(rows, found, { index, refused, problems })
  const held = new Set([...refused].flatMap((at) => [found[at]?.id ?? [], ...meantBy(rows[at], index)].flat()))
  return { hits: rows.map((_, at) => (refused.has(at) ? 'refused' : (found[at] ?? 'new'))), held }
}

function meantBy(row: FileStudent | undefined, index: StudentIndex): readonly string[] {
  return (row?.identifiers ?? []).flatMap((own) => index.byIdentifier.get(identifierKey(own)) ?? [])
}

const nameKey = ({ lastName, firstName }: Readonly<{ lastName: string; firstName: string }>) =>
  `${foldName(lastName)}\t${foldName(firstName)}`

function nameFinder(
  rows: readonly FileStudent[],
  found: readonly (StateStudent | null)[],
  index: StudentIndex,
  taken: ReadonlySet<string>,
): (row: FileStudent) => string | undefined {
  const here = [...index.byId.values()].filter(({ id, leftAt }) => leftAt === null && !taken.has(id))
  const students = groupBy(here, nameKey)
  const asking = groupBy(
    rows.filter((_, at) => found[at] === null),
    nameKey,
  )
  return (row) => {
    const [student, ...others] = students.get(nameKey(row)) ?? []
    if (student === undefined || others.length > 0 || (asking.get(nameKey(row)) ?? []).length > 1) return undefined
    // Another number or address under the same name is another child.
    const known = index.identifiersOf.get(student.id) ?? []
    const contradicts = row.identifiers.some(({ kind }) => known.some((own) => own.kind === kind))
    return contradicts ? undefined : student.id
  }
}

/** Rows that share an identifier, or a bare name. Rows that say the same were made one before. */
function refuseSame(rows: readonly FileStudent[], problems: RosterProblemList): Set<number> {
  const groups = new Map<string, number[]>()
  const add = (key: string, at: number) => groups.set(key, [...(groups.get(key) ?? []), at])
  for (const [at, row] of rows.entries()) {
    for (const own of row.identifiers) add(identifierKey(own), at)
    if (row.internalId !== null) add(`internal\t${row.internalId}`, at)
    if (row.identifiers.length === 0 && row.internalId === null) add(`name\t${nameKey(row)}`, at)
  }
  const refused = new Set<number>()
  for (const [key, members] of groups) if (members.length > 1) refuse(key, members, { rows, refused, problems })
  return refused
}

type Refusing = Readonly<{ rows: readonly FileStudent[]; refused: Set<number>; problems: RosterProblemList }>

function refuse(key: string, members: readonly number[], { rows, refused, problems }: Refusing): void {
  const kind = identifierOrder.find((each) => key.startsWith(`${each}\t`))
  const what = kind === undefined ? 'name' : identifierNames[kind]
  const places = listOf(members.flatMap((at) => rows[at] ?? []))
  for (const at of members) {
    const row = rows[at]
    if (row === undefined || refused.has(at)) continue
    refused.add(at)
    const value = row.identifiers.find((own) => own.kind === kind)?.value ?? nameOf(row)
    problems.add(row.file, {
      ...{ row: row.row, column: what, value, code: 'same_student', severity: 'reject' },
      message: `Row ${row.row} (${nameOf(row)}): ${places} have the same ${what} (${value}). None of them was taken, and nobody they may mean is changed.`,
      fix: 'Keep the right row, delete the others, and upload the file again.',
    })
  }
}

function refuseDoubles(
  rows: readonly FileStudent[],
  found: readonly (StateStudent | null)[],
  refused: Set<number>,
  problems: RosterProblemList,
): void {
  const groups = new Map<string, number[]>()
  for (const [at, hit] of found.entries()) if (hit) groups.set(hit.id, [...(groups.get(hit.id) ?? []), at])
  for (const members of groups.values()) if (members.length > 1) refuse('student\t', members, { rows, refused, problems })
}

/** A weaker identifier, but another SIS id and another name: an address or number that was given anew, most likely. */
function refuseStrangers(
  rows: readonly FileStudent[],
  found: readonly (StateStudent | null)[],
  { index, refused, problems }: Readonly<{ index: StudentIndex; refused: Set<number>; problems: RosterProblemList }>,
): void {
  for (const [at, hit] of found.entries()) {
    const row = rows[at]
    if (!hit || row === undefined || refused.has(at) || row.internalId === hit.id) continue
    const known = (index.identifiersOf.get(hit.id) ?? []).filter(({ kind }) => kind === 'sis')
    const sis = row.identifiers.find(({ kind }) => kind === 'sis')
    if (sis === undefined || known.length === 0 || known.some(({ folded }) => folded === sis.folded)) continue
    if (isSameName(row, hit)) continue
    refused.add(at)
    problems.add(row.file, {
      ...{ row: row.row, column: 'SIS id', value: sis.value, code: 'doubtful_student', severity: 'reject' },
      message: `Row ${row.row}: ${nameOf(row)} has an identifier of ${nameOf(hit)}, but another SIS id and another name. The row was not taken, and ${nameOf(hit)} was left as they are.`,
      fix: 'If it is the same person, change the SIS id or the name at one side first. If not, correct the number, user name or e-mail.',
    })
  }
}

/** A part the row leaves empty says nothing against. */
function isSameName(row: FileStudent, { lastName, firstName }: StateStudent): boolean {
  const isSame = (said: string, known: string) => said === '' || foldName(said) === foldName(known)
  return isSame(row.lastName, lastName) && isSame(row.firstName, firstName)
}

export function nameOf({ lastName, firstName }: Readonly<{ lastName: string; firstName: string }>): string {
  return [lastName, firstName].filter((part) => part !== '').join(', ')
}

function listOf(rows: readonly FileStudent[]): string {
  const shown = rows.slice(0, 6).map(({ row }) => row)
  return rows.length > 6 ? `rows ${shown.join(', ')} and more` : `rows ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
