/**
 * The file of an import sent once more to be read again, until a worker has done so: sealed beside the job and nowhere else, because its
 * private columns are still in it. It goes with the end of the job, however that is.
 */
import 'server-only'
import type { Sql } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { openFile, type SealedFile } from './seal'

/** Opens the file that was sent with the job of this import. Throws `conflict` when none is kept or its secret is gone. */
export async function openSentFile(read: Readonly<{ sql: Sql; tenantId: string }>, importId: string): Promise<Uint8Array> {
  const [row] = await read.sql<SealedFile>(
    `select job.sent_key_id as "keyId", job.sent_nonce as nonce, job.sent_sealed as sealed
     from app.import_jobs job
     where job.tenant_id = $1 and job.import_id = $2 and job.sent_sealed is not null`,
    [read.tenantId, importId],
  )
  const bytes = row && (await openFile({ tenantId: read.tenantId, importId }, row))
  if (!bytes) throw new ProblemError('conflict', 'The file you sent again is no longer kept. Choose it once more.')
  return bytes
}
