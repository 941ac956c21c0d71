import type { TenantContext, TenantRecord } from '@/lib/tenancy/tenant'

/**
 * Brands a registry record as established for one request or command. The only maker of a `TenantContext`: call it after
 * the tenant was proven by a signed request context, a verified token or an operator's command, never for a name a client sent.
 */
export function establishTenant(record: TenantRecord, requestId: string): TenantContext {
  // The brand exists in types only; this is the one place that may claim it.
  return Object.freeze({ ...record, requestId }) as TenantContext
}
