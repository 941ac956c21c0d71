import 'server-only'
import { auditControl } from '@/lib/audit/control-audit'
import { controlSql, withControl } from '@/lib/db/control-db'
import { isUniqueViolation } from '@/lib/db/failures'
import { notFound, ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import type { Actor } from '@/lib/tenancy/tenant'
import { foldEmail } from './member'
import { hashPassword } from './passwords'
import type { ConsoleRole } from './rights'

/** Who does it, and the id that joins its entries in the control database's audit. */
export type ConsoleCaller = Readonly<{ actor: Actor; requestId: string }>

/** A person to be added to the console. Only a platform operator belongs to no district. */
export type NewConsoleMember = Readonly<{
  email: string
  displayName: string
  role: ConsoleRole
  districtId: string | null
  password: string
}>

/** A person of the console as an operator's list shows them. */
export type ConsoleMemberSummary = Readonly<{
  id: string
  email: string
  name: string
  role: ConsoleRole
  district: string | null
  isDisabled: boolean
}>

/** Adds a person to the console; gives their id. Throws `invalid_input` for a district that does not fit, `conflict` for a known e-mail. */
export async function createConsoleMember(person: NewConsoleMember, by: ConsoleCaller): Promise<string> {
  const { role, districtId } = person
  if ((districtId === null) !== (role === 'platform_operator')) {
    throw new ProblemError('invalid_input', 'A platform operator belongs to no district; everybody else needs one.')
  }
  const id = newId()
  const passwordHash = await hashPassword(person.password)
  try {
    await withControl(async ({ sql }) => {
      await sql(
        `insert into control.console_members (id, email, display_name, password_hash, role, district_id)
         values ($1, $2, $3, $4, $5, $6)`,
        [id, foldEmail(person.email), person.displayName, passwordHash, role, districtId],
      )
      await auditControl({ ...by, action: 'member.create', detail: { member: id, role } }, sql)
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new ProblemError('conflict', 'The console already has a person with this e-mail.')
  }
  return id
}

/** Every person of the console, by e-mail. */
export function listConsoleMembers(): Promise<ConsoleMemberSummary[]> {
  return controlSql<ConsoleMemberSummary>(
    `select m.id, m.email, m.display_name as name, m.role, d.slug as district, m.disabled_at is not null as "isDisabled"
     from control.console_members m
     left join control.districts d on d.id = m.district_id
     order by m.email`,
  )
}

/** Shuts a person out of the console at once; every session of theirs ends with its next request. Throws `not_found`. */
export function disableConsoleMember(email: string, by: ConsoleCaller): Promise<void> {
  return changeByEmail(email, 'disabled_at = coalesce(disabled_at, now())', [], 'member.disable', by)
}

/** Sets a new password and ends every session of the person. A disabled one stays disabled. Throws `not_found`. */
export async function resetConsolePassword(email: string, password: string, by: ConsoleCaller): Promise<void> {
  await changeByEmail(email, 'password_hash = $2', [await hashPassword(password)], 'member.reset-password', by)
}

// The version is what sessions are compared with: every change ends those made before.
async function changeByEmail(
  email: string,
  assignment: string,
  values: readonly unknown[],
  action: 'member.disable' | 'member.reset-password',
  by: ConsoleCaller,
): Promise<void> {
  await withControl(async ({ sql }) => {
    const [row] = await sql<{ id: string }>(
      `update control.console_members set version = version + 1, ${assignment} where email = $1 returning id`,
      [foldEmail(email), ...values],
    )
    if (row === undefined) throw notFound('console member by e-mail')
    await auditControl({ ...by, action, detail: { member: row.id } }, sql)
  })
}
