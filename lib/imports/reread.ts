import 'server-only'
import { createHash } from 'node:crypto'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant, type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { ImportChoices } from './choices'
import { readClassState } from './class-state'
import { findWithPlan, type ImportRow, lockImport } from './import-row'
import { makePlan } from './make-plan'
import type { MadePlan } from './plan-file'
import { type ChoicesPatch, mergeChoices } from './merge-choices'
import { type KeptFile, keepOriginal, openOriginal, type Original, originalGone, sealOriginal } from './original'
import { readUpload, type Upload } from './read-upload'
import { readKept } from './read-kept'
import { decodePlan, encodePlan, type StoredPlan } from './stored-plan'
import { UnreadableFile } from './unreadable'
import type { ImportWatch } from './watch'

export type RereadRequest = Readonly<{
  importId: string
  /** What changes: not said stays, null takes back. */
  choices: ChoicesPatch
  /** The same file once more: for a column whose values were not kept. */
  file?: Readonly<{ bytes: Uint8Array }> | undefined
}>

export type RereadOutcome = Readonly<{ kind: 'planned' | 'blocked'; importId: string; planHash: string }>

const triesMax = 4

/**
 * Reads an import's file again under its choices and these, compares it with the class as it is now, and stores the new plan. Nothing
 * else is written, and the same choices once more change nothing further. `watch` follows it and may stop it. Throws `not_found`,
 * `conflict` (decided already, or the file is no longer kept), `term_locked`, and `invalid_input` with a sentence when the file cannot be
 * read that way: then everything stays as it was.
 */
export async function rereadImport(
  ctx: TenantContext,
  viewer: Viewer,
  request: RereadRequest,
  watch: ImportWatch = {},
): Promise<RereadOutcome> {
  if (!viewer.rights.has('grades.import')) throw notFound('right=grades.import')
  for (let tries = 1; ; tries++) {
    const outcome = await rereadOnce(ctx, viewer, request, watch)
    if (outcome !== null) return outcome
    if (tries === triesMax)
      throw new ProblemError(
        'conflict',
        'This import is being worked on in another window. Load the page again to see how it stands.',
      )
  }
}

/** Null when the choices changed while the file was read. */
async function rereadOnce(
  ctx: TenantContext,
  viewer: Viewer,
  { importId, choices: patch, file }: RereadRequest,
  watch: ImportWatch,
): Promise<RereadOutcome | null> {
  const before = await readBefore(ctx, viewer, importId)
  const choices = mergeChoices(before.row.choices ?? {}, patch)
  const state = await readTenant(ctx, (read) => readClassState(read, viewer, before.row))
  watch.onProgress?.('reading', 0, null)
  const upload = await readAgain(before, { state, choices, file, watch })
  const { fileSha256 } = before.row
  const isFromSaved = upload.isFromSaved || (before.row.isFromSaved && patch.columns === undefined)
  const made = await readTenant(ctx, (read) => makePlan(read, state, { ...upload, viewer, fileSha256, watch }))
  if (made.kind === 'refused') throw new UnreadableFile(made.problems)
  watch.signal?.throwIfAborted()
  watch.onProgress?.('storing', 0, null)
  const kept = upload.isKeptAnew ? await sealOriginal({ tenantId: ctx.tenantId, importId }, upload.kept) : null
  return store(ctx, viewer, before.row, { made, choices: upload.choices, kept, isFromSaved, signal: watch.signal })
}

type Before = Readonly<{ row: ImportRow; original: Original | null; plan: StoredPlan | null }>

async function readBefore(ctx: TenantContext, viewer: Viewer, importId: string): Promise<Before> {
  return readTenant(ctx, async (read) => {
    const found = await findWithPlan(read, viewer, importId)
    if (found === null) throw notFound(`import=${importId}`)
    const { plan: text, ...row } = found
    refuseDecided(row)
    const original = await openOriginal(read, importId)
    return { row, original, plan: text === '' ? null : decodePlan(text, row.planHash) }
  })
}

function refuseDecided({ state }: ImportRow): void {
  if (state === 'committed' || state === 'undone')
    throw new ProblemError(
      'conflict',
      'This import was committed, so its file is no longer read. Upload it again to change more.',
    )
  if (state === 'discarded')
    throw new ProblemError('conflict', 'This import was discarded. Upload the file again to import it anew.')
}

type Again = Readonly<{
  state: Awaited<ReturnType<typeof readClassState>>
  choices: ImportChoices
  file: RereadRequest['file']
  watch: ImportWatch
}>

async function readAgain(
  { row, original, plan }: Before,
  { state, choices, file, watch }: Again,
): Promise<Upload & Readonly<{ isKeptAnew: boolean }>> {
  if (file !== undefined) refuseOtherFile(row, file.bytes)
  if (file === undefined && original === null) throw originalGone()
  const bytes = file?.bytes ?? original?.bytes ?? new Uint8Array()
  const usesSaved = plan === null
  const read =
    file === undefined && original?.isRedacted
      ? await readKept({ name: row.fileName, bytes, original, plan }, state, { choices, watch })
      : await readUpload({ name: row.fileName, bytes }, state, { choices, usesSaved, watch })
  if (read.kind === 'refused') throw new UnreadableFile(read.problems)
  const isKeptAnew = file !== undefined || (!original?.isRedacted && read.kept.isRedacted)
  return { ...read, isKeptAnew }
}

/** Throws `conflict` for bytes that are not those the import began with. */
export function refuseOtherFile({ fileSha256 }: Pick<ImportRow, 'fileSha256'>, bytes: Uint8Array): void {
  if (createHash('sha256').update(bytes).digest('hex') !== fileSha256)
    throw new ProblemError('conflict', 'This is another file than the one this import began with. Start a new import for it.')
}

type Next = Readonly<{
  made: MadePlan
  choices: ImportChoices
  kept: KeptFile | null
  isFromSaved: boolean
  signal: AbortSignal | undefined
}>

function store(
  ctx: TenantContext,
  viewer: Viewer,
  before: ImportRow,
  { made, choices, kept, isFromSaved, signal }: Next,
): Promise<RereadOutcome | null> {
  const { text, hash } = encodePlan(made.plan)
  const state = made.isBlocked ? ('blocked' as const) : ('planned' as const)
  const write = async (tx: TenantWriter) => {
    const now = await lockImport(tx, viewer, before.id)
    refuseDecided(now)
    if (now.planHash !== before.planHash || JSON.stringify(now.choices) !== JSON.stringify(before.choices)) return null
    await tx.later(
      `update app.imports
       set state = $3, source = $4, plan = $5, plan_hash = $6, counts = $7::jsonb, choices = $8::jsonb, is_from_saved = $9
       where tenant_id = $1 and id = $2`,
      [
        ...[tx.tenantId, before.id, state, made.source, text, hash, JSON.stringify(made.counts)],
        ...[JSON.stringify(choices), isFromSaved],
      ],
    )
    if (kept !== null) await keepOriginal(tx, before.id, kept)
    await audit(tx, {
      actor: viewer.actor,
      action: 'import.choices',
      subjectKind: 'import',
      subjectId: before.id,
      requestId: ctx.requestId,
      detail: { class: before.classId, blocked: made.isBlocked },
    })
    return { kind: state, importId: before.id, planHash: hash }
  }
  return writeTenant(ctx, write, { signal })
}
