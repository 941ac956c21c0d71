/** The numbers of a plan. Pure. */
import type { RosterPlan } from './stored-plan'
import type { RosterCounts } from './views'

/** How much of each kind a plan changes. */
export function countsOf(plan: RosterPlan): RosterCounts {
  const of = (list: readonly Readonly<{ state: string }>[], ...states: string[]) =>
    list.filter(({ state }) => states.includes(state)).length
  const { students, classes, enrolments, accounts, links, teachers, same } = plan
  return {
    studentsNew: of(students, 'new'),
    studentsChanged: of(students, 'changed'),
    studentsBack: of(students, 'back'),
    studentsLeaving: of(students, 'leaving'),
    studentsSame: same.students,
    classesNew: of(classes, 'new'),
    classesChanged: of(classes, 'changed'),
    classesBack: of(classes, 'back'),
    classesClosing: of(classes, 'closing'),
    classesSame: same.classes,
    enrolmentsNew: of(enrolments, 'new'),
    enrolmentsBack: of(enrolments, 'back'),
    enrolmentsEnded: of(enrolments, 'ended'),
    enrolmentsSame: same.enrolments,
    guardiansNew: of(accounts, 'new'),
    guardiansChanged: of(accounts, 'renamed', 'role'),
    linksNew: of(links, 'new', 'back'),
    linksChanged: of(links, 'changed'),
    linksEnded: of(links, 'ended'),
    linksSame: same.guardians,
    teachersAdded: of(teachers, 'new'),
    teachersRemoved: of(teachers, 'ended'),
    teachersUnknown: plan.unknownTeachers.length,
  }
}

/** Whether a plan changes nothing at all. */
export function isEmptyPlan({ students, classes, enrolments, accounts, links, teachers }: RosterPlan): boolean {
  return students.length + classes.length + enrolments.length + accounts.length + links.length + teachers.length === 0
}
