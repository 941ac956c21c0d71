import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import type { ImportChoices } from './choices'
import type { MadePlan } from './plan-file'
import { type KeptFile, keepOriginal } from './original'
import type { PlanOutcome, PlanRequest } from './plan'
import { encodePlan } from './stored-plan'
import type { ImportState } from './views'

type NewPlan = Readonly<{
  importId: string
  made: MadePlan
  original: KeptFile
  choices: ImportChoices
  isFromSaved: boolean
}>

/**
 * Stores a plan with its file and choices, or answers the one that is open already. Throws `idempotency_mismatch` for a key that came
 * with another file.
 */
export async function storePlan(
  ctx: TenantContext,
  viewer: Viewer,
  { file, idempotencyKey = undefined }: PlanRequest,
  { importId, made, original, choices, isFromSaved }: NewPlan,
): Promise<PlanOutcome> {
  const { plan, counts, source, isBlocked } = made
  const { text, hash } = encodePlan(plan)
  const state = isBlocked ? ('blocked' as const) : ('planned' as const)
  const actor = actorKey(viewer.actor)
  const key = idempotencyKey ?? null
  const stored = await writeTenant(ctx, async (tx) => {
    // One upload of an actor at a time, so that a double click finds the first one's plan.
    await tx.later('select pg_advisory_xact_lock(hashtextextended($1, 7))', [`${tx.tenantId} ${plan.classId} ${actor}`], {
      name: 'lock_plan',
    })
    const [earlier] = await tx.sql<{ id: string; fileSha256: string; state: ImportState }>(
      insertPlan,
      [
        ...[tx.tenantId, importId, plan.classId, plan.termId, actor, state, shownFileName(file.name), plan.fileSha256],
        ...[file.bytes.length, source, text, hash, JSON.stringify(counts), key, JSON.stringify(choices), isFromSaved],
      ],
      { name: 'store_plan' },
    )
    if (earlier !== undefined) {
      if (earlier.fileSha256 !== plan.fileSha256)
        throw new ProblemError('idempotency_mismatch', 'This upload was already sent with another file. Start a new import.')
      return earlier
    }
    await keepOriginal(tx, importId, original)
    await audit(tx, {
      actor: viewer.actor,
      action: 'import.plan',
      subjectKind: 'import',
      subjectId: importId,
      requestId: ctx.requestId,
      detail: { class: plan.classId, students: plan.students.length, assignments: plan.assignments.length, blocked: isBlocked },
    })
    return { id: importId, state }
  })
  return { kind: stored.state === 'blocked' ? 'blocked' : 'planned', importId: stored.id }
}

const insertPlan = `
  with earlier as (
    select i.id, i.state, i.file_sha256
    from app.imports i
    where i.tenant_id = $1 and i.class_id = $3 and i.actor = $5
      and (i.idempotency_key = $14 or (i.state in ('planned', 'blocked') and i.file_sha256 = $8 and i.plan_hash = $12))
    order by (i.idempotency_key = $14) desc nulls last, i.created_at desc
    limit 1
  ),
  stored as (
    insert into app.imports (
      tenant_id, id, class_id, term_id, actor, state, file_name, file_sha256, file_bytes, source, plan, plan_hash, counts,
      idempotency_key, choices, is_from_saved)
    select $1, $2::uuid, $3, $4::uuid, $5, $6, $7, $8, $9::int, $10, $11, $12, $13::jsonb, $14, $15::jsonb, $16::boolean
    where not exists (select from earlier)
  )
  select id, state, file_sha256 as "fileSha256" from earlier`

/** A file's name as it is shown and kept: without folders and control characters. */
export function shownFileName(name: string): string {
  return (
    name
      .replace(/^.*[\\/]/, '')
      .replace(/\p{Cc}/gu, '')
      .normalize('NFC')
      .slice(0, 200) || 'file'
  )
}
