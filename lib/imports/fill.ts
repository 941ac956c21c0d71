import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import { readClassSheet } from '@/lib/gradebook/class-sheet-read'
import type { ClassSheet } from '@/lib/gradebook/exports/class-sheet'
import { listName } from '@/lib/people/names'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import type { ClassState } from './class-state'
import { readIdentifiers } from './read-known-students'
import { fillAndRead, openToFill, refuseFile } from './fill-open'
import type { FillPlan } from './fill-plan'
import type { FillChoices, FillOutcome, FillView } from './fill-views'
import type { DecimalMark } from './locale'
import { matchStudents, skipped } from './match'
import { matchAssignments } from './match-assignments'
import type { ParsedFile } from './parsed'
import type { RawTable } from './raw-table'
import { type ParseOptions, readTable } from './read-table'
import { foldTitle } from './text'

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
  const { file } = parsed
  if (file.students.length === 0) return nobodyNamed()
  const decimal = request.choices.decimal ?? decimalOf(file, opened.table)
  const found = await findAll(ctx, viewer, { file, sheet, choices: request.choices })
  const task = { file, sheet, ...found, decimal, choices: request.choices }
  const { plan, bytes } = await fillAndRead(task, opened, { ...reading, numbers: decimal })
  if (bytes === null) {
    return refuseFile(
      'cannot_fill',
      'The cells of this file cannot be set one by one without changing the rest of it.',
      'Save it as "CSV UTF-8" and choose that file.',
    )
  }
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'gradebook.export',
    subjectKind: 'class',
    subjectId: sheet.class.id,
    detail: {
      ...{ term: sheet.term.id, students: sheet.students.length, format: 'fill', source: file.source },
      cells: plan.edits.length,
    },
  })
  const view = viewOf({ request, sheet, file, plan, students: found.students, decimal })
  return { kind: 'filled', view, bytes, mediaType: opened.sheetFile === null ? 'text/csv' : workbookMediaType }
}

function nobodyNamed(): FillOutcome {
  return refuseFile(
    'no_identity_column',
    'No column of the file is known to say who a row is: an e-mail address, a student number, a user name, or last and first name.',
    'Call the heading of that column email, student_number or username, or choose a file that has one of them.',
  )
}

const workbookMediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

function readingOf({ assignments }: ClassSheet, { file, choices }: FillRequest, table: RawTable): ParseOptions {
  return {
    fileName: file.name,
    // Columns of one title each go where the teacher says; a score below zero is compared and never taken.
    sameTitles: 'different',
    negatives: 'take',
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

async function findAll(
  ctx: TenantContext,
  viewer: Viewer,
  { file, sheet, choices }: Readonly<{ file: ParsedFile; sheet: ClassSheet; choices: FillChoices }>,
): Promise<Found> {
  const state = stateOf(sheet, actorKey(viewer.actor))
  const asked = file.students.flatMap(({ identifiers }) => identifiers)
  const known = await readTenant(ctx, (read) => readIdentifiers(read, asked))
  const matched = matchStudents(file, state, { known, chosen: new Map(), choices: {} }).found
  const students = matched.map((student) =>
    student !== null && student !== skipped && student.state === 'matched' ? student.id : null,
  )
  const assignments = matchAssignments(file, state).found.map((assignment, at) => {
    const chosen = choices.columns?.[String(file.assignments[at]?.columns[0])]
    return chosen === undefined ? assignment.id : chosen
  })
  return { students, assignments }
}

/** As much of the class as matching asks for: read by who may export it, also in a term that takes no more grades. */
function stateOf({ class: { id, name }, term, assignments, students }: ClassSheet, actor: string): ClassState {
  const rest = { categoryId: null, isExtraCredit: false, isPublished: true }
  const links = assignments.flatMap((each) =>
    Object.entries(each.links).map(([source, externalId]) => [`${source}\t${externalId}`, each.id] as const),
  )
  return {
    ...{ classId: id, className: name, termId: term.id, termName: term.name, letters: [], categories: [], mappings: [], actor },
    assignments: assignments.map((assignment) => ({ ...assignment, ...rest })),
    students,
    grades: new Map(),
    tags: new Map(),
    links: new Map(links),
  }
}

const listedMax = 200
const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  ':': 'colons',
}

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
  const { delimiter, encoding, part } = file
  return {
    fileName: request.file.name,
    sourceLabel: file.sourceLabel,
    shape: delimiter === null ? `sheet ${part}` : [encoding, delimiterNames[delimiter] ?? delimiter].join(', '),
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
    problems: file.problems.filter(({ severity, row }) => severity === 'reject' && file.rejectedRows.includes(row ?? 0)),
  }
}
