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
 * stand at the index of their own row of the file; rows that describe assignments follow after all of them. Rows and columns here
 * are indexes.
 */
export type MadeTable = Readonly<{
  source: string
  label: string
  /** What columns are, known from the file's shape; the teacher's own word goes before it. */
  columns: Readonly<Record<string, ColumnChoice>>
  /** Why columns that are no assignment were left out, known from the file's shape. */
  reasons: ReadonlyMap<number, string>
  /** Where a score of the table stood: its row (from 1), and how to say it: "Row 14". Without a column, where the student did. */
  placeOf: (row: number, column: number | null) => Readonly<{ row: number; text: string }>
  /** The table's row of the student whose score stands in a row of the file. */
  rowOf: (at: number) => number
  /** Problem of a cell that the file gives twice with different values, by `row:column` as in choices; it has no value. */
  twice: ReadonlyMap<string, ImportProblem>
  /**
   * The rows as they stood in the file, for the file of rejected rows, with those that describe the rest by number. Columns of
   * personal data are at the same places as in the table. Null when no single table was uploaded.
   */
  file: Readonly<{ rows: readonly (readonly string[])[]; describing: readonly number[] }> | null
}>
