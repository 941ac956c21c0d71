import { importProblemsMax } from '@/lib/imports/limits'
import { type Noted, problem } from '@/lib/imports/problems'
import type { RosterProblem } from './roster-file'

/** All problems of an upload; beyond the limit the rest is counted by code, but what blocks is always kept. */
export type RosterProblemList = Readonly<{
  add: (file: string | null, noted: Noted) => void
  list: () => readonly RosterProblem[]
}>

/** A problem with the table it stands in. */
export function rosterProblem(file: string | null, noted: Noted): RosterProblem {
  return { ...problem(noted), file }
}

/** An empty list of problems, kept by table and in the order of rows. */
export function createRosterProblems(): RosterProblemList {
  const kept: RosterProblem[] = []
  const dropped = new Map<string, number>()
  return {
    add(file, noted) {
      if (noted.severity !== 'block' && kept.length >= importProblemsMax) {
        dropped.set(noted.code, (dropped.get(noted.code) ?? 0) + 1)
      } else kept.push(rosterProblem(file, noted))
    },
    list() {
      const rest = [...dropped].map(([code, count]) =>
        rosterProblem(null, {
          code: `more_${code}`,
          severity: 'warn',
          message: `${count} more problems of this kind are not listed one by one.`,
          fix: 'Mend the listed ones first, then upload the file again.',
        }),
      )
      return [...kept.toSorted((a, b) => (a.file ?? '').localeCompare(b.file ?? '') || (a.row ?? 0) - (b.row ?? 0)), ...rest]
    },
  }
}
