import 'server-only'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'

/**
 * What a walk along a school's audit chain found. `brokenAt` is the first entry that is not what was written there: changed,
 * moved, or following one that is missing; null when the chain is whole. Entries cut off at the very end leave no trace in
 * the chain itself: compare `lastSeq` and `lastHash` with a copy noted elsewhere.
 */
export type ChainReport = Readonly<{ entries: number; brokenAt: string | null; lastSeq: string; lastHash: string }>

const batchRows = 5_000
const noHash = '00'.repeat(32)

/** Recomputes the school's whole chain in the database, some thousand entries at a time; stops at the first broken one. */
export async function verifyChain(ctx: TenantContext): Promise<ChainReport> {
  let report: ChainReport = { entries: 0, brokenAt: null, lastSeq: '0', lastHash: noHash }
  for (;;) {
    const batch = await verifyBatch(ctx, report)
    if (batch.entries === 0) return report
    report = { ...batch, entries: report.entries + batch.entries }
    if (report.brokenAt !== null) return report
  }
}

async function verifyBatch(ctx: TenantContext, { lastSeq, lastHash }: ChainReport): Promise<ChainReport> {
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<ChainReport>(
      // An entry is right when its hash covers what it says, it names the hash before it, and no number is skipped.
      `with batch as (
         select entry from app.audit_log entry
         where entry.tenant_id = $1 and entry.seq > $2::bigint
         order by entry.seq
         limit $4
       ), checked as (
         select (entry).seq as seq, (entry).hash as hash,
           (entry).hash = app.audit_hash(entry)
             and (entry).prev_hash = lag((entry).hash, 1, decode($3::text, 'hex')) over chain
             and (entry).seq = lag((entry).seq, 1, $2::bigint) over chain + 1 as is_right
         from batch
         window chain as (order by (entry).seq)
       )
       select count(*)::int as entries, (min(seq) filter (where not is_right))::text as "brokenAt",
         coalesce(max(seq), $2::bigint)::text as "lastSeq",
         coalesce(encode((array_agg(hash order by seq desc))[1], 'hex'), $3::text) as "lastHash"
       from checked`,
      [tenantId, lastSeq, lastHash, batchRows],
    ),
  )
  const [report] = rows
  if (report === undefined) throw new Error('an aggregate always has a row')
  return report
}
