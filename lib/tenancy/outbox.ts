import 'server-only'
import { withControl } from '@/lib/db/control-db'
import type { Sql } from '@/lib/db/sql'
import { metrics } from '@/lib/metrics'
import type { Invalidations } from '@/lib/tenancy/invalidation'
import { recordColumns, recordOf } from '@/lib/tenancy/record'
import type { SharedCopies } from '@/lib/tenancy/registry-levels'

/** Writes down that a school's route changed, in the transaction that changes it. Published after that commits. */
export async function noteRouteChange(
  tx: Sql,
  change: Readonly<{ tenantId: string; slug: string; epoch: number }>,
): Promise<void> {
  await tx('insert into control.registry_outbox (tenant_id, slug, epoch) values ($1, $2, $3)', [
    change.tenantId,
    change.slug,
    change.epoch,
  ])
}

type OutboxRow = Readonly<{ id: string; tenant_id: string; slug: string; epoch: number }>

/**
 * Publishes what waits in the outbox, oldest first, and returns how many. The shared copy is renewed before the message goes
 * out, so that whoever hears it and asks finds the new state. One process at a time: others return 0 and leave it to that one. A
 * failure leaves the rest waiting for the next round.
 */
export async function publishOutbox(to: Readonly<{ invalidations: Invalidations; shared: SharedCopies }>): Promise<number> {
  const stop = metrics.outboxPublishSeconds.startTimer()
  const count = await withControl(async ({ sql }) => {
    const waiting = await sql<OutboxRow>(waitingChanges)
    if (waiting.length === 0 || !(await isOurTurn(sql))) return 0
    // Read again under the lock: the process before us may have published them.
    const rows = await sql<OutboxRow>(waitingChanges)
    if (rows.length === 0) return 0
    await renewCopies(sql, rows, to.shared)
    let previous = await lastPublished(sql)
    for (const { id, tenant_id: tenantId, slug, epoch } of rows) {
      await to.invalidations.publish({ id, previous, tenantId, slug, epoch }, sql)
      if (previous === '' || BigInt(id) > BigInt(previous)) previous = id
    }
    await sql('update control.registry_outbox set published_at = now() where id = any($1::bigint[])', [rows.map(({ id }) => id)])
    return rows.length
  })
  if (count > 0) {
    stop()
    metrics.outboxPublished.inc(count)
  }
  return count
}

const waitingChanges = `
  select id, tenant_id, slug, epoch
  from control.registry_outbox
  where published_at is null
  order by id
  limit 200`

async function isOurTurn(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ is_ours: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('grade-insight.registry-outbox', 0)) as is_ours`,
  )
  return row?.is_ours === true
}

async function lastPublished(sql: Sql): Promise<string> {
  const [row] = await sql<{ id: string }>(
    'select id from control.registry_outbox where published_at is not null order by id desc limit 1',
  )
  return row?.id ?? ''
}

async function renewCopies(sql: Sql, rows: readonly OutboxRow[], shared: SharedCopies): Promise<void> {
  const ids = [...new Set(rows.map((row) => row.tenant_id))]
  const records = await sql(`select ${recordColumns} from control.tenants as tenant where tenant.id = any($1::uuid[])`, [ids])
  await Promise.all(records.map((row) => shared.keep(recordOf(row))))
}
