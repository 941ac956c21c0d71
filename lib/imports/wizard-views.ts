/** An import's steps as pages see them: Shape, Map, Fix, Review. Plain data, shared with the browser. */
import type { ColumnChoice, ImportChoices, StudentChoice } from './choices'
import type { FileColumn } from './parsed'
import type { IgnoredPart, ImportProblem, ImportSummary } from './views'

export const wizardSteps = ['shape', 'map', 'fix', 'review'] as const
export type WizardStep = (typeof wizardSteps)[number]

/** `done`: nothing is open there; `open`: something waits for an answer, `count` things; `later`: an earlier step comes first. */
export type StepState = Readonly<{ step: WizardStep; state: 'done' | 'open' | 'later'; count: number }>

/** One way of reading the file, as a chip: what is in force, whether the teacher chose it, and what else there is. */
export type Chip = Readonly<{
  value: string
  isChosen: boolean
  /** `sample` is a word, number or date of the file as it would be read. */
  options: readonly Readonly<{ value: string; label: string; sample: string | null }>[]
}>

export type ShapeView = Readonly<{
  /** Null where it does not apply: a workbook has no encoding and no delimiter, a plain file no parts. */
  encoding: Chip | null
  delimiter: Chip | null
  part: Chip | null
  headingRow: Chip
  numbers: Chip
  dates: Chip
  /** The first rows as they were read, personal data left out. */
  preview: readonly Readonly<{ row: number; role: string; cells: readonly string[] }>[]
  skipped: readonly IgnoredPart[]
}>

export type MapColumn = FileColumn &
  Readonly<{
    /** What the teacher said of it; null when the file decides. */
    choice: ColumnChoice | null
    /** The assignment of the class it goes to, with the category it is in; null when it makes a new one or is none. */
    target: Readonly<{ id: string; title: string; category: string | null }> | null
  }>

export type MapView = Readonly<{
  columns: readonly MapColumn[]
  /** Assignments of the class and term, to choose from. */
  assignments: readonly Readonly<{
    id: string
    title: string
    maxPoints: string
    dueOn: string | null
    category: string | null
  }>[]
  categories: readonly string[]
  tags: readonly string[]
  /** True when columns were mapped as the teacher once saved for this source. */
  isFromSaved: boolean
  problems: readonly ImportProblem[]
}>

/** Problems that need the same repair. */
export type FixGroup = Readonly<{
  code: string
  title: string
  fix: string
  severity: ImportProblem['severity']
  /** How many there are; `cells` holds the first 100. */
  count: number
  cells: readonly Readonly<{
    row: number
    column: number
    where: string
    student: string
    value: string
    edited: string | null
  }>[]
  problems: readonly ImportProblem[]
  /** Answers that settle all of them at once: a field of the choices and its value. */
  bulk: readonly Readonly<{
    field: 'negatives' | 'sameTitles' | 'numbers' | 'dates' | 'cells' | 'students'
    value: string
    label: string
  }>[]
}>

/** How many such rows are listed at a time. */
export const unmatchedMax = 100

/** A row whose student the school does not know for sure, beside those it may mean. */
export type UnmatchedRow = Readonly<{
  row: number
  name: string
  identifiers: readonly string[]
  candidates: readonly Readonly<{ studentId: string; name: string; identifiers: readonly string[]; why: string }>[]
  choice: StudentChoice | null
}>

export type FixView = Readonly<{ groups: readonly FixGroup[]; unmatched: readonly UnmatchedRow[] }>

/** A cell two people want different: what stands there, what the file says, who changed it and when, what was chosen. */
export type ConflictCell = Readonly<{
  row: number
  column: number
  student: string
  assignment: string
  now: string
  wanted: string
  by: string | null
  at: string | null
  choice: 'keep' | 'take'
}>

export type WizardView = Readonly<{
  summary: ImportSummary
  planHash: string
  choices: ImportChoices
  steps: readonly StepState[]
  /** Where the teacher should be: the first step with something open, or review. */
  next: WizardStep
  shape: ShapeView
  map: MapView
  fix: FixView
  /** In the file's order, the first 1,000. */
  conflicts: readonly ConflictCell[]
  conflictCounts: Readonly<{ all: number; kept: number }>
}>
