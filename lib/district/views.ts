/** A district's schools as the console shows them: counts, never a name of a person. Pure types. */
import type { TenantStatus } from '@/lib/tenancy/tenant'

/** How much a school holds. `lastImportAt` is when grades were last imported, an instant, or null. */
export type SchoolSize = Readonly<{ students: number; classes: number; grades: number; lastImportAt: string | null }>

/**
 * One school of a district. `size` null: the shard did not answer in time (`unavailable`), or the school takes no reads in
 * its present status (`closed`). The school's own status, address and shard are known all the same.
 */
export type SchoolSummary = Readonly<{
  tenantId: string
  slug: string
  name: string
  district: string | null
  shard: string
  status: TenantStatus
  reach: 'available' | 'unavailable' | 'closed'
  size: SchoolSize | null
}>
