/** The uploaded file as it is kept: sealed, for 90 days, without the values of columns that hold private data. */
import 'server-only'
import { createHash } from 'node:crypto'
import { type Sql, type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { Kept } from './keep'
import { originalDays } from './limits'
import { openFile, type SealedFile, sealFile } from './seal'

/** What is kept of a file, ready to be stored. */
export type KeptFile = SealedFile &
  Readonly<{ sha256: string; byteLength: number; isRedacted: boolean; privateColumns: readonly number[] }>

/** Seals what is to be kept. */
export async function sealOriginal(
  owner: Readonly<{ tenantId: string; importId: string }>,
  { bytes, isRedacted, privateColumns }: Kept,
): Promise<KeptFile> {
  return {
    ...(await sealFile(owner, bytes)),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    byteLength: bytes.length,
    isRedacted,
    privateColumns,
  }
}

/** Stores it, or puts it in the place of what was kept before; travels with the next statement. The 90 days count from the upload. */
export async function keepOriginal(tx: TenantWriter, importId: string, file: KeptFile): Promise<void> {
  const { keyId, nonce, sealed, sha256, byteLength, isRedacted, privateColumns } = file
  await tx.later(
    `insert into app.import_files as kept (
       tenant_id, import_id, key_id, nonce, sealed, sha256, byte_length, is_redacted, private_columns, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::smallint[], now() + make_interval(days => $10::int))
     on conflict (tenant_id, import_id) do update
       set key_id = excluded.key_id, nonce = excluded.nonce, sealed = excluded.sealed, sha256 = excluded.sha256,
         byte_length = excluded.byte_length, is_redacted = excluded.is_redacted, private_columns = excluded.private_columns`,
    [tx.tenantId, importId, keyId, nonce, sealed, sha256, byteLength, isRedacted, privateColumns, originalDays],
    { name: 'keep_original' },
  )
}

/** Takes the kept file of an import away; travels with the next statement. */
export async function dropOriginal(tx: TenantWriter, importId: string): Promise<void> {
  await tx.later('delete from app.import_files where tenant_id = $1 and import_id = $2', [tx.tenantId, importId])
}

/** The file as it was kept. */
export type Original = Readonly<{ bytes: Uint8Array; isRedacted: boolean; privateColumns: readonly number[] }>

/**
 * Opens the kept file of an import that the caller may see; null when it was deleted after its 90 days or its secret is gone. Throws
 * when what stands there is not what was sealed for this import.
 */
export async function openOriginal(read: Readonly<{ sql: Sql; tenantId: string }>, importId: string): Promise<Original | null> {
  const [row] = await read.sql<SealedFile & Readonly<{ isRedacted: boolean; privateColumns: number[] }>>(
    `select key_id as "keyId", nonce, sealed, is_redacted as "isRedacted", private_columns as "privateColumns"
     from app.import_files
     where tenant_id = $1 and import_id = $2 and expires_at > now()`,
    [read.tenantId, importId],
  )
  if (row === undefined) return null
  const bytes = await openFile({ tenantId: read.tenantId, importId }, row)
  return bytes && { bytes, isRedacted: row.isRedacted, privateColumns: row.privateColumns }
}

/** The refusal of what needs a file that is no longer kept. */
export function originalGone(): ProblemError {
  return new ProblemError(
    'conflict',
    `The original was deleted after ${originalDays} days. Upload the file again to read it another way.`,
  )
}

/**
 * Deletes a school's originals that are past their 90 days; how many there were. What was sent again for a job that never ended goes as
 * well. Run daily; a repeat finds nothing.
 */
export function purgeExpiredFiles(ctx: TenantContext): Promise<number> {
  return writeTenant(ctx, async (tx) => {
    await tx.later(
      `update app.import_jobs
       set sent_key_id = null, sent_nonce = null, sent_sealed = null
       where tenant_id = $1 and sent_sealed is not null and queued_at < now() - make_interval(days => $2::int)`,
      [tx.tenantId, originalDays],
    )
    const gone = await tx.sql('delete from app.import_files where tenant_id = $1 and expires_at <= now() returning import_id', [
      tx.tenantId,
    ])
    return gone.length
  })
}
