/** Each student's total before and after an import, reckoned when it is planned. Pure but for pausing. */
import { type Grade, parseCell } from '@/lib/gradebook/cell'
import { computeTotals, type GradedItem, prepareScheme } from '@/lib/gradebook/totals'
import { clear } from './cells'
import type { ClassState } from './class-state'
import { cellsPerSlice, pause } from './pause'
import { type PlannedAssignment, type PlannedStudent, writtenBy } from './stored-plan'
import type { ImportWatch } from './watch'

type Planned = Readonly<{
  assignments: readonly PlannedAssignment[]
  /** Student id of each row, null for new ones. */
  rows: readonly (string | null)[]
  next: readonly (readonly string[])[]
}>

/** The current totals of each row's student, over all of the term's work, also what the file does not speak of. */
export async function planTotals(
  state: ClassState,
  { assignments, rows, next }: Planned,
  watch: ImportWatch = {},
): Promise<PlannedStudent['totals'][]> {
  const plannedOf = new Map(assignments.map((assignment) => [assignment.id, assignment]))
  // A category that the commit will make has no weight and drops nothing: work in it counts like work in none.
  const categoryOf = new Map(state.categories.map(({ id, name }) => [name, id]))
  const after: GradedItem[] = [
    ...state.assignments.map((item) => ({ ...item, ...plannedFor(plannedOf.get(item.id), categoryOf) })),
    ...assignments.flatMap((assignment, at) => (assignment.id === null ? [newItem(assignment, at, categoryOf)] : [])),
  ]
  const schemes = {
    before: prepareScheme(state.assignments, state.categories, state.letters),
    after: prepareScheme(after, state.categories, state.letters),
  }
  const placeOf = new Map(state.assignments.map(({ id }, place) => [id, place]))
  let added = state.assignments.length
  const places = assignments.map(({ id }) => (id === null ? added++ : (placeOf.get(id) ?? 0)))
  const cache = new Map<string, Grade | null>()
  const gradeOf = (text: string) => {
    let grade = cache.get(text)
    if (grade === undefined) {
      grade = parseCell(text)
      cache.set(text, grade)
    }
    return grade
  }
  const none = state.assignments.map(() => '')
  const isWorkChanged = assignments.some((assignment) => assignment.state === 'changed')
  const ofNone = computeTotals(schemes.before, none.map(gradeOf)).current
  const totals: PlannedStudent['totals'][] = []
  let sincePause = 0
  for (const [at, id] of rows.entries()) {
    const known = state.grades.get(id ?? '')
    const before = known ?? none
    const was = known === undefined ? ofNone : computeTotals(schemes.before, before.map(gradeOf)).current
    const changed = after.map((_, place) => before[place] ?? '')
    let isChanged = false
    for (const [column, token] of (next[at] ?? []).entries()) {
      const text = writtenBy(token)
      if (text === '') continue
      isChanged = true
      changed[places[column] ?? 0] = text === clear ? '' : text
    }
    const is = isChanged || isWorkChanged ? computeTotals(schemes.after, changed.map(gradeOf)).current : was
    totals.push([was.percent, was.letter, is.percent, is.letter])
    sincePause += after.length
    if (sincePause >= cellsPerSlice / 4) {
      sincePause = 0
      watch.onProgress?.('totals', at + 1, rows.length)
      await pause(watch.signal)
    }
  }
  return totals
}

/** What the plan makes of an assignment of the class, as far as totals depend on it. */
function plannedFor(
  planned: PlannedAssignment | undefined,
  categoryOf: ReadonlyMap<string, string>,
): Partial<Pick<GradedItem, 'maxPoints' | 'categoryId'>> {
  if (planned === undefined) return {}
  const { maxPoints, old, category } = planned
  return { maxPoints, ...(old?.category === undefined ? {} : { categoryId: categoryOf.get(category ?? '') ?? null }) }
}

function newItem(
  { maxPoints, dueOn, category }: PlannedAssignment,
  at: number,
  categoryOf: ReadonlyMap<string, string>,
): GradedItem {
  const categoryId = categoryOf.get(category ?? '') ?? null
  return { id: `new ${at}`, maxPoints, dueOn, categoryId, isExtraCredit: false }
}
