/** How a teacher maps the columns of files that look alike, remembered for the next one. */
import 'server-only'
import { createHash } from 'node:crypto'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import type { Actor, TenantContext } from '@/lib/tenancy/tenant'
import type { ImportChoices } from './choices'
import { lockImport, readPlanText } from './import-row'
import type { FileColumn } from './parsed'
import { decodePlan } from './stored-plan'
import { foldHeading } from './text'

export type SavedColumns = NonNullable<ImportChoices['columns']>
export type SavedMapping = Readonly<{ source: string; fingerprint: string; columns: SavedColumns }>

/** Mappings one member keeps; the oldest gives way. */
const mappingsMax = 50

/** What two files have in common whose columns mean the same: their headings, in order. */
export function fingerprintOf(columns: readonly FileColumn[]): string {
  const headings = columns.map(({ heading }) => foldHeading(heading))
  return createHash('sha256').update(JSON.stringify(headings), 'utf8').digest('hex')
}

/** The columns as the viewer once mapped them in a file of this shape, or null. Assignments that are not of this class are found anew. */
export function findMapping(
  mappings: readonly SavedMapping[],
  file: Readonly<{ source: string; columns: readonly FileColumn[] }>,
  assignmentIds: ReadonlySet<string>,
): SavedColumns | null {
  if (mappings.length === 0) return null
  const fingerprint = fingerprintOf(file.columns)
  const found = mappings.find((saved) => saved.source === file.source && saved.fingerprint === fingerprint)
  if (found === undefined) return null
  return Object.fromEntries(
    Object.entries(found.columns).map(([at, choice]) => {
      if (choice.use !== 'assignment' || typeof choice.assignmentId !== 'string' || assignmentIds.has(choice.assignmentId))
        return [at, choice]
      const { assignmentId: _gone, ...rest } = choice
      return [at, rest]
    }),
  )
}

/** Keeps the columns for the member's next file of this shape; travels with the next statement. Tokens keep nothing. */
export async function keepMapping(tx: TenantWriter, actor: Actor, { source, fingerprint, columns }: SavedMapping): Promise<void> {
  if (actor.kind !== 'member' || Object.keys(columns).length === 0) return
  await tx.later(
    `insert into app.import_mappings as saved (tenant_id, member_id, source, fingerprint, columns)
     values ($1, $2, $3, $4, $5::jsonb)
     on conflict (tenant_id, member_id, source, fingerprint) do update set columns = excluded.columns, saved_at = now()`,
    [tx.tenantId, actor.id, source, fingerprint, JSON.stringify(columns)],
  )
  await tx.later(
    `delete from app.import_mappings saved
     where saved.tenant_id = $1 and saved.member_id = $2 and saved.saved_at < (
       select newer.saved_at from app.import_mappings newer
       where newer.tenant_id = $1 and newer.member_id = $2
       order by newer.saved_at desc
       offset $3 limit 1)`,
    [tx.tenantId, actor.id, mappingsMax - 1],
  )
}

/** Saves how this import's columns are mapped, at the teacher's word. Throws `not_found`, and `conflict` when nothing was mapped. */
export function saveMapping(ctx: TenantContext, viewer: Viewer, { importId }: { importId: string }): Promise<void> {
  return writeTenant(ctx, async (tx) => {
    const { columns, source, fingerprint } = await mappingOf(tx, viewer, importId)
    if (columns === undefined)
      throw new ProblemError('conflict', 'No column was mapped by hand, so there is nothing to save. Map a column first.')
    await keepMapping(tx, viewer.actor, { source, fingerprint, columns })
    await noted(tx, ctx, viewer, importId, true)
  })
}

/** Forgets what was saved for files of this import's shape; the import itself stays as it is. Throws `not_found`. */
export function forgetMapping(ctx: TenantContext, viewer: Viewer, { importId }: { importId: string }): Promise<void> {
  return writeTenant(ctx, async (tx) => {
    const { source, fingerprint } = await mappingOf(tx, viewer, importId)
    if (viewer.actor.kind !== 'member') return
    await tx.sql(
      `delete from app.import_mappings saved
       where saved.tenant_id = $1 and saved.member_id = $2 and saved.source = $3 and saved.fingerprint = $4`,
      [tx.tenantId, viewer.actor.id, source, fingerprint],
    )
    await tx.sql('update app.imports set is_from_saved = false where tenant_id = $1 and id = $2', [tx.tenantId, importId])
    await noted(tx, ctx, viewer, importId, false)
  })
}

async function mappingOf(tx: TenantWriter, viewer: Viewer, importId: string) {
  const row = await lockImport(tx, viewer, importId)
  const { reading } = decodePlan(await readPlanText(tx, importId), row.planHash)
  return { columns: row.choices?.columns, source: row.source, fingerprint: fingerprintOf(reading?.columns ?? []) }
}

function noted(tx: TenantWriter, ctx: TenantContext, viewer: Viewer, importId: string, isSaved: boolean): Promise<void> {
  return audit(tx, {
    actor: viewer.actor,
    action: 'import.mapping',
    subjectKind: 'import',
    subjectId: importId,
    requestId: ctx.requestId,
    detail: { saved: isSaved },
  })
}
