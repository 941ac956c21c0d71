/** A roster import as pages see it. Plain data, shared with the browser. */
import type { RosterIgnored, RosterKind, RosterProblem, RosterSource } from './roster-file'
import type { Removal, UnknownTeacher } from './stored-plan'

export type RosterState = 'planned' | 'committed' | 'undone' | 'discarded'

/** What a plan would do, or a commit did, by kind. */
export type RosterCounts = Readonly<{
  studentsNew: number
  studentsChanged: number
  studentsBack: number
  studentsLeaving: number
  studentsSame: number
  classesNew: number
  classesChanged: number
  classesBack: number
  classesClosing: number
  classesSame: number
  enrolmentsNew: number
  enrolmentsBack: number
  enrolmentsEnded: number
  enrolmentsSame: number
  guardiansNew: number
  guardiansChanged: number
  linksNew: number
  linksChanged: number
  linksEnded: number
  linksSame: number
  teachersAdded: number
  teachersRemoved: number
  teachersUnknown: number
}>

export type RosterSummary = Readonly<{
  id: string
  state: RosterState
  fileName: string
  fileSha256: string
  source: RosterSource
  actorName: string
  createdAt: string
  committedAt: string | null
  undoneAt: string | null
  canUndo: boolean
  undoUntil: string | null
  counts: RosterCounts
}>

/** The lists of a review; each is searched and paged on its own. */
export const rosterLists = ['students', 'classes', 'enrolments', 'guardians', 'teachers'] as const
export type RosterListName = (typeof rosterLists)[number]

/** One change: what it is about, what becomes of it, and how it was before. `tone` sorts and colours; the word says it. */
export type RosterChange = Readonly<{
  key: string
  what: string
  state: string
  tone: 'new' | 'changed' | 'removed'
  /** What changes, in words: old -> new. */
  details: readonly Readonly<{ label: string; old: string | null; next: string | null }>[]
}>

export type RosterReview = Readonly<{
  summary: RosterSummary
  planHash: string
  whole: readonly RosterKind[]
  removals: readonly Removal[]
  /** What has to be repeated before so much goes; null when little does. */
  numberToRepeat: number | null
  unknownTeachers: readonly UnknownTeacher[]
  problems: readonly RosterProblem[]
  ignored: readonly RosterIgnored[]
  list: Readonly<{
    name: RosterListName
    query: string
    changes: readonly RosterChange[]
    /** How many match the search; `from` is the place of the first shown. */
    total: number
    from: number
  }>
  /** Changes in each list, whatever is searched. */
  sizes: Readonly<Record<RosterListName, number>>
}>

export type RosterReceipt = Readonly<{ rosterId: string; counts: RosterCounts; wasAlreadyDone: boolean }>

/** What an undo left as it is, because somebody changed it since. */
export type KeptChange = Readonly<{ kind: RosterListName; what: string; reason: string }>
export type RosterUndo = Readonly<{ rosterId: string; restored: number; kept: readonly KeptChange[]; wasAlreadyDone: boolean }>

export type RosterPlanOutcome =
  | Readonly<{ kind: 'planned'; rosterId: string }>
  | Readonly<{ kind: 'refused'; problems: readonly RosterProblem[] }>
