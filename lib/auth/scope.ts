/**
 * Which rows a viewer may reach, once, for every query of the product. Row-level security keeps schools apart; these
 * conditions keep people of one school apart, and the database does not repeat them: a query over classes, students or
 * grades without one of them is a hole.
 *
 * SQL: `const values: unknown[] = [tenantId]; const where = visibleClasses(viewer, 'c.id', values)`. By convention the
 * tenant is `$1`; a fragment appends what it needs to `values` and refers to it by number. Column names are written by
 * us, never by a request. A viewer of another school than `$1` gets no condition but the one 404 (`not_found`).
 */
import { notFound } from '@/lib/errors'
import type { Right, Scope, Viewer } from './rights'

type MemberScope = Extract<Scope, { kind: 'member' }>

/** Condition on a class id: the classes whose gradebook the viewer may see. A student or guardian sees none. */
export function visibleClasses(viewer: Viewer, classColumn: string, values: unknown[]): string {
  assertViewerOf(values[0], viewer)
  if (viewer.scope.kind === 'school') return 'true'
  return viewer.scope.teaches ? teachesClass(viewer.scope, classColumn, values) : 'false'
}

/** The three texts of `visibleClasses`, for the names of prepared statements: a name stands for one text. */
export function classReach({ scope }: Viewer): 'school' | 'taught' | 'none' {
  if (scope.kind === 'school') return 'school'
  return scope.teaches ? 'taught' : 'none'
}

/** Condition on a student id: pupils of the viewer's classes, the viewer's own record, and the children they guard. */
export function visibleStudents(viewer: Viewer, studentColumn: string, values: unknown[]): string {
  assertViewerOf(values[0], viewer)
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
  assertViewerOf(values[0], viewer)
  if (viewer.scope.kind === 'school') return 'true'
  const { scope } = viewer
  const teaches = scope.teaches ? [teachesClass(scope, columns.classId, values)] : []
  return anyOf([...teaches, ...ownRecords(scope, columns.studentId, values)])
}

/** Condition on a student id: the viewer's own record and the children they guard, nothing else they may see by work. */
export function ownStudents(viewer: Viewer, studentColumn: string, values: unknown[]): string {
  assertViewerOf(values[0], viewer)
  return viewer.scope.kind === 'school' ? 'false' : anyOf(ownRecords(viewer.scope, studentColumn, values))
}

/**
 * The rest of a request for what no condition narrows: the whole school's. Throws `not_found` unless the viewer is of the
 * school, holds the right and reaches all of the school.
 */
export function requireWholeSchool(tenantId: string, viewer: Viewer, right: Right): void {
  assertViewerOf(tenantId, viewer)
  if (!viewer.rights.has(right) || viewer.scope.kind !== 'school') throw notFound(`right=${right}`)
}

function assertViewerOf(tenantId: unknown, viewer: Viewer): void {
  if (viewer.tenantId !== tenantId) throw notFound('viewer of another school')
}

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
