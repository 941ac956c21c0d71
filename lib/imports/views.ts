/**
 * An import as pages and the API see it. Plain data, shared with the browser.
 */

/** One thing wrong with a row, column or cell, for the teacher to mend. Rows count from 1 as a spreadsheet shows them. */
export type ImportProblem = Readonly<{
  row: number | null
  column: string | null
  value: string | null
  code: string
  message: string
  fix: string
  /** `reject`: this row or cell is left out; `warn`: imported, and said so; `block`: nothing is imported until it is resolved. */
  severity: 'reject' | 'warn' | 'block'
}>

/** `part` is a sheet of a workbook or a file of an archive. */
export type IgnoredPart = Readonly<{ kind: 'row' | 'column' | 'cell' | 'part'; where: string; reason: string }>

export type ImportCounts = Readonly<{
  studentsMatched: number
  studentsNew: number
  studentsEnrolled: number
  assignmentsMatched: number
  assignmentsNew: number
  assignmentsChanged: number
  cellsNew: number
  cellsChanged: number
  cellsCleared: number
  cellsUnchanged: number
  cellsKept: number
  cellsRejected: number
  rowsRejected: number
}>

/** reading: a worker makes its plan (loadProgress says how far it is); planned: can be committed; blocked: has a question to resolve first; committed; undone; discarded; stale: the class changed since. */
export type ImportState = 'reading' | 'planned' | 'blocked' | 'committed' | 'undone' | 'discarded'

export type ImportSummary = Readonly<{
  id: string
  classId: string
  className: string
  termName: string
  state: ImportState
  fileName: string
  fileSha256: string
  source: string
  sourceLabel: string
  actorName: string
  createdAt: string
  committedAt: string | null
  undoneAt: string | null
  canUndo: boolean
  /** Some or all of it was undone, and that can be undone. */
  canRedo: boolean
  /** False for a plan under which nothing would be written: there is nothing to wait for. */
  hasChanges: boolean
  undoUntil: string | null
  counts: ImportCounts
}>

export type ReviewColumn = Readonly<{
  assignmentId: string | null
  title: string
  state: 'new' | 'matched' | 'changed'
  maxPoints: Readonly<{ old: string | null; new: string }>
  dueOn: Readonly<{ old: string | null; new: string | null }>
  /** Names, when it goes into a category: a new assignment, or one of the class into another. Null: it stays where it is. */
  category: Readonly<{ old: string | null; new: string }> | null
  /** Tags it gets. */
  tags: readonly string[]
}>

/** `cells` of a row, one for each column: [kind, old text, new text]; texts are `formatCell` texts. */
export type ReviewCellKind = 'same' | 'new' | 'changed' | 'cleared' | 'kept' | 'rejected'
export type ReviewRow = Readonly<{
  studentId: string | null
  name: string
  state: 'new' | 'enrolled' | 'matched'
  cells: readonly (readonly [kind: ReviewCellKind, old: string, next: string])[]
  totalBefore: string | null
  totalAfter: string | null
  letterBefore: string | null
  letterAfter: string | null
}>

/** Everything the review page shows: cell by cell what will change, and everything left out with its reason. */
export type ImportReview = Readonly<{
  summary: ImportSummary
  planHash: string
  columns: readonly ReviewColumn[]
  /** A slice of the rows, those with changes first; `rowCount` says how many there are in all. */
  rows: readonly ReviewRow[]
  rowCount: number
  problems: readonly ImportProblem[]
  ignored: readonly IgnoredPart[]
  warnings: readonly string[]
}>

/** What a plan would do over all of its rows, also those that a page does not hold. */
export type ReviewOverview = Readonly<{
  /** Students who get at least one grade written or cleared. */
  studentsWritten: number
  /**
   * Rows in which something happens: the student is new here, a cell is written, left out or in conflict, or the total becomes
   * another one. They come first.
   */
  rowsChanged: number
  /** For each column of the review, how many of its cells are of each kind; `conflicts` are kept against the file's will. */
  columns: readonly Readonly<Record<'new' | 'changed' | 'cleared' | 'rejected' | 'conflicts', number>>[]
  /** Students whose letter becomes another one, in the file's order; `row` is theirs in the file. */
  crossings: readonly Readonly<{ row: number; name: string; from: string; to: string; isUp: boolean }>[]
}>

/** A review with its overview, as the wizard shows it. */
export type ReviewPage = ImportReview & Readonly<{ overview: ReviewOverview }>

/** What a commit did. */
export type ImportReceipt = Readonly<{
  importId: string
  counts: ImportCounts
  crossed: readonly Readonly<{ studentId: string; name: string; from: string | null; to: string | null }>[]
  /** Cells somebody graded between plan and commit: they were kept as they are, and `wanted` was not written. */
  kept: readonly Readonly<{ studentName: string; assignmentTitle: string; now: string; wanted: string }>[]
  /** True when this same commit had been made before: nothing was done twice. */
  wasAlreadyDone: boolean
}>

/** What an undo did: `kept` are cells somebody changed after the import; they stay and are listed. */
export type UndoReceipt = Readonly<{
  importId: string
  cellsRestored: number
  assignmentsRemoved: number
  studentsRemoved: number
  kept: readonly Readonly<{ studentName: string; assignmentTitle: string; now: string }>[]
  wasAlreadyDone: boolean
}>

/** Some of an import: what it did to these students, or to these assignments. */
export type UndoScope = Readonly<{ studentIds: readonly string[] }> | Readonly<{ assignmentIds: readonly string[] }>

/** What the undo of undos did: `kept` are cells somebody changed after the undo; they stay and are listed. */
export type RedoReceipt = Readonly<{
  importId: string
  cellsWritten: number
  assignmentsRestored: number
  studentsRestored: number
  kept: readonly Readonly<{ studentName: string; assignmentTitle: string; now: string }>[]
  wasAlreadyDone: boolean
}>

/** One undo or redo of an import, as its history lists them; `only` null: of the whole. */
export type ImportUndo = Readonly<{
  id: string
  kind: 'undo' | 'redo'
  at: string
  by: string
  only: UndoScope | null
  cells: number
  kept: number
}>

/** What an import can be undone of in part, and what of it already is. */
export type UndoParts = Readonly<{
  students: readonly Readonly<{ id: string; name: string; cells: number; isUndone: boolean }>[]
  assignments: readonly Readonly<{ id: string; title: string; cells: number; isUndone: boolean }>[]
}>
