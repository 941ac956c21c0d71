/**
 * What a table is: which source wrote it, where its heading row stands, and the role of every column and row.
 * Decided by whole words in their places, never by parts of words. Pure.
 */
import { type Format, type IdentityRole, identityRoles } from './formats/format'
import { googleClassroom } from './formats/google-classroom'
import { gradeInsight } from './formats/grade-insight'
import { meetLines, otherFiles, privateHeadings } from './formats/others'
import { headerSearchRows } from './limits'
import { type DateOrder, readDate, readNumber } from './locale'
import { problem } from './problems'
import { cleanDigits, cleanText, foldHeading, foldName, unguard } from './text'
import type { ImportProblem } from './views'

/** Sources that are read, the likeliest first: where two fit equally, the first wins. */
export const formats: readonly Format[] = [gradeInsight, googleClassroom]

export type ColumnRole =
  | Readonly<{ kind: 'identity'; role: IdentityRole }>
  | Readonly<{ kind: 'assignment'; title: string }>
  /** Becomes an assignment when the row of points names points for it. */
  | Readonly<{ kind: 'note'; title: string; reason: string }>
  | Readonly<{ kind: 'grade' }>
  | Readonly<{ kind: 'state' }>
  | Readonly<{ kind: 'ignored'; title: string; reason: string; isPrivate: boolean }>

export type RowRole = 'blank' | 'dates' | 'points' | 'heading' | 'totals' | 'test_student' | 'stray' | 'student'

export type Layout = Readonly<{
  format: Format
  /** Index of the heading row. */
  headingAt: number
  columns: readonly ColumnRole[]
  identity: ReadonlyMap<IdentityRole, number>
}>

export type Detected = Readonly<{ kind: 'layout'; layout: Layout } | { kind: 'refused'; problem: ImportProblem }>

type Row = readonly string[]

/** How many different identity columns a row would name: what the delimiter and the heading row are chosen by. */
export function scoreHeading(cells: Row): number {
  const words = cells.map(foldHeading)
  return Math.max(...formats.map((format) => findIdentity(words, format).size))
}

/** Looked up for every cell of the first rows, under every delimiter that may be meant: so by key. */
const vocabulary = new Map(
  formats.map((format) => {
    // The first role that has a word keeps it.
    const roles = identityRoles.toReversed().flatMap((role) => format.identity[role].map((word) => [word, role] as const))
    return [format, { roleOf: new Map(roles), marks: new Set(format.marks.map(foldHeading)) }] as const
  }),
)

/** Finds source, heading row and column roles, or says what is missing. */
export function detectLayout(rows: readonly Row[]): Detected {
  const top = rows.slice(0, headerSearchRows).map((row) => row.map(foldHeading))
  const known = findOther(top)
  if (known) return known
  let best: Readonly<{ at: number; score: number }> = { at: -1, score: 0 }
  for (const [at, row] of rows.slice(0, headerSearchRows).entries()) {
    const score = scoreHeading(row)
    if (score > best.score) best = { at, score }
  }
  const words = top[best.at]
  const format = words && chooseFormat(words)
  if (!words || !format) return refuseHeading(words, rows)
  const identity = findIdentity(words, format)
  return {
    kind: 'layout',
    layout: { format, headingAt: best.at, identity, columns: columnRoles(rows[best.at] ?? [], words, format, identity) },
  }
}

function findIdentity(words: Row, format: Format): Map<IdentityRole, number> {
  const found = new Map<IdentityRole, number>()
  for (const [column, word] of words.entries()) {
    if (word === '') continue
    const role = vocabulary.get(format)?.roleOf.get(word)
    if (role !== undefined && !found.has(role)) found.set(role, column)
  }
  return found
}

const canTellStudents = (identity: ReadonlyMap<IdentityRole, number>) =>
  ['email', 'number', 'username', 'sis'].some((role) => identityRoles.some((known) => known === role && identity.has(known))) ||
  (identity.has('lastName') && identity.has('firstName'))

function chooseFormat(words: Row): Format | null {
  const ranked = formats
    .map((format) => ({
      format,
      identity: findIdentity(words, format),
      marks: words.filter((word) => vocabulary.get(format)?.marks.has(word)).length,
    }))
    .filter(({ identity }) => canTellStudents(identity))
    .sort((a, b) => b.identity.size - a.identity.size || b.marks - a.marks)
  return ranked[0]?.format ?? null
}

function findOther(top: readonly Row[]): Detected | null {
  const meet = otherFiles.find((other) => other.code === 'meet_report')
  if (meet && top.slice(0, 5).some((row) => meetLines.some((line) => (row[0] ?? '').startsWith(line)))) return refuseOther(meet)
  for (const row of top) {
    const other = otherFiles.find(({ marks, needed }) => marks.filter((mark) => row.includes(mark)).length >= needed)
    if (other) return refuseOther(other)
  }
  return null
}

function refuseOther({ code, label, fix }: Readonly<{ code: string; label: string; fix: string }>): Detected {
  const message =
    code === 'meet_report' ? `This is ${label}, not a gradebook.` : `This is ${label}. Files of that kind are not read.`
  return { kind: 'refused', problem: problem({ code, message, fix, severity: 'block' }) }
}

function refuseHeading(words: Row | undefined, rows: readonly Row[]): Detected {
  const seen = (words ?? rows.find((row) => row.some((cell) => cleanText(cell) !== '')) ?? [])
    .filter((word) => word !== '')
    .slice(0, 6)
  return {
    kind: 'refused',
    problem: problem({
      code: 'no_identity_column',
      severity: 'block',
      value: seen.join(', '),
      message: `None of the first ${headerSearchRows} rows names a column by which students can be told apart: an e-mail address, a student number, or last and first name.`,
      fix: 'Name the columns as in the template: last_name, first_name, email, then one column for each assignment.',
    }),
  }
}

function columnRoles(headings: Row, words: Row, format: Format, identity: ReadonlyMap<IdentityRole, number>): ColumnRole[] {
  const roles = headings.map((heading, column) =>
    columnRole(cleanText(unguard(heading)), words[column] ?? '', column, format, identity),
  )
  // "Grade" is the one assignment's score only in the form that holds one assignment.
  const isSingle = roles.some((role) => role.kind === 'state') || !roles.some((role) => role.kind === 'assignment')
  return roles.map((role, column) =>
    role.kind === 'grade' && !isSingle ? { kind: 'assignment', title: cleanText(headings[column] ?? '') } : role,
  )
}

function columnRole(
  title: string,
  word: string,
  column: number,
  format: Format,
  identity: ReadonlyMap<IdentityRole, number>,
): ColumnRole {
  for (const role of identityRoles) {
    if (identity.get(role) === column) return { kind: 'identity', role }
    if (word !== '' && format.identity[role].includes(word))
      return ignored(title, 'A second column of the same kind; the first one counts.')
  }
  if (title === '') return ignored('', 'The column has no heading.')
  if (privateHeadings.includes(word)) return ignored(title, 'Personal data that no gradebook needs; it is not stored.', true)
  if (format.columns.computed.includes(word)) return ignored(title, 'A total of the other system; totals are computed here.')
  if (format.columns.grade.includes(word)) return { kind: 'grade' }
  if (format.columns.state.includes(word)) return { kind: 'state' }
  if (format.columns.note.includes(word)) return { kind: 'note', title, reason: 'Text beside the scores; it is not imported.' }
  return { kind: 'assignment', title }
}

function ignored(title: string, reason: string, isPrivate = false): ColumnRole {
  return { kind: 'ignored', title, reason, isPrivate }
}

const totalsWords = new Set([
  'class average',
  'average',
  'mean',
  'class mean',
  'median',
  'points possible',
  'total',
  'totals',
  'minimum',
  'maximum',
  'highest',
  'lowest',
  'standard deviation',
  'summary',
  'середній бал',
  'середнє',
  'середній показник класу',
  'медіана',
  'promedio',
  'promedio de la clase',
  'media',
  'mediana',
  'المتوسط',
  'متوسط الصف',
])

/** The role of every row, by index. */
export function rowRoles(rows: readonly Row[], layout: Layout): RowRole[] {
  const isFound = { dates: false, points: false }
  return rows.map((row, at) => {
    if (at < layout.headingAt) return row.every((cell) => cleanText(cell) === '') ? 'blank' : 'stray'
    if (at === layout.headingAt) return 'heading'
    const role = rowRole(row, at - layout.headingAt, layout, isFound)
    if (role === 'dates' || role === 'points') isFound[role] = true
    return role
  })
}

function rowRole(row: Row, distance: number, layout: Layout, isFound: Readonly<{ dates: boolean; points: boolean }>): RowRole {
  const cells = [...layout.identity]
    .map(([role, column]) => ({ role, text: foldHeading(row[column] ?? '') }))
    .filter(({ text }) => !isDash(text))
  const isNamed = cells.some(({ role }) => role !== 'lastName' && role !== 'firstName')
  const [only] = cells
  if (only === undefined) {
    const first = foldHeading(row[0] ?? '')
    const labelled = labelOf(first, layout.format)
    if (labelled) return labelled
    if (row.every((cell) => cleanText(cell) === '')) return 'blank'
    return distance <= 3 ? unlabelledRole(row, layout, isFound) : hasScores(row, layout) ? 'student' : 'stray'
  }
  if (cells.length === 1) {
    const labelled = labelOf(only.text, layout.format)
    if (labelled) return labelled
    if (totalsWords.has(only.text)) return 'totals'
  }
  if (cells.every(({ role, text }) => layout.format.identity[role].includes(text))) return 'heading'
  if (isTestStudent(row, layout)) return 'test_student'
  return isNamed || hasName(row, layout) || hasScores(row, layout) ? 'student' : 'stray'
}

function labelOf(word: string, format: Format): 'dates' | 'points' | null {
  if (format.rows.dates.includes(word)) return 'dates'
  return format.rows.points.includes(word) ? 'points' : null
}

// Older templates left the DATE and POINTS markers out: the first rows without a person are told apart by what they hold.
function unlabelledRole(row: Row, layout: Layout, isFound: Readonly<{ dates: boolean; points: boolean }>): RowRole {
  const values = valuesOf(row, layout)
  const order: DateOrder = 'mdy'
  const isDate = (text: string) => readDate(text, order).kind === 'date' || readDate(text, 'dmy').kind === 'date'
  if (values.length === 0) return 'stray'
  if (!isFound.dates && values.every(isDate)) return 'dates'
  if (!isFound.points && values.every((text) => readNumber(text, '.') !== null || readNumber(text, ',') !== null)) return 'points'
  return 'student'
}

function valuesOf(row: Row, layout: Layout): string[] {
  return layout.columns.flatMap((role, column) => {
    const text = role.kind === 'assignment' || role.kind === 'grade' ? cleanDigits(row[column] ?? '') : ''
    return isDash(text) ? [] : [text]
  })
}

const hasScores = (row: Row, layout: Layout) => valuesOf(row, layout).length > 0
const isDash = (text: string) => text === '' || /^[-\u2013\u2014]+$/.test(text)

function hasName(row: Row, layout: Layout): boolean {
  return nameOf(row, layout).some((name) => name !== '')
}

function isTestStudent(row: Row, layout: Layout): boolean {
  const [last, first] = nameOf(row, layout)
  return last === 'student' && first === 'test'
}

function nameOf(row: Row, layout: Layout): readonly [last: string, first: string] {
  const textOf = (role: IdentityRole) => {
    const column = layout.identity.get(role)
    return column === undefined ? '' : foldName(row[column] ?? '')
  }
  return [textOf('lastName'), textOf('firstName')]
}

/** A column as a spreadsheet names it: A, B, ..., Z, AA. */
export function columnName(index: number): string {
  const before = Math.floor(index / 26)
  return (before > 0 ? columnName(before - 1) : '') + String.fromCharCode(65 + (index % 26))
}
