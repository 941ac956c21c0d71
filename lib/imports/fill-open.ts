/** A file to fill: opened, its cells set, and read again as an import would read it. Pure but for waiting. */
import { isArchive, openArchive } from './archive'
import { saysTheSame } from './carried'
import { type FillPlan, type FillTask, planFill, type PlannedEdit } from './fill-plan'
import { fillText } from './fill-text'
import type { FillOutcome } from './fill-views'
import { fillWorkbook } from './fill-workbook'
import { fillBytesMax } from './limits'
import { openTable } from './open'
import type { ParsedFile } from './parsed'
import { problem } from './problems'
import type { RawTable } from './raw-table'
import { type ParseOptions, readTable } from './read-table'
import { delimiters } from './tokenize'
import { openWorkbook } from './workbook'

/** `sheetFile` is where the sheet that was read stands in its workbook; null for a text file. */
export type OpenedFile = Readonly<{
  kind: 'opened'
  table: RawTable
  bytes: Uint8Array
  name: string
  sheetFile: string | null
}>
export type RefusedFile = Extract<FillOutcome, { kind: 'refused' }>

/** Opens an upload that can be filled in place, or says why it cannot. */
export async function openToFill({
  name,
  bytes,
}: Readonly<{ name: string; bytes: Uint8Array }>): Promise<OpenedFile | RefusedFile> {
  if (bytes.length > fillBytesMax) return tooLarge()
  const opened = await openTable(bytes, { fileName: name })
  if (opened.kind === 'refused') return { kind: 'refused', problems: [opened.problem] }
  const { table } = opened
  if (table.made !== null) return noCells(table.made.label)
  const file = { kind: 'opened', table, bytes, name: opened.fileName } as const
  if (table.delimiter !== null && table.part === null) return { ...file, sheetFile: null }
  const sheetFile = await sheetFileOf(bytes, table.part)
  return sheetFile === null ? anArchive() : { ...file, sheetFile }
}

async function sheetFileOf(bytes: Uint8Array, name: string | null): Promise<string | null> {
  const archive = isArchive(bytes) ? openArchive(bytes) : null
  if (archive?.kind !== 'archive') return null
  const workbook = await openWorkbook(archive.files)
  return workbook.kind === 'workbook' ? (workbook.sheets.find((sheet) => sheet.name === name)?.file ?? null) : null
}

/**
 * Fills, reads what came out as an import would, and fills again without the cells that did not come back as their grade. `bytes` is
 * null when the file is one whose cells cannot be set one by one.
 */
export async function fillAndRead(
  task: Omit<FillTask, 'failed'>,
  opened: OpenedFile,
  reading: ParseOptions,
): Promise<Readonly<{ plan: FillPlan; bytes: Uint8Array | null }>> {
  const first = planFill({ ...task, failed: new Set() })
  const bytes = setCells(opened, first.edits)
  const failed = bytes === null ? [] : await failedEdits(task.file, first.edits, { ...opened, bytes }, reading)
  if (failed.length === 0) return { plan: first, bytes }
  const plan = planFill({ ...task, failed: new Set(failed.map(({ student, assignment }) => `${student} ${assignment}`)) })
  return { plan, bytes: setCells(opened, plan.edits) }
}

function setCells({ bytes, table, sheetFile }: OpenedFile, edits: readonly PlannedEdit[]): Uint8Array | null {
  if (sheetFile !== null) return edits.length === 0 ? bytes : fillWorkbook(bytes, sheetFile, edits)
  const { encoding, delimiter, rows } = table
  return encoding === null || delimiter === null ? null : fillText(bytes, { encoding, delimiter, rows }, edits)
}

async function failedEdits(
  file: ParsedFile,
  edits: readonly PlannedEdit[],
  { bytes, name, table }: OpenedFile,
  reading: ParseOptions,
): Promise<readonly PlannedEdit[]> {
  const delimiter = delimiters.find((known) => known === table.delimiter)
  const again = await openTable(bytes, {
    fileName: name,
    ...(table.encoding === null ? {} : { encoding: table.encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(table.part === null ? {} : { part: table.part }),
  })
  const parsed = again.kind === 'refused' ? again : await readTable(again.table, reading)
  if (parsed.kind === 'refused') return edits
  const { students, assignments, cells } = parsed.file
  const placeOfRow = new Map(students.map(({ row }, at) => [row, at]))
  return edits.filter(({ row, column, token }) => {
    const at = assignments.findIndex(({ columns }) => columns.includes(column))
    return !saysTheSame(file.source, cells[placeOfRow.get(row) ?? -1]?.[at] ?? '', token)
  })
}

function tooLarge(): RefusedFile {
  return refuseFile(
    'file_too_large',
    `The file is larger than ${fillBytesMax / 1024 / 1024} MB, the most that can be filled.`,
    'Save only this class and term from the other system and choose that file.',
  )
}

function noCells(label: string): RefusedFile {
  return refuseFile(
    'cannot_fill',
    `This is ${label}, which has no empty cells to fill.`,
    'Export the class in that shape instead: the class page has a list of files.',
  )
}

function anArchive(): RefusedFile {
  return refuseFile('zip', 'This is an archive of files.', 'Unpack it and choose the one file to fill.')
}

/** A file that is given back unfilled, with the one reason. */
export function refuseFile(code: string, message: string, fix: string): RefusedFile {
  return { kind: 'refused', problems: [problem({ code, message, fix, severity: 'block' })] }
}
