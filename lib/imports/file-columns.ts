/** Every column as the step that maps columns shows it. Pure. */
import { columnName } from './column-name'
import type { ColumnRole } from './column-roles'
import type { Column, ReadColumns, Table } from './columns'
import type { IdentityRole } from './formats/format'
import { canTellStudents } from './identity-words'
import type { FileColumn } from './parsed'
import { isEmail } from './private-columns'
import { maskSecrets } from './problems'
import { cleanDigits, cleanText, unguard } from './text'

const samplesMax = 3
// What a column is shows in its first rows; a long empty one is not searched to its end.
const sampledRows = 200

/** The columns of the heading row, in order. Nothing of a private column but its heading is shown. */
export function describeColumns(table: Table, { columns, ignored }: ReadColumns): FileColumn[] {
  const { rows, roles, layout } = table
  const students = rows.filter((_, at) => roles[at] === 'student').slice(0, sampledRows)
  const columnOf = new Map(columns.flatMap((column) => column.at.map((at) => [at, column] as const)))
  const ignoredOf = new Map(ignored.map((part) => [part.column, part]))
  return layout.columns.map((role, at): FileColumn => {
    const column = columnOf.get(at) ?? null
    const left = ignoredOf.get(at)
    const isPrivate = left?.isPrivate ?? false
    const isAsked = !canTellStudents(layout.identity)
    const texts = isPrivate ? [] : textsOf(students, at, isAsked ? sampledRows : samplesMax)
    return {
      at,
      name: columnName(at),
      heading: cleanText(unguard(rows[layout.headingAt]?.[at] ?? '')),
      ...useOf({ role, column, texts, reason: left?.reason ?? null, isAsked }),
      isPrivate,
      samples: texts.slice(0, samplesMax).map(maskSecrets),
      title: column?.title ?? '',
      maxPoints: column?.maxPoints ?? null,
      dueOn: column?.dueOn ?? null,
      category: column?.category ?? null,
      tags: column?.tags ?? [],
    }
  })
}

function textsOf(students: readonly (readonly string[])[], at: number, count: number): string[] {
  const texts: string[] = []
  for (const row of students) {
    const text = cleanText(unguard(row[at] ?? ''))
    if (text !== '' && texts.push(text) >= count) break
  }
  return texts
}

type Use = Pick<FileColumn, 'role' | 'identity' | 'confidence' | 'reason'>
type Known = Readonly<{
  role: ColumnRole
  column: Column | null
  texts: readonly string[]
  reason: string | null
  isAsked: boolean
}>

function useOf({ role, column, texts, reason, isAsked }: Known): Use {
  if (role.kind === 'identity') return { role: 'identity', identity: role.role, confidence: 'sure', reason: null }
  const guess = isAsked ? guessIdentity(texts) : null
  if (guess !== null) return { role: 'identity', identity: guess, confidence: 'guess', reason: null }
  if (column !== null) return { role: 'assignment', identity: null, confidence: column.confidence, reason: null }
  const said = reason ?? ('reason' in role ? role.reason : null)
  return { role: 'ignored', identity: null, confidence: reason === null || isByHeading(role) ? 'sure' : 'guess', reason: said }
}

// An assignment by its heading that is left out all the same was judged by its cells.
const isByHeading = (role: ColumnRole) => role.kind !== 'assignment'

/** Who a row may be, by the cells alone: e-mail addresses, or whole names. */
function guessIdentity(texts: readonly string[]): IdentityRole | null {
  if (texts.length === 0) return null
  if (texts.every((text) => isEmail(cleanDigits(text)))) return 'email'
  const areNames = texts.every((text) => /^\p{L}[\p{L}\p{M}.'\u2019-]*,? \p{L}[\p{L}\p{M} .'\u2019-]*$/u.test(text))
  return areNames && new Set(texts).size * 2 > texts.length ? 'fullName' : null
}
