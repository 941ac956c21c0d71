import { countOf, type Format } from '@/components/ui/format'
import type { RosterProblem } from '@/lib/rosters/roster-file'

const shownMax = 50

/** All problems of a roster, those that need the same repair together, what to do first; each names its table, row and value. */
export function RosterProblems({ problems, format }: Readonly<{ problems: readonly RosterProblem[]; format: Format }>) {
  return (
    <ul className="grid gap-3">
      {byRepair(problems).map(([key, group]) => (
        <li key={key} className="keep-together grid gap-1.5 rounded-md border border-line bg-surface p-3">
          <p className="font-semibold">
            {group[0]?.fix}
            {group.length > 1 && (
              <span className="font-normal text-ink-soft"> ({countOf(group.length, 'place', 'places', format)})</span>
            )}
          </p>
          <ul className="grid gap-1 text-sm">
            {group.slice(0, shownMax).map(({ file, row, column, message }) => (
              <li key={`${file} ${row} ${column} ${message}`}>
                {file !== null && <bdi className="font-medium">{file}: </bdi>}
                <bdi>{message}</bdi>
              </li>
            ))}
            {group.length > shownMax && (
              <li className="text-ink-soft">
                {countOf(group.length - shownMax, 'more place', 'more places', format)} like these.
              </li>
            )}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function byRepair(problems: readonly RosterProblem[]): readonly (readonly [string, readonly RosterProblem[]])[] {
  const groups = new Map<string, RosterProblem[]>()
  for (const problem of problems) {
    const key = `${problem.code} ${problem.fix}`
    groups.set(key, [...(groups.get(key) ?? []), problem])
  }
  return [...groups]
}
