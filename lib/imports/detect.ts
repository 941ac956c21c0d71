/**
 * What a table is: which source wrote it, where its heading row stands, and the role of every column.
 * Decided by whole words in their places, never by parts of words; what the teacher said comes first. Pure.
 */
import type { ImportChoices } from './choices'
import { type ColumnRole, readRoles } from './column-roles'
import { type Format, type IdentityRole, matchHeading } from './formats/format'
import { generic } from './formats/generic'
import { formats } from './formats/known'
import { type OtherFile, otherFiles } from './formats/others'
import { canTellStudents, findIdentity, ownIdentityOf } from './identity-words'
import { headerSearchRows } from './limits'
import { problem } from './problems'
import { cleanText, foldHeading, unguard } from './text'
import type { ImportProblem } from './views'

export type Layout = Readonly<{
  format: Format
  /** Index of the heading row. */
  headingAt: number
  columns: readonly ColumnRole[]
  /** When it is not enough to tell who a row is (`canTellStudents`), that is asked. */
  identity: ReadonlyMap<IdentityRole, number>
}>

export type Detected = Readonly<{ kind: 'layout'; layout: Layout } | { kind: 'refused'; problem: ImportProblem }>

type Row = readonly string[]
const wordOf = (heading: string) => foldHeading(unguard(heading))

type ColumnChoices = NonNullable<ImportChoices['columns']>
type Said = Pick<ImportChoices, 'headingRow' | 'columns'>

/** How many different identity columns a row would name: what the delimiter and the heading row are chosen by. */
export function scoreHeading(cells: Row): number {
  return findIdentity(cells.map(wordOf), generic).size
}

/** True when a table of grades may be here: some row of the first names columns that tell students apart. */
export function namesStudents(rows: readonly Row[]): boolean {
  return rows.slice(0, headerSearchRows).some((row) => canTellStudents(findIdentity(row.map(wordOf), generic)))
}

/** Finds source, heading row and column roles, or says what is missing. */
export function detectLayout(rows: readonly Row[], said: Said = {}): Detected {
  const top = rows.slice(0, headerSearchRows).map((row) => row.map(wordOf))
  const other = said.headingRow === undefined ? findOther(top) : null
  if (other) return refuseOther(other)
  const headingAt = said.headingRow === undefined ? findHeading(top) : said.headingRow - 1
  const headings = rows[headingAt]
  if (headings === undefined) return said.headingRow === undefined ? refuseHeading(rows) : refuseRow(said.headingRow, rows.length)
  const titles = headings.map((heading) => cleanText(unguard(heading)))
  const choices = said.columns ?? {}
  const { format, identity } = chooseFormat(titles, headings.map(wordOf), choices)
  if (!canTellStudents(identity) && !isTable(rows)) return refuseHeading(rows)
  const columns = readRoles(titles, { format, identity, choices })
  return { kind: 'layout', layout: { format, headingAt, identity, columns } }
}

function chooseFormat(
  titles: Row,
  words: Row,
  choices: ColumnChoices,
): Readonly<{ format: Format; identity: ReadonlyMap<IdentityRole, number> }> {
  const ranked = formats
    .map((format) => ({ format, ...compare(titles, words, format, choices) }))
    .filter(({ format, identity, signs }) => canTellStudents(identity) && (!format.needsSigns || signs >= format.signs.needed))
    // A source that is known by its own signs goes before the open shapes.
    .sort(
      (a, b) =>
        Number(b.format.needsSigns) - Number(a.format.needsSigns) ||
        (a.format.needsSigns ? b.signs - a.signs : 0) ||
        b.own - a.own ||
        b.signs - a.signs,
    )
  return ranked[0] ?? { format: generic, identity: chosenIdentity(findIdentity(words, generic), choices) }
}

function compare(titles: Row, words: Row, format: Format, choices: ColumnChoices) {
  const { strong, weak, needed } = format.signs
  const patterns = format.headings.filter(({ isSign }) => isSign !== false)
  const signs = words.reduce((sum, word, column) => {
    const title = titles[column] ?? ''
    if (strong.includes(word) || patterns.some(({ pattern }) => matchHeading(pattern, title))) return sum + needed
    return weak.includes(word) ? sum + 1 : sum
  }, 0)
  const own = new Set(words.flatMap((word) => ownIdentityOf(word, format) ?? [])).size
  return { signs, own, identity: chosenIdentity(findIdentity(words, format), choices) }
}

function chosenIdentity(found: ReadonlyMap<IdentityRole, number>, choices: ColumnChoices): Map<IdentityRole, number> {
  const identity = new Map([...found].filter(([, column]) => choices[column] === undefined))
  for (const [column, choice] of Object.entries(choices)) if (choice.use === 'identity') identity.set(choice.role, Number(column))
  return identity
}

function findHeading(top: readonly Row[]): number {
  let best: Readonly<{ at: number; score: number }> = { at: -1, score: 0 }
  for (const [at, row] of top.entries()) {
    const score = findIdentity(row, generic).size
    if (score > best.score && canTellStudents(findIdentity(row, generic))) best = { at, score }
  }
  if (best.at >= 0) return best.at
  // Nobody is named: the first row that is about as wide as the table.
  const widths = top.map((row) => row.filter((word) => word !== '').length)
  const widest = Math.max(...widths)
  return widths.findIndex((width) => width > 1 && width * 2 >= widest)
}

const isTable = (rows: readonly Row[]) => {
  let wide = 0
  return rows.some((row) => row.filter((cell) => cleanText(cell) !== '').length > 1 && ++wide > 1)
}

function findOther(top: readonly Row[]): OtherFile | null {
  const isOther = ({ lines, marks, needed }: OtherFile) =>
    top.slice(0, 5).some((row) => lines.some((line) => (row[0] ?? '').startsWith(line))) ||
    top.some((row) => marks.filter((mark) => row.includes(mark)).length >= needed)
  return otherFiles.find(isOther) ?? null
}

function refuseOther({ code, message, fix }: OtherFile): Detected {
  return { kind: 'refused', problem: problem({ code, message, fix, severity: 'block' }) }
}

function refuseRow(row: number, count: number): Detected {
  return {
    kind: 'refused',
    problem: problem({
      row,
      code: 'no_such_row',
      severity: 'block',
      message: `Row ${row} was chosen for the headings, but the file has ${count} rows.`,
      fix: 'Choose the row that holds the titles of the columns.',
    }),
  }
}

function refuseHeading(rows: readonly Row[]): Detected {
  const seen = (rows.find((row) => row.some((cell) => cleanText(cell) !== '')) ?? [])
    .map(foldHeading)
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
