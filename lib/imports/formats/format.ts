import { titleCharsMax } from '../limits'

/**
 * What a source of files is: the words it uses for the roles of rows and columns. A description, not a parser;
 * the engine (detect.ts, columns.ts) is the same for all. Words are compared whole, folded by `foldHeading`, and patterns span
 * a whole heading, never a part of it: "Final Essay" is an assignment, however computed columns are called.
 */

export const identityRoles = ['lastName', 'firstName', 'fullName', 'email', 'number', 'username', 'sis'] as const
export type IdentityRole = (typeof identityRoles)[number]

/**
 * How a source writes headings of its own. Groups of the pattern: `title`, `points`, `id`, `category`, and `number` where
 * only the rest of the column tells whether it is an id or points. A `score` is an assignment. `percentage` and `letter`
 * are one only when no better kind of the same title is there. `points` holds what the assignment of that title is out of.
 * `beside` belongs to an assignment and is not imported; `computed` is a total.
 */
export type HeadingPattern = Readonly<{
  pattern: RegExp
  kind: 'score' | 'percentage' | 'letter' | 'points' | 'beside' | 'computed'
  /** Shown for what is left out. */
  reason?: string
  /** The heading means this only beside a column whose title is the group `title`; else it is a title itself. */
  needsScore?: boolean
  /** False when other sources write headings like this too, so that it speaks for none. */
  isSign?: boolean
}>

export type Format = Readonly<{
  /** Stored with the import; never changes. */
  source: string
  label: string
  /** Headings of the columns that tell who a row is. `fullName` holds "Doe, Jane" or "Jane Doe". */
  identity: Readonly<Record<IdentityRole, readonly string[]>>
  rows: Readonly<{
    /** Words in the identity columns of rows that describe the assignments. */
    dates: readonly string[]
    points: readonly string[]
    /** What all cells of a row hold that is about the other system only. */
    settings: readonly string[]
  }>
  columns: Readonly<{
    /** The score column of a file that holds one assignment; its title is the file's name. */
    grade: readonly string[]
    /** Beside it: what it is out of, row by row. */
    points: readonly string[]
    /** Beside it: hand-in state. */
    state: readonly string[]
    /** When the file was written, as Unix time. */
    exportedAt: readonly string[]
    /** Totals the other system computed. */
    computed: readonly string[]
    /** Text beside scores; an assignment all the same where the row of points says what it is out of. */
    note: readonly string[]
  }>
  headings: readonly HeadingPattern[]
  /** Headings that speak for this source: a `strong` one alone, `weak` ones when `needed` of them stand together. */
  signs: Readonly<{ strong: readonly string[]; weak: readonly string[]; needed: number }>
  /** False for our own and open shapes, which need no sign. */
  needsSigns: boolean
  /** What `Quiz (20)` says: what it is out of; an id or points, by the rest of the column; or nothing. */
  parentheses: 'points' | 'points_or_id' | 'title'
  /** Put before every number and user name, so that spreadsheets leave them alone. */
  identifierMark: string
  /** Words of cells, lower case, and the token each stands for (see cells.ts). */
  cells: Readonly<Record<string, string>>
}>

/**
 * What a heading says by a pattern, or null. One too long for a title is matched by none: patterns look for their words from every
 * place of it, and a file may be made of such headings.
 */
export function matchHeading(pattern: RegExp, heading: string): RegExpExecArray | null {
  return heading.length > titleCharsMax ? null : pattern.exec(heading)
}

/** A source that says nothing: what descriptions begin with. */
export const plainFormat: Omit<Format, 'source' | 'label'> = {
  identity: { lastName: [], firstName: [], fullName: [], email: [], number: [], username: [], sis: [] },
  rows: { dates: [], points: [], settings: [] },
  columns: { grade: [], points: [], state: [], exportedAt: [], computed: [], note: [] },
  headings: [],
  signs: { strong: [], weak: [], needed: 2 },
  needsSigns: true,
  parentheses: 'title',
  identifierMark: '',
  cells: {},
}
