/**
 * Every action the audit knows, with the words the audit page shows. An action that is not here does not compile.
 */
export const auditActions = {
  'member.sign-in': 'Signed in',
  'member.sign-in-failed': 'Sign-in failed',
  'member.sign-out': 'Signed out',
  'member.sign-out-everywhere': 'Signed out everywhere',
  'member.create': 'Added a person',
  'member.reset-password': 'Reset a password',
  'member.disable': 'Disabled a person',
  'member.list': 'Read the list of people',
  'student.read': 'Opened a student record',
  'student.list': 'Read the list of students',
  'gradebook.read': 'Opened a gradebook',
  'gradebook.export': 'Exported a gradebook',
  'grade.history': 'Read the history of a grade',
  'import.plan': 'Uploaded a grade file',
  'import.read': 'Opened an import',
  'import.choices': 'Answered questions of an import',
  'import.mapping': 'Saved or forgot a column mapping',
  'import.original': 'Downloaded an uploaded file',
  'import.plan.read': 'Downloaded the plan of an import',
  'import.receipt': 'Downloaded the receipt of an import',
  'import.rejects': 'Downloaded the left-out rows',
  'import.commit': 'Committed an import',
  'import.undo': 'Undid an import',
  'import.redo': 'Undid the undo of an import',
  'import.discard': 'Discarded an import',
  'roster.plan': 'Uploaded a roster',
  'roster.read': 'Opened a roster',
  'roster.commit': 'Committed a roster',
  'roster.undo': 'Undid a roster',
  'roster.discard': 'Discarded a roster',
  'audit.read': 'Read the audit',
  'token.create': 'Created an API token',
  'token.revoke': 'Revoked an API token',
  'token.refused': 'API token refused for another school',
  'school.create': 'Added a school',
  'school.demo': 'Loaded the demo school',
  'school.suspend': 'Suspended a school',
  'school.resume': 'Opened a school again',
  'school.read-only': 'Made a school read-only',
  'school.offboard': 'Closed a school for good',
  'shard.add': 'Added a shard',
  'district.create': 'Added a district',
} as const

export type AuditAction = keyof typeof auditActions

/** Words for an action as it stands in a row; an action of an older version is shown as it was written. */
export function auditActionLabel(action: string): string {
  return new Map<string, string>(Object.entries(auditActions)).get(action) ?? action
}
