import 'server-only'
import { controlSql } from '@/lib/db/control-db'
import { metrics } from '@/lib/metrics'
import { gather } from '@/lib/tenancy/gather'
import { recordColumns, recordOf } from '@/lib/tenancy/record'
import type { RegistrySource } from '@/lib/tenancy/registry-levels'
import type { TenantRecord } from '@/lib/tenancy/tenant'

/** The control database as the registry's source. Look-ups that wait together share one query; at most some 50 a second. */
export function controlSource(): RegistrySource {
  const limits = { keysMax: 500, waitingMax: 5_000, pauseMs: 20 }
  return {
    bySlug: gather({
      ...limits,
      ask: (slugs: readonly string[]) => find('tenant.slug = any($1::text[])', slugs, (record) => record.slug),
    }),
    byId: gather({
      ...limits,
      ask: (ids: readonly string[]) => find('tenant.id = any($1::uuid[])', ids, (record) => record.tenantId),
    }),
    recent: async (limit) => {
      const rows = await controlSql(`select ${recordColumns} from control.tenants as tenant order by updated_at desc limit $1`, [
        limit,
      ])
      return rows.map(recordOf)
    },
  }
}

async function find(
  condition: string,
  keys: readonly string[],
  keyOf: (record: TenantRecord) => string,
): Promise<ReadonlyMap<string, TenantRecord>> {
  metrics.registryQueries.inc()
  const rows = await controlSql(`select ${recordColumns} from control.tenants as tenant where ${condition}`, [keys])
  return new Map(rows.map(recordOf).map((record) => [keyOf(record), record]))
}
