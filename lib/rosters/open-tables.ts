/** Bytes of an upload to tables of cells: one CSV file, or the CSV files of a ZIP archive. Pure but for waiting. */
import { isArchive, openArchive } from '@/lib/imports/archive'
import { decodeFile } from '@/lib/imports/decode'
import { tokenize } from '@/lib/imports/tokenize'
import type { ImportProblem } from '@/lib/imports/views'
import { roleOfHeading, tableKinds } from './headings'
import { rosterCellsMax, rosterRowsMax, rosterTableBytesMax } from './limits'
import type { RosterIgnored, RosterProblem } from './roster-file'
import { rosterProblem } from './roster-problems'

/** One table as it stands in the file; row 1 is index 0. `name` is its file name without folders, in lower case. */
export type RosterTable = Readonly<{ name: string; rows: readonly (readonly string[])[] }>
export type OpenedTables = Readonly<{
  tables: readonly RosterTable[]
  problems: readonly RosterProblem[]
  ignored: readonly RosterIgnored[]
}>

/** Every table of the upload. What cannot be read is a problem that blocks; what is no table is listed as ignored. */
export async function openTables({ name, bytes }: { name: string; bytes: Uint8Array }): Promise<OpenedTables> {
  if (!isArchive(bytes)) return together([await openTable(name, bytes)])
  const archive = openArchive(bytes)
  if (archive.kind === 'refused') return { tables: [], problems: [rosterProblem(null, archive.problem)], ignored: [] }
  const opened: OpenedTables[] = []
  for (const file of archive.files) {
    if (!/\.(?:csv|tsv|txt)$/i.test(file.name)) opened.push(notATable(file.name))
    else if (file.size > rosterTableBytesMax) opened.push(refused(baseName(file.name), tooLarge(file.size)))
    else {
      const content = await file.read()
      opened.push(
        content.kind === 'refused' ? refused(baseName(file.name), content.problem) : await openTable(file.name, content.bytes),
      )
    }
  }
  return together(opened)
}

async function openTable(path: string, bytes: Uint8Array): Promise<OpenedTables> {
  const name = baseName(path)
  const decoded = decodeFile(bytes)
  if (decoded.kind === 'refused') return refused(name, decoded.problem)
  const tokens = await tokenize(decoded.text, {
    delimiter: decoded.delimiter,
    scoreHeading: knownHeadings,
    limits: { rows: rosterRowsMax, cells: rosterCellsMax },
  })
  if (tokens.kind === 'refused') return refused(name, tokens.problem)
  return {
    tables: [{ name, rows: tokens.rows }],
    problems: decoded.problems.map((found) => rosterProblem(name, found)),
    ignored: [],
  }
}

/** How many cells of a row are headings that some table of a roster has. */
function knownHeadings(cells: readonly string[]): number {
  return cells.filter((cell) => tableKinds.some((kind) => roleOfHeading(kind, cell) !== null)).length
}

function notATable(path: string): OpenedTables {
  const ignored = { file: baseName(path), where: 'the whole file', reason: 'It is no CSV table.', isPrivate: false }
  return { tables: [], problems: [], ignored: [ignored] }
}

function tooLarge(bytes: number) {
  const megabytes = (size: number) => Math.ceil(size / 1024 / 1024)
  return {
    code: 'table_too_large',
    severity: 'block' as const,
    message: `This table has ${megabytes(bytes)} MB; at most ${megabytes(rosterTableBytesMax)} MB can be read.`,
    fix: 'Export the school without the columns and years that are not needed.',
  }
}

function refused(name: string, problem: Parameters<typeof rosterProblem>[1] | ImportProblem): OpenedTables {
  return { tables: [], problems: [rosterProblem(name, { ...problem, severity: 'block' })], ignored: [] }
}

function together(parts: readonly OpenedTables[]): OpenedTables {
  return {
    tables: parts.flatMap(({ tables }) => tables),
    problems: parts.flatMap(({ problems }) => problems),
    ignored: parts.flatMap(({ ignored }) => ignored),
  }
}

const baseName = (path: string) => path.replace(/^.*[\\/]/, '').toLowerCase()
