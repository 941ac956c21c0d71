import 'server-only'
import { controlSql } from '@/lib/db/control-db'
import type { Sql } from '@/lib/db/sql'
import { newId } from '@/lib/ids'
import { type Actor, actorKey } from '@/lib/tenancy/tenant'
import type { AuditAction } from './actions'

/**
 * Appends what was done on the console or by an operator's command to the control database's audit. Ids and counts only. `sql` is
 * the transaction that does it, when there is one.
 */
export async function auditControl(
  entry: {
    actor: Actor
    action: AuditAction
    tenantId?: string
    requestId: string
    detail?: Readonly<Record<string, string | number | boolean | null>>
  },
  sql: Sql = controlSql,
): Promise<void> {
  await sql(
    `insert into control.control_audit (id, actor, action, tenant_id, request_id, detail) values ($1, $2, $3, $4, $5, $6::jsonb)`,
    [newId(), actorKey(entry.actor), entry.action, entry.tenantId ?? null, entry.requestId, JSON.stringify(entry.detail ?? {})],
  )
}
