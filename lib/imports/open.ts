/**
 * Bytes of an upload to one raw table, whatever they are: text, an Excel workbook, a ZIP archive of one of these or of OneRoster.
 * What the bytes are decides, never the file's name. Pure but for waiting.
 */
import { type ArchiveFile, isArchive, openArchive } from './archive'
import { decodeFile, refusalOfSize } from './decode'
import { namesStudents, scoreHeading } from './detect'
import { headerSearchRows } from './limits'
import { isOneRoster, openOneRoster } from './oneroster/archive'
import { readResults } from './oneroster/results'
import type { ParseAnswers } from './parsed'
import { problem } from './problems'
import type { RawTable } from './raw-table'
import { tokenize } from './tokenize'
import type { IgnoredPart, ImportProblem } from './views'
import { refusalOfOffice } from './office'
import { isWorkbook, openWorkbook, type WorkbookSheet } from './workbook'

export type OpenOptions = Pick<ParseAnswers, 'encoding' | 'delimiter' | 'part'> & Readonly<{ fileName: string }>

export type Opened =
  /** `fileName` is that of the file inside, where there is one. */
  Readonly<{ kind: 'table'; table: RawTable; fileName: string }> | Readonly<{ kind: 'refused'; problem: ImportProblem }>

/** Opens an upload. A file of several tables is read at the one that holds students, or at `part`. */
export async function openTable(bytes: Uint8Array, options: OpenOptions): Promise<Opened> {
  const tooLarge = refusalOfSize(bytes.length)
  if (tooLarge) return { kind: 'refused', problem: tooLarge }
  if (!isArchive(bytes)) return openText(bytes, options)
  const archive = openArchive(bytes)
  if (archive.kind === 'refused') return archive
  const office = refusalOfOffice(archive.files)
  if (office) return { kind: 'refused', problem: office }
  if (isWorkbook(archive.files)) return openSheets(archive.files, options)
  if (isOneRoster(archive.files)) return openResults(archive.files, options)
  return openTables(archive.files, options)
}

async function openText(bytes: Uint8Array, { encoding, delimiter, fileName }: OpenOptions): Promise<Opened> {
  const decoded = decodeFile(bytes, encoding)
  if (decoded.kind === 'refused') return decoded
  const tokens = await tokenize(decoded.text, { delimiter: delimiter ?? decoded.delimiter, scoreHeading })
  if (tokens.kind === 'refused') return tokens
  const { rows } = tokens
  const table = { rows, delimiter: tokens.delimiter, encoding: decoded.encoding, parts: [], part: null, made: null, ignored: [] }
  return { kind: 'table', table: { ...table, problems: decoded.problems }, fileName }
}

async function openSheets(files: readonly ArchiveFile[], { part, fileName }: OpenOptions): Promise<Opened> {
  const workbook = await openWorkbook(files)
  if (workbook.kind === 'refused') return workbook
  const names = workbook.sheets.map(({ name }) => name)
  const withStudents: WorkbookSheet[] = []
  for (const sheet of workbook.sheets) if (await hasStudents(sheet)) withStudents.push(sheet)
  const chosen = workbook.sheets.find(({ name }) => name === part) ?? withStudents[0] ?? workbook.sheets[0]
  if (chosen === undefined) return { kind: 'refused', problem: noTable(names) }
  const read = await chosen.read()
  if (read.kind === 'refused') return read
  const isOpen = part !== chosen.name && withStudents.length > 1
  const table = { rows: read.rows, delimiter: null, encoding: null, parts: names, part: chosen.name, made: null }
  const problems = isOpen ? [otherSheets(chosen.name, withStudents)] : []
  return { kind: 'table', table: { ...table, ignored: otherParts('Sheet', names, chosen.name), problems }, fileName }
}

async function hasStudents(sheet: WorkbookSheet): Promise<boolean> {
  const read = await sheet.read(headerSearchRows)
  return read.kind === 'rows' && namesStudents(read.rows)
}

async function openResults(files: readonly ArchiveFile[], { part, fileName }: OpenOptions): Promise<Opened> {
  const opened = await openOneRoster(files)
  if (opened.kind === 'refused') return opened
  const read = await readResults(opened.roster, part)
  return read.kind === 'refused' ? read : { ...read, fileName }
}

const isTableName = ({ name }: ArchiveFile) => /\.(?:csv|tsv|tab|txt|xls|xlsx|psv|ssv)$/i.test(name)
const baseName = (name: string) => name.replace(/^.*\//, '')

async function openTables(files: readonly ArchiveFile[], options: OpenOptions): Promise<Opened> {
  const tables = files.filter(isTableName)
  const parts = tables.map(({ name }) => name)
  const asked = tables.find(({ name }) => name === options.part)
  const [only, other] = tables
  if (only === undefined) return { kind: 'refused', problem: noTable(files.map(({ name }) => name)) }
  if (asked !== undefined || other === undefined) return openPart(asked ?? only, parts, options)
  const opened: Extract<Opened, { kind: 'table' }>[] = []
  for (const file of tables.slice(0, partsSearched)) {
    const part = await openPart(file, parts, options)
    if (part.kind === 'table' && namesStudents(part.table.rows)) opened.push(part)
    if (opened.length > 1) break
  }
  const [first, second] = opened
  if (first === undefined) return { kind: 'refused', problem: noTable(parts) }
  if (second === undefined && tables.length <= partsSearched) return first
  return { ...first, table: { ...first.table, problems: [...first.table.problems, askPart(parts)] } }
}

const partsSearched = 20

async function openPart(file: ArchiveFile, parts: readonly string[], options: OpenOptions): Promise<Opened> {
  const tooLarge = refusalOfSize(file.size)
  if (tooLarge) return { kind: 'refused', problem: tooLarge }
  const read = await file.read()
  if (read.kind === 'refused') return read
  const inner = isArchive(read.bytes) ? openArchive(read.bytes) : null
  if (inner?.kind === 'refused') return inner
  const fileName = baseName(file.name)
  const opened = inner ? await openSheets(inner.files, { fileName }) : await openText(read.bytes, { ...options, fileName })
  return opened.kind === 'refused'
    ? opened
    : {
        ...opened,
        table: {
          ...opened.table,
          parts,
          part: file.name,
          ignored: [...otherParts('File', parts, file.name), ...opened.table.ignored],
        },
      }
}

function otherParts(kind: 'Sheet' | 'File', names: readonly string[], read: string): IgnoredPart[] {
  return names
    .filter((name) => name !== read)
    .map((name) => ({ kind: 'part', where: `${kind} ${name}`, reason: `Not read, because '${read}' was.` }))
}

function otherSheets(read: string, all: readonly WorkbookSheet[]): ImportProblem {
  return problem({
    code: 'other_sheets',
    severity: 'warn',
    value: read,
    message: `${all.length} sheets of the workbook name students: ${namesOf(all.map(({ name }) => name))}. Only '${read}' was read.`,
    fix: 'Choose another sheet if that one is meant, or upload the file once for each.',
  })
}

function askPart(parts: readonly string[]): ImportProblem {
  return problem({
    code: 'ask_part',
    severity: 'block',
    message: `The archive holds several tables: ${namesOf(parts)}. Which one holds the grades?`,
    fix: 'Choose one of them, or upload that file alone.',
  })
}

function noTable(names: readonly string[]): ImportProblem {
  return problem({
    code: 'zip',
    severity: 'block',
    value: namesOf(names),
    message:
      names.length === 0
        ? 'The ZIP archive is empty.'
        : `No file of the ZIP archive is a table of students: it holds ${namesOf(names)}.`,
    fix: 'Upload the CSV or Excel file with the grades.',
  })
}

const namesOf = (names: readonly string[]) =>
  names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')
