/**
 * Our own name for a student in files, for those whom no e-mail or number tells apart: `gi-` and the id. It stands where a file has
 * an identifier, in a column of e-mails as an address that leads nowhere. Only the school the student is of can resolve it. Pure.
 */
const prefix = 'gi-'
const domain = '@grade-insight.invalid'
const pattern = /^gi-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:@grade-insight\.invalid)?$/

/** The key of a student. */
export function studentKey(studentId: string): string {
  return prefix + studentId
}

/** The key as a column of e-mail addresses takes it. The domain is one of those that never exist. */
export function studentKeyAddress(studentId: string): string {
  return studentKey(studentId) + domain
}

/** The student's id out of a folded identifier, or null when it is none of our keys. */
export function studentIdOfKey(folded: string): string | null {
  return pattern.exec(folded)?.[1] ?? null
}
