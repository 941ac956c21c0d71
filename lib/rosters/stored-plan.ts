/**
 * The plan of a roster as it is stored: compact JSON text, and exactly its bytes are hashed. It lists only what would change.
 * Rows that do not exist yet have no id in it, so that the same file on the same school always gives the same bytes; others
 * point at them by their place in the plan ('#3').
 */
import { createHash } from 'node:crypto'
import type { Role } from '@/lib/auth/rights'
import type { ParsedIdentifier } from '@/lib/imports/parsed'
import type { RosterIgnored, RosterKind, RosterProblem, RosterSource } from './roster-file'
import type { SchoolMarks } from './school-state'

/** An id of the school's, or '#n': the n-th student, class or account of the plan. */
export type PlanRef = string
export const refTo = (index: number): PlanRef => `#${index}`
export const isNewRef = (ref: PlanRef): boolean => ref.startsWith('#')

/** `demote`: stays as an alias; `move`: was another student's, who has a new one in this file. */
export type IdentifierStep = ParsedIdentifier &
  Readonly<{ step: 'add' | 'promote' | 'demote' } | { step: 'move'; from: string; wasPrimary: boolean }>

export type PlannedStudent = Readonly<{
  id: string | null
  state: 'new' | 'changed' | 'back' | 'leaving'
  lastName: string
  firstName: string
  /** The name until now, where it changes. */
  old: Readonly<{ lastName: string; firstName: string }> | null
  /** When they had left, of one who comes back. */
  leftAt: string | null
  identifiers: readonly IdentifierStep[]
}>
export type PlannedClass = Readonly<{
  id: string | null
  state: 'new' | 'changed' | 'back' | 'closing'
  name: string
  subject: string | null
  sisId: string | null
  /** What it was until now, where it changes. */
  old: Readonly<{ name: string; subject: string | null; sisId: string | null }> | null
  archivedAt: string | null
}>
export type PlannedEnrolment = Readonly<{
  class: PlanRef
  student: PlanRef
  state: 'new' | 'back' | 'ended'
  leftAt: string | null
}>
export type PlannedAccount = Readonly<{
  id: string | null
  state: 'new' | 'renamed' | 'role'
  email: string
  name: string
  old: Readonly<{ name: string; roles: readonly Role[] }> | null
}>
export type PlannedLink = Readonly<{
  member: PlanRef
  student: PlanRef
  state: 'new' | 'back' | 'changed' | 'ended'
  relationship: string
  old: Readonly<{ relationship: string; revokedAt: string | null; revokedImportId: string | null }> | null
}>
export type PlannedTeacher = Readonly<{ class: PlanRef; memberId: string; state: 'new' | 'ended' }>
/** A teacher of the file who has no account here: nobody makes one out of a file. */
export type UnknownTeacher = Readonly<{ who: string; email: string | null; classNames: readonly string[]; reason: string }>

export type RemovalKind = Exclude<RosterKind, 'teachers'>
/** How much of a kind would go; `isLarge` asks twice. */
export type Removal = Readonly<{ kind: RemovalKind; removed: number; of: number; isLarge: boolean }>

export type RosterPlan = Readonly<{
  version: 1
  fileSha256: string
  source: RosterSource
  whole: readonly RosterKind[]
  marks: SchoolMarks
  students: readonly PlannedStudent[]
  classes: readonly PlannedClass[]
  enrolments: readonly PlannedEnrolment[]
  accounts: readonly PlannedAccount[]
  links: readonly PlannedLink[]
  teachers: readonly PlannedTeacher[]
  unknownTeachers: readonly UnknownTeacher[]
  /** Names of the school's own rows that the plan points at, for the pages: by id. */
  names: Readonly<Record<string, string>>
  removals: readonly Removal[]
  same: Readonly<Record<'students' | 'classes' | 'enrolments' | 'guardians', number>>
  problems: readonly RosterProblem[]
  ignored: readonly RosterIgnored[]
}>

/** The text that is stored and the SHA-256 (hex) of its UTF-8 bytes. */
export function encodeRosterPlan(plan: RosterPlan): Readonly<{ text: string; hash: string }> {
  const text = JSON.stringify(plan)
  return { text, hash: hashOf(text) }
}

/** The plan out of its row. Throws when the text is not what was hashed: then it was not this code that wrote it. */
export function decodeRosterPlan(text: string, hash: string): RosterPlan {
  if (hashOf(text) !== hash) throw new Error('a stored roster plan does not have its hash')
  // What the hash covers was made by encodeRosterPlan.
  return JSON.parse(text) as RosterPlan
}

/** The number a person has to repeat before so much is removed; null when little is. */
export function numberToRepeat(removals: readonly Removal[]): number | null {
  const large = removals.filter(({ isLarge }) => isLarge)
  return large.length === 0 ? null : large.reduce((sum, { removed }) => sum + removed, 0)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
