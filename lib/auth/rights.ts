/**
 * Who may do what, as data. Pure: the same table serves pages, actions, the API and the tests' role matrix.
 * A right says what kind of thing; the viewer's scope says which rows. Both must hold, and the unseen is a 404.
 */
import type { Actor } from '../tenancy/tenant'

/** Roles of people in one school, and of people on the console. */
export type Role = 'student' | 'guardian' | 'teacher' | 'school_admin'
export type ConsoleRole = 'district_viewer' | 'district_admin' | 'platform_operator'

/** Every right there is. `own.*` rights are about the viewer's own record or their children's. */
export const allRights = [
  'own.read',
  'classes.read',
  'grades.read',
  'grades.import',
  'grades.export',
  'students.read',
  'people.read',
  'people.import',
  'audit.read',
  'tokens.manage',
  'schools.read',
  'schools.manage',
] as const
export type Right = (typeof allRights)[number]

const teacherRights: readonly Right[] = ['classes.read', 'grades.read', 'grades.import', 'grades.export', 'students.read']

/** Rights each role brings; a member with several roles has the union. */
export const rightsOfRole: Readonly<Record<Role | ConsoleRole, readonly Right[]>> = {
  student: ['own.read'],
  guardian: ['own.read'],
  teacher: teacherRights,
  school_admin: [...teacherRights, 'people.read', 'people.import', 'audit.read', 'tokens.manage'],
  district_viewer: ['schools.read'],
  district_admin: ['schools.read'],
  platform_operator: ['schools.read', 'schools.manage'],
}

/** What an API token may be given, and the rights each scope brings. */
export const rightsOfTokenScope = {
  'classes:read': ['classes.read'],
  'students:read': ['students.read'],
  'grades:read': ['classes.read', 'grades.read'],
  'imports:read': ['classes.read'],
  'imports:write': ['classes.read', 'grades.import'],
} as const satisfies Record<string, readonly Right[]>
export type TokenScope = keyof typeof rightsOfTokenScope

/**
 * Which rows of the school a viewer may reach.
 * - `school`: every class and student (school admin, API token).
 * - `member`: the classes they teach and the students enrolled there; the student record that is theirs; the students
 *   they are guardian of (links not revoked). Empty sets reach nothing.
 */
export type Scope =
  | Readonly<{ kind: 'school' }>
  | Readonly<{ kind: 'member'; memberId: string; teaches: boolean; studentId: string | null; guards: boolean }>

/**
 * Who looks at or changes a school's rows: a signed-in member or an API token, reduced to what domain code needs. Rights and
 * scope hold in the school `tenantId` and are nothing in another.
 */
export type Viewer = Readonly<{ tenantId: string; actor: Actor; rights: ReadonlySet<Right>; scope: Scope }>

/** The union of the rights of some roles. */
export function rightsOf(roles: readonly (Role | ConsoleRole)[]): ReadonlySet<Right> {
  return new Set(roles.flatMap((role) => rightsOfRole[role]))
}
