import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { newId } from '@/lib/ids'
import { type MemberView, viewerOf } from '@/lib/auth/member'
import { hashPassword } from '@/lib/auth/passwords'
import type { Viewer } from '@/lib/auth/rights'
import type { SchoolFixture } from './schools'
import type { World } from './open-world'

/** Everybody's password in the two schools. */
export const castPassword = 'three blind mice 9A'
let castPasswordHash: Promise<string> | undefined

/** A person of a school: as the product knows them, and as domain functions take them. */
export type Person = Readonly<{ member: MemberView; viewer: Viewer }>

/**
 * One school with people, one class that the teacher holds, another that she does not, and a few grades.
 * Mariya Koval (`students[0]`) and Sam Lee (`students[1]`) are in her class, Noah Brandt (`students[2]`) only in the other one.
 */
export type PeopledSchool = SchoolFixture &
  Readonly<{
    teacher: Person
    otherTeacher: Person
    admin: Person
    /** Mariya, who signs in herself, and the guardian of Mariya alone. */
    student: Person
    guardian: Person
    students: readonly [Pupil, Pupil, Pupil]
    termId: string
    /** The teacher's; with Quiz 1 (of 20) and Essay (of 100). */
    classId: string
    assignments: readonly [Assignment, Assignment]
    /** The other teacher's. */
    otherClassId: string
    otherAssignment: Assignment
  }>

type Pupil = Readonly<{ id: string; lastName: string; firstName: string; email: string }>
type Assignment = Readonly<{ id: string; title: string; maxPoints: number }>

/**
 * Northside on shard_1 and Riverside on shard_2, alike to the last name and title on purpose: whatever crosses between them
 * would otherwise look right. Ids differ, and so do the scores: every score of Riverside is one point higher.
 */
export async function addTwoSchools(world: World): Promise<Readonly<{ northside: PeopledSchool; riverside: PeopledSchool }>> {
  const northside = await world.addSchool({ slug: 'northside', name: 'Northside School', shard: 'shard_1' })
  const riverside = await world.addSchool({ slug: 'riverside', name: 'Riverside School', shard: 'shard_2' })
  return { northside: await addPeople(world, northside, 0), riverside: await addPeople(world, riverside, 1) }
}

/** People, classes and grades for one school; `bonus` is added to every score. */
export async function addPeople(world: World, school: SchoolFixture, bonus = 0): Promise<PeopledSchool> {
  return withDirectConnection(world.shard(school.shard).adminUrl, async (sql) => {
    const rows = new SchoolRows(sql, school)
    const students = [
      await rows.pupil('Koval', 'Mariya'),
      await rows.pupil('Lee', 'Sam'),
      await rows.pupil('Brandt', 'Noah'),
    ] as const
    const [mariya, sam, noah] = students
    const teacher = await rows.person('Olena Hrytsenko', 'teacher', null)
    const otherTeacher = await rows.person('Peter Novak', 'teacher', null)
    const admin = await rows.person('Ada Admin', 'school_admin', null)
    const student = await rows.person('Mariya Koval', 'student', mariya.id)
    const guardian = await rows.person('Iryna Koval', 'guardian', null)
    await rows.insert('guardians', { member_id: guardian.member.id, student_id: mariya.id })

    const termId = newId()
    await rows.insert('terms', { id: termId, name: 'Autumn', starts_on: '2026-09-01', ends_on: '2026-12-20' })
    const classId = await rows.classOf('Biology 9A', teacher, [mariya, sam])
    const otherClassId = await rows.classOf('Physics 9A', otherTeacher, [mariya, noah])
    const quiz = await rows.assignment(classId, termId, 'Quiz 1', 20)
    const essay = await rows.assignment(classId, termId, 'Essay', 100)
    const otherAssignment = await rows.assignment(otherClassId, termId, 'Quiz 1', 20)

    await rows.grade(classId, mariya, quiz, 17 + bonus)
    await rows.grade(classId, mariya, essay, 81.5 + bonus)
    await rows.grade(classId, sam, quiz, 9 + bonus)
    await rows.grade(otherClassId, noah, otherAssignment, 12 + bonus)
    return {
      ...school,
      ...{ teacher, otherTeacher, admin, student, guardian, students },
      ...{ termId, classId, assignments: [quiz, essay], otherClassId, otherAssignment },
    }
  })
}

/** Inserts rows of one school, each marked with its tenant. */
class SchoolRows {
  constructor(
    private readonly sql: DirectSql,
    private readonly school: SchoolFixture,
  ) {}

  async insert(table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
    const all = { tenant_id: this.school.tenantId, ...row }
    const places = Object.keys(all).map((_, index) => `$${index + 1}`)
    await this.sql(`insert into app.${table} (${Object.keys(all).join(', ')}) values (${places.join(', ')})`, Object.values(all))
  }

  async pupil(lastName: string, firstName: string): Promise<Pupil> {
    const id = newId()
    const email = `${firstName}.${lastName}@${this.school.slug}.example`.toLowerCase()
    await this.insert('students', { id, last_name: lastName, first_name: firstName })
    await this.insert('student_identifiers', { kind: 'email', folded: email, value: email, student_id: id })
    return { id, lastName, firstName, email }
  }

  async person(displayName: string, role: MemberView['roles'][number], studentId: string | null): Promise<Person> {
    const id = newId()
    const email = `${displayName.replaceAll(' ', '.')}@${this.school.slug}.example`.toLowerCase()
    castPasswordHash ??= hashPassword(castPassword)
    const password_hash = await castPasswordHash
    await this.insert('members', { id, email, display_name: displayName, roles: [role], student_id: studentId, password_hash })
    const { tenantId } = this.school
    const member: MemberView = { id, tenantId, displayName, email, roles: [role], studentId, version: 1, locale: null }
    return { member, viewer: viewerOf(member) }
  }

  async classOf(name: string, teacher: Person, pupils: readonly Pupil[]): Promise<string> {
    const id = newId()
    await this.insert('classes', { id, name })
    await this.insert('class_teachers', { class_id: id, member_id: teacher.member.id })
    for (const pupil of pupils) await this.insert('enrolments', { class_id: id, student_id: pupil.id })
    return id
  }

  async assignment(classId: string, termId: string, title: string, maxPoints: number): Promise<Assignment> {
    const id = newId()
    const folded = title.toLowerCase()
    await this.insert('assignments', {
      class_id: classId,
      id,
      term_id: termId,
      title,
      title_folded: folded,
      max_points: maxPoints,
    })
    return { id, title, maxPoints }
  }

  async grade(classId: string, pupil: Pupil, assignment: Assignment, score: number): Promise<void> {
    await this.insert('grades', { class_id: classId, student_id: pupil.id, assignment_id: assignment.id, score })
  }
}
