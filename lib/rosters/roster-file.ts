/** What a roster file says, whatever system wrote it, before anything is compared with the school. Plain data. */
import type { IdentifierKind, ParsedIdentifier } from '@/lib/imports/parsed'
import type { ImportProblem } from '@/lib/imports/views'

export type RosterSource = 'csv' | 'oneroster' | 'clever'
/** The kinds of things a file can speak of. */
export const rosterKinds = ['students', 'classes', 'enrolments', 'guardians', 'teachers'] as const
export type RosterKind = (typeof rosterKinds)[number]

/** Where a thing stands: the table's file name and its row, from 1. */
export type FilePlace = Readonly<{ file: string; row: number }>
/** A thing wrong with a file, with the table it stands in; null for the upload as a whole. */
export type RosterProblem = ImportProblem & Readonly<{ file: string | null }>
export type RosterIgnored = Readonly<{ file: string; where: string; reason: string; isPrivate: boolean }>

/** How a table points at a student: each identifier may be the one; the first that is known counts. */
export type StudentRef = readonly Pick<ParsedIdentifier, 'kind' | 'folded' | 'value'>[]
/** How a table points at a class: by the id of its own system, or by name. */
export type ClassRef = Readonly<{ internalId: string | null; sisId: string | null; name: string | null }>

export type FileStudent = FilePlace &
  Readonly<{
    internalId: string | null
    lastName: string
    firstName: string
    /** The file has one name only, and where it was split is a guess. */
    isNameSplit: boolean
    identifiers: readonly ParsedIdentifier[]
    /** A delta file says that this student is gone. */
    isRemoved: boolean
  }>
export type FileClass = FilePlace & Readonly<{ ref: ClassRef; name: string; subject: string | null; isRemoved: boolean }>
export type FileEnrolment = FilePlace & Readonly<{ student: StudentRef; class: ClassRef; isRemoved: boolean }>
export type FileGuardian = FilePlace &
  Readonly<{ email: string; name: string; relationship: string; child: StudentRef; isRemoved: boolean }>
/** A class and one teacher of it. Null e-mail: the file names a teacher it says no e-mail of; `who` is then what it calls them. */
export type FileTeaching = FilePlace & Readonly<{ class: ClassRef; email: string | null; who: string; isRemoved: boolean }>

export type RosterFile = Readonly<{
  source: RosterSource
  students: readonly FileStudent[]
  classes: readonly FileClass[]
  enrolments: readonly FileEnrolment[]
  guardians: readonly FileGuardian[]
  teachings: readonly FileTeaching[]
  /** The kinds of which the file is the whole list: what it does not name is gone. */
  whole: readonly RosterKind[]
  problems: readonly RosterProblem[]
  ignored: readonly RosterIgnored[]
}>

/** Whether a list is the whole school's: by what the file says of itself, or by the person's word. */
export const coverages = ['file', 'whole', 'additions'] as const
export type Coverage = (typeof coverages)[number]

/** From the strongest to the weakest: in this order a student is looked for. */
export const identifierOrder: readonly IdentifierKind[] = ['sis', 'number', 'username', 'email']
export const identifierNames: Readonly<Record<IdentifierKind, string>> = {
  sis: 'SIS id',
  number: 'student number',
  username: 'user name',
  email: 'e-mail',
}
