import 'server-only'
import type { Role, Viewer } from '@/lib/auth/rights'
import { requireWholeSchool } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import type { Page } from '@/lib/gradebook/views'
import { lostPlace, pageLimit, pageOf, readCursor } from '@/lib/page-cursor'
import type { TenantContext } from '@/lib/tenancy/tenant'

/** A person who can sign in to the school, as its admin sees them. */
export type MemberSummary = Readonly<{
  id: string
  name: string
  email: string
  roles: readonly Role[]
  isDisabled: boolean
  /** Classes they teach, by name. */
  classNames: readonly string[]
  /** The students they are, or are guardian of, as 'Smith, Alice'. */
  studentNames: readonly string[]
}>

/**
 * The people who can sign in to the school, by name. `query` keeps those whose name or e-mail begins with it, whatever the
 * case. At most 200 a page, 50 by default. Throws `not_found` without the right to people, which only a school admin has.
 */
export async function listMembers(
  ctx: TenantContext,
  viewer: Viewer,
  { query = '', role, cursor, limit }: { query?: string; role?: Role; cursor?: string; limit?: number } = {},
): Promise<Page<MemberSummary>> {
  requireWholeSchool(ctx.tenantId, viewer, 'people.read')
  const list = `${ctx.tenantId} members`
  const after = readCursor(list, cursor)
  const count = pageLimit(limit, 50, 200)
  const begins = query
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<MemberSummary>(
      `select
         m.id, m.display_name as name, m.email, m.roles, m.disabled_at is not null as "isDisabled",
         array(
           select c.name
           from app.class_teachers taught
           join app.classes c on c.tenant_id = taught.tenant_id and c.id = taught.class_id
           where taught.tenant_id = $1 and taught.member_id = m.id and c.archived_at is null
           order by c.name) as "classNames",
         array(
           select concat_ws(', ', nullif(s.last_name, ''), nullif(s.first_name, ''))
           from app.students s
           where s.tenant_id = $1 and (s.id = m.student_id or s.id = any(array(
             select link.student_id from app.guardians link
             where link.tenant_id = $1 and link.member_id = m.id and link.revoked_at is null)))
           order by s.last_name, s.first_name, s.id) as "studentNames"
       from app.members m
       where m.tenant_id = $1
         and ($2 = '' or m.email like $2 || '%' or lower(m.display_name collate "und-x-icu") like $2 || '%')
         and ($3::text is null or $3 = any(m.roles))
         and ($4::uuid is null or (m.display_name collate "und-x-icu", m.id) > (
           select last.display_name collate "und-x-icu", last.id from app.members last
           where last.tenant_id = $1 and last.id = $4))
       order by m.display_name collate "und-x-icu", m.id
       limit $5`,
      [tenantId, begins, role ?? null, after, count + 1],
    ),
  )
  if (rows.length === 0 && after !== null) throw lostPlace()
  return pageOf(rows, count, { list, idOf: (row) => row.id, itemOf: (row) => row })
}
