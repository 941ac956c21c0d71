import { importProblemsMax } from './limits'
import type { ImportProblem } from './views'

/** A problem as it is noted: what is not said is null. */
export type Noted = Omit<ImportProblem, 'row' | 'column' | 'value'> & Partial<Pick<ImportProblem, 'row' | 'column' | 'value'>>

const valueCharsMax = 80

/** Makes a whole problem; long values are cut, because they are shown. */
export function problem(noted: Noted): ImportProblem {
  const value = noted.value === undefined || noted.value === null ? null : maskSecrets(noted.value)
  return {
    row: noted.row ?? null,
    column: noted.column ?? null,
    value: value !== null && value.length > valueCharsMax ? `${value.slice(0, valueCharsMax)}...` : value,
    code: noted.code,
    message: maskSecrets(noted.message),
    fix: noted.fix,
    severity: noted.severity,
  }
}

/** A text without social security numbers, wherever they stand in it: problems are stored and shown. */
export function maskSecrets(text: string): string {
  return text.length < 11 ? text : text.replace(/(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)/g, '***-**-****')
}

// What concerns the whole file stands before its rows, and what was only counted behind them.
const placeOf = ({ row, code }: ImportProblem) => row ?? (isCount(code) ? Number.MAX_SAFE_INTEGER : 0)
const isCount = (code: string) => code.startsWith('more_')

/** All problems of a file; beyond the limit the rest is counted by code, but what blocks is always kept. */
export type ProblemList = Readonly<{
  add: (noted: Noted) => void
  list: () => readonly ImportProblem[]
  isBlocked: () => boolean
}>

/** An empty list of problems, kept in the order of rows as they are listed. */
export function createProblems(): ProblemList {
  const kept: ImportProblem[] = []
  const dropped = new Map<string, number>()
  let isBlocked = false
  return {
    add(noted) {
      if (noted.severity === 'block') isBlocked = true
      // What another list counted already is kept as it is.
      else if (kept.length >= importProblemsMax && !isCount(noted.code)) {
        dropped.set(noted.code, (dropped.get(noted.code) ?? 0) + 1)
        return
      }
      kept.push(problem(noted))
    },
    list() {
      const rest = [...dropped].map(([code, count]) =>
        problem({
          code: `more_${code}`,
          severity: 'warn',
          message: `${count} more problems of this kind are not listed one by one.`,
          fix: 'Mend the listed ones first, then upload the file again.',
        }),
      )
      return [...kept].sort((a, b) => placeOf(a) - placeOf(b)).concat(rest)
    },
    isBlocked: () => isBlocked,
  }
}
