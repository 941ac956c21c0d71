/** Columns of one title: one assignment, or several that their dates or ids tell apart. It is asked, never guessed. Pure. */
import { columnName } from './column-name'
import type { Column, ColumnOptions } from './columns'
import type { ProblemList } from './problems'
import { foldTitle } from './text'

/** Columns with those that were said to be the same as one. What is open or cannot be told apart goes to `problems`. */
export function mergeSameTitles(columns: readonly Column[], { sameTitles }: ColumnOptions, problems: ProblemList): Column[] {
  const groups = new Map<string, Column[]>()
  for (const column of columns) {
    const key = column.assignmentId ?? `title ${foldTitle(column.title)}`
    groups.set(key, [...(groups.get(key) ?? []), column])
  }
  const merged = [...groups.values()].flatMap((same) => {
    if (same.length < 2 || (sameTitles === 'different' && toldApartBy(same))) return same
    if (sameTitles === 'same') return merge(same, problems)
    ask(same, problems)
    return same
  })
  return merged.sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0))
}

function toldApartBy(same: readonly Column[]): 'date' | 'id' | null {
  if (new Set(same.map(({ dueOn }) => dueOn)).size === same.length) return 'date'
  const ids = new Set(same.map(({ vendorId }) => vendorId))
  return ids.size === same.length && !ids.has(null) ? 'id' : null
}

function merge(same: readonly Column[], problems: ProblemList): Column[] {
  const [first] = same
  if (first === undefined) return []
  const said = new Set(same.flatMap(({ maxPoints }) => maxPoints ?? []))
  if (said.size > 1) {
    problems.add({
      column: first.title,
      value: [...said].join(', '),
      code: 'same_title_points',
      severity: 'block',
      message: `${namesOf(same)} were said to be the same assignment, but are out of ${[...said].join(' and ')} points.`,
      fix: 'Give them the same points, leave one out, or say that they are different assignments.',
    })
  }
  return [
    {
      ...first,
      at: same.flatMap(({ at }) => at),
      maxPoints: firstOf(same.map(({ maxPoints }) => maxPoints)),
      pointsRead: (same.find(({ maxPoints }) => maxPoints !== null) ?? first).pointsRead,
      dueOn: firstOf(same.map(({ dueOn }) => dueOn)),
      category: firstOf(same.map(({ category }) => category)),
      tags: [...new Set(same.flatMap(({ tags }) => tags))],
      vendorId: firstOf(same.map(({ vendorId }) => vendorId)),
    },
  ]
}

const firstOf = (texts: readonly (string | null)[]) => texts.find((text) => text !== null) ?? null

function ask(same: readonly Column[], problems: ProblemList): void {
  const [first] = same
  problems.add({
    column: first?.title ?? null,
    value: same.flatMap(({ at }) => at.map(columnName)).join(', '),
    code: 'same_title',
    severity: 'block',
    message: `${namesOf(same)} are ${same.length > 2 ? 'all' : 'both'} called '${first?.title}'. Are they the same assignment or different ones?`,
    fix: fixes[toldApartBy(same) ?? 'nothing'],
  })
}

const namesOf = (same: readonly Column[]) => `Columns ${same.flatMap(({ at }) => at.map(columnName)).join(' and ')}`

const fixes = {
  date: 'If they are different, say so (their dates tell them apart) or rename one; if they are the same, say that or leave one out.',
  id: 'If they are different, say so (their ids tell them apart) or rename one; if they are the same, say that or leave one out.',
  nothing: 'If they are different, give one another title; if they are the same, say that or leave one out.',
}
