/** A file of another system on its way to being filled, as the page shows it. Plain data, shared with the browser. */
import type { ImportProblem } from './views'

/** What the teacher may say about it; everything is optional, and what is not said the file decides. */
export type FillChoices = Readonly<{
  /** Column of the file (from 0) -> assignment of the class, or null to leave it alone. */
  columns?: Readonly<Record<string, string | null>>
  decimal?: '.' | ',' | undefined
  /** Cells that hold something else than the class does are set too. */
  overwrites?: boolean
}>

export type FillColumn = Readonly<{
  /** From 0. */
  at: number
  /** As a spreadsheet names it: A, B, AA. */
  name: string
  title: string
  /** The assignment whose grades it gets; null: it is left alone. */
  assignmentId: string | null
  /** Set by this filling. */
  filled: number
  /** Already there and the same. */
  same: number
  /** Already there and different: kept, or among the filled when the teacher said so. */
  different: number
  /** Graded in the class, but such a file has no way to say it in this column. */
  unwritten: number
  /** Points of the file and of the class, where they are not the same. */
  points: Readonly<{ file: string; own: string }> | null
}>

/** A cell where file and class say different things. */
export type FillDifference = Readonly<{ row: number; student: string; title: string; file: string; own: string }>

export type FillView = Readonly<{
  fileName: string
  sourceLabel: string
  /** How the file is written, in words: "windows-1252, semicolons". */
  shape: string
  decimal: '.' | ','
  overwrites: boolean
  columns: readonly FillColumn[]
  /** Assignments of the class and term, to choose from. */
  assignments: readonly Readonly<{ id: string; title: string; dueOn: string | null }>[]
  filled: number
  studentsMatched: number
  /** Rows whose student is not in this class: nothing is set there. */
  strangers: readonly Readonly<{ row: number; name: string }>[]
  /** Students of the class whom the file does not name. */
  absent: readonly string[]
  differences: readonly FillDifference[]
  differenceCount: number
  /** Grades that could not be written, each with its reason. */
  unwritten: readonly Readonly<{ row: number; student: string; title: string; own: string; why: string }>[]
  unwrittenCount: number
  /** Rows and columns the file has wrong or that were not read. */
  problems: readonly ImportProblem[]
}>

export type FillOutcome =
  | Readonly<{ kind: 'filled'; view: FillView; bytes: Uint8Array; mediaType: string }>
  | Readonly<{ kind: 'refused'; problems: readonly ImportProblem[] }>
