/**
 * The columns that hold scores, with title, points and date, after the file's way of writing numbers and dates is decided. Pure.
 */
import type { LetterScale } from '@/lib/gradebook/totals'
import { type Candidate, findCandidates, type IgnoredColumn, ignoredByRole } from './candidates'
import type { Layout } from './detect'
import { defaultMaxPoints, titleCharsMax } from './limits'
import { type DateOrder, type DecimalMark, decideDates, readDate } from './locale'
import type { ParseAnswers } from './parsed'
import { createPointsReader } from './points'
import { findPrivateColumns } from './private-columns'
import type { ProblemList } from './problems'
import type { RowRole } from './row-roles'
import { mergeSameTitles } from './same-titles'
import { readSigns, type Signs } from './signs'
import { foldTitle } from './text'

export type Table = Readonly<{
  rows: readonly (readonly string[])[]
  roles: readonly RowRole[]
  layout: Layout
  /** Null for a workbook. */
  delimiter: string | null
}>

export type Column = Readonly<{
  /** Indexes in the row; several when columns of one title were said to be the same. */
  at: readonly number[]
  title: string
  maxPoints: string | null
  pointsRead: string
  dueOn: string | null
  category: string | null
  tags: readonly string[]
  vendorId: string | null
  assignmentId: string | null | undefined
  confidence: 'sure' | 'likely' | 'guess'
}>

export type ColumnOptions = ParseAnswers &
  Readonly<{
    fileName: string
    knownPoints?: ReadonlyMap<string, string>
    letters?: LetterScale
    signal?: AbortSignal
  }>

export type ReadColumns = Readonly<{
  columns: readonly Column[]
  decimal: DecimalMark
  dateOrder: DateOrder
  ignored: readonly IgnoredColumn[]
}>

/** Reads all assignment columns; what is open or wrong goes to `problems`. */
export async function readColumns(table: Table, options: ColumnOptions, problems: ProblemList): Promise<ReadColumns> {
  const secrets = findPrivateColumns(table)
  const candidates = findCandidates(table, options.fileName).filter(({ at }) => !secrets.has(at))
  const { decimal, signs } = await readSigns(table, candidates, options, problems)
  const dateOrder = decideDateOrder(candidates, options, problems)
  const readPoints = createPointsReader(table, { candidates, signs, decimal }, problems)
  const ignored = ignoredByRole(table, secrets)
  const columns: Column[] = []
  const silent: Column[] = []
  for (const candidate of candidates) {
    const reason = reasonToIgnore(candidate, signs.get(candidate.at))
    if (reason) {
      ignored.push({ kind: 'column', column: candidate.at, where: candidate.heading, ...reason })
      continue
    }
    const column = readColumn(candidate, { table, readPoints, dateOrder, options }, problems)
    columns.push(column)
    if (column.maxPoints === null && candidate.points === '') silent.push(column)
  }
  noteAssumedPoints(silent, options, problems)
  ignored.sort((a, b) => a.column - b.column)
  return { columns: mergeSameTitles(columns, options, problems), decimal, dateOrder, ignored }
}

function reasonToIgnore(
  { choice, points, date, shown, parts, isPersonal }: Candidate,
  signs: Signs | undefined,
): Readonly<{ reason: string; isPrivate: boolean }> | null {
  if (!signs || choice !== null) return null
  const isText = signs.filled > 0 && signs.scores === 0
  if (isPersonal && isText) return { reason: 'Personal data that no gradebook needs; it is not stored.', isPrivate: true }
  if (shown === 'letter' && isText) return { reason: 'Holds letters or words, and no points.', isPrivate: false }
  if (signs.filled === 0 && /^0+(?:[.,]0+)?$/.test(points || parts.points))
    return { reason: 'Out of no points, and without a score.', isPrivate: false }
  const isSilent = [points, date, parts.points, parts.number].every((text) => text === '')
  return isSilent && isText && signs.filled > 1 ? { reason: 'Holds text and no score, points or date.', isPrivate: false } : null
}

function decideDateOrder(candidates: readonly Candidate[], options: ColumnOptions, problems: ProblemList): DateOrder {
  const decision = decideDates(candidates.map(({ date }) => date))
  if (!decision.isSure && options.dates === undefined) {
    problems.add({
      value: decision.example,
      code: 'ask_dates',
      severity: 'block',
      message: decision.reason,
      fix: 'Say whether the day or the month comes first, or write the dates as 2025-06-01.',
    })
  }
  return options.dates ?? decision.value
}

type ColumnContext = Readonly<{
  table: Table
  readPoints: ReturnType<typeof createPointsReader>
  dateOrder: DateOrder
  options: ColumnOptions
}>

function readColumn(
  candidate: Candidate,
  { table, readPoints, dateOrder, options }: ColumnContext,
  problems: ProblemList,
): Column {
  const { choice, parts } = candidate
  const read = readPoints(candidate)
  const title = (choice?.title ?? read.title).slice(0, titleCharsMax)
  const known = options.knownPoints?.get(choice?.assignmentId ?? '') ?? options.knownPoints?.get(foldTitle(title))
  const dueOn = choice?.dueOn === undefined ? readDueOn(candidate, table, dateOrder, problems) : choice.dueOn
  return {
    at: [candidate.at],
    title,
    maxPoints: read.maxPoints,
    pointsRead: read.maxPoints ?? known ?? defaultMaxPoints,
    dueOn,
    category: (choice?.category === undefined ? parts.category : choice.category) || null,
    tags: choice?.tags ?? [],
    vendorId: read.vendorId,
    assignmentId: choice?.assignmentId,
    confidence: confidenceOf(candidate, table, read.maxPoints !== null || dueOn !== null),
  }
}

function confidenceOf({ choice, isKnown }: Candidate, { layout }: Table, isDescribed: boolean): Column['confidence'] {
  if (choice !== null || isKnown || (isDescribed && layout.format.source !== 'generic')) return 'sure'
  return isDescribed || layout.format.source !== 'generic' ? 'likely' : 'guess'
}

function readDueOn({ date, title }: Candidate, { roles }: Table, dateOrder: DateOrder, problems: ProblemList): string | null {
  if (date === '') return null
  const read = readDate(date, dateOrder)
  if (read.kind === 'date') return read.on
  const isMonth = read.kind === 'unknown_month'
  problems.add({
    row: roles.indexOf('dates') + 1 || null,
    column: title,
    value: date,
    code: isMonth ? 'unknown_month' : 'bad_date',
    severity: 'warn',
    message: isMonth
      ? `${title}: '${read.word}' is not a month we know. The date was left empty.`
      : `${title}: '${date}' is not a date. It was left empty.`,
    fix: 'Write the date as 2025-06-01.',
  })
  return null
}

function noteAssumedPoints(columns: readonly Column[], { knownPoints }: ColumnOptions, problems: ProblemList): void {
  const isKnown = ({ title, assignmentId }: Column) => knownPoints?.has(assignmentId ?? '') || knownPoints?.has(foldTitle(title))
  const assumed = columns.filter((column) => !isKnown(column))
  if (assumed.length === 0) return
  const names = assumed.slice(0, 5).map(({ title }) => title)
  problems.add({
    code: 'points_assumed',
    severity: 'warn',
    message: `The file does not say how many points these are out of: ${names.join(', ')}${assumed.length > 5 ? ` and ${assumed.length - 5} more` : ''}. ${defaultMaxPoints} was taken.`,
    fix: 'Add a row that begins with POINTS and gives the points of each assignment.',
  })
}
