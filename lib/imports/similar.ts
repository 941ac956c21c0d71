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
  const all = people.map((item) => ({ item, pairs: pairsOf(item) }))
  const having = new Map<string, number[]>()
  for (const [at, { pairs }] of all.entries()) {
    for (const pair of pairs) {
      const list = having.get(pair)
      if (list) list.push(at)
      else having.set(pair, [at])
    }
  }
  return (name, limit) => {
    const wanted = pairsOf(name)
    const shared = new Map<number, number>()
    for (const pair of wanted) for (const at of having.get(pair) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1)
    return [...shared]
      .flatMap(([at, count]) => {
        const found = all[at]
        const likeness = found === undefined ? 0 : (2 * count) / (wanted.size + found.pairs.size)
        return found === undefined || likeness < likenessMin ? [] : [{ item: found.item, likeness, at }]
      })
      .sort((a, b) => b.likeness - a.likeness || a.at - b.at)
      .slice(0, limit)
      .map(({ item, likeness }) => ({ item, likeness }))
  }
}

/** Pairs of neighbouring letters, each word with its edges, accents aside. */
function pairsOf({ lastName, firstName }: Named): Set<string> {
  const words = foldName(`${lastName} ${firstName}`)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  return new Set(
    words.flatMap((word) => {
      const letters = [...` ${word} `]
      return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`)
    }),
  )
}
