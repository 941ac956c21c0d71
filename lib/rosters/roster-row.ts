import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { requireWholeSchool } from '@/lib/auth/scope'
import type { Sql, TenantWriter } from '@/lib/db/tenant-db'
import { notFound } from '@/lib/errors'
import { isId } from '@/lib/ids'
import { rosterUndoDays } from './limits'
import type { RosterSource } from './roster-file'
import type { KeptChange, RosterCounts, RosterState, RosterSummary } from './views'

/** A roster's row without its plan. */
export type RosterRow = Readonly<{
  id: string
  actorName: string | null
  state: RosterState
  fileName: string
  fileSha256: string
  source: RosterSource
  planHash: string
  counts: RosterCounts
  receipt: Readonly<{ undo?: Readonly<{ restored: number; kept: readonly KeptChange[] }> }> | null
  createdAt: Date
  committedAt: Date | null
  undoneAt: Date | null
}>

/** Columns of `RosterRow`; the query has roster_imports as `r`. */
export const rosterColumns = `
  r.id, r.state, r.file_name as "fileName", r.file_sha256 as "fileSha256", r.source, r.plan_hash as "planHash", r.counts,
  r.receipt, r.created_at as "createdAt", r.committed_at as "committedAt", r.undone_at as "undoneAt",
  (select member.display_name from app.members member
   where member.tenant_id = $1 and 'member:' || member.id = r.actor) as "actorName"`

type Reader = Readonly<{ sql: Sql; tenantId: string }>

/** The roster and its plan's text. Throws `not_found` when there is none, or the viewer may not change the school's people. */
export async function readRosterRow(
  { sql, tenantId }: Reader,
  viewer: Viewer,
  rosterId: string,
): Promise<RosterRow & Readonly<{ plan: string }>> {
  requireWholeSchool(tenantId, viewer, 'people.import')
  if (!isId(rosterId)) throw notFound('roster id')
  const [row] = await sql<RosterRow & { plan: string }>(
    `select ${rosterColumns}, r.plan from app.roster_imports r where r.tenant_id = $1 and r.id = $2`,
    [tenantId, rosterId],
  )
  if (row === undefined) throw notFound(`roster=${rosterId}`)
  return row
}

/** What a commit or an undo starts from. */
export type LockedRoster = RosterRow &
  Readonly<{
    plan: string
    /** The instant of the commit as the database writes it: what its rows were ended at. */
    committedText: string | null
    made: MadeRows | null
    /** The same plan, committed from another tab since this one was made. */
    twinId: string | null
  }>
/** Ids of rows a commit made, each beside its place in the plan. */
export type MadeRows = Readonly<{ students: readonly string[]; classes: readonly string[]; accounts: readonly string[] }>

/** The roster locked for a write, and the school's rosters with it: they run one after the other. Throws `not_found`. */
export async function lockRoster(tx: TenantWriter, viewer: Viewer, rosterId: string): Promise<LockedRoster> {
  requireWholeSchool(tx.tenantId, viewer, 'people.import')
  if (!isId(rosterId)) throw notFound('roster id')
  await tx.later('select from app.schools s where s.tenant_id = $1 for no key update', [tx.tenantId], { name: 'lock_school' })
  const [row] = await tx.sql<LockedRoster>(
    `select ${rosterColumns}, r.plan, r.made, r.committed_at::text as "committedText",
       (select twin.id from app.roster_imports twin
        where twin.tenant_id = $1 and twin.state = 'committed' and twin.plan_hash = r.plan_hash and twin.committed_at > r.created_at
        order by twin.committed_at desc
        limit 1) as "twinId"
     from app.roster_imports r
     where r.tenant_id = $1 and r.id = $2
     for no key update of r`,
    [tx.tenantId, rosterId],
  )
  if (row === undefined) throw notFound(`roster=${rosterId}`)
  return row
}

/** Until when a roster can be undone, or null when it was never committed. */
export function rosterUndoUntil(committedAt: Date | null): Date | null {
  return committedAt === null ? null : new Date(committedAt.getTime() + rosterUndoDays * 86_400_000)
}

/** The row as lists and pages show it. */
export function summaryOf(row: RosterRow, now: Date): RosterSummary {
  const until = rosterUndoUntil(row.committedAt)
  return {
    ...{ id: row.id, state: row.state, fileName: row.fileName, fileSha256: row.fileSha256, source: row.source },
    ...{ actorName: row.actorName ?? 'somebody who is gone', counts: row.counts },
    createdAt: row.createdAt.toISOString(),
    committedAt: row.committedAt?.toISOString() ?? null,
    undoneAt: row.undoneAt?.toISOString() ?? null,
    canUndo: row.state === 'committed' && until !== null && until > now,
    undoUntil: until?.toISOString() ?? null,
  }
}
