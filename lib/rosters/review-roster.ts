import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import { foldName } from '@/lib/imports/text'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { changesOf } from './changes'
import { readRosterRow, summaryOf } from './roster-row'
import { decodeRosterPlan, numberToRepeat, type RosterPlan } from './stored-plan'
import { type RosterChange, type RosterListName, rosterLists, type RosterReview, type RosterUndo } from './views'

type Shown = Readonly<{ list?: RosterListName; query?: string; from?: number; limit?: number }>

/**
 * A roster's plan for its page: counts, problems, and one list of changes, searched and cut. `query` keeps changes that name it
 * anywhere. The read is recorded before it is shown. Throws `not_found` without the right to change the school's people.
 */
export async function loadRosterReview(
  ctx: TenantContext,
  viewer: Viewer,
  rosterId: string,
  { list, query = '', from = 0, limit = 50 }: Shown = {},
): Promise<RosterReview & Readonly<{ undo: Omit<RosterUndo, 'wasAlreadyDone'> | null }>> {
  const row = await readTenant(ctx, (read) => readRosterRow(read, viewer, rosterId))
  const plan = decodeRosterPlan(row.plan, row.planHash)
  const all = Object.fromEntries(rosterLists.map((name) => [name, changesOf(plan, name)] as const))
  const name = list ?? rosterLists.find((each) => (all[each]?.length ?? 0) > 0) ?? 'students'
  const matching = (all[name] ?? []).filter((change) => says(change, foldName(query)))
  const start = from < matching.length ? from : 0
  await auditRead(ctx, { actor: viewer.actor, action: 'roster.read', subjectKind: 'roster', subjectId: rosterId })
  return {
    ...{ summary: summaryOf(row, new Date()), planHash: row.planHash, ...partsOf(plan) },
    list: { name, query, changes: matching.slice(start, start + limit), total: matching.length, from: start },
    sizes: sizesOf((each) => all[each]?.length ?? 0),
    undo: row.receipt?.undo === undefined ? null : { rosterId, ...row.receipt.undo },
  }
}

function partsOf({ whole, removals, unknownTeachers, problems, ignored }: RosterPlan) {
  return { whole, removals, numberToRepeat: numberToRepeat(removals), unknownTeachers, problems, ignored }
}

function says({ what, details }: RosterChange, wanted: string): boolean {
  return (
    wanted === '' ||
    [what, ...details.flatMap(({ old, next }) => [old ?? '', next ?? ''])].some((text) => foldName(text).includes(wanted))
  )
}

function sizesOf(of: (name: RosterListName) => number): RosterReview['sizes'] {
  return {
    students: of('students'),
    classes: of('classes'),
    enrolments: of('enrolments'),
    guardians: of('guardians'),
    teachers: of('teachers'),
  }
}
