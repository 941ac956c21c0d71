/**
 * What pages and the API are given to show: plain data, no database types. Dates are 'YYYY-MM-DD', instants ISO 8601 UTC,
 * scores and percents exact decimal strings (percents with one decimal). Pure types, shared with the browser.
 */
import type { GradeStatus } from './cell'

export type TermView = Readonly<{
  id: string
  name: string
  startsOn: string
  endsOn: string
  isLocked: boolean
  isCurrent: boolean
}>

export type ClassSummary = Readonly<{
  id: string
  name: string
  subject: string | null
  teachers: readonly string[]
  studentCount: number
  assignmentCount: number
  /** When grades of this class last changed, or null when none ever did. */
  gradedAt: string | null
  lastImportId: string | null
}>

/** A total, or why there is none: `percent` null means nothing counts yet. `letter` by the school's scale. */
export type TotalView = Readonly<{
  percent: string | null
  letter: string | null
  earned: string
  possible: string
  countedItems: number
}>

export type Totals = Readonly<{
  /** Graded work only: ungraded and missing work is left out. */
  current: TotalView
  /** The same, with every missing item counted as zero. */
  ifMissingIsZero: TotalView
}>

/** Which of the two totals. */
export type TotalName = keyof Totals

/** Why an item does not count in a total. */
export type LeftOutReason =
  | 'ungraded'
  | 'excused'
  | 'missing'
  | 'incomplete'
  | 'dropped'
  | 'unpublished'
  | 'no_weight'
  | 'nothing_possible'

/** How one total came about, in the order to tell it. Points and percents are decimal texts; ids are the assignments'. */
export type TotalStep =
  | Readonly<{ kind: 'method'; method: 'points' | 'weighted' }>
  | Readonly<{
      kind: 'category'
      categoryId: string | null
      name: string | null
      /** The category's part of this total in percent, after scaling to the categories in play; null without weights. */
      sharePercent: string | null
      earned: string
      possible: string
      percent: string | null
      countedIds: readonly string[]
      extraCreditIds: readonly string[]
    }>
  | Readonly<{ kind: 'left_out'; assignmentId: string; reason: LeftOutReason }>
  | Readonly<{ kind: 'total'; total: TotalView }>

export type AssignmentView = Readonly<{
  id: string
  title: string
  maxPoints: string
  dueOn: string | null
  category: string | null
  tags: readonly string[]
  isExtraCredit: boolean
  /** Not published: students and guardians do not see it, and it counts in no total until they do. */
  isPublished: boolean
  /** Mean percent of the scores there are, or null. */
  meanPercent: string | null
}>

export type GradebookStudent = Readonly<{ id: string; name: string; section: string | null; totals: Totals }>

/** A whole class and term in compact form: `cells` is `packCells` over students x assignments in the order given here. */
export type GradebookView = Readonly<{
  class: Readonly<{ id: string; name: string; subject: string | null }>
  term: TermView
  terms: readonly TermView[]
  students: readonly GradebookStudent[]
  assignments: readonly AssignmentView[]
  cells: string
  colours: Readonly<{ greenPercent: number; amberPercent: number }>
  canImport: boolean
  canExport: boolean
  gradedAt: string | null
}>

export type StudentItem = Readonly<{
  assignmentId: string
  title: string
  dueOn: string | null
  maxPoints: string
  score: string | null
  status: GradeStatus | null
  percent: string | null
  category: string | null
  isExtraCredit: boolean
}>

export type StudentClassView = Readonly<{
  classId: string
  className: string
  teachers: readonly string[]
  totals: Totals
  /** How each total came about; assignment ids are those of `items`. */
  steps: Readonly<Record<TotalName, readonly TotalStep[]>>
  /** Missing first (oldest first), then by date. */
  items: readonly StudentItem[]
  missingCount: number
  /** Running current percent after each graded item by date: the trend. */
  trend: readonly Readonly<{ on: string; percent: string }>[]
}>

export type StudentView = Readonly<{
  id: string
  name: string
  email: string | null
  term: TermView
  terms: readonly TermView[]
  classes: readonly StudentClassView[]
  missingCount: number
  colours: Readonly<{ greenPercent: number; amberPercent: number }>
}>

export type StudentSummary = Readonly<{
  id: string
  name: string
  email: string | null
  number: string | null
  classNames: readonly string[]
}>

/** One change of one cell, newest first in a list. Texts are `formatCell` texts; '' is no grade. */
export type CellChange = Readonly<{
  id: string
  at: string
  kind: 'import' | 'undo' | 'redo' | 'edit'
  importId: string | null
  /** Who did it, as the school knows them: a person, an API token by its name, or the system. */
  actorName: string
  old: string
  next: string
}>

/** A slice of a list by keyset: `nextCursor` is null at the end. */
export type Page<Item> = Readonly<{ items: readonly Item[]; nextCursor: string | null }>
