/** The columns that may be assignments, and those that are none by their heading. Pure. */
import { columnName } from './column-name'
import type { AssignmentChoice, ColumnRole, HeadingParts } from './column-roles'
import type { Table } from './columns'
import { privacyOfHeading } from './formats/private'
import { readNumber } from './locale'
import type { RowRole } from './row-roles'
import { cleanDigits, cleanText, foldHeading, unguard } from './text'

export type Candidate = Readonly<{
  at: number
  /** As it stands in the file, or as a spreadsheet names the column. */
  heading: string
  title: string
  /** Texts of the rows of points and dates; '' where they say nothing. */
  points: string
  date: string
  shown: 'score' | 'percentage' | 'letter'
  parts: HeadingParts
  pointsAt: number | null
  isKnown: boolean
  /** Personal data when it holds text: the heading is a subject or "Race". */
  isPersonal: boolean
  choice: AssignmentChoice | null
}>

export type IgnoredColumn = Readonly<{ kind: 'column'; column: number; where: string; reason: string; isPrivate: boolean }>

const noParts: HeadingParts = { points: '', id: '', category: '', number: '' }

/** Assignment columns by heading and by the rows of points and dates. */
export function findCandidates(table: Table, fileName: string): Candidate[] {
  return table.layout.columns.flatMap((role, at) => {
    if (reasonByRole(role, at, table) !== null) return []
    const heading = headingOf(table, at)
    const base = { at, heading, points: describing('points', at, table), date: describing('dates', at, table) }
    const isPersonal = privacyOfHeading(foldHeading(heading)) === 'text'
    const plain = { ...base, shown: 'score' as const, parts: noParts, pointsAt: null, isKnown: false, isPersonal, choice: null }
    if (role.kind === 'assignment') return [{ ...plain, ...partsOf(role) }]
    if (role.kind === 'note') return [{ ...plain, title: role.title }]
    if (role.kind !== 'grade') return []
    return [{ ...plain, title: titleOfFile(fileName), pointsAt: role.pointsAt, isKnown: true }]
  })
}

const partsOf = ({ title, shown, parts, pointsAt, isKnown, choice }: Extract<ColumnRole, { kind: 'assignment' }>) => ({
  title,
  shown,
  parts,
  pointsAt,
  isKnown,
  choice,
})

function titleOfFile(fileName: string): string {
  return cleanText(fileName.replace(/^.*[\\/]/, '').replace(/\.[a-z0-9]{1,5}$/i, '')) || 'Assignment'
}

/** Text of a describing row in a column; '' where it says nothing. */
function describing(role: RowRole, column: number, { rows, roles }: Table): string {
  const text = cleanDigits(rows[roles.indexOf(role)]?.[column] ?? '')
  return /^[-\u2013\u2014]+$/.test(text) ? '' : text
}

/** A heading as it stands, or the column as a spreadsheet names it. */
function headingOf({ rows, layout }: Table, column: number): string {
  return cleanText(unguard(rows[layout.headingAt]?.[column] ?? '')) || columnName(column)
}

/** Columns that are no assignment by their heading; a column without heading and cells is nothing at all. */
export function ignoredByRole(table: Table, secrets: ReadonlyMap<number, string>): IgnoredColumn[] {
  return table.layout.columns.flatMap((role, column): IgnoredColumn[] => {
    const secret = secrets.get(column)
    const reason = secret ?? reasonByRole(role, column, table)
    if (reason === null) return []
    if (role.kind === 'ignored' && role.title === '' && !isFilled(table, column)) return []
    const isPrivate = secret !== undefined || (role.kind === 'ignored' && role.isPrivate)
    return [{ kind: 'column', column, where: headingOf(table, column), reason, isPrivate }]
  })
}

function reasonByRole(role: ColumnRole, column: number, table: Table): string | null {
  if (role.kind === 'ignored') return role.reason
  const points = describing('points', column, table)
  if (role.kind === 'note') return isNumber(points) && isFilled(table, column) ? null : role.reason
  if (role.kind !== 'assignment' || role.choice !== null) return null
  if (/^\([^\d)]+\)$/.test(points)) return 'A total of the other system; totals are computed here.'
  const isOwn = table.layout.format.parentheses === 'points_or_id' && role.parts.number === '' && !isNumber(points)
  return isOwn && table.layout.columns.some(hasNumber) ? "A column of the teacher's own, without points." : null
}

const hasNumber = (role: ColumnRole) => role.kind === 'assignment' && role.parts.number !== ''
const isNumber = (text: string) => readNumber(text, '.') !== null || readNumber(text, ',') !== null

const isFilled = ({ rows, roles }: Table, column: number) =>
  rows.some((row, at) => roles[at] === 'student' && cleanText(row[column] ?? '') !== '')
