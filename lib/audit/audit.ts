import 'server-only'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { log } from '@/lib/log'
import { type Actor, actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import type { AuditAction } from './actions'

/** What was done, by whom, to what. `detail` holds counts and ids only: no name, no e-mail, no grade. */
export type AuditEntry = Readonly<{
  actor: Actor
  action: AuditAction
  subjectKind?: string
  subjectId?: string
  requestId: string
  detail?: Readonly<Record<string, string | number | boolean | null>>
}>

/**
 * Appends an entry in the transaction of the write it speaks of, so that neither stands without the other. Call it last:
 * the trigger that numbers and chains the row holds the school's chain lock until the transaction ends.
 */
export async function audit(tx: TenantWriter, entry: AuditEntry): Promise<void> {
  await tx.later(
    `insert into app.audit_log (tenant_id, actor, action, subject_kind, subject_id, request_id, detail)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
    [
      tx.tenantId,
      actorKey(entry.actor),
      entry.action,
      entry.subjectKind ?? null,
      entry.subjectId ?? null,
      entry.requestId,
      JSON.stringify(entry.detail ?? {}),
    ],
    { name: 'audit' },
  )
}

/**
 * Records that somebody read something, in a short transaction of its own. A school that takes no writes can still be
 * read, so there the entry goes to the log; every other failure is thrown: what cannot be recorded is not shown.
 */
export async function auditRead(ctx: TenantContext, entry: Omit<AuditEntry, 'requestId'>): Promise<void> {
  try {
    await writeTenant(ctx, (tx) => audit(tx, { ...entry, requestId: ctx.requestId }))
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'school_read_only')) throw error
    const who = entry.actor.kind === 'system' ? {} : { [entry.actor.kind]: entry.actor.id }
    const what = { kind: entry.action, ...(entry.subjectId === undefined ? {} : { reference: entry.subjectId }) }
    log.info('audit_read_unwritten', { tenant: ctx.tenantId, request: ctx.requestId, ...who, ...what })
  }
}
