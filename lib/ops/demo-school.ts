/**
 * All rows of one demo school, made from the names, classes and scores beside this file. Pure but for the ids. Keys are the
 * columns of the shard's tables, so that the loader inserts them as they are.
 */
import { foldEmail } from '@/lib/auth/member'
import type { Grade } from '@/lib/gradebook/cell'
import { newId } from '@/lib/ids'
import { foldIdentifier, foldTitle } from '@/lib/imports/text'
import { fullName } from '@/lib/people/names'
import { addDays, type DemoTerm, demoTerms, dueDay } from './demo-calendar'
import { type DemoClass, demoClasses } from './demo-classes'
import { admins, type DemoName, guardian, newcomer, ownStudents, sharedStudents, teachers } from './demo-people'
import { drawGrade, drawPupil, type Pupil } from './demo-scores'

export type DemoSlug = 'northside' | 'riverside'

type Row = Readonly<Record<string, unknown>>

/** Rows by table, in an order in which each finds its parents. */
export type DemoRows = readonly (readonly [table: string, rows: readonly Row[]])[]

/** Who can sign in to a demo school. */
export type DemoMember = Readonly<{ who: string; email: string; isShown: boolean }>

/** The rows of a school as of `today` ('YYYY-MM-DD'). Everybody's password has this hash. */
export function demoSchoolRows(slug: DemoSlug, today: string, passwordHash: string): DemoRows {
  const students = demoStudents(slug)
  const terms = demoTerms(today).map((term) => ({ ...term, id: newId() }))
  const people = demoMembers(slug, students, passwordHash)
  const tags = [...new Set(demoClasses.flatMap(({ work }) => [...work.autumn, ...work.spring].map(([, , , tag]) => tag)))].map(
    (name) => ({ id: newId(), name, name_folded: name }),
  )
  const tagIds = new Map(tags.map(({ id, name }) => [name, id]))
  const classes = demoClasses.map((plan, index) =>
    classRows({
      plan,
      slug,
      today,
      terms,
      tagIds,
      teacherId: people.teacherIds[plan.teacher] ?? '',
      pupils: pupilsOf(students, index),
    }),
  )
  const quiet = quietClasses(people.teacherIds[0] ?? '', students.slice(0, 12), terms[0]?.endsOn ?? today)
  const all = (pick: (rows: ReturnType<typeof classRows>) => readonly Row[]) => classes.flatMap(pick)
  return [
    [
      'terms',
      terms.map(({ season: _, isLocked, startsOn, endsOn, ...term }) => ({
        ...term,
        starts_on: startsOn,
        ends_on: endsOn,
        is_locked: isLocked,
      })),
    ],
    ['students', students.map(({ id, lastName, firstName }) => ({ id, last_name: lastName, first_name: firstName }))],
    ['student_identifiers', students.flatMap(identifierRows)],
    ['members', people.members],
    ['guardians', people.guardians],
    ['classes', [...all(({ klass }) => [klass]), ...quiet.classes]],
    ['class_teachers', [...all(({ teacher }) => [teacher]), ...quiet.teachers]],
    ['sections', all(({ sections }) => sections)],
    ['enrolments', [...all(({ enrolments }) => enrolments), ...quiet.enrolments]],
    ['categories', all(({ categories }) => categories)],
    ['tags', tags],
    ['assignments', all(({ assignments }) => assignments)],
    ['assignment_tags', all(({ assignmentTags }) => assignmentTags)],
    ['grades', all(({ grades }) => grades)],
    ['grade_changes', all(({ changes }) => changes)],
  ]
}

/** The people of a school who sign in, and whether they are named when the demo starts. */
export function demoMembersOf(slug: DemoSlug): readonly DemoMember[] {
  const [first, second, third] = teachers[slug]
  return [
    { who: `Teacher ${nameOf(first)}: Biology 9A, English 9`, email: mailOf(first, slug), isShown: true },
    { who: `Teacher ${nameOf(second)}: Algebra I`, email: mailOf(second, slug), isShown: true },
    { who: `Teacher ${nameOf(third)}: World History`, email: mailOf(third, slug), isShown: false },
    { who: `School admin ${nameOf(admins[slug])}`, email: mailOf(admins[slug], slug), isShown: true },
    { who: `Guardian ${guardian.displayName}, two children`, email: guardian.email, isShown: true },
    { who: 'Student Mariya Koval', email: mailOf(['Koval', 'Mariya'], slug), isShown: true },
    { who: `Student ${nameOf(newcomer)}, no grades yet`, email: mailOf(newcomer, slug), isShown: false },
  ]
}

/** The e-mail by which the nth teacher of a school signs in. */
export function demoTeacherMail(slug: DemoSlug, place: 0 | 1 | 2): string {
  return mailOf(teachers[slug][place], slug)
}

type DemoStudent = Readonly<{
  id: string
  lastName: string
  firstName: string
  email: string | null
  number: string
  pupil: Pupil
}>

function demoStudents(slug: DemoSlug): readonly DemoStudent[] {
  return [...sharedStudents, ...ownStudents[slug], newcomer].map((name, index) => ({
    id: newId(),
    lastName: name[0].normalize('NFC'),
    firstName: name[1].normalize('NFC'),
    email: name[2] === null ? null : mailOf(name, slug),
    // The same numbers in both schools: a number is a name inside one school only.
    number: String(1001 + index * 7).padStart(6, '0'),
    pupil: memorable[fullName({ lastName: name[0], firstName: name[1] })] ?? drawPupil(`${slug} ${index}`),
  }))
}

/** The guardian's children: one whose marks fall and whose work goes missing, and one who is catching up. */
const memorable: Readonly<Record<string, Pupil>> = {
  'Mariya Koval': { ability: 0.8, trend: -0.35, missingShare: 0.22 },
  'Danylo Koval': { ability: 0.74, trend: 0.25, missingShare: 0.02 },
}

/** Each class holds half of the school, each student two classes; the newcomer sits in the first one only. */
function pupilsOf(students: readonly DemoStudent[], classIndex: number): readonly DemoStudent[] {
  return students.filter((_student, index) =>
    index === students.length - 1 ? classIndex === 0 : index % 4 === classIndex || (index + 1) % 4 === classIndex,
  )
}

function identifierRows({ id, email, number }: DemoStudent): Row[] {
  const row = (kind: string, value: string) => ({ kind, value, folded: foldIdentifier(value), student_id: id })
  return [...(email === null ? [] : [row('email', email)]), row('number', number)]
}

function demoMembers(slug: DemoSlug, students: readonly DemoStudent[], passwordHash: string) {
  const member = (name: DemoName, role: string, studentId: string | null = null) => ({
    id: newId(),
    email: foldEmail(mailOf(name, slug)),
    display_name: nameOf(name),
    password_hash: passwordHash,
    roles: [role],
    student_id: studentId,
  })
  const staff = teachers[slug].map((name) => member(name, 'teacher'))
  const isNamed = (first: string) => (student: DemoStudent) => student.lastName === 'Koval' && student.firstName === first
  const children = [students.find(isNamed('Mariya')), students.find(isNamed('Danylo'))].filter((child) => child !== undefined)
  const parent = { ...member(['Koval', 'Iryna'], 'guardian'), email: guardian.email, display_name: guardian.displayName }
  const pupils = [children[0], students.at(-1)].flatMap((student) =>
    student === undefined ? [] : [member([student.lastName, student.firstName], 'student', student.id)],
  )
  return {
    teacherIds: staff.map(({ id }) => id),
    members: [...staff, member(admins[slug], 'school_admin'), parent, ...pupils],
    guardians: children.map(({ id }) => ({ member_id: parent.id, student_id: id, relationship: 'mother' })),
  }
}

type ClassOptions = Readonly<{
  plan: DemoClass
  slug: DemoSlug
  today: string
  terms: readonly (DemoTerm & Readonly<{ id: string }>)[]
  tagIds: ReadonlyMap<string, string>
  teacherId: string
  pupils: readonly DemoStudent[]
}>

function classRows({ plan, slug, today, terms, tagIds, teacherId, pupils }: ClassOptions) {
  const class_id = newId()
  const sections = plan.sections.map((name) => ({ class_id, id: newId(), name }))
  const categories = plan.categories.map(({ name, weight, dropLowest = 0 }, position) => ({
    ...{ class_id, id: newId(), name, weight, drop_lowest: dropLowest, position },
  }))
  const work = terms.flatMap((term) =>
    plan.work[term.season].map(([title, category, maxPoints, tag, kind], index, { length }) => ({
      id: newId(),
      tagId: tagIds.get(tag) ?? '',
      dueOn: dueDay(term, index, length),
      place: (index + 1) / (length + 1),
      seed: `${slug} ${plan.name} ${term.season} ${index}`,
      ...{ term, title, category, maxPoints, index },
      isExtraCredit: kind === 'extra',
    })),
  )
  type Work = (typeof work)[number]
  const cells = pupils.flatMap((student, place) => {
    const isNew = student.lastName === newcomer[0] && student.firstName === newcomer[1]
    return work.flatMap((item) => {
      const grade = isNew ? null : gradeOf(`${item.seed} ${place}`, student.pupil, item, today)
      return grade === null ? [] : [{ student, item, grade }]
    })
  })
  // By yesterday at the latest: in the morning of a demo, this afternoon has not been yet.
  const gradedAt = ({ dueOn }: Work) => `${earlier(addDays(dueOn, 2), addDays(today, -1))}T15:30:00Z`
  return {
    klass: { id: class_id, name: plan.name, subject: plan.subject },
    teacher: { class_id, member_id: teacherId },
    sections,
    categories,
    enrolments: pupils.map(({ id }, place) => ({
      ...{ class_id, student_id: id },
      section_id: sections[place % (sections.length || 1)]?.id ?? null,
    })),
    assignments: work.map(({ id, term, title, category, maxPoints, dueOn, isExtraCredit, index }, _place, { length }) => ({
      ...{ class_id, id, term_id: term.id, title, title_folded: foldTitle(title), max_points: maxPoints, due_on: dueOn },
      category_id: categories.find(({ name }) => name === category)?.id ?? null,
      is_extra_credit: isExtraCredit,
      // What the teacher is still preparing at the end of the running term.
      is_published: !(index === plan.work[term.season].length - 1 && dueOn > today && length > 0),
      position: index,
    })),
    assignmentTags: work.map(({ id, tagId }) => ({ class_id, assignment_id: id, tag_id: tagId })),
    grades: cells.map(({ student, item, grade }) => ({
      ...{ class_id, student_id: student.id, assignment_id: item.id },
      ...grade,
    })),
    changes: cells.map(({ student, item, grade }) => ({
      ...{ class_id, student_id: student.id, id: newId(), kind: 'edit', actor: `member:${teacherId}`, at: gradedAt(item) },
      ...{ assignment_ids: [item.id], old_scores: [null], old_statuses: [''] },
      ...{ new_scores: [grade.score], new_statuses: [grade.status] },
    })),
  }
}

/** Work of the last days is partly graded, work to come not at all. */
function gradeOf(
  seed: string,
  pupil: Pupil,
  item: Readonly<{ seed: string; dueOn: string; maxPoints: number; isExtraCredit: boolean; place: number }>,
  today: string,
): Grade | null {
  const progress = item.dueOn >= addDays(today, -1) ? 'waiting' : item.dueOn >= addDays(today, -6) ? 'partly' : 'graded'
  return drawGrade(seed, item.seed, pupil, { ...item, progress })
}

/** Classes that show empty states: one with students and no work, one with nobody, and one put away last year. */
function quietClasses(teacherId: string, pupils: readonly DemoStudent[], archivedOn: string) {
  const homeroom = { id: newId(), name: 'Homeroom 9', subject: null, archived_at: null }
  const club = { id: newId(), name: 'Robotics club', subject: 'Technology', archived_at: null }
  const old = { id: newId(), name: 'Biology 9A (last year)', subject: 'Science', archived_at: `${archivedOn}T12:00:00Z` }
  const classes = [homeroom, club, old]
  return {
    classes,
    teachers: classes.map(({ id }) => ({ class_id: id, member_id: teacherId })),
    enrolments: [homeroom, old].flatMap(({ id }) => pupils.map((student) => ({ class_id: id, student_id: student.id }))),
  }
}

function nameOf([lastName, firstName]: DemoName): string {
  return fullName({ lastName, firstName }).normalize('NFC')
}

/** first.last without accents and apostrophes, or the mailbox that the list gives. */
function mailOf(name: DemoName, slug: DemoSlug): string {
  const plain = (text: string) =>
    text
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase()
  return `${name[2] ?? `${plain(name[1])}.${plain(name[0])}`}@${slug}.example`
}

function earlier(a: string, b: string): string {
  return a < b ? a : b
}
