import 'server-only'
import { z } from 'zod'
import { controlSql } from '@/lib/db/control-db'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { MemberView } from './member'
import { type ConsoleRole, type Right, rightsOf } from './rights'
import type { SessionClaims } from './session-token'

/** A person of the console. `districtId` null: every district (platform operator). */
export type ConsoleMemberView = Readonly<{
  id: string
  displayName: string
  email: string
  role: ConsoleRole
  districtId: string | null
  version: number
}>

/** Who looks at many schools, reduced to what domain code needs. */
export type ConsoleViewer = Readonly<{
  memberId: string
  role: ConsoleRole
  districtId: string | null
  rights: ReadonlySet<Right>
}>

const memberColumns = `id, tenant_id as "tenantId", display_name as "displayName", email, roles, student_id as "studentId", version, locale`
const roleSchema = z.enum(['student', 'guardian', 'teacher', 'school_admin'])
const memberSchema = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  displayName: z.string(),
  email: z.string(),
  roles: z.array(roleSchema),
  studentId: z.uuid().nullable(),
  version: z.int(),
  locale: z.string().nullable(),
})

/** The member a session speaks of, or null when they are gone, disabled, or their sessions were ended since. */
export async function memberOfSession(ctx: TenantContext, claims: SessionClaims): Promise<MemberView | null> {
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<unknown>(
      `select ${memberColumns} from app.members where tenant_id = $1 and id = $2 and version = $3 and disabled_at is null`,
      [tenantId, claims.sub, claims.ver],
      { name: 'member_of_session' },
    ),
  )
  return rows[0] === undefined ? null : memberSchema.parse(rows[0])
}

/** The member with this id as they are now, or null when they are unknown or disabled. For work that runs after its request. */
export async function memberById(ctx: TenantContext, id: string): Promise<MemberView | null> {
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<unknown>(`select ${memberColumns} from app.members where tenant_id = $1 and id = $2 and disabled_at is null`, [
      tenantId,
      id,
    ]),
  )
  return rows[0] === undefined ? null : memberSchema.parse(rows[0])
}

/** The member with this folded e-mail and the hash of their password; disabled ones have none. Null when unknown. */
export async function memberToSignIn(
  ctx: TenantContext,
  email: string,
): Promise<Readonly<{ member: MemberView; passwordHash: string | null }> | null> {
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<{ passwordHash: string | null }>(
      `select ${memberColumns}, case when disabled_at is null then password_hash end as "passwordHash"
       from app.members where tenant_id = $1 and email = $2`,
      [tenantId, email],
    ),
  )
  const [row] = rows
  return row === undefined ? null : { member: memberSchema.parse(row), passwordHash: row.passwordHash }
}

const consoleColumns = `id, display_name as "displayName", email, role, district_id as "districtId", version`
const consoleMemberSchema = z.object({
  id: z.uuid(),
  displayName: z.string(),
  email: z.string(),
  role: z.enum(['district_viewer', 'district_admin', 'platform_operator']),
  districtId: z.uuid().nullable(),
  version: z.int(),
})

/** The console member a session speaks of, by the same rules as `memberOfSession`. */
export async function consoleMemberOfSession(claims: SessionClaims): Promise<ConsoleMemberView | null> {
  const rows = await controlSql<unknown>(
    `select ${consoleColumns} from control.console_members where id = $1 and version = $2 and disabled_at is null`,
    [claims.sub, claims.ver],
  )
  return rows[0] === undefined ? null : consoleMemberSchema.parse(rows[0])
}

/** As `memberToSignIn`, on the console. */
export async function consoleMemberToSignIn(
  email: string,
): Promise<Readonly<{ member: ConsoleMemberView; passwordHash: string | null }> | null> {
  const rows = await controlSql<{ passwordHash: string | null }>(
    `select ${consoleColumns}, case when disabled_at is null then password_hash end as "passwordHash"
     from control.console_members where email = $1`,
    [email],
  )
  const [row] = rows
  return row === undefined ? null : { member: consoleMemberSchema.parse(row), passwordHash: row.passwordHash }
}

/** What a console member may see. A district's person without a district sees nothing; only the operator sees all. */
export function consoleViewerOf({ id, role, districtId }: ConsoleMemberView): ConsoleViewer {
  const isBound = role === 'platform_operator' || districtId !== null
  return { memberId: id, role, districtId, rights: isBound ? rightsOf([role]) : new Set() }
}
