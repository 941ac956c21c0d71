import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { findImport } from '@/lib/imports/import-row'
import { findJob, type JobRow, noteAskedAgain, progressOf } from '@/lib/imports/job-row'
import type { ImportProgressView } from '@/lib/imports/progress'
import { log } from '@/lib/log'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { queueImport } from './queue'

/** A job of which nothing was heard for this long is put into the queue again by whoever looks at it; what is there already stays. */
const askAgainSeconds = 10

/**
 * How far the worker is with this import, or with what was last asked of it; null when the import does not exist or the viewer may
 * not see it. Light enough to be asked every second.
 */
export async function loadProgress(ctx: TenantContext, viewer: Viewer, importId: string): Promise<ImportProgressView | null> {
  const found = await readTenant(ctx, async (read) => {
    const row = await findImport(read, viewer, importId)
    return row && { state: row.state, job: await findJob(read, importId) }
  })
  if (found === null) return null
  const { state, job } = found
  if (job !== null && isForgotten(job) && ctx.status === 'active') await askAgain(ctx, job)
  return { importId, state, progress: job && progressOf(job) }
}

/** A queue that was away when the job was asked for, or a school that was closed when its turn came, left it without anybody. */
function isForgotten({ state, quietSeconds }: JobRow): boolean {
  return (state === 'queued' || state === 'working') && quietSeconds > askAgainSeconds
}

async function askAgain(ctx: TenantContext, { importId, kind, requestId }: JobRow): Promise<void> {
  try {
    await queueImport({ tenantId: ctx.tenantId, importId, kind, requestId })
    await writeTenant(ctx, (tx) => noteAskedAgain(tx, importId))
  } catch (error) {
    log.warn('job_not_queued', { tenant: ctx.tenantId, import: importId, kind }, error)
  }
}
