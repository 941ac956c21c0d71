/** Files of grades written for tests, and what the importer says of them in lines a person can compare. */
import { parseFile } from '@/lib/imports/parse'
import type { ParsedFile } from '@/lib/imports/parsed'
import type { ParseOptions } from '@/lib/imports/read-table'
import type { ImportProblem } from '@/lib/imports/views'

export type Rows = readonly (readonly string[])[]
export type Writing = Readonly<{
  delimiter?: string
  lineEnd?: string
  encoding?: 'utf-8' | 'utf-8-bom' | 'utf-16le-bom' | 'utf-16be-bom' | 'utf-16le' | 'utf-16be' | 'latin1'
  /** Every cell in quotation marks, or only those that need them. */
  quotesAll?: boolean
}>

/**
 * Rows of a table drawn with bars, one line a row. Cells are trimmed; one in quotation marks is taken as JSON, so that spaces,
 * bars and line ends can be written.
 */
export function rowsOf(drawing: string): string[][] {
  return drawing
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('|').map(cellOf))
}

function cellOf(drawn: string): string {
  const text = drawn.trim()
  const parsed: unknown = /^".*"$/.test(text) ? JSON.parse(text) : text
  return String(parsed)
}

/** The bytes of a file with these rows. */
export function bytesOf(
  rows: Rows,
  { delimiter = ',', lineEnd = '\n', encoding = 'utf-8', quotesAll = false }: Writing = {},
): Uint8Array {
  const quoted = (cell: string) =>
    quotesAll || cell.includes(delimiter) || /["\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  const text = rows.map((row) => row.map(quoted).join(delimiter)).join(lineEnd) + lineEnd
  if (encoding === 'latin1') return Buffer.from(text, 'latin1')
  const marked = encoding.endsWith('-bom') ? `\ufeff${text}` : text
  if (encoding.startsWith('utf-8')) return new TextEncoder().encode(marked)
  const little = Buffer.from(marked, 'utf16le')
  return encoding.startsWith('utf-16be') ? little.swap16() : little
}

type Options = Partial<ParseOptions> & Readonly<{ writing?: Writing }>

/** Reads a drawn table; throws what it was refused for. */
export async function readDrawn(drawing: string | Rows, { writing, ...options }: Options = {}): Promise<ParsedFile> {
  const rows = typeof drawing === 'string' ? rowsOf(drawing) : drawing
  const parsed = await parseFile(bytesOf(rows, writing), { fileName: 'grades.csv', ...options })
  if (parsed.kind === 'refused') throw new Error(`refused: ${parsed.problems.map(({ code }) => code).join(', ')}`)
  return parsed.file
}

/** Why a drawn table is refused; throws when it is not. */
export async function refusalOf(
  drawing: string | Rows,
  { writing, ...options }: Options = {},
): Promise<readonly ImportProblem[]> {
  const rows = typeof drawing === 'string' ? rowsOf(drawing) : drawing
  const parsed = await parseFile(bytesOf(rows, writing), { fileName: 'grades.csv', ...options })
  if (parsed.kind === 'parsed') throw new Error('the file was read')
  return parsed.problems
}

/** `2 Doe, Jane number=001 email=jane@x.org`: row, name and identifiers of every student. */
export function studentsOf(file: ParsedFile): string[] {
  return file.students.map(({ row, lastName, firstName, identifiers }) =>
    [`${row} ${lastName}, ${firstName}`.trim(), ...identifiers.map(({ kind, value }) => `${kind}=${value}`)].join(' '),
  )
}

/** `Quiz 1 /10 on 2025-06-01 in Homework #1001`: title, points, date, category, tags and the other system's id. */
export function assignmentsOf(file: ParsedFile): string[] {
  return file.assignments.map(({ title, maxPoints, dueOn, category, tags, vendorId }) =>
    [
      `${title} /${maxPoints ?? '?'}`,
      ...(dueOn === null ? [] : [`on ${dueOn}`]),
      ...(category === null ? [] : [`in ${category}`]),
      ...tags.map((tag) => `+${tag}`),
      ...(vendorId === null ? [] : [`#${vendorId}`]),
    ].join(' '),
  )
}

/** `8.5 | EX |`: the tokens of every student. */
export function cellsOf(file: ParsedFile): string[] {
  return file.cells.map((row) => row.join(' | ').trim())
}

/** `Notes: Text beside the scores; it is not imported.` */
export function ignoredOf(file: ParsedFile): string[] {
  return file.ignored.map(({ where, reason }) => `${where}: ${reason}`)
}

/** `reject not_a_number 3 Quiz 9O`: severity, code, row, column and value of every problem. */
export function problemsOf(file: ParsedFile): string[] {
  return file.problems.map(({ severity, code, row, column, value }) =>
    [severity, code, row, column, value].filter((part) => part !== null).join(' '),
  )
}

/** `A Student identity fullName sure`: what every column was taken for. */
export function columnsOf(file: ParsedFile): string[] {
  return file.columns.map(({ name, heading, role, identity, confidence, isPrivate }) =>
    [name, heading, role, identity, confidence, isPrivate ? 'private' : null]
      .filter((part) => part !== null && part !== '')
      .join(' '),
  )
}
