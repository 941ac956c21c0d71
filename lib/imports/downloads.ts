import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { AuditAction } from '@/lib/audit/actions'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant, type TenantReader } from '@/lib/db/tenant-db'
import { notFound } from '@/lib/errors'
import type { DownloadFile } from '@/lib/file-headers'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { findImport, findWithPlan, type ImportRow } from './import-row'
import { openOriginal } from './original'
import { summaryOf } from './summary'
import { readUndos, type UndoRow } from './undo-row'

/**
 * The uploaded file as it is kept. Throws `not_found` without the right to import, when the import may not be seen, when the file is no
 * longer kept, and while it is unread: private values are still in it. The download is recorded.
 */
export async function originalFile(ctx: TenantContext, viewer: Viewer, importId: string): Promise<DownloadFile> {
  const { row, found } = await look(ctx, viewer, importId, (read) => openOriginal(read, importId))
  if (row.state === 'reading') throw notFound(`import=${importId} original`)
  await noted(ctx, viewer, importId, 'import.original')
  const { bytes, isRedacted } = found
  // What was taken private values out of is a CSV, whatever was uploaded.
  const fileName = isRedacted ? named(row, 'without-private-data.csv') : row.fileName
  return { fileName, bytes, mediaType: 'application/octet-stream' }
}

/** The stored plan: its SHA-256 is the plan's hash. Throws `not_found`. The download is recorded. */
export async function planFile(ctx: TenantContext, viewer: Viewer, importId: string): Promise<DownloadFile> {
  const { row, found } = await look(
    ctx,
    viewer,
    importId,
    async (read) => (await findWithPlan(read, viewer, importId))?.plan || null,
  )
  await noted(ctx, viewer, importId, 'import.plan.read')
  return { fileName: named(row, 'plan.json'), bytes: new TextEncoder().encode(found), mediaType: 'application/json' }
}

/** What the import did, and every undo and redo of it. Throws `not_found`, also for one that was never committed. The download is recorded. */
export async function receiptFile(ctx: TenantContext, viewer: Viewer, importId: string): Promise<DownloadFile> {
  const { row, found } = await look(ctx, viewer, importId, (read) => readUndos(read, importId))
  const commit = row.receipt?.commit
  if (commit === undefined) throw notFound(`import=${importId} receipt`)
  await noted(ctx, viewer, importId, 'import.receipt')
  const { counts, crossed, kept } = commit
  const receipt = { import: summaryOf(row, true), commit: { counts, crossed, kept }, undos: found.map(undoOf) }
  return {
    fileName: named(row, 'receipt.json'),
    bytes: new TextEncoder().encode(`${JSON.stringify(receipt, null, 2)}\n`),
    mediaType: 'application/json',
  }
}

function undoOf({ kind, at, actorName, receipt }: UndoRow) {
  return { kind, at: at.toISOString(), by: actorName, ...receipt }
}

async function look<Found>(
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
  find: (read: TenantReader) => Promise<Found | null>,
): Promise<Readonly<{ row: ImportRow; found: Found }>> {
  if (!viewer.rights.has('grades.import')) throw notFound('right=grades.import')
  return readTenant(ctx, async (read) => {
    const row = await findImport(read, viewer, importId)
    const found = row && (await find(read))
    if (row === null || found === null) throw notFound(`import=${importId}`)
    return { row, found }
  })
}

function noted(ctx: TenantContext, viewer: Viewer, importId: string, action: AuditAction): Promise<void> {
  return auditRead(ctx, { actor: viewer.actor, action, subjectKind: 'import', subjectId: importId })
}

function named({ fileName }: ImportRow, ending: string): string {
  return `${fileName.replace(/\.[a-z0-9]{1,5}$/i, '')}-${ending}`
}

/** What is kept of an import's file: nothing any more after its 90 days. */
export type OriginalState = Readonly<{
  isKept: boolean
  isRedacted: boolean
  expiresAt: string | null
  byteLength: number | null
}>

/** How an import's original stands, for its page; null when the import does not exist or may not be seen. */
export async function loadOriginalState(ctx: TenantContext, viewer: Viewer, importId: string): Promise<OriginalState | null> {
  return readTenant(ctx, async (read) => {
    const row = await findImport(read, viewer, importId)
    if (row === null) return null
    const [file] = await read.sql<Readonly<{ isRedacted: boolean; expiresAt: Date; byteLength: number }>>(
      `select is_redacted as "isRedacted", expires_at as "expiresAt", byte_length as "byteLength"
       from app.import_files
       where tenant_id = $1 and import_id = $2 and expires_at > now()`,
      [read.tenantId, importId],
    )
    return {
      isKept: file !== undefined,
      isRedacted: file?.isRedacted ?? false,
      expiresAt: file?.expiresAt.toISOString() ?? null,
      byteLength: file?.byteLength ?? null,
    }
  })
}
