/**
 * What a teacher said about a file beyond the file itself: kept with the import, so that a closed tab loses nothing and the same
 * file and choices always give the same plan. Everything is optional; what is not said is decided by the file. Pure.
 */
import { z } from 'zod'
import { encodings } from './decode'
import { identityRoles } from './formats/format'
import { titleCharsMax } from './limits'
import { delimiters } from './tokenize'

const points = z.string().regex(/^\d{1,6}(\.\d{1,3})?$/, 'Type the points as a number above zero.')
const day = z.iso.date('Write the date as 2025-06-01.')

/** What a column is, by the teacher's word. */
export const columnChoiceSchema = z.discriminatedUnion('use', [
  z.object({ use: z.literal('identity'), role: z.enum(identityRoles) }),
  z.object({
    use: z.literal('assignment'),
    /** An assignment of the class that the scores go to; null makes a new one, not said finds it by its title. */
    assignmentId: z.uuid().nullable().optional(),
    title: z.string().trim().min(1).max(titleCharsMax).optional(),
    maxPoints: points.optional(),
    dueOn: day.nullable().optional(),
    category: z.string().trim().max(100).nullable().optional(),
    tags: z.array(z.string().trim().min(1).max(50)).max(20).optional(),
  }),
  z.object({ use: z.literal('ignore') }),
])
export type ColumnChoice = z.infer<typeof columnChoiceSchema>

/** What a row's student is, by the teacher's word. */
export const studentChoiceSchema = z.discriminatedUnion('use', [
  z.object({ use: z.literal('student'), studentId: z.uuid() }),
  z.object({ use: z.literal('new') }),
  z.object({ use: z.literal('skip') }),
])
export type StudentChoice = z.infer<typeof studentChoiceSchema>

const rowKey = z.string().regex(/^[1-9]\d{0,5}$/)
const columnKey = z.string().regex(/^\d{1,4}$/)
/** `row:column` of the file: rows count from 1 as a spreadsheet shows them, columns from 0. */
const cellKey = z.string().regex(/^[1-9]\d{0,5}:\d{1,4}$/)

/** The choices of one import; an empty object is a file that speaks for itself. */
export const importChoicesSchema = z.object({
  encoding: z.enum(encodings).optional(),
  delimiter: z.enum(delimiters).optional(),
  /** From 1. */
  headingRow: z.number().int().min(1).max(1000).optional(),
  /** Sheet of a workbook, or file of an archive, by name. */
  part: z.string().max(200).optional(),
  numbers: z.enum(['.', ',']).optional(),
  dates: z.enum(['dmy', 'mdy']).optional(),

  columns: z.record(columnKey, columnChoiceSchema).optional(),

  negatives: z.enum(['take', 'leave_out']).optional(),
  /** Columns of one title are one assignment (a cell of them with two values is refused) or several told apart by their dates. */
  sameTitles: z.enum(['same', 'different']).optional(),
  /** A blank cell takes the grade away. Not said: it keeps it. */
  blankClears: z.boolean().optional(),
  /** Texts that stand in for the file's cells. */
  cells: z.record(cellKey, z.string().max(200)).optional(),
  students: z.record(rowKey, studentChoiceSchema).optional(),

  /** Cells somebody changed after the file's value: kept unless `take`; single cells may differ from that. */
  conflicts: z.enum(['keep', 'take']).optional(),
  conflictCells: z.record(cellKey, z.enum(['keep', 'take'])).optional(),
})
export type ImportChoices = z.infer<typeof importChoicesSchema>
