import 'server-only'
import { z } from 'zod'
import { controlSql } from '@/lib/db/control-db'
import { type ImportJobKind, importJobKinds } from '@/lib/imports/progress'

/** What stands in the queue: ids only. What to do, for whom and with which plan stands on the school's shard, behind its wall. */
export const importJobSchema = z.object({
  tenantId: z.uuid(),
  importId: z.uuid(),
  kind: z.enum(importJobKinds),
  requestId: z.string().max(200),
})
export type ImportJobPayload = z.output<typeof importJobSchema>

/** The one task of the queue that web processes may ask for. */
export const importTask = 'import'

/**
 * Asks for an import to be worked on; what is asked for already is not asked for twice. Throws when the control database is away: what
 * stands on the shard then still says that it waits, and whoever looks at it next asks again (load-progress.ts).
 */
export async function queueImport(
  payload: Readonly<{ tenantId: string; importId: string; kind: ImportJobKind; requestId: string }>,
): Promise<void> {
  const { tenantId, importId, kind, requestId } = payload
  await controlSql('select control.queue_import($1, $2, $3, $4)', [tenantId, importId, kind, requestId], { name: 'queue_import' })
}
