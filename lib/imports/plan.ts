import 'server-only'
import { createHash } from 'node:crypto'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { currentTerm } from '@/lib/gradebook/terms'
import { newId } from '@/lib/ids'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { ImportChoices } from './choices'
import { readClassState } from './class-state'
import { makePlan } from './make-plan'
import { sealOriginal } from './original'
import { readUpload } from './read-upload'
import { storePlan } from './store-plan'
import type { ImportProblem } from './views'
import type { ImportWatch } from './watch'

/** Answers given with the file; the same that can be given afterwards, one by one (`rereadImport`). */
export type PlanAnswers = ImportChoices

export type PlanRequest = Readonly<{
  classId: string
  /** The school's current term when not said. */
  termId?: string | null
  file: Readonly<{ name: string; bytes: Uint8Array }>
  answers?: PlanAnswers
  /** The same key and file again answer the same import. */
  idempotencyKey?: string
}>

export type PlanOutcome =
  | Readonly<{ kind: 'planned' | 'blocked'; importId: string }>
  | Readonly<{ kind: 'refused'; problems: readonly ImportProblem[] }>

/**
 * Thinks an upload through and stores the plan and the file; writes no grade. `refused`: nothing in the file can be imported, nothing
 * is stored. `blocked`: stored with its questions, cannot be committed. The same file on the same class answers the plan that
 * is still open. `watch` follows it and may stop it. Throws `not_found`, `term_locked`, `conflict`, `idempotency_mismatch`, `school_read_only`.
 */
export async function planImport(
  ctx: TenantContext,
  viewer: Viewer,
  request: PlanRequest,
  watch: ImportWatch = {},
): Promise<PlanOutcome> {
  const termId = request.termId ?? (await currentTerm(ctx))?.id
  if (termId === undefined)
    throw new ProblemError('conflict', 'This school has no term yet. A school admin adds one before grades can be imported.')
  const state = await readTenant(ctx, (read) => readClassState(read, viewer, { classId: request.classId, termId }))
  watch.onProgress?.('reading', 0, null)
  const upload = await readUpload(request.file, state, { choices: request.answers ?? {}, usesSaved: true, watch })
  if (upload.kind === 'refused') return upload
  const fileSha256 = createHash('sha256').update(request.file.bytes).digest('hex')
  const made = await readTenant(ctx, (read) => makePlan(read, state, { ...upload, viewer, fileSha256, watch }))
  if (made.kind === 'refused') return made
  watch.signal?.throwIfAborted()
  watch.onProgress?.('storing', 0, null)
  const importId = newId()
  const original = await sealOriginal({ tenantId: ctx.tenantId, importId }, upload.kept)
  return storePlan(ctx, viewer, request, { importId, made, original, choices: upload.choices, isFromSaved: upload.isFromSaved })
}
