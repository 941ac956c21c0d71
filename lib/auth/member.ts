/**
 * A member of one school as the rest of the product knows them, and what makes them a viewer. Pure.
 */
import { type Role, rightsOf, type Viewer } from './rights'

/** A signed-in person of one school. `version` grows whenever their sessions must end or their rights change. */
export type MemberView = Readonly<{
  id: string
  /** The school they are a member of. */
  tenantId: string
  displayName: string
  email: string
  roles: readonly Role[]
  /** Their own student record, or null when they are no student. */
  studentId: string | null
  version: number
  locale: string | null
}>

/** What this member may do and which rows they may reach: a school admin the whole school, everybody else their own part. */
export function viewerOf(member: MemberView): Viewer {
  const { id, roles } = member
  return {
    tenantId: member.tenantId,
    actor: { kind: 'member', id },
    rights: rightsOf(roles),
    scope: roles.includes('school_admin')
      ? { kind: 'school' }
      : {
          kind: 'member',
          memberId: id,
          teaches: roles.includes('teacher'),
          studentId: roles.includes('student') ? member.studentId : null,
          guards: roles.includes('guardian'),
        },
  }
}

/** An e-mail as it is stored and compared: NFC, trimmed, lower case. */
export function foldEmail(email: string): string {
  return email.normalize('NFC').trim().toLowerCase()
}
