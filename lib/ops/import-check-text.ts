import type { FileCheck } from '@/lib/imports/check'

const verdicts: Readonly<Record<FileCheck['outcome'], string>> = {
  ok: 'can be imported',
  warn: 'can be imported, but look at what is said below',
  ask: 'can be imported once what is asked is answered',
  refuse: 'cannot be imported',
}

const shownMax = 20

/** What a check found, to be read in a terminal. */
export function checkText(check: FileCheck, name: string): string {
  const lines = [`${name} ${verdicts[check.outcome]}.`, ...describe(check)]
  for (const { message, fix } of first(check.problems)) lines.push('', message, `  ${fix}`)
  lines.push(...rest(check.problems.length, 'problems'))
  if (check.ignored.length > 0) lines.push('', 'Not used:')
  for (const { where, reason } of first(check.ignored)) lines.push(`  ${where}: ${reason}`)
  lines.push(...rest(check.ignored.length, 'parts'))
  return `${lines.join('\n')}\n`
}

const first = <Item>(items: readonly Item[]) => items.slice(0, shownMax)
const rest = (count: number, what: string) =>
  count > shownMax ? [`  and ${count - shownMax} more ${what}; --json lists all`] : []

function describe({
  source,
  encoding,
  delimiter,
  headerRow,
  numbers,
  dates,
  students,
  assignments,
  cells,
  class: ofClass,
}: FileCheck): string[] {
  if (source === null) return []
  const written = [
    encoding,
    delimiter === null ? null : `cells parted by ${JSON.stringify(delimiter)}`,
    `headings in row ${headerRow}`,
  ]
  const counts = Object.entries(cells).filter(([, count]) => count > 0)
  return [
    `  source       ${source}`,
    `  written as   ${written.filter((part) => part !== null).join(', ')}, decimals with ${JSON.stringify(numbers)}, dates ${dates}`,
    `  students     ${students}`,
    ...(ofClass
      ? [`  class file   ${ofClass.matched} matched, ${ofClass.unmatched} not found, ${ofClass.absent} without a row`]
      : []),
    `  assignments  ${assignments.length}: ${first(assignments)
      .map(({ title, points, date }) => [title, points && `of ${points}`, date].filter(Boolean).join(' '))
      .join('; ')}`,
    `  cells        ${counts.map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
  ]
}
