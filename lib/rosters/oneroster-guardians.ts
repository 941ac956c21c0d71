/** Guardians of a OneRoster archive. Pure. */
import { cleanDigits } from '@/lib/imports/text'
import type { OneRosterRow } from './oneroster-tables'
import { isEmail, studentRef } from './read-person'
import type { FileGuardian } from './roster-file'
import type { RosterProblemList } from './roster-problems'

/** Links between guardians and students stand on either side, in `agentSourcedIds`. */
export function linksOf(
  students: readonly OneRosterRow[],
  guardians: readonly OneRosterRow[],
  users: ReadonlyMap<string, OneRosterRow>,
  problems: RosterProblemList,
): FileGuardian[] {
  const agentsOf = (user: OneRosterRow) =>
    user
      .of('agentSourcedIds')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '')
  const isGuardian = new Set(guardians.map(({ of }) => of('sourcedId')))
  const pairs = new Map<string, { guardian: OneRosterRow; child: string; place: OneRosterRow }>()
  for (const student of students) {
    for (const id of agentsOf(student)) {
      const guardian = users.get(id)
      const child = student.of('sourcedId')
      if (guardian !== undefined && isGuardian.has(id)) pairs.set(`${id}\t${child}`, { guardian, child, place: student })
    }
  }
  for (const guardian of guardians) {
    for (const child of agentsOf(guardian))
      pairs.set(`${guardian.of('sourcedId')}\t${child}`, { guardian, child, place: guardian })
  }
  const linked = new Set([...pairs.values()].map(({ guardian }) => guardian.of('sourcedId')))
  noteUnusable(guardians, linked, problems)
  return [...pairs.values()].flatMap(({ guardian, child, place }) => linkOf(guardian, child, place))
}

function linkOf(guardian: OneRosterRow, child: string, { file, row, isRemoved }: OneRosterRow): FileGuardian[] {
  const { of } = guardian
  if (!isEmail(of('email'))) return []
  const name = [of('givenName'), of('familyName')].filter((part) => part !== '').join(' ') || of('email')
  const role = of('role').toLowerCase()
  return [
    {
      ...{ file, row, email: of('email'), name, relationship: role === '' ? 'guardian' : role },
      child: studentRef({ sis: cleanDigits(child) }),
      isRemoved: isRemoved || guardian.isRemoved,
    },
  ]
}

function noteUnusable(guardians: readonly OneRosterRow[], linked: ReadonlySet<string>, problems: RosterProblemList): void {
  for (const { of, file, row, isRemoved } of guardians) {
    if (!isEmail(of('email')) && !isRemoved) {
      problems.add(file, {
        ...{ row, column: 'email', value: of('email') || null, code: 'guardian_without_email', severity: 'reject' },
        message: `Row ${row}: this guardian has no e-mail address, so they could not be invited.`,
        fix: 'Add the e-mail address in the student information system.',
      })
    } else if (!linked.has(of('sourcedId'))) {
      problems.add(file, {
        ...{ row, column: 'agentSourcedIds', code: 'guardian_without_child', severity: 'reject' },
        message: `Row ${row}: no row says whose guardian this is, so nothing was done for them.`,
        fix: 'Link the guardian to a student in the student information system, or export the whole list instead of changes.',
      })
    }
  }
}
