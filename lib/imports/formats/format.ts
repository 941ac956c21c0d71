/**
 * What a source of files is: the words it uses for the roles of rows and columns. A description, not a parser;
 * the engine (detect.ts, parse.ts) is the same for all. Words are compared whole, folded by `foldHeading`,
 * never as parts of a heading: "Final Essay" is an assignment, however computed columns are called.
 */

export const identityRoles = ['lastName', 'firstName', 'fullName', 'email', 'number', 'username', 'sis'] as const
export type IdentityRole = (typeof identityRoles)[number]

export type Format = Readonly<{
  /** Stored with the import; never changes. */
  source: string
  label: string
  /** Headings of the columns that tell who a row is. `fullName` holds "Doe, Jane" or "Jane Doe". */
  identity: Readonly<Record<IdentityRole, readonly string[]>>
  /** Words in the identity columns of rows that describe the assignments. */
  rows: Readonly<{ dates: readonly string[]; points: readonly string[] }>
  columns: Readonly<{
    /** The score column of a file that holds one assignment; its title is the file's name. */
    grade: readonly string[]
    /** Hand-in state beside that column. */
    state: readonly string[]
    /** Totals the other system computed. */
    computed: readonly string[]
    /** Text beside scores. */
    note: readonly string[]
  }>
  /** Headings (only trimmed and lower-cased) that are spelled this way by this source. */
  marks: readonly string[]
  /** True when `Quiz (20)` means the quiz is out of 20. */
  hasPointsInTitles: boolean
}>
