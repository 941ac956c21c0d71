/**
 * Rows of cells to what they say: students, assignments, cells, and everything that is wrong or left out. Where the rows came
 * from (text, a workbook, an archive) makes no difference here. Pure but for pausing: long tables are worked in slices.
 */
import { createCellReader } from './cells'
import { type Column, readColumns } from './columns'
import { columnName, detectLayout, type Layout, type RowRole, rowRoles } from './detect'
import type { DecimalMark } from './locale'
import { type FileColumn, type ParseAnswers, type ParsedFile, type ParsedStudent, rejected } from './parsed'
import { cellsPerSlice, pause } from './pause'
import { createProblems, type ProblemList } from './problems'
import type { RawTable } from './raw-table'
import { readStudents } from './roster'
import { cleanDigits, cleanText, unguard } from './text'
import type { IgnoredPart, ImportProblem } from './views'

export type ParseOptions = ParseAnswers &
  Readonly<{
    /** The title of a file that holds one assignment. */
    fileName: string
    /** Points of the class's assignments by folded title: what percents of a file without points are of. */
    knownPoints?: ReadonlyMap<string, string>
    /** Stops the reading between two slices. */
    signal?: AbortSignal
  }>

export type Parsed = Readonly<{ kind: 'parsed'; file: ParsedFile } | { kind: 'refused'; problems: readonly ImportProblem[] }>

/** Reads a table. `refused`: it holds nothing that can be imported, and says why; questions stand in `file.problems`. */
export async function readTable(raw: RawTable, options: ParseOptions): Promise<Parsed> {
  const detected = detectLayout(raw.rows)
  if (detected.kind === 'refused') return refuse([detected.problem])
  const { layout } = detected
  const roles = rowRoles(raw.rows, layout)
  const problems = createProblems()
  for (const noted of raw.problems) problems.add(noted)
  const table = { rows: raw.rows, roles, layout, delimiter: raw.delimiter }
  const { columns, decimal, dateOrder, ignored } = await readColumns(table, options, problems)
  if (columns.length === 0) return refuse(noAssignments(problems))
  const roster = readStudents(table, problems)
  if (roster.students.length === 0 && roster.rejectedRows.length === 0) return refuse(noStudents(problems, layout))
  const read = await readCells(raw.rows, roster.students, columns, { decimal, layout, options }, problems)
  const hidden = new Set([...hiddenColumns(layout), ...ignored.flatMap((part) => (part.isPrivate ? [part.column] : []))])
  return {
    kind: 'parsed',
    file: {
      source: layout.format.source,
      sourceLabel: layout.format.label,
      encoding: raw.encoding,
      delimiter: raw.delimiter,
      parts: raw.parts,
      part: raw.part,
      headingRow: layout.headingAt + 1,
      exportedAt: null,
      decimal,
      dateOrder,
      students: roster.students,
      assignments: columns.map(({ at, title, maxPoints, pointsRead, dueOn }) => ({
        columns: [at],
        title,
        maxPoints,
        pointsRead,
        dueOn,
        category: null,
        tags: [],
        vendorId: null,
        assignmentId: undefined,
      })),
      cells: read.cells,
      cellsRejected: read.rejectedCount,
      rejectedRows: roster.rejectedRows,
      problems: problems.list(),
      isBlocked: problems.isBlocked(),
      ignored: [
        ...raw.ignored,
        ...ignored.map(({ kind, where, reason }) => ({ kind, where, reason })),
        ...ignoredRows(raw.rows, roles),
      ],
      columns: describeColumns(raw.rows[layout.headingAt] ?? [], layout, columns),
      privateColumns: [...hidden].sort((a, b) => a - b),
      describingRows: roles.flatMap((role, at) => (role === 'heading' || role === 'dates' || role === 'points' ? [at + 1] : [])),
      rowCount: raw.rows.length,
      rowText: (row) => (raw.rows[row - 1] ?? []).map((cell, column) => (hidden.has(column) ? '' : cell)),
    },
  }
}

/** A file nothing can be imported from. */
export function refuse(problems: readonly ImportProblem[]): Parsed {
  return { kind: 'refused', problems }
}

function describeColumns(headings: readonly string[], layout: Layout, columns: readonly Column[]): FileColumn[] {
  return layout.columns.map((role, at): FileColumn => {
    const column = columns.find((each) => each.at === at)
    return {
      at,
      name: columnName(at),
      heading: cleanText(unguard(headings[at] ?? '')),
      role: role.kind === 'identity' ? 'identity' : column ? 'assignment' : 'ignored',
      identity: role.kind === 'identity' ? role.role : null,
      confidence: 'sure',
      reason: role.kind === 'ignored' || role.kind === 'note' ? role.reason : null,
      isPrivate: role.kind === 'ignored' && role.isPrivate,
      samples: [],
      title: column?.title ?? '',
      maxPoints: column?.maxPoints ?? null,
      dueOn: column?.dueOn ?? null,
      category: null,
      tags: [],
    }
  })
}

function noAssignments(problems: ProblemList): readonly ImportProblem[] {
  problems.add({
    code: 'no_assignment_column',
    severity: 'block',
    message: 'The file names students, but no column holds scores.',
    fix: 'Add one column for each assignment, with its title as the heading.',
  })
  return problems.list()
}

function noStudents(problems: ProblemList, layout: Layout): readonly ImportProblem[] {
  problems.add({
    row: layout.headingAt + 1,
    code: 'no_students',
    severity: 'block',
    message: 'The file has a heading row, but no row with a student below it.',
    fix: 'Add one row for each student, or choose the file that holds them.',
  })
  return problems.list()
}

function hiddenColumns(layout: Layout): number[] {
  return layout.columns.flatMap((role, column) => (role.kind === 'ignored' && role.isPrivate ? [column] : []))
}

const rowReasons: Readonly<Partial<Record<RowRole, string>>> = {
  totals: 'A row of totals, not a student.',
  test_student: "The other system's test student.",
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

type CellContext = Readonly<{ decimal: DecimalMark; layout: Layout; options: ParseOptions }>

async function readCells(
  rows: readonly (readonly string[])[],
  students: readonly ParsedStudent[],
  columns: readonly Column[],
  { decimal, layout, options }: CellContext,
  problems: ProblemList,
): Promise<{ cells: string[][]; rejectedCount: number }> {
  const stateAt = layout.columns.findIndex((role) => role.kind === 'state')
  const readers = columns.map((column) => ({ column, read: createCellReader(decimal, column.pointsRead) }))
  const cells: string[][] = []
  let rejectedCount = 0
  let sincePause = 0
  for (const student of students) {
    const row = rows[student.row - 1] ?? []
    const tokens: string[] = []
    for (const { column, read } of readers) {
      const raw = row[column.at] ?? ''
      const cell = read(raw)
      let token = cell.token
      if (cell.warning !== undefined) noteWarning(problems, cell.warning, student, column, raw)
      if (cell.fault !== undefined && !(cell.fault === 'negative' && options.negatives === 'take')) {
        noteFault(problems, cell.fault, student, column, raw, options)
        token = rejected
        rejectedCount++
      }
      tokens.push(stateAt < 0 ? token : withState(token, row[stateAt] ?? ''))
    }
    cells.push(tokens)
    sincePause += columns.length
    if (sincePause >= cellsPerSlice) {
      sincePause = 0
      await pause(options.signal)
    }
  }
  return { cells, rejectedCount }
}

const missingStates = new Set(['missing', 'відсутнє', 'не здано', 'falta', 'sin entregar', 'مفقود'])
const lateStates = new Set([
  'done late',
  'turned in late',
  'returned late',
  'late',
  'здано із запізненням',
  'entregado con retraso',
  'تم التسليم متأخرًا',
])

// A score says more than a state: only late work keeps both.
function withState(token: string, state: string): string {
  const word = cleanDigits(state).toLowerCase()
  if (token === '' && missingStates.has(word)) return 'MI'
  return /^\d/.test(token) && lateStates.has(word) ? `LATE ${token}` : token
}

function place(student: ParsedStudent, column: Column): string {
  return `Row ${student.row}, ${column.title}`
}

function noteWarning(
  problems: ProblemList,
  warning: 'over_maximum' | 'rounded',
  student: ParsedStudent,
  column: Column,
  raw: string,
): void {
  const value = cleanDigits(raw)
  const isOver = warning === 'over_maximum'
  problems.add({
    row: student.row,
    column: column.title,
    value,
    code: warning,
    severity: 'warn',
    message: isOver
      ? `${place(student, column)}: ${value} is more than the ${column.pointsRead} points there are. It counts as extra credit.`
      : `${place(student, column)}: ${value} was rounded to three decimals.`,
    fix: isOver ? 'If it is a slip, mend the score or the points and upload the file again.' : 'Nothing is to be done.',
  })
}

function noteFault(
  problems: ProblemList,
  fault: 'not_a_number' | 'excel_error' | 'too_big' | 'negative',
  student: ParsedStudent,
  column: Column,
  raw: string,
  options: ParseOptions,
): void {
  const value = cleanDigits(raw)
  const at = place(student, column)
  const texts = {
    not_a_number: [
      `${at}: '${value}' is not a score.`,
      'Type the points as a number, EX, MI, INC or LATE, or leave the cell empty.',
    ],
    excel_error: [
      `${at}: '${value}' is an error of the spreadsheet's formula.`,
      'Mend the formula, or type the points as a number.',
    ],
    too_big: [`${at}: '${value}' is larger than any score that can be stored.`, 'Type the points as a number below 1,000,000.'],
    negative: [
      `${at}: '${value}' is below zero.`,
      'Mend the score if it is a slip; otherwise say that negative scores are meant.',
    ],
  } as const
  const [message, fix] = texts[fault]
  const severity = fault === 'negative' && options.negatives === undefined ? 'block' : 'reject'
  problems.add({
    row: student.row,
    column: column.title,
    value,
    code: fault === 'negative' ? 'negative_score' : fault,
    message,
    fix,
    severity,
  })
}
