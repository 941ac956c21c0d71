/**
 * Which rows a viewer may reach, once, for every query of the product. Row-level security keeps schools apart; these
 * conditions keep people of one school apart, and the database does not repeat them: a query over classes, students or
 * grades without one of them is a hole.
 *
 * SQL: `const values: unknown[] = [tenantId]; const where = visibleClasses(viewer, 'c.id', values)`. By convention the
 * tenant is `$1`; a fragment appends what it needs to `values` and refers to it by number. Column names are written by
 * us, never by a request. Prisma: `where: { tenantId, ...classFilter(viewer) }`.
 */
import type { Sql } from '@/lib/db/tenant-db'
import type { Scope, Viewer } from './rights'

type MemberScope = Extract<Scope, { kind: 'member' }>

/** Condition on a class id: the classes whose gradebook the viewer may see. A student or guardian sees none. */
export function visibleClasses(viewer: Viewer, classColumn: string, values: unknown[]): string {
  if (viewer.scope.kind === 'school') return 'true'
  return viewer.scope.teaches ? teachesClass(viewer.scope, classColumn, values) : 'false'
}

/** Condition on a student id: pupils of the viewer's classes, the viewer's own record, and the children they guard. */
export function visibleStudents(viewer: Viewer, studentColumn: string, values: unknown[]): string {
  if (viewer.scope.kind === 'school') return 'true'
  const { scope } = viewer
  const teaches = scope.teaches
    ? [
        `exists (
          select from app.enrolments seen
          where seen.tenant_id = $1 and seen.student_id = ${studentColumn} and seen.left_at is null
            and ${teachesClass(scope, 'seen.class_id', values)})`,
      ]
    : []
  return anyOf([...teaches, ...ownRecords(scope, studentColumn, values)])
}

/**
 * Condition on a (class, student) pair: whose grades in which class the viewer may see. A teacher sees the classes they
 * teach, also on a pupil's page; the pupil and their guardians see every class of that pupil.
 */
export function visibleGrades(viewer: Viewer, columns: { classId: string; studentId: string }, values: unknown[]): string {
  if (viewer.scope.kind === 'school') return 'true'
  const { scope } = viewer
  const teaches = scope.teaches ? [teachesClass(scope, columns.classId, values)] : []
  return anyOf([...teaches, ...ownRecords(scope, columns.studentId, values)])
}

/** Condition on a student id: the viewer's own record and the children they guard, nothing else they may see by work. */
export function ownStudents(viewer: Viewer, studentColumn: string, values: unknown[]): string {
  return viewer.scope.kind === 'school' ? 'false' : anyOf(ownRecords(viewer.scope, studentColumn, values))
}

/** True when the class exists and the viewer may see its gradebook. */
export async function canSeeClass(read: Reader, viewer: Viewer, classId: string): Promise<boolean> {
  const values: unknown[] = [read.tenantId, classId]
  const rows = await read.sql<{ id: string }>(
    `select c.id from app.classes c where c.tenant_id = $1 and c.id = $2 and ${visibleClasses(viewer, 'c.id', values)}`,
    values,
  )
  return rows.length > 0
}

/** True when the student exists and the viewer may open their record. */
export async function canSeeStudent(read: Reader, viewer: Viewer, studentId: string): Promise<boolean> {
  const values: unknown[] = [read.tenantId, studentId]
  const rows = await read.sql<{ id: string }>(
    `select s.id from app.students s where s.tenant_id = $1 and s.id = $2 and ${visibleStudents(viewer, 's.id', values)}`,
    values,
  )
  return rows.length > 0
}

/** The same as `visibleClasses`, as a Prisma `where` on Class. */
export function classFilter(viewer: Viewer) {
  if (viewer.scope.kind === 'school') return {}
  return viewer.scope.teaches ? { teachers: { some: { memberId: viewer.scope.memberId } } } : { id: { in: [] as string[] } }
}

/** The same as `visibleStudents`, as a Prisma `where` on Student. */
export function studentFilter(viewer: Viewer) {
  if (viewer.scope.kind === 'school') return {}
  const { memberId, studentId, teaches, guards } = viewer.scope
  const taught = { enrolments: { some: { leftAt: null, class: { teachers: { some: { memberId } } } } } }
  const guarded = { guardians: { some: { memberId, revokedAt: null } } }
  return {
    OR: [...(teaches ? [taught] : []), ...(studentId === null ? [] : [{ id: studentId }]), ...(guards ? [guarded] : [])],
  }
}

type Reader = Readonly<{ sql: Sql; tenantId: string }>

function teachesClass({ memberId }: MemberScope, classColumn: string, values: unknown[]): string {
  return `exists (
    select from app.class_teachers taught
    where taught.tenant_id = $1 and taught.class_id = ${classColumn} and taught.member_id = $${values.push(memberId)}::uuid)`
}

function ownRecords({ studentId, guards, memberId }: MemberScope, studentColumn: string, values: unknown[]): string[] {
  const own = studentId === null ? [] : [`${studentColumn} = $${values.push(studentId)}::uuid`]
  const guarded = guards
    ? [
        `exists (
          select from app.guardians link
          where link.tenant_id = $1 and link.student_id = ${studentColumn}
            and link.member_id = $${values.push(memberId)}::uuid and link.revoked_at is null)`,
      ]
    : []
  return [...own, ...guarded]
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'false' : `(${conditions.join('\n or ')})`
}
