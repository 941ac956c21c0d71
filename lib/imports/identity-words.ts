/** Headings that tell who a row is, in the words of every source. Pure. */
import { type Format, type IdentityRole, identityRoles } from './formats/format'
import { generic } from './formats/generic'

type Words = ReadonlyMap<string, IdentityRole>
type Vocabulary = Readonly<{ own: Words; any: Words }>

/** Looked up for every cell of the first rows, under every delimiter that may be meant: so by key, and made once. */
const vocabularies = new WeakMap<Format, Vocabulary>()

function vocabularyOf(format: Format): Vocabulary {
  let vocabulary = vocabularies.get(format)
  if (vocabulary === undefined) {
    vocabulary = makeVocabulary(format)
    vocabularies.set(format, vocabulary)
  }
  return vocabulary
}

function makeVocabulary(format: Format): Vocabulary {
  const wordsOf = ({ identity }: Format, roles: readonly IdentityRole[]) =>
    roles.toReversed().flatMap((role) => identity[role].map((word) => [word, role] as const))
  const own = new Map(wordsOf(format, identityRoles))
  // Words of other sources tell a student too, but not "First" and "Last": quizzes are called that.
  const others = wordsOf(generic, ['fullName', 'email', 'number', 'username', 'sis'])
  const taken = new Set(Object.values(format.columns).flat())
  return { own, any: new Map([...others.filter(([word]) => !taken.has(word)), ...own]) }
}

/** The identity role a heading has by the source's own words. */
export function ownIdentityOf(word: string, format: Format): IdentityRole | null {
  return vocabularyOf(format).own.get(word) ?? null
}

/** The identity role a heading has in files of a source; words of its own go before those of others. */
export function identityOf(word: string, format: Format): IdentityRole | null {
  return vocabularyOf(format).any.get(word) ?? null
}

/** The first column of every identity role a heading row names; words of the source itself go before those of others. */
export function findIdentity(words: readonly string[], format: Format): Map<IdentityRole, number> {
  const found = new Map<IdentityRole, number>()
  const { own, any } = vocabularyOf(format)
  for (const roleOf of [own, any]) {
    for (const [column, word] of words.entries()) {
      const role = roleOf.get(word)
      if (role !== undefined && !found.has(role)) found.set(role, column)
    }
  }
  return found
}

/** True when rows can be told apart by it: any identifier, whole names, or both names. */
export function canTellStudents(identity: ReadonlyMap<IdentityRole, number>): boolean {
  const has = (role: IdentityRole) => identity.has(role)
  return (['fullName', 'email', 'number', 'username', 'sis'] as const).some(has) || (has('lastName') && has('firstName'))
}
