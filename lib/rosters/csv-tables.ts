/** Which table of a CSV or Clever upload speaks of what, and what stands in its columns. Pure. */
import { headerSearchRows } from '@/lib/imports/limits'
import { cleanDigits, cleanText, foldHeading, unguard } from '@/lib/imports/text'
import { contactOfHeading, isPrivateHeading, roleOfHeading, type RosterRole, type TableKind, tableKinds } from './headings'
import type { RosterTable } from './open-tables'
import type { RosterIgnored } from './roster-file'

export type TableColumn = Readonly<{ at: number; role: RosterRole; contact: number }>
/** A table whose columns are known. `rows` are those below the heading row that hold anything, with their numbers. */
export type ReadTable = Readonly<{
  file: string
  kind: TableKind
  columns: readonly TableColumn[]
  width: number
  rows: readonly Readonly<{ row: number; cells: readonly string[] }>[]
  ignored: readonly RosterIgnored[]
  headings: readonly string[]
}>

const kindsByName: readonly (readonly [TableKind, RegExp])[] = [
  ['enrolments', /enrol|membership/],
  ['guardians', /guardian|parent|contact|famil/],
  ['teachers', /teacher|staff/],
  ['classes', /class|section|course/],
  ['students', /student|pupil|learner|roster|user/],
]

/** The table with its kind and columns, or null when no row looks like headings of a roster. */
export function readTable({ name, rows }: RosterTable): ReadTable | null {
  const named = kindsByName.find(([, pattern]) => pattern.test(name))?.[0]
  const found = named === undefined ? null : headingRowOf(rows, named)
  if (named !== undefined && found !== null && isEnough(named, found.roles)) return tableOf(name, rows, named, found.at)
  for (const kind of tableKinds) {
    const heading = headingRowOf(rows, kind)
    if (heading !== null && fits(kind, heading.roles)) return tableOf(name, rows, kind, heading.at)
  }
  return null
}

type Heading = Readonly<{ at: number; roles: ReadonlySet<RosterRole> }>

function headingRowOf(rows: RosterTable['rows'], kind: TableKind): Heading | null {
  let best: Heading | null = null
  for (const [at, row] of rows.slice(0, headerSearchRows).entries()) {
    const roles = new Set(row.flatMap((cell) => roleOfHeading(kind, cell) ?? []))
    if (roles.size > (best?.roles.size ?? 0)) best = { at, roles }
  }
  return best
}

const pointsAtStudent: readonly RosterRole[] = ['internalId', 'sisId', 'studentId', 'number', 'username', 'email']
const namesStudent: readonly RosterRole[] = ['lastName', 'firstName', 'fullName']
const pointsAtClass: readonly RosterRole[] = ['className', 'classId', 'classInternalId']
const hasAny = (roles: ReadonlySet<RosterRole>, wanted: readonly RosterRole[]) => wanted.some((role) => roles.has(role))

/** Whether a table named after a kind has what the kind needs. */
function isEnough(kind: TableKind, roles: ReadonlySet<RosterRole>): boolean {
  if (kind === 'students') return hasAny(roles, [...pointsAtStudent, ...namesStudent])
  if (kind === 'classes') return hasAny(roles, pointsAtClass) && !hasAny(roles, ['email', 'number'])
  if (kind === 'enrolments') return hasAny(roles, pointsAtStudent) && hasAny(roles, pointsAtClass)
  if (kind === 'guardians') return roles.has('guardianEmail') && hasAny(roles, pointsAtStudent)
  return hasAny(roles, ['teacherEmail', 'teacherId'])
}

/** Whether a table with a name that says nothing is of this kind, by its headings alone. */
function fits(kind: TableKind, roles: ReadonlySet<RosterRole>): boolean {
  if (kind === 'students') return hasAny(roles, namesStudent) && (roles.has('lastName') || hasAny(roles, pointsAtStudent))
  return kind !== 'teachers' && isEnough(kind, roles)
}

function tableOf(file: string, rows: RosterTable['rows'], kind: TableKind, at: number): ReadTable {
  const headings = rows[at] ?? []
  const columns: TableColumn[] = []
  const ignored: RosterIgnored[] = []
  const seen = new Set<string>()
  for (const [column, heading] of headings.entries()) {
    const role = roleOfHeading(kind, heading)
    const contact = contactOfHeading(heading)
    if (role !== null && (severalTimes.includes(role) || !seen.has(`${role} ${contact}`))) {
      seen.add(`${role} ${contact}`)
      columns.push({ at: column, role, contact })
    } else if (cleanText(heading) !== '') ignored.push({ file, where: cleanText(heading), ...reasonOf(heading, role) })
  }
  const filled = rows.flatMap((cells, index) => (index > at && cells.some(isFilled) ? [{ row: index + 1, cells }] : []))
  return { file, kind, columns, width: headings.length, rows: filled, ignored, headings: headings.map(foldHeading) }
}

/** Of these a table may have several columns: all of them, or the first that is filled, count. */
const severalTimes: readonly RosterRole[] = ['teacherId', 'teacherEmail', 'className']

function reasonOf(heading: string, role: RosterRole | null): Pick<RosterIgnored, 'reason' | 'isPrivate'> {
  if (isPrivateHeading(heading)) return { reason: 'Personal data that no roster needs here; it was not read.', isPrivate: true }
  if (role !== null) return { reason: 'An earlier column says the same.', isPrivate: false }
  return { reason: 'Nothing here needs it.', isPrivate: false }
}

const isFilled = (cell: string) => cleanText(cell) !== ''

/** Reads cells of one row by their role. Ids get plain digits; a lone dash is an empty cell. */
export type RowReader = Readonly<{
  text: (role: RosterRole, contact?: number) => string
  id: (role: RosterRole) => string
  all: (role: RosterRole) => readonly string[]
}>

/** A reader of one row of a table. */
export function rowReader({ columns }: ReadTable, cells: readonly string[]): RowReader {
  const textAt = (at: number) => {
    const text = cleanText(unguard(cells[at] ?? ''))
    return /^[-\u2013\u2014]+$/.test(text) ? '' : text
  }
  const text = (role: RosterRole, contact = 0) => {
    const column = columns.find((each) => each.role === role && each.contact === contact)
    return column === undefined ? '' : textAt(column.at)
  }
  return {
    text,
    id: (role) => cleanDigits(text(role)),
    all: (role) => columns.filter((each) => each.role === role).flatMap(({ at }) => textAt(at) || []),
  }
}
