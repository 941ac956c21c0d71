/** A table before anybody knows what it means: what every kind of file is opened to. Plain data. */
import type { ColumnChoice } from './choices'
import type { Encoding } from './decode'
import type { IgnoredPart, ImportProblem } from './views'

/** Row 1 of the file is index 0. */
export type RawTable = Readonly<{
  rows: readonly (readonly string[])[]
  /** Null where it does not apply: a workbook has neither. */
  delimiter: string | null
  encoding: Encoding | null
  /** Sheets of the workbook or files of the archive to choose from, and the one that was read; none of a plain file. */
  parts: readonly string[]
  part: string | null
  /** Null for rows as they stand in the file. */
  made: MadeTable | null
  /** What was left out and what was noticed on the way here. */
  ignored: readonly IgnoredPart[]
  problems: readonly ImportProblem[]
}>

/**
 * Of a table that was made from a file of another shape: one row a score, or several files that belong together. Its students
 * stand at the index of their own row of the file, so that row numbers mean the file's rows; rows that describe assignments
 * follow after all of them.
 */
export type MadeTable = Readonly<{
  source: string
  label: string
  /** What columns are, known from the file's shape; the teacher's own word goes before it. */
  columns: Readonly<Record<string, ColumnChoice>>
  /** Row of the file (from 1) in which a score of the table stood, and how to say it: "Row 14". */
  placeOf: (row: number, column: number) => Readonly<{ row: number; text: string }>
  /** Problem of a cell that the file gives twice with different values, by `row:column` as in choices; it has no value. */
  twice: ReadonlyMap<string, ImportProblem>
  /** As in `ParsedFile`, for the file of rejected rows: in the shape that was uploaded, without personal data. */
  describingRows: readonly number[]
  rowText: (row: number) => readonly string[]
}>
