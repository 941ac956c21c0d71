import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { requireWholeSchool } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import type { Page } from '@/lib/gradebook/views'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { auditActionLabel } from './actions'

/** An entry as the audit page shows it. `detail` holds counts and ids. `seq` counts from 1 in each school. */
export type AuditView = Readonly<{
  seq: string
  at: string
  actorName: string
  action: string
  actionLabel: string
  subjectKind: string | null
  subjectId: string | null
  requestId: string | null
  detail: Readonly<Record<string, unknown>>
}>

type Row = Omit<AuditView, 'at' | 'actionLabel'> & Readonly<{ at: Date }>

const pageSize = 50

/** The school's audit, newest first. Without the right it does not exist (`not_found`). */
export async function listAudit(ctx: TenantContext, viewer: Viewer, cursor: string | null): Promise<Page<AuditView>> {
  requireWholeSchool(ctx.tenantId, viewer, 'audit.read')
  if (cursor !== null && !/^[1-9]\d{0,17}$/.test(cursor)) {
    throw new ProblemError('invalid_input', 'This page of the audit does not exist. Start again from its first page.')
  }
  const rows = await readTenant(ctx, ({ sql, tenantId }) => sql<Row>(newestFirst, [tenantId, cursor, pageSize + 1]))
  const items = rows.slice(0, pageSize).map(({ at, ...row }) => ({
    ...row,
    at: at.toISOString(),
    actionLabel: auditActionLabel(row.action),
  }))
  return { items, nextCursor: rows.length > pageSize ? (items.at(-1)?.seq ?? null) : null }
}

// An actor is a text like member:<id>; the name is looked up for the fifty rows of a page only.
const newestFirst = `
  with shown as (
    select *, case when actor like 'member:%' or actor like 'token:%' then split_part(actor, ':', 2)::uuid end as actor_id
    from app.audit_log
    where tenant_id = $1 and seq < coalesce($2::bigint, 9223372036854775807)
    order by seq desc
    limit $3
  )
  select shown.seq::text as seq, shown.at, shown.action, shown.subject_kind as "subjectKind", shown.subject_id as "subjectId",
    shown.request_id as "requestId", shown.detail,
    coalesce(member.display_name, 'API token ' || token.name, shown.actor) as "actorName"
  from shown
  left join app.members member on member.tenant_id = $1 and member.id = shown.actor_id and shown.actor like 'member:%'
  left join app.api_tokens token on token.tenant_id = $1 and token.id = shown.actor_id and shown.actor like 'token:%'
  order by shown.seq desc`
