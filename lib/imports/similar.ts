/**
 * Whom a name may mean, by likeness: for a person to choose from, never to match by. Names are compared by the pairs of letters they
 * share (Dice), whichever part comes first, so that a slip, a missing middle name or swapped parts still find somebody. Pure.
 */
import { foldName } from './text'

export type Likeness<Item> = Readonly<{ item: Item; likeness: number }>

type Named = Readonly<{ lastName: string; firstName: string }>

const likenessMin = 0.5

/** Answers who of `people` a name is like, the likest first and never more than `limit`. */
export function createFinder<Item extends Named>(people: readonly Item[]): (name: Named, limit: number) => Likeness<Item>[] {
  const all = people.map((item, at) => ({ item, at, pairs: pairsOf(item) }))
  const having = new Map<string, (typeof all)[number][]>()
  for (const person of all) {
    for (const pair of person.pairs) {
      const list = having.get(pair)
      if (list) list.push(person)
      else having.set(pair, [person])
    }
  }
  return (name, limit) => {
    const wanted = pairsOf(name)
    const shared = new Map<(typeof all)[number], number>()
    for (const pair of wanted) for (const person of having.get(pair) ?? []) shared.set(person, (shared.get(person) ?? 0) + 1)
    return [...shared]
      .map(([{ item, at, pairs }, count]) => ({ item, at, likeness: (2 * count) / (wanted.size + pairs.size) }))
      .filter(({ likeness }) => likeness >= likenessMin)
      .sort((a, b) => b.likeness - a.likeness || a.at - b.at)
      .slice(0, limit)
      .map(({ item, likeness }) => ({ item, likeness }))
  }
}

/** Pairs of neighbouring letters, each word with its edges, accents aside. */
function pairsOf({ lastName, firstName }: Named): Set<string> {
  const text = foldName(`${lastName} ${firstName}`).normalize('NFD').replace(/\p{M}/gu, '')
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(
    words.flatMap((word) => {
      const letters = [...` ${word} `]
      return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`)
    }),
  )
}
