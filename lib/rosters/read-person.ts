/** Names, identifiers and references to people as rows of a roster write them. Pure. */
import type { IdentifierKind, ParsedIdentifier } from '@/lib/imports/parsed'
import { foldIdentifier } from '@/lib/imports/text'
import { rosterNameCharsMax } from './limits'
import { type FilePlace, identifierNames, type StudentRef } from './roster-file'
import type { RosterProblemList } from './roster-problems'

/** Whether a text can be an e-mail address. */
export function isEmail(text: string): boolean {
  return text.length <= rosterNameCharsMax && /^[^\s@,;]+@[^\s@,;]+$/.test(text)
}

/** The identifiers that can be one; the others are named and left out. */
export function readIdentifiers(
  { file, row }: FilePlace,
  values: Readonly<Partial<Record<IdentifierKind, string>>>,
  problems: RosterProblemList,
): ParsedIdentifier[] {
  const kinds: readonly IdentifierKind[] = ['sis', 'number', 'username', 'email']
  return kinds.flatMap((kind) => {
    const value = values[kind] ?? ''
    if (value === '') return []
    const column = identifierNames[kind]
    const isBroken = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!)/i.test(value) || value.length > rosterNameCharsMax
    if (isBroken || (kind === 'email' && !isEmail(value))) {
      problems.add(file, {
        ...{ row, column, value, code: 'bad_identifier', severity: 'warn' },
        message: `Row ${row}: '${value}' is not ${kind === 'email' ? 'an e-mail address' : `a ${column}`}, so it was left out.`,
        fix: 'Mend it where the file comes from, or leave the cell empty.',
      })
      return []
    }
    if (kind !== 'email' && (/^\d{1,2}-[a-z]{3}(?:-\d{2,4})?$/i.test(value) || /^\d(?:[.,]\d+)?e\+?\d+$/i.test(value))) {
      problems.add(file, {
        ...{ row, column, value, code: 'id_changed', severity: 'warn' },
        message: `Row ${row}: a spreadsheet may have changed this ${column} to '${value}'.`,
        fix: 'Compare it with the original; format the column as text before typing the numbers again.',
      })
    }
    return [{ kind, value, folded: foldIdentifier(value) }]
  })
}

/** A reference by whatever the row holds. A bare "student id" may be the SIS id or the number. */
export function studentRef(values: Readonly<Partial<Record<IdentifierKind | 'studentId', string>>>): StudentRef {
  const { studentId = '' } = values
  const named = (['sis', 'number', 'username', 'email'] as const).flatMap((kind) => refTo(kind, values[kind] ?? ''))
  return [
    ...named,
    ...refTo('sis', studentId),
    ...refTo('number', studentId),
    ...refTo('email', studentId.includes('@') ? studentId : ''),
  ]
}

function refTo(kind: IdentifierKind, value: string): StudentRef {
  return value === '' ? [] : [{ kind, value, folded: foldIdentifier(value) }]
}

/** The two parts of a name; a whole name is split at its comma, or before its last word. */
export function nameParts(
  lastName: string,
  firstName: string,
  fullName: string,
): Readonly<{ lastName: string; firstName: string }> {
  const cut = (text: string) => text.slice(0, rosterNameCharsMax).trim()
  if (lastName !== '' || firstName !== '' || fullName === '') return { lastName: cut(lastName), firstName: cut(firstName) }
  const [last = '', ...rest] = fullName.split(',')
  if (rest.length > 0) return { lastName: cut(last.trim()), firstName: cut(rest.join(',').trim()) }
  const words = fullName.split(' ')
  return { lastName: cut(words.at(-1) ?? ''), firstName: cut(words.slice(0, -1).join(' ')) }
}
