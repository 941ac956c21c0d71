import 'server-only'
import type { Role } from '@/lib/auth/rights'
import type { Sql } from '@/lib/db/tenant-db'
import type { IdentifierKind } from '@/lib/imports/parsed'

/** What a roster is compared with: the school's people and classes at one moment. Instants are texts as the database writes them. */
export type SchoolState = Readonly<{
  students: readonly StateStudent[]
  identifiers: readonly StateIdentifier[]
  classes: readonly StateClass[]
  enrolments: readonly StateEnrolment[]
  members: readonly StateMember[]
  guardians: readonly StateLink[]
  teachers: readonly Readonly<{ classId: string; memberId: string }>[]
}>
export type StateStudent = Readonly<{ id: string; lastName: string; firstName: string; leftAt: string | null }>
export type StateIdentifier = Readonly<{ studentId: string; kind: IdentifierKind; folded: string; isPrimary: boolean }>
export type StateClass = Readonly<{
  id: string
  name: string
  subject: string | null
  sisId: string | null
  archivedAt: string | null
}>
export type StateEnrolment = Readonly<{ classId: string; studentId: string; leftAt: string | null }>
export type StateMember = Readonly<{ id: string; email: string; name: string; roles: readonly Role[]; isDisabled: boolean }>
export type StateLink = Readonly<{
  memberId: string
  studentId: string
  relationship: string
  revokedAt: string | null
  revokedImportId: string | null
}>

export type StatePart = keyof SchoolState
/** A mark of each part of the school: two that are alike stand for the same rows. */
export type SchoolMarks = Readonly<Record<StatePart, string>>

// Each part walks one table along its own key: no joins, so no plan that could turn bad.
const parts: Readonly<Record<StatePart, string>> = {
  students: part('app.students t', ['t.id', 't.last_name', 't.first_name', 't.left_at'], 't.id'),
  identifiers: part('app.student_identifiers t', ['t.student_id', 't.kind', 't.folded', 't.is_primary'], 't.kind, t.folded'),
  classes: part('app.classes t', ['t.id', 't.name', 't.subject', 't.sis_id', 't.archived_at'], 't.id'),
  enrolments: part('app.enrolments t', ['t.class_id', 't.student_id', 't.left_at'], 't.class_id, t.student_id'),
  members: part('app.members t', ['t.id', 't.email', 't.display_name', 't.roles', 't.disabled_at is not null'], 't.id'),
  guardians: part(
    'app.guardians t',
    ['t.member_id', 't.student_id', 't.relationship', 't.revoked_at', 't.revoked_import_id'],
    't.member_id, t.student_id',
  ),
  teachers: part('app.class_teachers t', ['t.class_id', 't.member_id'], 't.class_id, t.member_id'),
}
const names = Object.keys(parts).filter((name): name is StatePart => name in parts)

function part(table: string, columns: readonly string[], order: string): string {
  return `(select coalesce(json_agg(json_build_array(${columns.join(', ')}) order by ${order}), '[]')::text from ${table} where t.tenant_id = $1)`
}

type Reader = Readonly<{ sql: Sql; tenantId: string }>

/** The school as it is, and the marks of what was read: one statement, so one moment. */
export async function loadSchoolState({ sql, tenantId }: Reader): Promise<Readonly<{ state: SchoolState; marks: SchoolMarks }>> {
  const columns = names.map((name) => `"${name}", md5("${name}") as "${name}Mark"`).join(', ')
  const texts = names.map((name) => `${parts[name]} as "${name}"`).join(',\n')
  const [row] = await sql<Readonly<Record<StatePart | `${StatePart}Mark`, string>>>(
    `select ${columns} from (select ${texts} offset 0) as school`,
    [tenantId],
  )
  if (row === undefined) throw new Error('the state of the school gave no row')
  return { state: stateOf(row), marks: marksOf((name) => row[`${name}Mark`]) }
}

/** The marks of the school as it is now. */
export async function loadSchoolMarks({ sql, tenantId }: Reader): Promise<SchoolMarks> {
  const columns = names.map((name) => `md5(${parts[name]}) as "${name}"`).join(',\n')
  const [row] = await sql<SchoolMarks>(`select ${columns}`, [tenantId])
  if (row === undefined) throw new Error('the marks of the school gave no row')
  return row
}

function marksOf(of: (name: StatePart) => string): SchoolMarks {
  return {
    students: of('students'),
    identifiers: of('identifiers'),
    classes: of('classes'),
    enrolments: of('enrolments'),
    members: of('members'),
    guardians: of('guardians'),
    teachers: of('teachers'),
  }
}

function stateOf(text: Readonly<Record<StatePart, string>>): SchoolState {
  // The tuples are what `parts` above builds.
  const rows = <Tuple>(name: StatePart) => JSON.parse(text[name]) as Tuple[]
  return {
    students: rows<[string, string, string, string | null]>('students').map(([id, lastName, firstName, leftAt]) => ({
      ...{ id, lastName, firstName, leftAt },
    })),
    identifiers: rows<[string, IdentifierKind, string, boolean]>('identifiers').map(([studentId, kind, folded, isPrimary]) => ({
      ...{ studentId, kind, folded, isPrimary },
    })),
    classes: rows<[string, string, string | null, string | null, string | null]>('classes').map(
      ([id, name, subject, sisId, archivedAt]) => ({ id, name, subject, sisId, archivedAt }),
    ),
    enrolments: rows<[string, string, string | null]>('enrolments').map(([classId, studentId, leftAt]) => ({
      ...{ classId, studentId, leftAt },
    })),
    members: rows<[string, string, string, Role[], boolean]>('members').map(([id, email, name, roles, isDisabled]) => ({
      ...{ id, email, name, roles, isDisabled },
    })),
    guardians: rows<[string, string, string, string | null, string | null]>('guardians').map(
      ([memberId, studentId, relationship, revokedAt, revokedImportId]) => ({
        ...{ memberId, studentId, relationship, revokedAt, revokedImportId },
      }),
    ),
    teachers: rows<[string, string]>('teachers').map(([classId, memberId]) => ({ classId, memberId })),
  }
}
