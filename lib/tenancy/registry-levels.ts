import type { TenantRecord } from '@/lib/tenancy/tenant'

/**
 * The levels below the process's own cache, as the registry uses them. Small on purpose: the same tests run with and
 * without each of them.
 */

/** The truth: the control database. Throws when it cannot be asked. */
export type RegistrySource = Readonly<{
  bySlug: (slug: string) => Promise<TenantRecord | null>
  byId: (tenantId: string) => Promise<TenantRecord | null>
  /** The most recently changed schools, at most `limit`. */
  recent: (limit: number) => Promise<TenantRecord[]>
}>

/** Copies that all processes share: Redis. Never throws; what it cannot say is `unknown`. */
export type SharedCopies = Readonly<{
  bySlug: (slug: string) => Promise<TenantRecord | 'absent' | 'unknown'>
  byId: (tenantId: string) => Promise<TenantRecord | 'absent' | 'unknown'>
  /** Keeps a record unless a newer epoch is there already. */
  keep: (record: TenantRecord) => Promise<void>
  /** Notes that there is no such school, unless somebody knows one. */
  keepAbsence: (slug: string) => Promise<void>
}>

/** Without Redis: nothing is shared. */
export const noSharedCopies: SharedCopies = {
  bySlug: async () => 'unknown',
  byId: async () => 'unknown',
  keep: async () => {},
  keepAbsence: async () => {},
}

/** The last resort when nothing answers: what was known when the file was written. */
export type Snapshot = Readonly<{
  bySlug: (slug: string) => Promise<TenantRecord | null>
  byId: (tenantId: string) => Promise<TenantRecord | null>
  save: (records: readonly TenantRecord[]) => Promise<void>
}>
