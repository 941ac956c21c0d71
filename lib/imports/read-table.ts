/**
 * Rows of cells to what they say: students, assignments, cells, and everything that is wrong or left out. Where the rows came
 * from (text, a workbook, an archive) makes no difference here. Pure but for pausing: long tables are worked in slices.
 */
import type { LetterScale } from '@/lib/gradebook/totals'
import { type ReadColumns, readColumns, type Table } from './columns'
import { detectLayout, type Layout } from './detect'
import { editRows } from './edit-rows'
import { readExportTime } from './export-time'
import { describeColumns } from './file-columns'
import { canTellStudents } from './identity-words'
import type { ParseAnswers, ParsedFile } from './parsed'
import { createProblems, maskSecrets, type ProblemList, problem } from './problems'
import type { RawTable } from './raw-table'
import { readCells } from './read-cells'
import { readStudents } from './roster'
import { type RowRole, rowRoles } from './row-roles'
import { cleanText } from './text'
import type { IgnoredPart, ImportProblem } from './views'

export type ParseOptions = ParseAnswers &
  Readonly<{
    /** The title of a file that holds one assignment. */
    fileName: string
    /** Points of the class's assignments by folded title and by id: what percents of a file without points are of. */
    knownPoints?: ReadonlyMap<string, string>
    /** The school's letters, for cells that hold one. */
    letters?: LetterScale
    /** Stops the reading between two slices. */
    signal?: AbortSignal
  }>

export type Parsed = Readonly<{ kind: 'parsed'; file: ParsedFile } | { kind: 'refused'; problems: readonly ImportProblem[] }>

/** Reads a table. `refused`: it holds nothing that can be imported, and says why; questions stand in `file.problems`. */
export async function readTable(raw: RawTable, options: ParseOptions): Promise<Parsed> {
  const rows = editRows(raw.rows, options.cells)
  const detected = detectLayout(rows, options)
  if (detected.kind === 'refused') return refuse([detected.problem])
  const { layout } = detected
  const problems = createProblems()
  for (const noted of raw.problems) problems.add(noted)
  const table = { rows, roles: rowRoles(rows, layout), layout, delimiter: raw.delimiter }
  if (!canTellStudents(layout.identity)) return askIdentity(raw, table, options, problems)
  const read = await readColumns(table, options, problems)
  if (read.columns.length === 0) return refuse([noAssignments])
  const hidden = hiddenColumns(layout, read)
  const roster = readStudents(table, problems, hidden)
  if (roster.students.length === 0 && roster.rejectedRows.length === 0) return refuse([noStudents(layout)])
  const { cells, rejectedCount } = await readCells(
    roster.students,
    read.columns,
    { table, decimal: read.decimal, options },
    problems,
  )
  return { kind: 'parsed', file: { ...describe(raw, table, read, problems), ...roster, cells, cellsRejected: rejectedCount } }
}

/** A file nothing can be imported from. */
export function refuse(problems: readonly ImportProblem[]): Parsed {
  return { kind: 'refused', problems }
}

/** A table whose students nobody can name is not refused: which column does is asked, and everything else waits. */
async function askIdentity(raw: RawTable, table: Table, options: ParseOptions, problems: ProblemList): Promise<Parsed> {
  const { headingAt } = table.layout
  const headings = (table.rows[headingAt] ?? []).map(cleanText).filter((heading) => heading !== '')
  problems.add({
    row: headingAt + 1,
    value: headings.slice(0, 6).join(', '),
    code: 'ask_identity',
    severity: 'block',
    message: `Row ${headingAt + 1} was taken for the headings, and none of them says who a row is.`,
    fix: 'Say which column holds the e-mail address, the student number or the name, or choose another heading row.',
  })
  const read = await readColumns(table, options, createProblems())
  return {
    kind: 'parsed',
    file: { ...describe(raw, table, read, problems), students: [], rejectedRows: [], cells: [], cellsRejected: 0 },
  }
}

type Described = Omit<ParsedFile, 'students' | 'rejectedRows' | 'cells' | 'cellsRejected'>

function describe(raw: RawTable, table: Table, read: ReadColumns, problems: ProblemList): Described {
  const { rows, roles, layout } = table
  const { format, headingAt } = layout
  const hidden = hiddenColumns(layout, read)
  return {
    source: format.source,
    sourceLabel: format.label,
    encoding: raw.encoding,
    delimiter: raw.delimiter,
    parts: raw.parts,
    part: raw.part,
    headingRow: headingAt + 1,
    exportedAt: readExportTime(table),
    decimal: read.decimal,
    dateOrder: read.dateOrder,
    assignments: read.columns.map(({ at, confidence: _, ...assignment }) => ({ columns: at, ...assignment })),
    problems: problems.list(),
    isBlocked: problems.isBlocked(),
    ignored: [
      ...raw.ignored,
      ...read.ignored.map(({ kind, where, reason }) => ({ kind, where, reason })),
      ...ignoredRows(rows, roles),
    ],
    columns: describeColumns(table, read),
    privateColumns: [...hidden].sort((a, b) => a - b),
    describingRows: roles.flatMap((role, at) => (describing.includes(role) ? [at + 1] : [])),
    rowCount: rows.length,
    rowText: (row) => shownCells(rows[row - 1] ?? [], layout.columns.length, hidden),
  }
}

const describing: readonly RowRole[] = ['heading', 'dates', 'points']

/** In a row longer than the headings, cells stand in the wrong columns: behind the first private one nothing is shown. */
function shownCells(cells: readonly string[], width: number, hidden: ReadonlySet<number>): string[] {
  const isShifted = cells.slice(width).some((cell) => cleanText(cell) !== '')
  const end = isShifted ? Math.min(cells.length, ...hidden) : cells.length
  return cells.map((cell, column) => (hidden.has(column) || column >= end ? '' : maskSecrets(cell)))
}

const noAssignments = problem({
  code: 'no_assignment_column',
  severity: 'block',
  message: 'The file names students, but no column holds scores.',
  fix: 'Add one column for each assignment, with its title as the heading.',
})

function noStudents({ headingAt }: Layout): ImportProblem {
  return problem({
    row: headingAt + 1,
    code: 'no_students',
    severity: 'block',
    message: 'The file has a heading row, but no row with a student below it.',
    fix: 'Add one row for each student, or choose the file that holds them.',
  })
}

function hiddenColumns(layout: Layout, { ignored }: ReadColumns): ReadonlySet<number> {
  const byRole = layout.columns.flatMap((role, column) => (role.kind === 'ignored' && role.isPrivate ? [column] : []))
  return new Set([...byRole, ...ignored.flatMap(({ isPrivate, column }) => (isPrivate ? [column] : []))])
}

const rowReasons: Readonly<Partial<Record<RowRole, string>>> = {
  totals: 'A row of totals, not a student.',
  test_student: "The other system's test student.",
  settings: 'How the other system shows grades, not a student.',
  stray: 'No student and no heading.',
}

function ignoredRows(rows: readonly (readonly string[])[], roles: readonly RowRole[]): IgnoredPart[] {
  const firstHeading = roles.indexOf('heading')
  return roles.flatMap((role, at) => {
    const reason = role === 'heading' && at !== firstHeading ? 'The heading again.' : rowReasons[role]
    if (reason === undefined || (rows[at] ?? []).length === 0) return []
    return [{ kind: 'row' as const, where: `Row ${at + 1}`, reason }]
  })
}
