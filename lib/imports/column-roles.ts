/** What every column of a heading row is, by its heading and its neighbours'. Pure. */
import type { ColumnChoice, ImportChoices } from './choices'
import { columnName } from './column-name'
import { type Format, type HeadingPattern, type IdentityRole, matchHeading } from './formats/format'
import { generic } from './formats/generic'
import { privacyOfHeading } from './formats/private'
import { identityOf } from './identity-words'
import { cleanText, foldHeading, foldTitle } from './text'

export type AssignmentChoice = Extract<ColumnChoice, { use: 'assignment' }>

/** What a heading says beside its title; '' where it does not. `number` is an id or points. */
export type HeadingParts = Readonly<{ points: string; id: string; category: string; number: string }>

export type ColumnRole =
  | Readonly<{ kind: 'identity'; role: IdentityRole }>
  | Readonly<{
      kind: 'assignment'
      /** Folded by `foldTitle`. */
      title: string
      shown: 'score' | 'percentage' | 'letter'
      parts: HeadingParts
      /** A column of points that belongs to it. */
      pointsAt: number | null
      /** True when the heading is written as only this source writes assignments. */
      isKnown: boolean
      choice: AssignmentChoice | null
    }>
  /** Becomes an assignment when the row of points names points for it. */
  | Readonly<{ kind: 'note'; title: string; reason: string }>
  /** The score of a file that holds one assignment. */
  | Readonly<{ kind: 'grade'; title: string; pointsAt: number | null }>
  /** Used beside the scores; not imported itself. */
  | Readonly<{ kind: 'state' | 'points' | 'exportedAt'; title: string; reason: string }>
  | Readonly<{ kind: 'ignored'; title: string; reason: string; isPrivate: boolean }>

type Context = Readonly<{
  format: Format
  identity: ReadonlyMap<IdentityRole, number>
  choices: NonNullable<ImportChoices['columns']>
}>

/**
 * The role of every column; `titles` are the headings as `cleanText` leaves them. What the teacher said of one goes before everything;
 * then names, personal data, the source's words.
 */
export function readRoles(titles: readonly string[], context: Context): ColumnRole[] {
  const drafts = titles.map((title, column) => draftRole(title, column, context))
  const scored = new Set(drafts.flatMap(({ role }) => (role.kind === 'assignment' ? [role.title] : [])))
  const settled = drafts.map(({ role, pattern, of }, column) =>
    pattern?.needsScore && !scored.has(foldTitle(of)) ? assignment(titles[column] ?? '', context.format) : role,
  )
  const isSingle = settled.some(({ kind }) => kind === 'state') || !settled.some(({ kind }) => kind === 'assignment')
  const pointsOf = new Map(
    drafts.flatMap(({ of }, column) => (settled[column]?.kind === 'points' ? [[foldTitle(of), column] as const] : [])),
  )
  const best = bestOf(settled)
  return settled.map((role) => finishRole(role, { settled, pointsOf, best, isSingle }))
}

const worth = { score: 2, percentage: 1, letter: 0 } as const

/** By title, what the best kind of its scores is worth. */
function bestOf(roles: readonly ColumnRole[]): Map<string, number> {
  const best = new Map<string, number>()
  for (const role of roles) {
    if (role.kind === 'assignment') best.set(role.title, Math.max(best.get(role.title) ?? 0, worth[role.shown]))
  }
  return best
}

type Draft = Readonly<{ role: ColumnRole; pattern: HeadingPattern | null; of: string }>

function draftRole(title: string, column: number, { format, identity, choices }: Context): Draft {
  const plain = (role: ColumnRole): Draft => ({ role, pattern: null, of: '' })
  const choice = choices[column]
  if (choice?.use === 'ignore') {
    const isPrivate = privacyOfHeading(foldHeading(title)) !== null
    return plain({ kind: 'ignored', title, reason: 'You chose to leave it out.', isPrivate })
  }
  if (choice?.use === 'assignment') return plain(chosen(title, column, format, choice))
  for (const [role, at] of identity) if (at === column) return plain({ kind: 'identity', role })
  const word = foldHeading(title)
  if (word === '') return plain(ignored('', 'The column has no heading.'))
  if (identityOf(word, format) !== null) return plain(ignored(title, 'A second column of the same kind; the first one counts.'))
  if (privacyOfHeading(word) === 'always')
    return plain(ignored(title, 'Personal data that no gradebook needs; it is not stored.', true))
  const known = roleOfWord(title, word, format)
  return known ? plain(known) : roleOfPattern(title, word, format)
}

function chosen(heading: string, column: number, format: Format, choice: AssignmentChoice): ColumnRole {
  const { role } = roleOfPattern(heading, '', format)
  const read = role.kind === 'assignment' ? role : assignment(heading, format)
  const title = choice.title === undefined ? read.title : foldTitle(choice.title)
  return { ...read, title: title || `Column ${columnName(column)}`, choice }
}

const totals = 'A total of the other system; totals are computed here.'
const besides = 'Text beside the scores; it is not imported.'

function roleOfWord(title: string, word: string, { columns }: Format): ColumnRole | null {
  if (columns.computed.includes(word)) return ignored(title, totals)
  if (columns.grade.includes(word)) return { kind: 'grade', title, pointsAt: null }
  if (columns.points.includes(word)) return { kind: 'points', title, reason: 'What the assignment is out of.' }
  if (columns.state.includes(word)) return { kind: 'state', title, reason: 'Says whether work is missing or late.' }
  if (columns.exportedAt.includes(word)) return { kind: 'exportedAt', title, reason: 'Says when the file was written.' }
  return columns.note.includes(word) ? { kind: 'note', title, reason: besides } : null
}

function roleOfPattern(title: string, word: string, format: Format): Draft {
  for (const pattern of format.headings) {
    const match = matchHeading(pattern.pattern, title)
    if (match) return { role: roleOfMatch(title, pattern, match.groups ?? {}), pattern, of: match.groups?.title ?? '' }
  }
  const role: ColumnRole = generic.columns.note.includes(word)
    ? { kind: 'note', title, reason: besides }
    : assignment(title, format)
  return { role, pattern: null, of: '' }
}

function roleOfMatch(
  title: string,
  { kind, reason = besides }: HeadingPattern,
  groups: Readonly<Record<string, string | undefined>>,
): ColumnRole {
  if (kind === 'computed') return { kind: 'note', title, reason: totals }
  if (kind === 'points') return { kind: 'points', title, reason: 'What the assignment is out of.' }
  if (kind === 'beside') return ignored(title, reason)
  const { points = '', id = '', category = '', number = '' } = groups
  return {
    ...assignment(cleanText(groups.title ?? title)),
    shown: kind,
    parts: { points, id, category: cleanText(category), number },
    isKnown: true,
  }
}

// 'Quiz (20)'
const pointsInTitle = /^(.*\S) ?\((\d+(?:[.,]\d+)?)\)$/

function assignment(title: string, format?: Format): Extract<ColumnRole, { kind: 'assignment' }> {
  const [, name, number = ''] = (format?.parentheses === 'points' && matchHeading(pointsInTitle, title)) || []
  const parts = { points: '', id: '', category: '', number }
  return { kind: 'assignment', title: name ?? title, shown: 'score', parts, pointsAt: null, isKnown: false, choice: null }
}

type Row = Readonly<{
  settled: readonly ColumnRole[]
  pointsOf: ReadonlyMap<string, number>
  best: ReadonlyMap<string, number>
  isSingle: boolean
}>

function finishRole(role: ColumnRole, { settled, pointsOf, best, isSingle }: Row): ColumnRole {
  if (role.kind === 'grade') {
    const pointsAt = settled.findIndex(({ kind }) => kind === 'points')
    if (isSingle) return { ...role, pointsAt: pointsAt < 0 ? null : pointsAt }
    return assignment(role.title)
  }
  if (role.kind !== 'assignment') return role
  if (role.choice === null && worth[role.shown] < (best.get(role.title) ?? 0)) {
    return ignored(role.title, 'The same scores in another form; one is imported.')
  }
  return { ...role, pointsAt: pointsOf.get(role.title) ?? null }
}

function ignored(title: string, reason: string, isPrivate = false): ColumnRole {
  return { kind: 'ignored', title, reason, isPrivate }
}
