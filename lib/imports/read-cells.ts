/** The scores of a table, cell by cell, and what is wrong with them. Pure but for pausing. */
import { clear, createCellReader, type ReadCell } from './cells'
import type { Column, ColumnOptions, Table } from './columns'
import type { DecimalMark } from './locale'
import { awaiting, isRejected, type ParsedStudent, rejected } from './parsed'
import { cellsPerSlice, pause } from './pause'
import type { ProblemList } from './problems'
import { cleanDigits } from './text'

type CellContext = Readonly<{ table: Table; decimal: DecimalMark; options: ColumnOptions }>
type ColumnReader = Readonly<{ column: Column; at: number; read: (raw: string) => ReadCell }>
type RowContext = Readonly<{ row: readonly string[]; student: ParsedStudent; options: ColumnOptions; problems: ProblemList }>

/** Tokens of students x columns; `rejectedCount` are those that were left out, each with its problem. */
export async function readCells(
  students: readonly ParsedStudent[],
  columns: readonly Column[],
  { table, decimal, options }: CellContext,
  problems: ProblemList,
): Promise<{ cells: string[][]; rejectedCount: number }> {
  const stateAt = table.layout.columns.findIndex((role) => role.kind === 'state')
  const blank = options.blankClears === true ? clear : ''
  const readers = columns.map((column) => createColumnReader(column, { table, decimal, options }))
  const cells: string[][] = []
  let rejectedCount = 0
  let sincePause = 0
  for (const student of students) {
    const row = table.rows[student.row - 1] ?? []
    const context = { row, student, options, problems }
    const tokens: string[] = []
    for (const read of readers) {
      const token = stateAt < 0 ? read(context) : withState(read(context), row[stateAt] ?? '')
      if (isRejected(token)) rejectedCount++
      tokens.push(token === '' ? blank : token)
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

/** Nearly every assignment stands in one column: that way is the short one. */
function createColumnReader(column: Column, { table, decimal, options }: CellContext): (context: RowContext) => string {
  const read = createCellReader(decimal, column.pointsRead, { words: table.layout.format.cells, letters: options.letters })
  const [first, ...others] = column.at.map((at): ColumnReader => ({ column, at, read }))
  if (first === undefined) return () => ''
  return others.length === 0 ? (context) => readOne(first, context) : (context) => readSame([first, ...others], context)
}

function readSame(same: readonly ColumnReader[], context: RowContext): string {
  const tokens = new Set(same.map((reader) => readOne(reader, context)).filter((token) => token !== ''))
  if (tokens.size < 2) return [...tokens][0] ?? ''
  const [first] = same
  if (first !== undefined && ![...tokens].some(isRejected))
    noteTwoValues(first.column, [...tokens], context.student, context.problems)
  return rejected
}

function readOne({ column, at, read }: ColumnReader, { row, student, options, problems }: RowContext): string {
  const raw = row[at] ?? ''
  const cell = read(raw)
  if (cell.warning !== undefined) noteWarning(problems, { warning: cell.warning, token: cell.token }, student, column, raw)
  if (cell.fault === undefined || (cell.fault === 'negative' && options.negatives === 'take')) return cell.token
  noteFault(problems, cell.fault, student, column, raw, options)
  return cell.fault === 'negative' && options.negatives === undefined ? awaiting(cell.token) : rejected
}

function noteTwoValues(column: Column, tokens: readonly string[], student: ParsedStudent, problems: ProblemList): void {
  problems.add({
    row: student.row,
    column: column.title,
    value: tokens.join(', '),
    code: 'two_values',
    severity: 'reject',
    message: `${place(student, column)}: columns of the same assignment say ${tokens.join(' and ')}.`,
    fix: 'Keep one of the values and empty the other cells.',
  })
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
  { warning, token }: Readonly<{ warning: NonNullable<ReadCell['warning']>; token: string }>,
  student: ParsedStudent,
  column: Column,
  raw: string,
): void {
  const value = cleanDigits(raw)
  const at = place(student, column)
  const texts = {
    over_maximum: [
      `${at}: ${value} is more than the ${column.pointsRead} points there are. It counts as extra credit.`,
      'If it is a slip, mend the score or the points and upload the file again.',
    ],
    rounded: [`${at}: ${value} was rounded to three decimals.`, 'Nothing is to be done.'],
    letter_read: [
      `${at}: '${value}' was read as ${token} of ${column.pointsRead} points, the least this letter stands for.`,
      'Type the points where they are known.',
    ],
  } as const
  const [message, fix] = texts[warning]
  problems.add({ row: student.row, column: column.title, value, code: warning, severity: 'warn', message, fix })
}

function noteFault(
  problems: ProblemList,
  fault: NonNullable<ReadCell['fault']>,
  student: ParsedStudent,
  column: Column,
  raw: string,
  options: ColumnOptions,
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
    lowest_letter: [
      `${at}: '${value}' is the lowest letter, which stands for any score down to nothing.`,
      'Type the points as a number.',
    ],
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
