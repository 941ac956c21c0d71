/** Rows whose student is not known for sure, beside those they may mean. Pure but for pausing. */
import type { ImportChoices } from './choices'
import { pause } from './pause'
import { createFinder } from './similar'
import type { StoredPlan } from './stored-plan'
import type { StoredReading } from './stored-reading'
import { type UnmatchedRow, unmatchedMax } from './wizard-views'

/** Somebody of the school whom a row may mean. */
export type Candidate = Readonly<{
  id: string
  lastName: string
  firstName: string
  identifiers: readonly string[]
  isInClass: boolean
}>

const candidatesMax = 4
/** Looking for people who are like somebody takes time: what a class can hold is looked at, not a whole school that comes in anew. */
const askedMax = 500
const rowsPerSlice = 25

/** True when a plan has rows that candidates are to be looked for. */
export function hasUnmatched(plan: StoredPlan, reading: StoredReading): boolean {
  return reading.refused.length > 0 || plan.students.some(({ state }) => state === 'new')
}

/**
 * Refused rows first, then new students who are like somebody the school has, then rows the teacher has decided. A new student like
 * nobody is simply new; only the first 500 rows are looked at.
 */
export async function unmatchedRows(
  plan: StoredPlan,
  reading: StoredReading,
  { choices, people }: Readonly<{ choices: ImportChoices; people: readonly Candidate[] }>,
): Promise<UnmatchedRow[]> {
  const taken = new Set(plan.students.flatMap(({ id }) => id ?? []))
  const find = createFinder(people.filter(({ id }) => !taken.has(id)))
  const asked = [
    ...reading.refused.map(({ row, name, identifiers }) => {
      const [lastName = '', firstName = ''] = name.split(', ')
      return { row, lastName, firstName, identifiers, isRefused: true }
    }),
    ...plan.students.flatMap(({ state, row, lastName, firstName, adds }) =>
      state === 'new' ? [{ row, lastName, firstName, identifiers: adds.map(({ value }) => value), isRefused: false }] : [],
    ),
  ]
  const rows: UnmatchedRow[] = []
  for (const [at, { row, lastName, firstName, identifiers, isRefused }] of asked.slice(0, askedMax).entries()) {
    if (at % rowsPerSlice === rowsPerSlice - 1) await pause()
    const candidates = find({ lastName, firstName }, candidatesMax).map(({ item, likeness }) => ({
      studentId: item.id,
      name: nameOf(item),
      identifiers: item.identifiers,
      why: whyOf(likeness, item.isInClass),
    }))
    const choice = choices.students?.[String(row)] ?? null
    if (!isRefused && candidates.length === 0 && choice === null) continue
    rows.push({ row, name: nameOf({ lastName, firstName }), identifiers, candidates, choice })
    if (rows.length === unmatchedMax) break
  }
  return [...rows, ...decidedRows(plan, choices, new Set(rows.map(({ row }) => row)))].slice(0, unmatchedMax)
}

/** Rows the teacher gave to somebody or left out, so that it can be taken back. */
function decidedRows(plan: StoredPlan, choices: ImportChoices, shown: ReadonlySet<number>): UnmatchedRow[] {
  const students = new Map(plan.students.map((student) => [student.row, student]))
  return Object.entries(choices.students ?? {}).flatMap(([key, choice]) => {
    const row = Number(key)
    if (shown.has(row)) return []
    const student = students.get(row)
    const name = student === undefined ? '' : nameOf(student)
    const candidates =
      choice.use === 'student' ? [{ studentId: choice.studentId, name, identifiers: [], why: 'You chose this student.' }] : []
    return [{ row, name, identifiers: student?.adds.map(({ value }) => value) ?? [], candidates, choice }]
  })
}

const nameOf = ({ lastName, firstName }: Readonly<{ lastName: string; firstName: string }>) =>
  [lastName, firstName].filter((part) => part !== '').join(', ')

function whyOf(likeness: number, isInClass: boolean): string {
  const where = isInClass ? 'in this class' : 'in the school'
  if (likeness > 0.99) return `The same name, ${where}.`
  return likeness > 0.75 ? `A very similar name, ${where}.` : `A similar name, ${where}.`
}
