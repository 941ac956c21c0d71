import { countOf, type Format } from '@/components/ui/format'
import type { ImportProblem } from '@/lib/imports/views'

/** All problems of a file, those that need the same repair together, what to do first; each message names its place and value. */
export function ProblemList({ problems, format }: Readonly<{ problems: readonly ImportProblem[]; format: Format }>) {
  const groups = byRepair(problems)
  return (
    <ul className="grid gap-3">
      {groups.map((group) => {
        const [first] = group
        if (first === undefined) return null
        return (
          <li
            key={`${first.code} ${first.fix}`}
            className="keep-together grid gap-1.5 rounded-md border border-line bg-surface p-3"
          >
            <p className="font-semibold">
              {first.fix}
              {group.length > 1 && (
                <span className="font-normal text-ink-soft"> ({countOf(group.length, 'place', 'places', format)})</span>
              )}
            </p>
            <ul className="grid gap-1 text-sm">
              {[...new Set(group.map(({ message }) => message))].map((message) => (
                <li key={message}>{message}</li>
              ))}
            </ul>
          </li>
        )
      })}
    </ul>
  )
}

/** Problems by the repair they need, in the order of the file. */
function byRepair(problems: readonly ImportProblem[]): readonly (readonly ImportProblem[])[] {
  const groups = new Map<string, ImportProblem[]>()
  for (const problem of problems) {
    const key = `${problem.code} ${problem.fix}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [problem])
    else group.push(problem)
  }
  return [...groups.values()]
}
