/** A plan as lists of changes that people read. Pure. */
import { nameOf } from './match-students'
import { identifierNames } from './roster-file'
import type { PlannedClass, PlannedStudent, RosterPlan } from './stored-plan'
import type { RosterChange, RosterListName } from './views'

type Detail = RosterChange['details'][number]

/** All changes of a plan, list by list: what goes first, then what is new, then what changes. */
export function changesOf(plan: RosterPlan, list: RosterListName): readonly RosterChange[] {
  const order = { removed: 0, new: 1, changed: 2 }
  return listers[list](plan).toSorted((a, b) => order[a.tone] - order[b.tone])
}

const listers: Readonly<Record<RosterListName, (plan: RosterPlan) => readonly RosterChange[]>> = {
  students: ({ students }) => students.map(studentChange),
  classes: ({ classes }) => classes.map(classChange),
  enrolments: enrolmentChanges,
  guardians: guardianChanges,
  teachers: teacherChanges,
}

const studentWords: Readonly<Record<PlannedStudent['state'], readonly [word: string, tone: RosterChange['tone']]>> = {
  new: ['new', 'new'],
  changed: ['changed', 'changed'],
  back: ['comes back', 'new'],
  leaving: ['leaves', 'removed'],
}

function studentChange(student: PlannedStudent, at: number): RosterChange {
  const [state, tone] = studentWords[student.state]
  const renamed: readonly Detail[] =
    student.old === null ? [] : [{ label: 'name', old: nameOf(student.old), next: nameOf(student) }]
  const identifiers = student.identifiers
    .filter(({ step }) => step !== 'demote')
    .map(({ kind, value }): Detail => {
      const before = student.identifiers.find((each) => each.step === 'demote' && each.kind === kind)
      return { label: identifierNames[kind], old: before?.value ?? null, next: value }
    })
  return { key: `s${at}`, what: nameOf(student), state, tone, details: [...renamed, ...identifiers] }
}

const classWords: Readonly<Record<PlannedClass['state'], readonly [word: string, tone: RosterChange['tone']]>> = {
  new: ['new', 'new'],
  changed: ['changed', 'changed'],
  back: ['opens again', 'new'],
  closing: ['is archived', 'removed'],
}

function classChange(planned: PlannedClass, at: number): RosterChange {
  const [state, tone] = classWords[planned.state]
  const { old, name, subject, sisId } = planned
  const changed = (label: string, before: string | null, next: string | null): readonly Detail[] =>
    before === next ? [] : [{ label, old: before, next }]
  const details =
    old === null
      ? planned.state === 'new'
        ? changed('subject', null, subject)
        : []
      : [
          ...changed('name', old.name, name),
          ...changed('subject', old.subject, subject),
          ...changed('id in the other system', old.sisId, sisId),
        ]
  return { key: `c${at}`, what: name, state, tone, details }
}

const namer = (plan: RosterPlan) => ({
  student: (ref: string) => {
    const planned = plan.students[Number(ref.slice(1))]
    return plan.names[ref] ?? (planned === undefined ? '' : nameOf(planned))
  },
  class: (ref: string) => plan.names[ref] ?? plan.classes[Number(ref.slice(1))]?.name ?? '',
  member: (ref: string) => {
    const account = plan.accounts[Number(ref.slice(1))]
    return plan.names[ref] ?? (account === undefined ? '' : `${account.name} (${account.email})`)
  },
})

function enrolmentChanges(plan: RosterPlan): readonly RosterChange[] {
  const names = namer(plan)
  const words = { new: ['enrolled', 'new'], back: ['enrolled again', 'new'], ended: ['ends', 'removed'] } as const
  return plan.enrolments.map((each, at) => {
    const [state, tone] = words[each.state]
    const details = [{ label: 'class', old: null, next: names.class(each.class) }]
    return { key: `e${at}`, what: names.student(each.student), state, tone, details }
  })
}

function guardianChanges(plan: RosterPlan): readonly RosterChange[] {
  const names = namer(plan)
  const accountWords = {
    new: ['new person', 'new'],
    renamed: ['renamed', 'changed'],
    role: ['becomes a guardian too', 'changed'],
  } as const
  const linkWords = {
    new: ['guardian of', 'new'],
    back: ['guardian again of', 'new'],
    changed: ['relation changed', 'changed'],
    ended: ['no longer guardian of', 'removed'],
  } as const
  const accounts = plan.accounts.map((each, at): RosterChange => {
    const [state, tone] = accountWords[each.state]
    const details = each.state === 'renamed' ? [{ label: 'name', old: each.old?.name ?? null, next: each.name }] : []
    return { key: `a${at}`, what: `${each.name} (${each.email})`, state, tone, details }
  })
  const links = plan.links.map((each, at): RosterChange => {
    const [state, tone] = linkWords[each.state]
    const before = each.state === 'changed' ? (each.old?.relationship ?? null) : null
    const details = [
      { label: 'student', old: null, next: names.student(each.student) },
      ...(each.state === 'ended' ? [] : [{ label: 'relation', old: before, next: each.relationship }]),
    ]
    return { key: `l${at}`, what: names.member(each.member), state, tone, details }
  })
  return [...accounts, ...links]
}

function teacherChanges(plan: RosterPlan): readonly RosterChange[] {
  const names = namer(plan)
  return plan.teachers.map((each, at) => ({
    ...{
      key: `t${at}`,
      what: names.member(each.memberId),
      details: [{ label: 'class', old: null, next: names.class(each.class) }],
    },
    ...(each.state === 'new'
      ? { state: 'teaches', tone: 'new' as const }
      : { state: 'no longer teaches', tone: 'removed' as const }),
  }))
}
