/** Which members teach which classes by a roster. Pure. Accounts of teachers are never made out of a file. */
import { foldEmail } from '@/lib/auth/member'
import { groupBy } from './group-by'
import type { ClassesPlan } from './plan-classes'
import type { FileTeaching, RosterFile } from './roster-file'
import type { SchoolState, StateMember } from './school-state'
import type { PlannedTeacher, PlanRef, UnknownTeacher } from './stored-plan'

/** Teachers to add and to take away, and those who have no account here. A whole file never leaves a class without a teacher. */
export function planTeachers(
  file: RosterFile,
  state: SchoolState,
  classes: ClassesPlan,
): Readonly<{ planned: readonly PlannedTeacher[]; unknown: readonly UnknownTeacher[] }> {
  const members = new Map(state.members.map((member) => [member.email, member]))
  const known = new Set(state.teachers.map(({ classId, memberId }) => keyOf(classId, memberId)))
  const named = new Map<string, PlannedTeacher>()
  const staffed = new Set<PlanRef>()
  const gone = new Set<string>()
  const unknown: FileTeaching[] = []
  for (const row of file.teachings) {
    const place = classes.find(row.class)
    if (place === null || classes.closing.has(place)) continue
    const member = row.email === null ? undefined : members.get(foldEmail(row.email))
    if (member === undefined || !canTeach(member)) {
      if (!row.isRemoved) unknown.push(row)
      continue
    }
    const key = keyOf(place, member.id)
    if (row.isRemoved) gone.add(key)
    else {
      staffed.add(place)
      named.set(key, { class: place, memberId: member.id, state: 'new' })
    }
  }
  const isWhole = file.whole.includes('teachers')
  const ended = state.teachers.filter(({ classId, memberId }) => {
    const key = keyOf(classId, memberId)
    return !named.has(key) && (gone.has(key) || (isWhole && staffed.has(classId)))
  })
  return {
    planned: [
      ...[...named].flatMap(([key, each]) => (known.has(key) ? [] : [each])),
      ...ended.map(({ classId, memberId }): PlannedTeacher => ({ class: classId, memberId, state: 'ended' })),
    ],
    unknown: unknownTeachers(unknown, members, file),
  }
}

const keyOf = (classRef: PlanRef, memberId: string) => `${classRef}\t${memberId}`
const canTeach = ({ roles, isDisabled }: StateMember) =>
  !isDisabled && (roles.includes('teacher') || roles.includes('school_admin'))

function unknownTeachers(
  rows: readonly FileTeaching[],
  members: ReadonlyMap<string, StateMember>,
  file: RosterFile,
): UnknownTeacher[] {
  const nameOf = new Map(file.classes.flatMap(({ ref, name }) => (ref.sisId === null ? [] : [[ref.sisId, name] as const])))
  return [...groupBy(rows, ({ email, who }) => email ?? who).values()].flatMap((group): UnknownTeacher[] => {
    const [first] = group
    if (first === undefined) return []
    const names = group.map((row) => row.class.name ?? nameOf.get(row.class.sisId ?? '') ?? row.class.sisId ?? '')
    return [{ who: first.who, email: first.email, classNames: [...new Set(names)].sort(), reason: reasonOf(first, members) }]
  })
}

function reasonOf({ email }: FileTeaching, members: ReadonlyMap<string, StateMember>): string {
  if (email === null)
    return 'The file gives no e-mail address. Add it where the file comes from, or add the teacher to the class by hand.'
  const member = members.get(foldEmail(email))
  if (member?.isDisabled) return 'This account was shut out. Let the person in again first, or name another teacher.'
  if (member !== undefined) return 'This account is no teacher. Give it the role of a teacher, then upload the file again.'
  return 'Nobody here has this e-mail address. Invite the teacher, then upload the file again.'
}
