/** A roster file against the school: what would change, what stays, what goes, and what could not be taken. Pure. */
import { removalPercentMax } from './limits'
import { indexStudents, nameOf } from './match-students'
import { planClasses } from './plan-classes'
import { planEnrolments } from './plan-enrolments'
import { planGuardians } from './plan-guardians'
import { planStudents } from './plan-students'
import { planTeachers } from './plan-teachers'
import type { RosterFile } from './roster-file'
import { createRosterProblems } from './roster-problems'
import type { SchoolMarks, SchoolState } from './school-state'
import type { Removal, RemovalKind, RosterPlan } from './stored-plan'

type Compared = Readonly<{ state: SchoolState; marks: SchoolMarks; fileSha256: string }>

/** The plan of a file, with every problem of reading and comparing it. */
export async function compareRoster(file: RosterFile, { state, marks, fileSha256 }: Compared): Promise<RosterPlan> {
  const problems = createRosterProblems()
  for (const { file: table, ...found } of file.problems) problems.add(table, found)
  const students = await planStudents(file, state, indexStudents(state), problems)
  const classes = planClasses(file, state, problems)
  const enrolments = await planEnrolments(file, state, { students, classes, problems })
  const guardians = planGuardians(file, state, { students, problems })
  const teachers = planTeachers(file, state, classes)
  const plan = {
    ...{ version: 1 as const, fileSha256, source: file.source, whole: file.whole, marks },
    students: students.planned,
    classes: classes.planned,
    enrolments: enrolments.planned,
    accounts: guardians.accounts,
    links: guardians.links,
    teachers: teachers.planned,
    unknownTeachers: teachers.unknown,
  }
  const removals = [
    removalOf('students', students.leaving.size, state.students.filter(({ leftAt }) => leftAt === null).length),
    removalOf('classes', classes.closing.size, state.classes.filter(({ archivedAt }) => archivedAt === null).length),
    removalOf('enrolments', plan.enrolments.filter(isEnded).length, enrolments.openCount),
    removalOf('guardians', plan.links.filter(isEnded).length, guardians.openCount),
  ]
  const same = { students: students.same, classes: classes.same, enrolments: enrolments.same, guardians: guardians.same }
  return { ...plan, names: namesIn(plan, state), removals, same, problems: problems.list(), ignored: file.ignored }
}

const isEnded = ({ state }: Readonly<{ state: string }>) => state === 'ended'

function removalOf(kind: RemovalKind, removed: number, of: number): Removal {
  return { kind, removed, of, isLarge: removed * 100 > of * removalPercentMax }
}

type Pointing = Pick<RosterPlan, 'enrolments' | 'links' | 'teachers'>

/** The names behind the ids a page will show. */
function namesIn({ enrolments, links, teachers }: Pointing, state: SchoolState): Readonly<Record<string, string>> {
  const wanted = new Set([
    ...enrolments.flatMap((each) => [each.class, each.student]),
    ...links.flatMap((each) => [each.member, each.student]),
    ...teachers.flatMap((each) => [each.class, each.memberId]),
  ])
  return Object.fromEntries([
    ...state.students.filter(({ id }) => wanted.has(id)).map((student) => [student.id, nameOf(student)]),
    ...state.classes.filter(({ id }) => wanted.has(id)).map(({ id, name }) => [id, name]),
    ...state.members.filter(({ id }) => wanted.has(id)).map(({ id, name, email }) => [id, `${name} (${email})`]),
  ])
}
