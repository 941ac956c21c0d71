/** A plan with the ids of what its commit made. Pure. */
import type { MadeRows } from './roster-row'
import type { PlannedAccount, PlannedClass, PlannedStudent, PlanRef, RosterPlan } from './stored-plan'

/** What writing and undoing a plan work on. */
export type RosterJob = Readonly<{ plan: RosterPlan; made: MadeRows; rosterId: string }>
type WithId<Planned> = Omit<Planned, 'id'> & Readonly<{ id: string }>

/** The lists of a plan with every id, and the id behind a reference. */
export function withIds({ plan, made }: Pick<RosterJob, 'plan' | 'made'>): Readonly<{
  students: readonly WithId<PlannedStudent>[]
  classes: readonly WithId<PlannedClass>[]
  accounts: readonly WithId<PlannedAccount>[]
  studentId: (ref: PlanRef) => string
  classId: (ref: PlanRef) => string
  memberId: (ref: PlanRef) => string
}> {
  const students = filled(plan.students, made.students)
  const classes = filled(plan.classes, made.classes)
  const accounts = filled(plan.accounts, made.accounts)
  return {
    ...{ students, classes, accounts },
    studentId: (ref) => idOf(ref, students),
    classId: (ref) => idOf(ref, classes),
    memberId: (ref) => idOf(ref, accounts),
  }
}

function filled<Planned extends Readonly<{ id: string | null }>>(
  list: readonly Planned[],
  ids: readonly string[],
): WithId<Planned>[] {
  let next = 0
  return list.map((planned) => ({ ...planned, id: planned.id ?? ids[next++] ?? missing() }))
}

function idOf(ref: PlanRef, list: readonly Readonly<{ id: string }>[]): string {
  return ref.startsWith('#') ? (list[Number(ref.slice(1))]?.id ?? missing()) : ref
}

function missing(): never {
  throw new Error('a roster plan points at a row that was not made')
}
