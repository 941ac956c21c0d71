/** The step Fix: problems by the repair they need. Pure. */
import type { ImportChoices } from './choices'
import { fixBulk, fixTitle } from './fix-words'
import type { StoredPlan } from './stored-plan'
import type { StoredReading } from './stored-reading'
import type { ImportProblem } from './views'
import { stepOf } from './wizard-steps'
import type { FixGroup } from './wizard-views'

const cellsMax = 100

/** Everything open, and all that is not told at another step, in the order in which kinds first come up in the file. */
export function fixGroups(plan: StoredPlan, reading: StoredReading, choices: ImportChoices): FixGroup[] {
  const place = placesOf(plan, reading)
  const groups = new Map<string, ImportProblem[]>()
  for (const problem of plan.problems) {
    const step = stepOf(problem)
    if (step === 'review' || (step === 'map' && problem.severity !== 'block')) continue
    const code = problem.code.replace(/^more_/, '')
    const list = groups.get(code)
    if (list) list.push(problem)
    else groups.set(code, [problem])
  }
  return [...groups].map(([code, problems]) => groupOf(code, problems, { place, choices }))
}

type Places = Readonly<{ columnOf: (name: string) => number | null; studentOf: (row: number) => string }>

function placesOf(plan: StoredPlan, { columns, refused }: StoredReading): Places {
  const names = new Map<string, number>()
  const note = (name: string, at: number) => {
    if (name !== '' && !names.has(name)) names.set(name, at)
  }
  for (const { role, title, at } of columns) if (role === 'assignment') note(title, at)
  for (const { role, identity, at } of columns) if (role === 'identity') note(identityNames[identity ?? ''] ?? '', at)
  for (const { heading, at } of columns) note(heading, at)
  const students = new Map([
    ...refused.map(({ row, name, identifiers }) => [row, name || (identifiers[0] ?? '')] as const),
    ...plan.students.map(({ row, lastName, firstName }) => [row, [lastName, firstName].filter(Boolean).join(', ')] as const),
  ])
  return { columnOf: (name) => names.get(name) ?? null, studentOf: (row) => students.get(row) ?? '' }
}

/** How problems call the columns that tell students apart (lib/imports/roster.ts). */
const identityNames: Readonly<Record<string, string>> = {
  email: 'e-mail',
  number: 'student number',
  username: 'user name',
  sis: 'SIS id',
}

function groupOf(
  code: string,
  problems: readonly ImportProblem[],
  { place, choices }: Readonly<{ place: Places; choices: ImportChoices }>,
): FixGroup {
  const own = problems.filter((problem) => problem.code === code)
  const [first] = own.length > 0 ? own : problems
  const cells = own.flatMap((problem) => cellOf(problem, place, choices))
  return {
    code,
    title: fixTitle(code) ?? first?.message ?? code,
    fix: first?.fix ?? '',
    severity: first?.severity ?? 'warn',
    count: problems.reduce((sum, problem) => sum + (problem.code === code ? 1 : countBeyond(problem)), 0),
    cells: cells.slice(0, cellsMax),
    problems: problems.slice(0, cellsMax),
    bulk: fixBulk(code),
  }
}

/** `200 more problems of this kind ...` stands for 200. */
function countBeyond({ message }: ImportProblem): number {
  return Number.parseInt(message, 10) || 1
}

function cellOf({ row, column, value }: ImportProblem, place: Places, choices: ImportChoices): FixGroup['cells'][number][] {
  const at = column === null ? null : place.columnOf(column)
  if (row === null || column === null || at === null) return []
  const edited = choices.cells?.[`${row}:${at}`] ?? null
  return [{ row, column: at, where: `Row ${row}, ${column}`, student: place.studentOf(row), value: value ?? '', edited }]
}
