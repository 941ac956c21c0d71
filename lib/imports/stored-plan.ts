/**
 * The plan of an import as it is stored: compact JSON text, and exactly its bytes are hashed. It holds no id of what does
 * not exist yet, so that the same file on the same class always gives the same bytes: that is how a second tab is known.
 * Cells are packed, one string for the whole matrix (lib/gradebook/cell.ts), old values beside new ones.
 */
import { createHash } from 'node:crypto'
import { ProblemError } from '@/lib/errors'
import type { PlanTally } from './cell-tally'
import { clear } from './cells'
import { type ParsedIdentifier, rejected } from './parsed'
import type { StoredReading } from './stored-reading'
import type { IgnoredPart, ImportProblem, ReviewCellKind } from './views'

export type PlannedStudent = Readonly<{
  /** Null: made by the commit. */
  id: string | null
  state: 'new' | 'enrolled' | 'matched'
  row: number
  lastName: string
  firstName: string
  /** The teacher said that this is nobody the class has, whatever the name. */
  isChosenNew?: true
  /** Identifiers the school does not know of this student yet. */
  adds: readonly ParsedIdentifier[]
  /** Percent and letter of the current total before and after. */
  totals: readonly [
    percentBefore: string | null,
    letterBefore: string | null,
    percentAfter: string | null,
    letterAfter: string | null,
  ]
}>

export type PlannedAssignment = Readonly<{
  id: string | null
  state: 'new' | 'matched' | 'changed'
  title: string
  /** As it stood when the plan was made; null of a new one. `category` only when it goes into another: the one it was in. */
  old: Readonly<{ maxPoints: string; dueOn: string | null; category?: Readonly<{ id: string; name: string }> | null }> | null
  maxPoints: string
  dueOn: string | null
  /** Columns of the file it comes from, from 0. */
  columns?: readonly number[]
  /** The teacher said that this is none of the class's, whatever the title. */
  isChosenNew?: true
  /** The category it goes into, by name, and the tags it gets; of one of the class only what it does not have already. */
  category?: string | null
  tags?: readonly string[]
  /** What the other system calls it, when that is to be remembered. */
  vendorId?: string | null
}>

export type StoredPlan = Readonly<{
  version: 1
  classId: string
  termId: string
  fileSha256: string
  students: readonly PlannedStudent[]
  assignments: readonly PlannedAssignment[]
  /** Packed: '' keeps, `same`, `rejected`, `clear`, `~85` (a conflict: kept), `^85` (a conflict: taken), or the text to write. */
  next: string
  /** Packed: what stood there when the plan was made. */
  old: string
  problems: readonly ImportProblem[]
  ignored: readonly IgnoredPart[]
  warnings: readonly string[]
  rejects: Readonly<{
    /** Heading, dates and points rows, so that the file of rejected rows can be uploaded again. */
    describing: readonly (readonly string[])[]
    rows: readonly Readonly<{ row: number; cells: readonly string[]; reason: string }>[]
    delimiter: string
  }>
  /** What the cells come to; plans of an older release have none. */
  tally?: PlanTally
  /** How the file was read, for the steps of the wizard; plans of an older release have none. */
  reading?: StoredReading
}>

/** Cell of a plan that is the same in file and class. */
export const same = '='
/** Mark of a cell that is kept because somebody changed it after this file's value. */
export const keptMark = '~'
/** Mark of a cell that somebody changed after this file's value, and that takes the file's value all the same. */
export const takenMark = '^'

/** The text that is stored and the SHA-256 (hex) of its UTF-8 bytes. */
export function encodePlan(plan: StoredPlan): Readonly<{ text: string; hash: string }> {
  const text = JSON.stringify(plan)
  return { text, hash: hashOf(text) }
}

/** The plan out of its row. Throws `conflict` for an upload that has none yet, and when the text is not what was hashed: then it was not this code that wrote it. */
export function decodePlan(text: string, hash: string): StoredPlan {
  if (text === '') throw new ProblemError('conflict', 'This file is still being read. Wait until its plan is made.')
  if (hashOf(text) !== hash) throw new Error('a stored plan does not have its hash')
  // What the hash covers was made by encodePlan.
  return JSON.parse(text) as StoredPlan
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** What a commit writes for this cell of the plan: '' nothing, `clear`, or the text. */
export function writtenBy(next: string): string {
  if (next.startsWith(takenMark)) return next.slice(takenMark.length)
  return next === same || next === rejected || next.startsWith(keptMark) ? '' : next
}

/** How the review shows a cell. */
export function kindOfCell(next: string, old: string): ReviewCellKind {
  if (next === same) return 'same'
  if (next === '') return old === '' ? 'same' : 'kept'
  if (next === rejected) return 'rejected'
  if (next.startsWith(keptMark)) return 'kept'
  if (writtenBy(next) === clear) return 'cleared'
  return old === '' ? 'new' : 'changed'
}
