/** Who a row says it is, by its identity columns. Pure. */
import type { IdentityRole } from './formats/format'
import { cleanText, unguard } from './text'

export type IdentityColumns = ReadonlyMap<IdentityRole, number>

/**
 * Last and first name of a row; '' where it gives none. One column of whole names is split: "Doe, Jane" at its first comma,
 * "Jane Doe" before its last word, and a single word is a last name.
 */
export function nameOf(row: readonly string[], identity: IdentityColumns): Readonly<{ lastName: string; firstName: string }> {
  const textOf = (role: IdentityRole) => {
    const column = identity.get(role)
    return column === undefined ? '' : cleanText(unguard(row[column] ?? ''))
  }
  const [lastName, firstName] = [textOf('lastName'), textOf('firstName')]
  return lastName !== '' || firstName !== '' ? { lastName, firstName } : splitName(textOf('fullName'))
}

/** "Doe, Jane" or "Jane Doe" in its two parts. */
export function splitName(name: string): Readonly<{ lastName: string; firstName: string }> {
  const comma = name.search(/[,\u060c\uff0c]/)
  if (comma >= 0) return { lastName: name.slice(0, comma).trim(), firstName: name.slice(comma + 1).trim() }
  const space = name.lastIndexOf(' ')
  return { lastName: name.slice(space + 1), firstName: name.slice(0, Math.max(space, 0)) }
}
