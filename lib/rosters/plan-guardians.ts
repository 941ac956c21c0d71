/** What a roster does to guardians: accounts without a password, and their links to students. Pure. */
import { foldEmail } from '@/lib/auth/member'
import { groupBy } from './group-by'
import type { StudentsPlan } from './plan-students'
import type { FileGuardian, RosterFile } from './roster-file'
import type { RosterProblemList } from './roster-problems'
import type { SchoolState, StateLink, StateMember } from './school-state'
import { type PlannedAccount, type PlannedLink, type PlanRef, refTo } from './stored-plan'

export type GuardiansPlan = Readonly<{
  accounts: readonly PlannedAccount[]
  links: readonly PlannedLink[]
  same: number
  openCount: number
}>

/** Accounts by e-mail, links by account and student. A link that was ended by hand stays ended, whatever the file says. */
export function planGuardians(
  file: RosterFile,
  state: SchoolState,
  { students, problems }: Readonly<{ students: StudentsPlan; problems: RosterProblemList }>,
): GuardiansPlan {
  const members = new Map(state.members.map((member) => [member.email, member]))
  const known = new Map(state.guardians.map((link) => [keyOf(link.memberId, link.studentId), link]))
  const accounts: PlannedAccount[] = []
  const named = new Map<string, PlannedLink | 'same' | 'kept'>()
  const gone = new Set<string>()
  for (const [email, rows] of groupBy(file.guardians, (row) => foldEmail(row.email))) {
    const member = members.get(email)
    const children = rows.flatMap((row) => childOf(row, students, problems))
    const isNeeded = children.some(({ row }) => !row.isRemoved)
    const [first] = rows
    if (first === undefined || (isNeeded && refuses(member, first, problems))) {
      for (const { student } of children) if (member) named.set(keyOf(member.id, student), 'kept')
      continue
    }
    const account = isNeeded ? accountOf(email, first, member) : null
    if (account !== null) accounts.push(account)
    const ref = member?.id ?? (account === null ? null : refTo(accounts.length - 1))
    if (ref === null) continue
    for (const { row, student } of children) {
      const key = keyOf(ref, student)
      if (row.isRemoved) gone.add(key)
      else if (!named.has(key)) named.set(key, nextLink({ member: ref, student }, row, known.get(key), problems))
    }
  }
  // A guardian of somebody who leaves may go on reading what was.
  const isOurs = (id: string) => students.isHere(id) || students.leaving.has(id)
  const open = state.guardians.filter(({ revokedAt, studentId }) => revokedAt === null && isOurs(studentId))
  const isWhole = file.whole.includes('guardians')
  const ended = open.filter(({ memberId, studentId }) => {
    const key = keyOf(memberId, studentId)
    if (named.has(key) || !students.isHere(studentId) || students.held.has(studentId)) return false
    return isWhole || gone.has(key)
  })
  const next = [...named.values()]
  return {
    accounts,
    links: [...next.flatMap((each) => (typeof each === 'string' ? [] : [each])), ...ended.map(endedLink)],
    same: next.filter((each) => each === 'same').length,
    openCount: open.length,
  }
}

const keyOf = (member: PlanRef, student: PlanRef) => `${member}\t${student}`

function childOf(
  row: FileGuardian,
  students: StudentsPlan,
  problems: RosterProblemList,
): Readonly<{ row: FileGuardian; student: PlanRef }>[] {
  const student = students.find(row.child)
  if (student !== null && (!students.leaving.has(student) || row.isRemoved)) return [{ row, student }]
  if (student === null && !row.isRemoved) {
    problems.add(row.file, {
      ...{ row: row.row, value: row.child[0]?.value ?? null, code: 'unknown_child', severity: 'reject' },
      message: `Row ${row.row}: the student ${row.child[0]?.value ?? ''} is neither in this file nor at the school, so the guardian was not linked.`,
      fix: 'Add the student to the file, or correct their number or e-mail address.',
    })
  }
  return []
}

/** Whom a file cannot make a guardian. */
function refuses(member: StateMember | undefined, row: FileGuardian, problems: RosterProblemList): boolean {
  if (member === undefined || !(member.isDisabled || member.roles.includes('student'))) return false
  problems.add(row.file, {
    ...{ row: row.row, column: 'guardian e-mail', value: row.email, code: 'guardian_refused', severity: 'reject' },
    message: member.isDisabled
      ? `Row ${row.row}: the account ${row.email} was shut out at this school, so a file does not open it again.`
      : `Row ${row.row}: ${row.email} is the address of a student's account, so it cannot be a guardian's.`,
    fix: member.isDisabled
      ? "Ask the school's office before letting them in again."
      : 'Give the guardian an e-mail address of their own.',
  })
  return true
}

function accountOf(email: string, { name }: FileGuardian, member: StateMember | undefined): PlannedAccount | null {
  if (member === undefined) return { id: null, state: 'new', email, name, old: null }
  const old = { name: member.name, roles: member.roles }
  if (!member.roles.includes('guardian')) return { id: member.id, state: 'role', email, name: member.name, old }
  // Somebody with a second role is called what the school calls them.
  if (member.roles.length > 1 || name === member.name || foldEmail(name) === email) return null
  return { id: member.id, state: 'renamed', email, name, old }
}

type Ends = Readonly<{ member: PlanRef; student: PlanRef }>

function nextLink(
  ends: Ends,
  row: FileGuardian,
  now: StateLink | undefined,
  problems: RosterProblemList,
): PlannedLink | 'same' | 'kept' {
  const { relationship } = row
  if (now === undefined) return { ...ends, state: 'new', relationship, old: null }
  const old = { relationship: now.relationship, revokedAt: now.revokedAt, revokedImportId: now.revokedImportId }
  if (now.revokedAt === null) return now.relationship === relationship ? 'same' : { ...ends, state: 'changed', relationship, old }
  if (now.revokedImportId !== null) return { ...ends, state: 'back', relationship, old }
  problems.add(row.file, {
    ...{ row: row.row, column: 'guardian e-mail', value: row.email, code: 'link_ended_by_hand', severity: 'reject' },
    message: `Row ${row.row}: this guardian's link to the student was ended here by hand, so a file does not open it again.`,
    fix: "Ask the school's office; a court order may stand behind it.",
  })
  return 'kept'
}

function endedLink({ memberId, studentId, relationship, revokedAt, revokedImportId }: StateLink): PlannedLink {
  return { member: memberId, student: studentId, state: 'ended', relationship, old: { relationship, revokedAt, revokedImportId } }
}
