import 'server-only'
import { createHash } from 'node:crypto'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { visibleClasses } from '@/lib/auth/scope'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import { currentTerm } from '@/lib/gradebook/terms'
import { isId, newId } from '@/lib/ids'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { refuseClosed } from './class-state'
import { askForJob, type JobRow } from './job-row'
import { keepOriginal, sealOriginal } from './original'
import type { PlanRequest } from './plan'
import { shownFileName } from './store-plan'
import { unreadSource } from './summary'

/**
 * Stores an upload unread, sealed, as an import that waits for a worker to plan it, and notes that it does. The same file once more finds
 * the one that waits. What private columns hold is taken out as soon as it is read; until then, nobody can download it.
 * Throws `not_found`, `term_locked`, `conflict`, `idempotency_mismatch`, `school_read_only`.
 */
export async function storeUpload(ctx: TenantContext, viewer: Viewer, request: PlanRequest): Promise<JobRow> {
  const { classId, file, answers = {}, idempotencyKey = null } = request
  if (!viewer.rights.has('grades.import') || !isId(classId)) throw notFound('right=grades.import')
  const termId = request.termId ?? (await currentTerm(ctx))?.id
  if (termId === undefined)
    throw new ProblemError('conflict', 'This school has no term yet. A school admin adds one before grades can be imported.')
  const importId = newId()
  const fileSha256 = createHash('sha256').update(file.bytes).digest('hex')
  const original = await sealOriginal(
    { tenantId: ctx.tenantId, importId },
    { bytes: file.bytes, isRedacted: false, privateColumns: [] },
  )
  const actor = actorKey(viewer.actor)
  return writeTenant(ctx, async (tx) => {
    await refuseClass(tx, viewer, { classId, termId })
    // One upload of an actor at a time, as when a plan is stored (store-plan.ts).
    await tx.later('select pg_advisory_xact_lock(hashtextextended($1, 7))', [`${tx.tenantId} ${classId} ${actor}`], {
      name: 'lock_plan',
    })
    const [earlier] = await tx.sql<{ id: string; fileSha256: string }>(insertUpload, [
      ...[tx.tenantId, importId, classId, termId, actor, shownFileName(file.name), fileSha256, file.bytes.length],
      ...[unreadSource, JSON.stringify(nothingCounted), idempotencyKey, JSON.stringify(answers)],
    ])
    if (earlier !== undefined && earlier.fileSha256 !== fileSha256)
      throw new ProblemError('idempotency_mismatch', 'This upload was already sent with another file. Start a new import.')
    const id = earlier?.id ?? importId
    if (earlier === undefined) {
      await keepOriginal(tx, id, original)
      await audit(tx, {
        actor: viewer.actor,
        action: 'import.plan',
        subjectKind: 'import',
        subjectId: id,
        requestId: ctx.requestId,
        detail: { class: classId, bytes: file.bytes.length },
      })
    }
    return askForJob(tx, { importId: id, kind: 'plan', actor: viewer.actor, requestId: ctx.requestId })
  })
}

async function refuseClass(tx: TenantWriter, viewer: Viewer, place: { classId: string; termId: string }): Promise<void> {
  const values: unknown[] = [tx.tenantId, place.classId, isId(place.termId) ? place.termId : null]
  const [row] = await tx.sql<{ isArchived: boolean; isLocked: boolean; termName: string }>(
    `select c.archived_at is not null as "isArchived", term.is_locked as "isLocked", term.name as "termName"
     from app.classes c
     join app.terms term on term.tenant_id = c.tenant_id and term.id = $3::uuid
     where c.tenant_id = $1 and c.id = $2 and ${visibleClasses(viewer, 'c.id', values)}`,
    values,
  )
  if (row === undefined) throw notFound(`class=${place.classId}`)
  refuseClosed(row)
}

// A plan that failed left its import without a file: the upload then begins anew.
const insertUpload = `
  with earlier as (
    select i.id, i.file_sha256
    from app.imports i
    where i.tenant_id = $1 and i.class_id = $3 and i.actor = $5
      and (i.idempotency_key = $11 or (
        i.state = 'reading' and i.file_sha256 = $7 and i.choices = $12::jsonb
        and exists (select from app.import_files kept where kept.tenant_id = $1 and kept.import_id = i.id)))
    order by (i.idempotency_key = $11) desc nulls last, i.created_at desc
    limit 1
  ),
  stored as (
    insert into app.imports (
      tenant_id, id, class_id, term_id, actor, state, file_name, file_sha256, file_bytes, source, plan, plan_hash, counts,
      idempotency_key, choices)
    select $1, $2::uuid, $3::uuid, $4::uuid, $5, 'reading', $6, $7, $8::int, $9, '', '', $10::jsonb, $11, $12::jsonb
    where not exists (select from earlier)
  )
  select id, file_sha256 as "fileSha256" from earlier`

const nothingCounted = {
  ...{ studentsMatched: 0, studentsNew: 0, studentsEnrolled: 0, assignmentsMatched: 0, assignmentsNew: 0, assignmentsChanged: 0 },
  ...{ cellsNew: 0, cellsChanged: 0, cellsCleared: 0, cellsUnchanged: 0, cellsKept: 0, cellsRejected: 0, rowsRejected: 0 },
}
