/** What a file says, before anything is compared with the school. Plain data. */
import type { ImportChoices } from './choices'
import type { Encoding } from './decode'
import type { IdentityRole } from './formats/format'
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
  /** Columns of the file it was read from; several when columns of one title were said to be the same assignment. */
  columns: readonly number[]
  title: string
  /** By the file; null when it does not say. */
  maxPoints: string | null
  /** What percents and fractions were read by, and a new assignment gets. */
  pointsRead: string
  dueOn: string | null
  /** Name of its category, by the teacher or else the file; null when neither says. */
  category: string | null
  tags: readonly string[]
  /** What the other system calls it (Canvas `(1234)`, Blackboard `|664617`): the same in every export of it. */
  vendorId: string | null
  /** The teacher's word: an assignment of the class; null makes a new one, undefined finds it by vendor id and title. */
  assignmentId: string | null | undefined
}>

/** Token of a cell that was not imported; its reason is among the problems. */
export const rejected = '!'

/** Whether a cell was not imported: `rejected`, or `awaiting` an answer. */
export const isRejected = (token: string) => token.startsWith(rejected)

/** A score below zero that is not imported before somebody says that it is meant, or the class turns out to have it: `!-5`. */
export const awaiting = (token: string) => `${rejected}${token}`

/** The score of a cell that awaits an answer; '' of every other. */
export const awaited = (token: string) => (isRejected(token) ? token.slice(rejected.length) : '')

export type ParsedFile = Readonly<{
  source: string
  sourceLabel: string
  /** Null where it does not apply: a workbook has neither. */
  encoding: Encoding | null
  delimiter: string | null
  /** Sheets of the workbook or files of the archive to choose from, and the one that was read; none of a plain file. */
  parts: readonly string[]
  part: string | null
  /** From 1. */
  headingRow: number
  /** When the other system wrote the file (ISO instant); null when it does not say. What was graded later is newer than the file. */
  exportedAt: string | null
  decimal: DecimalMark
  dateOrder: DateOrder
  students: readonly ParsedStudent[]
  assignments: readonly ParsedAssignment[]
  /** Students x assignments: '' blank, `clear`, `rejected`, `awaiting` an answer, or a text of lib/gradebook/cell.ts. */
  cells: readonly (readonly string[])[]
  cellsRejected: number
  /** Rows left out, by number. */
  rejectedRows: readonly number[]
  problems: readonly ImportProblem[]
  isBlocked: boolean
  ignored: readonly IgnoredPart[]
  /** Every column of the heading row, in order. */
  columns: readonly FileColumn[]
  /** Columns (from 0) of personal data: to be blank in whatever is kept of the file. */
  privateColumns: readonly number[]
  /** Heading, dates and points rows as they stand in the file, for the file of rejected rows. */
  describingRows: readonly number[]
  /** Rows of the file, from 1: what `rowText` can be asked for. */
  rowCount: number
  /** A row as it stood, without columns of personal data. */
  rowText: (row: number) => readonly string[]
}>

/** Answers to what a file leaves open: the part of the choices that reading needs. */
export type ParseAnswers = Pick<
  ImportChoices,
  | 'encoding'
  | 'delimiter'
  | 'headingRow'
  | 'part'
  | 'numbers'
  | 'dates'
  | 'columns'
  | 'negatives'
  | 'sameTitles'
  | 'blankClears'
  | 'cells'
>

/** A column of the file as it was read, for the step that maps columns. */
export type FileColumn = Readonly<{
  /** Index in the row, from 0. */
  at: number
  /** As a spreadsheet names it: A, B, AA. */
  name: string
  heading: string
  role: 'identity' | 'assignment' | 'ignored'
  identity: IdentityRole | null
  /** `sure`: by a known heading of its source; `likely`: by heading and content; `guess`: by content alone. */
  confidence: 'sure' | 'likely' | 'guess'
  /** Why it is ignored; null when it is not. */
  reason: string | null
  /** Personal data no gradebook needs: its values are stored nowhere. */
  isPrivate: boolean
  /** The first filled cells, at most three; none of a private column. */
  samples: readonly string[]
  /** As an assignment; empty and null for others. */
  title: string
  maxPoints: string | null
  dueOn: string | null
  category: string | null
  tags: readonly string[]
}>
