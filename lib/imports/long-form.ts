/**
 * A file with one row a score (student, assignment, score, perhaps points, date, category, status) to the table with one row a
 * student. Columns of the file keep their places, those of the assignments follow. Pure but for pausing.
 */
import type { ColumnChoice } from './choices'
import { readCell } from './cells'
import { detectLayout, type Layout } from './detect'
import type { IdentityRole } from './formats/format'
import { defaultMaxPoints } from './limits'
import { names, type Part, statusMarks, words } from './long-form-words'
import { cellsPerSlice, pause } from './pause'
import { problem } from './problems'
import type { RawTable } from './raw-table'
import { createScoreTable, type ScoreTableBuilder } from './score-table'
import { shapes } from './source-label'
import { cleanDigits, cleanText, foldHeading, foldIdentifier, foldName, foldTitle, unguard } from './text'
import type { IgnoredPart, ImportProblem } from './views'

type Row = readonly string[]
type Parts = ReadonlyMap<Part, number>
type Said = Readonly<{ headingRow?: number | undefined; columns?: Readonly<Record<string, ColumnChoice>> | undefined }>

/** The table with one row a student; null when the file does not have one row a score, or the reason why it cannot be read. */
export async function readLongForm(raw: RawTable, said: Said): Promise<RawTable | ImportProblem | null> {
  const detected = detectLayout(raw.rows, said)
  if (detected.kind === 'refused' || detected.layout.identity.size === 0) return null
  const { layout } = detected
  const parts = findParts(raw.rows[layout.headingAt] ?? [], layout, said)
  if (parts === null || !hasTitles(raw.rows, layout, parts)) return null
  const reader = { layout, parts, keyOf: createKeys(layout), dateOf: datesOf(raw.rows, layout, parts) }
  const heading = headingOf(raw.rows[layout.headingAt] ?? [], layout, parts)
  const open = openColumns(heading, layout, parts)
  const table = createScoreTable(heading, layout.headingAt, (at) => ({ row: at + 1, text: `Row ${at + 1}` }))
  const { problems, ignored } = await readScores(raw.rows, reader, table)
  const finished = table.finish()
  if ('code' in finished) return finished
  return {
    ...raw,
    rows: finished.rows,
    problems: [...raw.problems, ...problems, ...finished.problems],
    ignored: [...raw.ignored, ...ignored],
    made: {
      ...finished.made,
      ...shapes.longForm,
      columns: { ...choicesOf(layout, open), ...finished.made.columns },
      reasons: reasonsOf(open, parts),
      file: { rows: raw.rows, describing: [layout.headingAt + 1] },
    },
  }
}

function findParts(headings: Row, { identity }: Layout, { columns = {} }: Said): Parts | null {
  const taken = new Set([...identity.values(), ...Object.keys(columns).map(Number)])
  const folded = headings.map(foldHeading)
  const parts = new Map<Part, number>()
  for (const part of ['assignment', 'score', 'points', 'date', 'category', 'status', 'comment'] as const) {
    const word = words[part].find((each) => folded.some((heading, at) => heading === each && !taken.has(at)))
    const at = folded.findIndex((heading, column) => heading === word && !taken.has(column))
    if (at < 0) continue
    parts.set(part, at)
    taken.add(at)
  }
  return parts.has('assignment') && parts.has('score') ? parts : null
}

/** A column of titles holds text, or names its assignments by numbers, each for several students. */
function hasTitles(rows: readonly Row[], layout: Layout, parts: Parts): boolean {
  const titles = rows.slice(layout.headingAt + 1).map((row) => cellOf(row, parts, 'assignment'))
  const filled = titles.filter((title) => title !== '')
  if (filled.length === 0) return false
  if (filled.some((title) => readCell(title, '.', defaultMaxPoints).fault === 'not_a_number')) return true
  const keyOf = createKeys(layout)
  const keys = rows.slice(layout.headingAt + 1).flatMap((row) => keyOf(row) ?? [])
  return new Set(keys).size < keys.length
}

const textAt = (row: Row, at: number | undefined) => cleanText(unguard(row[at ?? -1] ?? ''))
const cellOf = (row: Row, parts: Parts, part: Part) => textAt(row, parts.get(part))
/** Blank, or dashes for nothing. */
const isNothing = (text: string) => /^[-\u2013\u2014]*$/.test(text)

/** One text for each student, by the surest of what a row says of one; null when it says nothing. */
function createKeys({ identity }: Layout): (row: Row) => string | null {
  const textOf = (row: Row, role: IdentityRole) => {
    const text = textAt(row, identity.get(role))
    return isNothing(text) ? '' : text
  }
  return (row) => {
    for (const role of ['sis', 'number', 'username', 'email'] as const) {
      const text = textOf(row, role)
      if (text !== '') return `${role}\t${foldIdentifier(text)}`
    }
    const name = (['lastName', 'firstName', 'fullName'] as const).map((role) => foldName(textOf(row, role)))
    return name.some((text) => text !== '') ? name.join('\t') : null
  }
}

/** The date of a row's assignment. A title with one date has it in all rows; with several, each date is an assignment. */
function datesOf(rows: readonly Row[], { headingAt }: Layout, parts: Parts): (row: Row) => string {
  const dates = new Map<string, Set<string>>()
  const dateIn = (row: Row) => cleanDigits(cellOf(row, parts, 'date'))
  for (const row of rows.slice(headingAt + 1)) {
    const date = dateIn(row)
    if (isNothing(date)) continue
    const title = foldTitle(cellOf(row, parts, 'assignment'))
    dates.set(title, (dates.get(title) ?? new Set()).add(date))
  }
  return (row) => {
    const [only = '', other] = dates.get(foldTitle(cellOf(row, parts, 'assignment'))) ?? []
    return other === undefined ? only : dateIn(row)
  }
}

function headingOf(headings: Row, { identity, columns }: Layout, parts: Parts): string[] {
  const used = new Set(parts.values())
  const roles = new Map([...identity].map(([role, at]) => [at, role]))
  return columns.map((_, at) => {
    const role = roles.get(at)
    return role !== undefined ? names[role] : used.has(at) && parts.get('comment') !== at ? '' : (headings[at] ?? '')
  })
}

type Reader = Readonly<{ layout: Layout; parts: Parts; keyOf: (row: Row) => string | null; dateOf: (row: Row) => string }>
type Read = Readonly<{ problems: ImportProblem[]; ignored: IgnoredPart[] }>

async function readScores(rows: readonly Row[], reader: Reader, table: ScoreTableBuilder): Promise<Read> {
  const read: Read = { problems: [], ignored: [] }
  for (let at = reader.layout.headingAt + 1; at < rows.length; at++) {
    readScore(rows[at] ?? [], at, reader, table, read)
    if (at % cellsPerSlice === 0) await pause()
  }
  for (const [at, row] of rows.slice(0, reader.layout.headingAt).entries()) {
    if (!isBlank(row)) read.ignored.push({ kind: 'row', where: `Row ${at + 1}`, reason: 'No student and no heading.' })
  }
  return read
}

function readScore(row: Row, at: number, { layout, parts, keyOf, dateOf }: Reader, table: ScoreTableBuilder, read: Read): void {
  if (isBlank(row)) return
  const title = cellOf(row, parts, 'assignment')
  if (isHeadingAgain(row, parts)) {
    read.ignored.push({ kind: 'row', where: `Row ${at + 1}`, reason: 'The heading again.' })
    return
  }
  const student = keyOf(row)
  if (student === null) read.problems.push(nobody(at, title))
  else if (title === '') read.problems.push(untitled(at, cellOf(row, parts, 'score')))
  else {
    const date = dateOf(row)
    const assignment = `${foldTitle(title)}\t${date}`
    const said = { title, date, points: cellOf(row, parts, 'points'), category: cellOf(row, parts, 'category') }
    table.addStudent(student, at, () => cellsOf(row, layout, parts))
    table.addAssignment(assignment, said, at)
    table.addScore(student, assignment, scoreOf(row, parts), at)
  }
}

const isBlank = (row: Row) => row.every((cell) => cleanText(cell) === '')

const isHeadingAgain = (row: Row, parts: Parts) =>
  words.assignment.includes(foldHeading(cellOf(row, parts, 'assignment'))) &&
  words.score.includes(foldHeading(cellOf(row, parts, 'score')))

/** A student's own cells; what belongs to the single score is left out, and cells beyond the headings with it. */
function cellsOf(row: Row, { columns }: Layout, parts: Parts): string[] {
  const used = new Set(parts.values())
  return columns.map((_, at) => (used.has(at) ? '' : (row[at] ?? '')))
}

/** The score; where the row gives a status as well, both as one cell says them. */
function scoreOf(row: Row, parts: Parts): string {
  const score = cellOf(row, parts, 'score')
  const mark = statusMarks[foldHeading(cellOf(row, parts, 'status'))]
  if (mark === undefined) return score
  if (isNothing(score) || mark === 'EX') return mark
  return mark === 'LATE' || mark === 'INC' ? `${mark} ${score}` : score
}

/** Columns that no other rule leaves out: they would be taken for assignments. */
function openColumns(heading: Row, { identity, columns }: Layout, parts: Parts): number[] {
  const known = new Set([...identity.values(), ...parts.values()])
  return columns.flatMap((role, at) => (known.has(at) || role.kind === 'ignored' || heading[at] === '' ? [] : [at]))
}

function choicesOf({ identity }: Layout, open: readonly number[]): Record<string, ColumnChoice> {
  return Object.fromEntries([
    ...[...identity].map(([role, at]) => [at, { use: 'identity' as const, role }]),
    ...open.map((at) => [at, { use: 'ignore' as const }]),
  ])
}

function reasonsOf(open: readonly number[], parts: Parts): Map<number, string> {
  const reasons = new Map(open.map((at) => [at, 'Says nothing about a score.']))
  const comment = parts.get('comment')
  return comment === undefined ? reasons : reasons.set(comment, 'Text beside the scores; it is not imported.')
}

function nobody(at: number, title: string): ImportProblem {
  return problem({
    row: at + 1,
    column: title === '' ? null : title,
    code: 'no_student',
    severity: 'reject',
    message: `Row ${at + 1} has a score, but names no student.`,
    fix: 'Write the name or the e-mail address, or delete the row.',
  })
}

function untitled(at: number, score: string): ImportProblem {
  return problem({
    row: at + 1,
    value: score,
    code: 'no_assignment',
    severity: 'reject',
    message: `Row ${at + 1} does not say which assignment its score is for.`,
    fix: 'Write the title of the assignment, or delete the row.',
  })
}
