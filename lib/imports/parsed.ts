/** What a file says, before anything is compared with the school. Plain data. */
import type { Encoding } from './decode'
import type { DateOrder, DecimalMark } from './locale'
import type { IgnoredPart, ImportProblem } from './views'

export type IdentifierKind = 'email' | 'number' | 'username' | 'sis'
export type ParsedIdentifier = Readonly<{ kind: IdentifierKind; folded: string; value: string }>

export type ParsedStudent = Readonly<{
  /** Row of the file, from 1. */
  row: number
  lastName: string
  firstName: string
  identifiers: readonly ParsedIdentifier[]
}>

export type ParsedAssignment = Readonly<{
  title: string
  /** By the file; null when it does not say. */
  maxPoints: string | null
  /** What percents and fractions were read by, and a new assignment gets. */
  pointsRead: string
  dueOn: string | null
}>

/** Token of a cell that was not imported; its reason is among the problems. */
export const rejected = '!'

export type ParsedFile = Readonly<{
  source: string
  sourceLabel: string
  encoding: Encoding
  delimiter: string
  /** From 1. */
  headingRow: number
  decimal: DecimalMark
  dateOrder: DateOrder
  students: readonly ParsedStudent[]
  assignments: readonly ParsedAssignment[]
  /** Students x assignments: '' blank, `clear`, `rejected`, or a text of lib/gradebook/cell.ts. */
  cells: readonly (readonly string[])[]
  cellsRejected: number
  /** Rows left out, by number. */
  rejectedRows: readonly number[]
  problems: readonly ImportProblem[]
  isBlocked: boolean
  ignored: readonly IgnoredPart[]
  /** Heading, dates and points rows as they stand in the file, for the file of rejected rows. */
  describingRows: readonly number[]
  /** A row as it stood, without columns of personal data. */
  rowText: (row: number) => readonly string[]
}>

/** Answers to what a file leaves open. */
export type ParseAnswers = Readonly<{
  encoding?: Encoding
  numbers?: DecimalMark
  dates?: DateOrder
  negatives?: 'take' | 'leave_out'
  /** Columns with the same title and different dates are different assignments. */
  sameTitles?: 'different'
}>
