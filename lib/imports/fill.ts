import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import { readClassSheet } from '@/lib/gradebook/class-sheet-read'
import type { ClassSheet } from '@/lib/gradebook/exports/class-sheet'
import { listName } from '@/lib/people/names'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { isArchive, openArchive } from './archive'
import { saysTheSame } from './carried'
import { type ClassState, readIdentifiers } from './class-state'
import { type FillPlan, planFill, type PlannedEdit } from './fill-plan'
import { fillText } from './fill-text'
import type { FillChoices, FillOutcome, FillView } from './fill-views'
import { fillWorkbook } from './fill-workbook'
import { fillBytesMax } from './limits'
import type { DecimalMark } from './locale'
import { matchAssignments, matchStudents } from './match'
import { openTable } from './open'
import type { ParsedFile } from './parsed'
import { problem } from './problems'
import type { RawTable } from './raw-table'
import { readTable } from './read-table'
import { foldTitle } from './text'
import { openWorkbook } from './workbook'

export type FillRequest = Readonly<{
  classId: string
  /** The school's current term when not said. */
  termId?: string | null
  file: Readonly<{ name: string; bytes: Uint8Array }>
  choices: FillChoices
}>

/**
 * Another system's own file with the grades of a class and term in its empty cells, and what was done to it. Students and assignments
 * are found as an import finds them. Nothing is stored; every byte but those of the set cells is the file's own, and every set cell was
 * read back as the grade it stands for. `refused`: the file cannot be filled, and why. Null when the class or term does not exist or the
 * viewer may not export its grades. The read is recorded.
 */
export async function fillFile(ctx: TenantContext, viewer: Viewer, request: FillRequest): Promise<FillOutcome | null> {
  if (!viewer.rights.has('grades.export')) return null
  const sheet = await readClassSheet(ctx, viewer, { classId: request.classId, termId: request.termId ?? null })
  if (sheet === null) return null
  const opened = await openToFill(request.file)
  if (opened.kind === 'refused') return opened
  const reading = readingOf(sheet, request, opened.table)
  const parsed = await readTable(opened.table, reading)
  if (parsed.kind === 'refused') return parsed
  const decimal = request.choices.decimal ?? decimalOf(parsed.file, opened.table)
  const found = await findAll(ctx, parsed.file, sheet, request.choices)
  const { plan, bytes } = await fillAndRead({ file: parsed.file, sheet, ...found, decimal, choices: request.choices }, opened, {
    ...reading,
    numbers: decimal,
  })
  if (bytes === null)
    return refused(
      'cannot_fill',
      'The cells of this file cannot be set one by one without changing the rest of it.',
      'Save it as "CSV UTF-8" and choose that file.',
    )
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'gradebook.export',
    subjectKind: 'class',
    subjectId: sheet.class.id,
    detail: {
      term: sheet.term.id,
      students: sheet.students.length,
      format: 'fill',
      source: parsed.file.source,
      cells: plan.edits.length,
    },
  })
  const view = viewOf({ request, sheet, file: parsed.file, plan, students: found.students, decimal })
  return { kind: 'filled', view, bytes, mediaType: opened.sheetFile === null ? 'text/csv' : workbookMediaType }
}

const workbookMediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

type OpenedFile = Readonly<{ kind: 'opened'; table: RawTable; bytes: Uint8Array; name: string; sheetFile: string | null }>
type Refused = Extract<FillOutcome, { kind: 'refused' }>

async function openToFill({ name, bytes }: FillRequest['file']): Promise<OpenedFile | Refused> {
  if (bytes.length > fillBytesMax) {
    const most = fillBytesMax / 1024 / 1024
    return refused(
      'file_too_large',
      `The file is larger than ${most} MB, the most that can be filled.`,
      'Save only this class and term from the other system.',
    )
  }
  const opened = await openTable(bytes, { fileName: name })
  if (opened.kind === 'refused') return { kind: 'refused', problems: [opened.problem] }
  const { table } = opened
  if (table.made !== null)
    return refused(
      'cannot_fill',
      `${table.made.label}: a file of that shape has no empty cells to fill.`,
      'Export the class in that shape instead; the class page has it.',
    )
  const file = { kind: 'opened', table, bytes, name: opened.fileName } as const
  if (table.delimiter !== null && table.part === null) return { ...file, sheetFile: null }
  const sheetFile = await sheetFileOf(bytes, table.part)
  return sheetFile === null
    ? refused('zip', 'This is an archive of files.', 'Unpack it and choose the one file to fill.')
    : { ...file, sheetFile }
}

async function sheetFileOf(bytes: Uint8Array, name: string | null): Promise<string | null> {
  const archive = isArchive(bytes) ? openArchive(bytes) : null
  if (archive?.kind !== 'archive') return null
  const workbook = await openWorkbook(archive.files)
  return workbook.kind === 'workbook' ? (workbook.sheets.find((sheet) => sheet.name === name)?.file ?? null) : null
}

function readingOf({ assignments }: ClassSheet, { file, choices }: FillRequest, table: RawTable) {
  return {
    fileName: file.name,
    // Columns of one title each go where the teacher says; a score below zero is compared and never taken.
    sameTitles: 'different' as const,
    negatives: 'take' as const,
    knownPoints: new Map(assignments.map(({ title, maxPoints }) => [foldTitle(title), maxPoints])),
    ...(choices.decimal === undefined ? {} : { numbers: choices.decimal }),
    ...(table.part === null ? {} : { part: table.part }),
  }
}

/** Where semicolons part the cells and no number stands in them yet, the comma is what the other system expects. */
function decimalOf(file: ParsedFile, { rows, delimiter }: RawTable): DecimalMark {
  if (delimiter === null) return '.'
  const hasPoint = rows.some((row) => row.some((cell) => /^-?\d+\.\d+$/.test(cell.trim())))
  return delimiter === ';' && !hasPoint ? ',' : file.decimal
}

type Found = Readonly<{ students: readonly (string | null)[]; assignments: readonly (string | null)[] }>

async function findAll(ctx: TenantContext, file: ParsedFile, sheet: ClassSheet, choices: FillChoices): Promise<Found> {
  const state = stateOf(sheet)
  const asked = file.students.flatMap(({ identifiers }) => identifiers)
  const known = await readTenant(ctx, (read) => readIdentifiers(read, asked))
  const students = matchStudents(file, state, known).found.map((student) => (student?.state === 'matched' ? student.id : null))
  const assignments = matchAssignments(file, state).found.map((assignment, at) => {
    const chosen = choices.columns?.[String(file.assignments[at]?.columns[0])]
    return chosen === undefined ? (assignment?.id ?? null) : chosen
  })
  return { students, assignments }
}

/** As much of the class as matching asks for. */
function stateOf({ class: { id, name }, term, assignments, students }: ClassSheet): ClassState {
  const rest = { categoryId: null, isExtraCredit: false, isPublished: true }
  return {
    ...{ classId: id, className: name, termId: term.id, termName: term.name, letters: [], categories: [] },
    assignments: assignments.map((assignment) => ({ ...assignment, ...rest })),
    students,
    grades: new Map(),
  }
}

type Task = Omit<Parameters<typeof planFill>[0], 'failed'>

/** Fills, reads what came out as an import would, and fills again without the cells that did not come back as their grade. */
async function fillAndRead(
  task: Task,
  opened: OpenedFile,
  reading: Parameters<typeof readTable>[1],
): Promise<Readonly<{ plan: FillPlan; bytes: Uint8Array | null }>> {
  const first = planFill({ ...task, failed: new Set() })
  const bytes = apply(opened, first.edits)
  const failed = bytes === null ? [] : await failedEdits(task.file, first.edits, { ...opened, bytes }, reading)
  if (failed.length === 0) return { plan: first, bytes }
  const plan = planFill({ ...task, failed: new Set(failed.map(({ student, assignment }) => `${student} ${assignment}`)) })
  return { plan, bytes: apply(opened, plan.edits) }
}

function apply({ bytes, table, sheetFile }: OpenedFile, edits: readonly PlannedEdit[]): Uint8Array | null {
  if (edits.length === 0) return bytes
  if (sheetFile !== null) return fillWorkbook(bytes, sheetFile, edits)
  const { encoding, delimiter, rows } = table
  return encoding === null || delimiter === null ? null : fillText(bytes, { encoding, delimiter, rows }, edits)
}

async function failedEdits(
  file: ParsedFile,
  edits: readonly PlannedEdit[],
  { bytes, name, table }: OpenedFile,
  reading: Parameters<typeof readTable>[1],
): Promise<readonly PlannedEdit[]> {
  const again = await openTable(bytes, {
    fileName: name,
    ...(table.encoding === null ? {} : { encoding: table.encoding }),
    ...(table.part === null ? {} : { part: table.part }),
  })
  if (again.kind === 'refused') return edits
  const parsed = await readTable(again.table, reading)
  if (parsed.kind === 'refused') return edits
  const { students, assignments, cells } = parsed.file
  const rowOf = new Map(students.map(({ row }, at) => [row, at]))
  return edits.filter(({ row, column, token }) => {
    const at = assignments.findIndex(({ columns }) => columns.includes(column))
    const read = cells[rowOf.get(row) ?? -1]?.[at] ?? ''
    return !saysTheSame(file.source, read, token)
  })
}

const listedMax = 200
const delimiterNames: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' }

type Viewed = Readonly<{
  request: FillRequest
  sheet: ClassSheet
  file: ParsedFile
  plan: FillPlan
  students: readonly (string | null)[]
  decimal: DecimalMark
}>

function viewOf({ request, sheet, file, plan, students, decimal }: Viewed): FillView {
  const named = new Set(students)
  return {
    fileName: request.file.name,
    sourceLabel: file.sourceLabel,
    shape: file.delimiter === null ? `sheet ${file.part}` : [file.encoding, delimiterNames[file.delimiter]].join(', '),
    decimal,
    overwrites: request.choices.overwrites === true,
    columns: plan.columns,
    assignments: sheet.assignments.map(({ id, title, dueOn }) => ({ id, title, dueOn })),
    filled: plan.edits.length,
    studentsMatched: students.filter((id) => id !== null).length,
    strangers: file.students.flatMap((student, at) =>
      students[at] === null ? [{ row: student.row, name: listName(student) || (student.identifiers[0]?.value ?? '') }] : [],
    ),
    absent: sheet.students.filter(({ id }) => !named.has(id)).map(listName),
    differences: plan.differences.slice(0, listedMax),
    differenceCount: plan.differences.length,
    unwritten: plan.unwritten.slice(0, listedMax),
    unwrittenCount: plan.unwritten.length,
    problems: file.problems.filter(({ severity, code }) => severity === 'reject' && code !== 'negative_score'),
  }
}

function refused(code: string, message: string, fix: string): Refused {
  return { kind: 'refused', problems: [problem({ code, message, fix, severity: 'block' })] }
}
