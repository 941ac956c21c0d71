/**
 * A OneRoster 1.1 or 1.2 archive of CSV files to its tables. Every file begins with `sourcedId,status,dateLastModified`; the
 * manifest says which files are whole (bulk) and which hold changes only (delta). Pure but for waiting.
 */
import type { ArchiveFile } from '../archive'
import { decodeFile } from '../decode'
import { problem } from '../problems'
import { cleanText, unguard } from '../text'
import { tokenize } from '../tokenize'
import type { ImportProblem } from '../views'

/** A row of a table; a field the file does not have is ''. */
export type OneRosterRecord = Readonly<{
  /** Row of its file, from 1. */
  row: number
  get: (field: string) => string
  /** Says that the other system no longer has it. */
  isDeleted: boolean
}>

export type OneRosterTable = Readonly<{
  /** As the archive calls it: `users.csv`. */
  file: string
  mode: 'bulk' | 'delta'
  fields: readonly string[]
  records: readonly OneRosterRecord[]
}>

export type OneRoster = Readonly<{
  version: '1.1' | '1.2'
  /** Base names without ending, as the standard spells them or not: use `has`. */
  has: (name: string) => boolean
  /** Reads a table by the standard's name (`lineItems`); null when the archive has no such file. */
  table: (
    name: string,
  ) => Promise<Readonly<{ kind: 'table'; table: OneRosterTable }> | Readonly<{ kind: 'refused'; problem: ImportProblem }> | null>
}>

/** Whether the files of an archive are OneRoster's: by its manifest, or by names that belong together. */
export function isOneRoster(files: readonly ArchiveFile[]): boolean {
  const names = new Set(files.map(({ name }) => keyOf(name)))
  const has = (name: string) => names.has(name)
  const isRoster = has('users') && (has('enrollments') || has('classes') || has('orgs') || has('academicsessions'))
  return (
    (has('manifest') && (has('users') || has('results') || has('lineitems'))) || (has('lineitems') && has('results')) || isRoster
  )
}

/** Opens a OneRoster archive. Tables are read when they are asked for; a manifest that cannot be read refuses all. */
export async function openOneRoster(
  files: readonly ArchiveFile[],
): Promise<Readonly<{ kind: 'oneroster'; roster: OneRoster }> | Readonly<{ kind: 'refused'; problem: ImportProblem }>> {
  const byName = filesByName(files)
  const manifest = await readManifest(byName.get('manifest'))
  if (manifest.kind === 'refused') return manifest
  const { properties } = manifest
  const version = properties.get('oneroster.version')?.startsWith('1.2') || byName.has('roles') ? '1.2' : '1.1'
  return {
    kind: 'oneroster',
    roster: {
      version,
      has: (name) => byName.has(name.toLowerCase()),
      async table(name) {
        const file = byName.get(name.toLowerCase())
        if (file === undefined) return null
        const read = await readRows(file)
        if (read.kind === 'refused') return read
        const mode = properties.get(`file.${name.toLowerCase()}`) === 'delta' ? 'delta' : 'bulk'
        return { kind: 'table', table: tableOf(baseName(file.name), mode, read.rows) }
      },
    },
  }
}

const baseName = (name: string) => name.replace(/^.*\//, '')
const keyOf = (name: string) => (/\.csv$/i.test(name) ? baseName(name).slice(0, -4).toLowerCase() : '')

/** Of two files of one name the one in the outer folder counts. */
function filesByName(files: readonly ArchiveFile[]): Map<string, ArchiveFile> {
  const depth = ({ name }: ArchiveFile) => name.split('/').length
  const byName = new Map<string, ArchiveFile>()
  for (const file of [...files].sort((a, b) => depth(b) - depth(a))) byName.set(keyOf(file.name), file)
  return byName
}

type Rows =
  | Readonly<{ kind: 'rows'; rows: readonly (readonly string[])[] }>
  | Readonly<{ kind: 'refused'; problem: ImportProblem }>

async function readRows(file: ArchiveFile): Promise<Rows> {
  const read = await file.read()
  if (read.kind === 'refused') return inFile(file, read.problem)
  if (read.bytes.length === 0) return { kind: 'rows', rows: [] }
  const decoded = decodeFile(read.bytes)
  if (decoded.kind === 'refused') return inFile(file, decoded.problem)
  // The standard knows no other delimiter.
  const tokens = await tokenize(decoded.text, { delimiter: ',', scoreHeading: () => 0 })
  return tokens.kind === 'refused' ? inFile(file, tokens.problem) : tokens
}

/** Says which file of the archive is meant. */
function inFile({ name }: ArchiveFile, refusal: ImportProblem): Readonly<{ kind: 'refused'; problem: ImportProblem }> {
  return { kind: 'refused', problem: problem({ ...refusal, message: `${baseName(name)}: ${refusal.message}` }) }
}

type Manifest = Readonly<{ kind: 'manifest'; properties: ReadonlyMap<string, string> }>

async function readManifest(file: ArchiveFile | undefined): Promise<Manifest | Extract<Rows, { kind: 'refused' }>> {
  const read = file === undefined ? ({ kind: 'rows', rows: [] } as const) : await readRows(file)
  if (read.kind === 'refused') return read
  return {
    kind: 'manifest',
    properties: new Map(
      read.rows.map(([name = '', value = '']) => [cleanText(name).toLowerCase(), cleanText(value).toLowerCase()]),
    ),
  }
}

function tableOf(file: string, mode: 'bulk' | 'delta', rows: readonly (readonly string[])[]): OneRosterTable {
  const [heading = [], ...rest] = rows
  const fields = heading.map(cleanText)
  const places = new Map(fields.map((field, at) => [field.toLowerCase(), at]))
  const records = rest.flatMap((cells, at) => {
    const get = (field: string) => cleanText(unguard(cells[places.get(field.toLowerCase()) ?? -1] ?? ''))
    const isBlank = cells.every((cell) => cell.trim() === '')
    return isBlank ? [] : [{ row: at + 2, get, isDeleted: get('status').toLowerCase() === 'tobedeleted' }]
  })
  return { file, mode, fields, records }
}
