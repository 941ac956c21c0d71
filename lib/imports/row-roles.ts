/** What every row of a table is: a student, or what describes the assignments, or neither. Pure. */
import { readCell } from './cells'
import type { Layout } from './detect'
import type { Format } from './formats/format'
import { ownIdentityOf } from './identity-words'
import { defaultMaxPoints } from './limits'
import { readDate, readNumber } from './locale'
import { nameOf } from './names'
import { cleanDigits, cleanText, foldHeading, foldName } from './text'

export type RowRole = 'blank' | 'dates' | 'points' | 'heading' | 'totals' | 'test_student' | 'settings' | 'stray' | 'student'

type Row = readonly string[]
type Found = Readonly<{ dates: boolean; points: boolean }>

/** The role of every row, by index. */
export function rowRoles(rows: readonly Row[], layout: Layout): RowRole[] {
  const isFound = { dates: false, points: false }
  return rows.map((row, at) => {
    if (at < layout.headingAt) return isBlank(row) ? 'blank' : 'stray'
    if (at === layout.headingAt) return 'heading'
    const role = rowRole(row, at - layout.headingAt, layout, isFound)
    if (role === 'dates' || role === 'points') isFound[role] = true
    return role
  })
}

const totalsWords = new Set([
  ...['class average', 'average', 'mean', 'class mean', 'median', 'points possible', 'total', 'totals', 'minimum', 'maximum'],
  ...['highest', 'lowest', 'standard deviation', 'std dev', 'summary', 'overall average', 'class median', 'count'],
  ...['середній бал', 'середнє', 'середній показник класу', 'медіана', 'promedio', 'promedio de la clase', 'media', 'mediana'],
  ...['المتوسط', 'متوسط الصف'],
])

function rowRole(row: Row, distance: number, layout: Layout, isFound: Found): RowRole {
  const texts: string[] = []
  for (const column of layout.identity.values()) {
    const text = foldHeading(row[column] ?? '')
    if (!isDash(text)) texts.push(text)
  }
  const [only, other] = texts
  if (only === undefined) return namelessRole(row, distance, layout, isFound)
  if (other === undefined) {
    const labelled = labelOf(only, layout.format)
    if (labelled) return labelled
    if (hasReadOnly(row, layout.format)) return 'points'
    if (totalsWords.has(only)) return 'totals'
  }
  if (texts.every((text) => ownIdentityOf(text, layout.format) !== null)) return 'heading'
  return isTestStudent(row, texts, layout) ? 'test_student' : 'student'
}

function namelessRole(row: Row, distance: number, layout: Layout, isFound: Found): RowRole {
  const first = foldHeading(row.find((cell) => cleanText(cell) !== '') ?? '')
  if (first === '') return 'blank'
  const labelled = labelOf(first, layout.format)
  if (labelled) return labelled
  if (totalsWords.has(first)) return 'totals'
  const values = valuesOf(row, layout)
  const { settings } = layout.format.rows
  if (values.length > 0 && values.every((text) => settings.includes(foldHeading(text)))) return 'settings'
  const { size } = layout.identity
  const described = distance <= 3 && size > 0 ? unlabelledRole(values, isFound) : null
  // Where nobody knows yet who a row is, every row may be somebody. Else text alone is a second heading or a remark.
  return described ?? (values.some((text) => size === 0 || isScore(text)) ? 'student' : 'stray')
}

function labelOf(word: string, { rows }: Format): 'dates' | 'points' | null {
  if (rows.dates.includes(word)) return 'dates'
  return rows.points.includes(word) ? 'points' : null
}

// Older templates left the DATE and POINTS markers out: the first rows without a person are told apart by what they hold.
function unlabelledRole(values: readonly string[], isFound: Found): 'dates' | 'points' | null {
  if (values.length === 0) return null
  if (!isFound.dates && values.every(isDate)) return 'dates'
  return !isFound.points && values.every(isNumber) ? 'points' : null
}

const isDate = (text: string) => readDate(text, 'mdy').kind === 'date' || readDate(text, 'dmy').kind === 'date'
const isScore = (text: string) => marks.some((mark) => readCell(text, mark, defaultMaxPoints).fault !== 'not_a_number')
const marks = ['.', ','] as const
const isNumber = (text: string) => readNumber(text, '.') !== null || readNumber(text, ',') !== null

function valuesOf(row: Row, layout: Layout): string[] {
  return layout.columns.flatMap((role, column) => {
    const text = role.kind === 'assignment' || role.kind === 'grade' ? cleanDigits(row[column] ?? '') : ''
    return isDash(text) ? [] : [text]
  })
}

/** In Canvas, words in brackets stand in the row of points under what Canvas computes itself, whatever the page's language. */
const hasReadOnly = (row: Row, { parentheses }: Format) =>
  parentheses === 'points_or_id' && row.some((cell) => /^\([^\d)]+\)$/.test(cell))

const isBlank = (row: Row) => row.every((cell) => cleanText(cell) === '')
const isDash = (text: string) => text === '' || (!/^[a-z0-9]/.test(text) && /^[-\u2013\u2014]+$/.test(text))

function isTestStudent(row: Row, texts: readonly string[], { identity }: Layout): boolean {
  if (!texts.some((text) => text.includes('student'))) return false
  const { lastName, firstName } = nameOf(row, identity)
  return foldName(lastName) === 'student' && foldName(firstName) === 'test'
}
