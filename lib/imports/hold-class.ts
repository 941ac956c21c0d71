import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import type { StoredPlan } from './stored-plan'
import { foldName, foldTitle } from './text'

/** What of the class a commit has to know, as it is now. */
export type HeldClass = Readonly<{
  /** Students the plan takes in who were in the class before, and when they left it. */
  returning: readonly Readonly<{ studentId: string; leftAt: string }>[]
}>

type Held = HeldClass &
  Readonly<{
    /** Of the students that must be in the class, and of those that must not, how many are so. */
    matched: number
    entering: number
    students: readonly Readonly<{ lastName: string; firstName: string }>[]
    known: readonly Readonly<{ id: string; maxPoints: string; dueOn: string | null; categoryId: string | null }>[]
    /** The term's other assignments. */
    others: readonly Readonly<{ title: string; dueOn: string | null }>[]
  }>

/**
 * Holds what the plan stands on until the transaction ends: its students, where it saw them, and its assignments, as it saw them.
 * Throws `plan_stale` when any of it is no longer so, or when what the plan would add is there already.
 */
export async function holdClass(tx: TenantWriter, plan: StoredPlan): Promise<HeldClass> {
  const idsOf = (state: string) => plan.students.flatMap((student) => (student.state === state ? (student.id ?? []) : []))
  const matched = idsOf('matched')
  const entering = idsOf('enrolled')
  const nameless = plan.students.filter(({ state, adds, isChosenNew }) => state === 'new' && adds.length === 0 && !isChosenNew)
  const [held] = await tx.sql<Held>(
    holdQuery,
    [
      tx.tenantId,
      plan.classId,
      plan.termId,
      matched,
      entering,
      plan.assignments.flatMap(({ id }) => id ?? []),
      nameless.length > 0,
    ],
    { name: 'hold_class' },
  )
  if (held === undefined) throw new Error('the class gave no answer')
  if (held.matched !== matched.length)
    throw stale(`${matched.length - held.matched} students of the plan are no longer in the class.`)
  if (held.entering !== entering.length)
    throw stale('A student the plan would take into the class was taken in or left the school meanwhile.')
  // A student known by name alone must still be unknown: another import may have brought them meanwhile.
  const names = new Set(held.students.map(nameOf))
  if (nameless.some((student) => names.has(nameOf(student))))
    throw stale('A student the plan would add was taken into the class meanwhile.')
  refuseChanged(plan, held.known)
  refuseTaken(plan, held.others)
  return held
}

function refuseChanged(plan: StoredPlan, known: Held['known']): void {
  const now = new Map(known.map((assignment) => [assignment.id, assignment]))
  for (const { id, title, old } of plan.assignments) {
    if (id === null) continue
    const current = now.get(id)
    if (!current) throw stale(`The assignment '${title}' was deleted since.`)
    if (current.maxPoints !== old?.maxPoints || current.dueOn !== old.dueOn)
      throw stale(`The points or the date of '${title}' were changed since.`)
    if (old.category !== undefined && current.categoryId !== (old.category?.id ?? null))
      throw stale(`The category of '${title}' was changed since.`)
  }
}

/** The plan would have matched a title that is in the class now; only columns of one title are told apart by their dates. */
function refuseTaken(plan: StoredPlan, others: Held['others']): void {
  const datesOf = new Map<string, Set<string | null>>()
  for (const { title, dueOn } of others) datesOf.set(foldTitle(title), (datesOf.get(foldTitle(title)) ?? new Set()).add(dueOn))
  const isOneOfSeveral = (title: string) =>
    plan.assignments.filter((other) => foldTitle(other.title) === foldTitle(title)).length > 1
  const twice = plan.assignments.find(({ id, title, dueOn, isChosenNew }) => {
    const dates = id === null && !isChosenNew ? datesOf.get(foldTitle(title)) : undefined
    return dates !== undefined && (dates.has(dueOn) || !isOneOfSeveral(title))
  })
  if (twice) throw stale(`An assignment '${twice.title}' was added to the class since.`)
}

/** The commit's refusal of a plan that no longer fits. */
export function stale(what: string): ProblemError {
  return new ProblemError('plan_stale', `${what} Nothing was written. Upload the file again to see a fresh plan.`)
}

const nameOf = (student: Readonly<{ lastName: string; firstName: string }>) =>
  `${foldName(student.lastName)}\t${foldName(student.firstName)}`

const holdQuery = `
  with matched as (
    select e.student_id
    from app.enrolments e
    where e.tenant_id = $1 and e.class_id = $2 and e.student_id = any($4) and e.left_at is null
    order by e.student_id
    for key share
  ),
  entering as (
    select s.id
    from app.students s
    where s.tenant_id = $1 and s.id = any($5) and not exists (
      select from app.enrolments e
      where e.tenant_id = $1 and e.class_id = $2 and e.student_id = s.id and e.left_at is null)
    order by s.id
    for key share of s
  ),
  returning_students as (
    select e.student_id, e.left_at
    from app.enrolments e
    where e.tenant_id = $1 and e.class_id = $2 and e.student_id = any($5) and e.left_at is not null
    for no key update
  ),
  known as (
    select a.id, a.max_points, a.due_on, a.category_id
    from app.assignments a
    where a.tenant_id = $1 and a.class_id = $2 and a.term_id = $3 and a.id = any($6)
    order by a.id
    for no key update
  )
  select
    (select count(*)::int from matched) as matched,
    (select count(*)::int from entering) as entering,
    (select coalesce(json_agg(json_build_object('studentId', r.student_id, 'leftAt', r.left_at::text)), '[]')
     from returning_students r) as returning,
    (select coalesce(json_agg(json_build_object(
        'id', k.id, 'maxPoints', trim_scale(k.max_points)::text, 'dueOn', k.due_on, 'categoryId', k.category_id)), '[]')
     from known k) as known,
    (select coalesce(json_agg(json_build_object('title', a.title, 'dueOn', a.due_on)), '[]')
     from app.assignments a
     where a.tenant_id = $1 and a.class_id = $2 and a.term_id = $3 and a.id <> all($6)) as others,
    (select coalesce(json_agg(json_build_object('lastName', s.last_name, 'firstName', s.first_name)), '[]')
     from app.enrolments e
     join app.students s on s.tenant_id = e.tenant_id and s.id = e.student_id
     where $7 and e.tenant_id = $1 and e.class_id = $2 and e.left_at is null) as students`
