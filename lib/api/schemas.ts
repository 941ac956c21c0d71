/**
 * What the API takes and gives, as zod schemas: requests and answers are checked with them and the OpenAPI document is made
 * from them, so that none can say something else. Field names are those of the views that pages show.
 */
import { z } from 'zod'
import { importJobKinds } from '@/lib/imports/progress'
import { importPhases } from '@/lib/imports/watch'
import { exportFormatIds } from '@/lib/gradebook/exports/format'

const decimal = z.string().describe('Exact decimal number as text')
const percent = z.string().describe('Percent with one decimal, 0 to 100 and more with extra credit')
const instant = z.string().describe('ISO 8601 instant in UTC')
const day = z.string().describe('YYYY-MM-DD')
const cursorOut = z.string().nullable().describe('Send it back as `cursor` for the next page; null at the end')
const status = z.enum(['graded', 'late', 'excused', 'missing', 'incomplete'])

/** Query of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items a page'),
  cursor: z.string().max(2000).optional().describe('`nextCursor` of the page before, unchanged'),
})

/** Which rows of a plan. A plan never changes, so a plain offset skips and repeats nothing. */
export const rowsQuery = z.object({
  offset: z.coerce.number().int().min(0).default(0).describe('Rows to leave out from the start'),
  limit: z.coerce.number().int().min(1).max(500).default(200).describe('Rows to show; `rowCount` says how many there are'),
})

export const idParams = z.object({ id: z.uuid() })

export const exportQuery = z.object({
  format: z.enum(exportFormatIds).describe('What the file is for'),
  term: z.uuid().optional().describe('The term; the current one when left out'),
})
/** A file as handlers give it to `apiRoute`; callers get its bytes. */
export const exportedFile = z
  .object({ fileName: z.string(), mediaType: z.string(), bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array) })
  .meta({ id: 'ExportedFile' })

export const noParams = z.object({})
export const noBody = z.undefined()

export const classItem = z
  .object({
    id: z.uuid(),
    name: z.string(),
    subject: z.string().nullable(),
    teachers: z.array(z.string()),
    studentCount: z.int(),
    assignmentCount: z.int(),
    gradedAt: instant.nullable(),
    lastImportId: z.uuid().nullable(),
  })
  .meta({ id: 'Class' })
export const classPage = z.object({ items: z.array(classItem), nextCursor: cursorOut }).meta({ id: 'ClassPage' })

export const studentItem = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string().nullable(),
    number: z.string().nullable(),
    classNames: z.array(z.string()),
  })
  .meta({ id: 'Student' })
export const studentPage = z.object({ items: z.array(studentItem), nextCursor: cursorOut }).meta({ id: 'StudentPage' })

const total = z
  .object({
    percent: percent.nullable(),
    letter: z.string().nullable(),
    earned: decimal,
    possible: decimal,
    countedItems: z.int(),
  })
  .meta({ id: 'Total' })

/** One class and term, a page of its students at a time. */
export const classGrades = z
  .object({
    class: z.object({ id: z.uuid(), name: z.string(), subject: z.string().nullable() }),
    term: z.object({ id: z.uuid(), name: z.string(), startsOn: day, endsOn: day, isLocked: z.boolean(), isCurrent: z.boolean() }),
    assignments: z.array(
      z.object({
        id: z.uuid(),
        title: z.string(),
        maxPoints: decimal,
        dueOn: day.nullable(),
        category: z.string().nullable(),
        tags: z.array(z.string()),
        isExtraCredit: z.boolean(),
        isPublished: z.boolean(),
        meanPercent: percent.nullable(),
      }),
    ),
    items: z.array(
      z.object({
        studentId: z.uuid(),
        name: z.string(),
        section: z.string().nullable(),
        totals: z.object({ current: total, ifMissingIsZero: total }),
        grades: z
          .array(z.object({ assignmentId: z.uuid(), score: decimal.nullable(), status }))
          .describe('Only what has a score or a status; no entry means no grade, which is not zero'),
      }),
    ),
    nextCursor: cursorOut,
  })
  .meta({ id: 'ClassGrades' })

const importCounts = z
  .object({
    studentsMatched: z.int(),
    studentsNew: z.int(),
    studentsEnrolled: z.int(),
    assignmentsMatched: z.int(),
    assignmentsNew: z.int(),
    assignmentsChanged: z.int(),
    cellsNew: z.int(),
    cellsChanged: z.int(),
    cellsCleared: z.int(),
    cellsUnchanged: z.int(),
    cellsKept: z.int(),
    cellsRejected: z.int(),
    rowsRejected: z.int(),
  })
  .meta({ id: 'ImportCounts' })

const importSummary = z
  .object({
    id: z.uuid(),
    classId: z.uuid(),
    className: z.string(),
    termName: z.string(),
    state: z.enum(['reading', 'planned', 'blocked', 'committed', 'undone', 'discarded']),
    fileName: z.string(),
    fileSha256: z.string(),
    source: z.string(),
    sourceLabel: z.string(),
    actorName: z.string(),
    createdAt: instant,
    committedAt: instant.nullable(),
    undoneAt: instant.nullable(),
    canUndo: z.boolean(),
    canRedo: z.boolean().describe('Some or all of it was undone, and that can be undone'),
    hasChanges: z.boolean().describe('False for a plan under which nothing would be written'),
    undoUntil: instant.nullable(),
    counts: importCounts,
  })
  .meta({ id: 'ImportSummary' })

const importProblem = z
  .object({
    row: z.int().nullable().describe('As a spreadsheet counts, from 1'),
    column: z.string().nullable(),
    value: z.string().nullable(),
    code: z.string(),
    message: z.string(),
    fix: z.string(),
    severity: z.enum(['reject', 'warn', 'block']),
  })
  .meta({ id: 'ImportProblem' })

/** The plan: cell by cell what a commit will change, and everything left out with its reason. */
export const importReview = z
  .object({
    summary: importSummary,
    planHash: z.string().describe('Send it with the commit: exactly this plan is committed, or nothing'),
    columns: z.array(
      z.object({
        assignmentId: z.uuid().nullable(),
        title: z.string(),
        state: z.enum(['new', 'matched', 'changed']),
        maxPoints: z.object({ old: decimal.nullable(), new: decimal }),
        dueOn: z.object({ old: day.nullable(), new: day.nullable() }),
        category: z.object({ old: z.string().nullable(), new: z.string() }).nullable().describe('Null: it stays where it is'),
        tags: z.array(z.string()).describe('Tags it gets'),
      }),
    ),
    rows: z.array(
      z.object({
        studentId: z.uuid().nullable(),
        name: z.string(),
        state: z.enum(['new', 'enrolled', 'matched']),
        cells: z
          .array(z.tuple([z.enum(['same', 'new', 'changed', 'cleared', 'kept', 'rejected']), z.string(), z.string()]).readonly())
          .describe('One for each column: kind, text before, text after'),
        totalBefore: percent.nullable(),
        totalAfter: percent.nullable(),
        letterBefore: z.string().nullable(),
        letterAfter: z.string().nullable(),
      }),
    ),
    rowCount: z.int().describe('All rows of the plan; `rows` is a slice of them, those with changes first'),
    problems: z.array(importProblem),
    ignored: z.array(z.object({ kind: z.enum(['row', 'column', 'cell', 'part']), where: z.string(), reason: z.string() })),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'ImportReview' })

/** How far a worker is with a large import. */
export const importProgress = z
  .object({
    importId: z.uuid(),
    kind: z.enum(importJobKinds),
    state: z
      .enum(['queued', 'working', 'done', 'failed', 'cancelled'])
      .describe('failed and cancelled: nothing was written; done: read the import'),
    phase: z.enum(importPhases).nullable(),
    done: z.int().describe('Rows or cells of the phase that are done'),
    total: z.int().nullable().describe('Of how many; null where it cannot be known beforehand'),
    waitedSeconds: z.int(),
    workedSeconds: z.int(),
    attempt: z.int().describe('More than 1 when it was begun anew after a fault; nothing is done twice'),
    cancel: z.enum(['none', 'asked', 'too_late']),
    problem: z
      .object({ message: z.string(), problems: z.array(importProblem) })
      .nullable()
      .describe('Of a failed one: what happened and what to do'),
  })
  .meta({ id: 'ImportProgress' })

/** An import with what a worker does for it. While a worker is at it, or has not read it, there are no columns, rows and plan hash. */
export const importView = importReview
  .extend({ progress: importProgress.nullable().describe('Null when no worker was asked') })
  .meta({ id: 'Import' })

export const uploadQuery = z.object({
  class: z.uuid().describe('The class the file belongs to'),
  term: z.uuid().optional().describe('The term; the current one when left out'),
})
export const uploadBody = z.object({
  file: z.file().describe('The grade file, as a form field of this name'),
  choices: z
    .string()
    .max(100_000)
    .optional()
    .describe(
      'Answers to what the file leaves open, as JSON: `{"negatives":"take"}`; the fields are those of lib/imports/choices.ts',
    ),
})

export const commitBody = z.object({ planHash: z.string().min(16).max(200) })
export const importReceipt = z
  .object({
    importId: z.uuid(),
    counts: importCounts,
    crossed: z
      .array(z.object({ studentId: z.uuid(), name: z.string(), from: z.string().nullable(), to: z.string().nullable() }))
      .describe('Students whose letter changed'),
    kept: z
      .array(z.object({ studentName: z.string(), assignmentTitle: z.string(), now: z.string(), wanted: z.string() }))
      .describe('Cells somebody graded between plan and commit: they stay as they are'),
    wasAlreadyDone: z.boolean().describe('True when this same commit had been made before: nothing was done twice'),
  })
  .meta({ id: 'ImportReceipt' })
export const undoReceipt = z
  .object({
    importId: z.uuid(),
    cellsRestored: z.int(),
    assignmentsRemoved: z.int(),
    studentsRemoved: z.int(),
    kept: z
      .array(z.object({ studentName: z.string(), assignmentTitle: z.string(), now: z.string() }))
      .describe('Grades somebody changed after the import; they stay as they are'),
    wasAlreadyDone: z.boolean(),
  })
  .meta({ id: 'UndoReceipt' })

/** RFC 9457, with our `code` and everything that was wrong with the input. */
export const problemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What happened and what to do'),
    code: z.string(),
    requestId: z.string().describe('Name it when you ask for help'),
    problems: z.array(
      z.object({
        field: z.string().nullable().describe('Parameter or body field, for a wrong request'),
        row: z.int().nullable(),
        column: z.string().nullable(),
        value: z.string().nullable(),
        code: z.string(),
        message: z.string(),
        fix: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Problem' })
export type ProblemDocument = z.output<typeof problemDocument>
