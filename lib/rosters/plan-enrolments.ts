/** What a roster does to enrolments. Pure. */
import { eachInSlices, flatMapInSlices } from './in-slices'
import type { ClassesPlan } from './plan-classes'
import type { StudentsPlan } from './plan-students'
import type { FileEnrolment, RosterFile } from './roster-file'
import type { RosterProblemList } from './roster-problems'
import type { SchoolState, StateEnrolment } from './school-state'
import type { PlannedEnrolment, PlanRef } from './stored-plan'

type Around = Readonly<{ students: StudentsPlan; classes: ClassesPlan; problems: RosterProblemList }>
export type EnrolmentsPlan = Readonly<{ planned: readonly PlannedEnrolment[]; same: number; openCount: number }>

/**
 * New, come back, ended. Who leaves the school ends everywhere; a class that closes keeps its list as it was. In a whole file
 * who is not named in a class has left it.
 */
export async function planEnrolments(file: RosterFile, state: SchoolState, around: Around): Promise<EnrolmentsPlan> {
  const { classes } = around
  const known = new Map(state.enrolments.map((each) => [keyOf(each.classId, each.studentId), each]))
  const named = new Map<string, PlannedEnrolment | 'same'>()
  const gone = new Set<string>()
  await eachInSlices(file.enrolments, (row) => {
    const place = resolve(row, around)
    if (place === null) return
    const key = keyOf(place.class, place.student)
    if (row.isRemoved) gone.add(key)
    else if (!named.has(key)) named.set(key, nextOf(place, known.get(key)))
  })
  const open = state.enrolments.filter(({ leftAt }) => leftAt === null)
  const ending = { named, gone, isWhole: file.whole.includes('enrolments'), ...around }
  const ended = await flatMapInSlices(open, (each) => (isEnded(each, ending) ? each : []))
  const next = [...named.values()]
  return {
    planned: [...next.flatMap((each) => (each === 'same' ? [] : [each])), ...ended.map(endedEnrolment)],
    same: next.filter((each) => each === 'same').length,
    openCount: open.filter(({ classId }) => classes.isOpen(classId) || classes.closing.has(classId)).length,
  }
}

type Place = Readonly<{ class: PlanRef; student: PlanRef }>
const keyOf = (classRef: PlanRef, student: PlanRef) => `${classRef}\t${student}`

function nextOf(place: Place, now: StateEnrolment | undefined): PlannedEnrolment | 'same' {
  if (now === undefined) return { ...place, state: 'new', leftAt: null }
  return now.leftAt === null ? 'same' : { ...place, state: 'back', leftAt: now.leftAt }
}

type Ending = Around & Readonly<{ named: ReadonlyMap<string, unknown>; gone: ReadonlySet<string>; isWhole: boolean }>

function isEnded({ classId, studentId }: StateEnrolment, { named, gone, isWhole, students, classes }: Ending): boolean {
  if (!classes.isOpen(classId)) return false
  if (students.leaving.has(studentId)) return true
  const key = keyOf(classId, studentId)
  if (named.has(key) || students.held.has(studentId) || classes.held.has(classId)) return false
  return isWhole || gone.has(key)
}

function endedEnrolment({ classId, studentId }: StateEnrolment): PlannedEnrolment {
  return { class: classId, student: studentId, state: 'ended', leftAt: null }
}

/** The class and student a row means; null when one of them is nobody's, or goes with this same file. */
function resolve(row: FileEnrolment, { students, classes, problems }: Around): Place | null {
  const [student, place] = [students.find(row.student), classes.find(row.class)]
  const isGoing = (student !== null && students.leaving.has(student)) || (place !== null && classes.closing.has(place))
  if (student !== null && place !== null && !isGoing) return { class: place, student }
  if (row.isRemoved) return null
  const [first] = row.student
  const who = student === null ? `the student ${first?.value ?? ''}` : `the class ${row.class.name ?? row.class.sisId ?? ''}`
  problems.add(row.file, {
    ...{ row: row.row, code: isGoing ? 'enrolment_of_gone' : 'unknown_enrolment', severity: 'reject' },
    value: (student === null ? first?.value : (row.class.name ?? row.class.sisId)) ?? null,
    message: isGoing
      ? `Row ${row.row} enrols somebody who leaves, or into a class that closes, by the same file.`
      : `Row ${row.row}: ${who} is neither in this file nor at the school, so nobody was enrolled.`,
    fix: isGoing
      ? 'Add the student or class to the file, or leave the enrolment out.'
      : 'Add the missing student or class to the file, and upload it again.',
  })
  return null
}
