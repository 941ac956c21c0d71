import { z } from 'zod'
import type { TenantRecord } from '@/lib/tenancy/tenant'

/**
 * A registry record as it comes from outside this process: a row of the control database, a copy in Redis, a line of the
 * snapshot file. Every one is checked, because a copy may be older than this code.
 */

const recordSchema = z.object({
  tenantId: z.uuid(),
  slug: z.string().min(1).max(63),
  name: z.string(),
  districtId: z.uuid().nullable(),
  shard: z.string().min(1),
  epoch: z.number().int().positive(),
  status: z.enum(['provisioning', 'active', 'read_only', 'suspended', 'offboarded']),
  tier: z.string(),
  timeZone: z.string(),
  locale: z.string(),
  features: z.record(z.string(), z.boolean()).catch({}),
  branding: z.object({ accent: z.string().optional(), logo: z.string().optional() }).catch({}),
})

/** The columns of control.tenants (alias `tenant`) in the shape of a `TenantRecord`. */
export const recordColumns = `
  tenant.id as "tenantId", tenant.slug, tenant.name, tenant.district_id as "districtId", tenant.shard_name as shard,
  tenant.epoch, tenant.status, tenant.tier, tenant.time_zone as "timeZone", tenant.locale, tenant.features, tenant.branding`

/** The record in a row of `recordColumns`. Throws a `ZodError` when the row is none. */
export function recordOf(row: unknown): TenantRecord {
  return recordSchema.parse(row)
}

/** The record in a piece of JSON, or null when it is none that this code understands. */
export function findRecordIn(json: string): TenantRecord | null {
  try {
    return recordSchema.safeParse(JSON.parse(json)).data ?? null
  } catch {
    return null
  }
}
