/** Which identifiers of a file are asked of the school, and whom what it answers means. Pure. */
import { studentIdOfKey } from '@/lib/gradebook/student-key'
import type { ImportChoices } from './choices'
import type { ClassStudent } from './class-state'
import type { ParsedIdentifier } from './parsed'

type Asked = Readonly<{ kind: string; folded: string }>

/** What to look up: the identifiers themselves, and user names that are e-mail addresses as such too. */
export function askedOf(identifiers: readonly ParsedIdentifier[]): readonly Asked[] {
  const logins = identifiers.filter(({ kind, folded }) => kind === 'username' && folded.includes('@'))
  return [...identifiers, ...logins.map(({ folded }) => ({ kind: 'email', folded }))]
}

/** Students whose keys of ours stand among the identifiers: what stands there -> the student's id. */
export function keysIn(identifiers: readonly ParsedIdentifier[]): ReadonlyMap<string, string> {
  return new Map(
    identifiers.flatMap(({ folded }) => {
      const id = studentIdOfKey(folded)
      return id === null ? [] : [[folded, id] as const]
    }),
  )
}

/**
 * `kind\tfolded` of an identifier -> student. `found` is what the school knows of `askedOf`, `keyed` the students of `keysIn` by id;
 * what an identifier is known as goes before what else it may be.
 */
export function knownBy(
  identifiers: readonly ParsedIdentifier[],
  found: ReadonlyMap<string, ClassStudent>,
  keyed: ReadonlyMap<string, ClassStudent>,
): Map<string, ClassStudent> {
  const keys = keysIn(identifiers)
  const others = identifiers.flatMap(({ kind, folded }) => {
    const other = keyed.get(keys.get(folded) ?? '') ?? (kind === 'username' ? found.get(`email\t${folded}`) : undefined)
    return other === undefined ? [] : [[`${kind}\t${folded}`, other] as const]
  })
  return new Map([...others, ...found])
}

/** The ids of students the teacher chose for rows. */
export function chosenIn({ students = {} }: ImportChoices): string[] {
  return Object.values(students).flatMap((choice) => (choice.use === 'student' ? [choice.studentId] : []))
}
