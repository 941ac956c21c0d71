import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { bulkSettings } from '@/lib/imports/grade-sql'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { lockRoster, type LockedRoster, type MadeRows } from './roster-row'
import { sayCollision, staleRoster } from './stale'
import { loadSchoolMarks, type SchoolMarks, type StatePart } from './school-state'
import { decodeRosterPlan, numberToRepeat, type RosterPlan } from './stored-plan'
import type { RosterReceipt } from './views'
import { writeClasses } from './write-classes'
import { writeGuardians } from './write-guardians'
import { writeStudents } from './write-students'

const commitMilliseconds = 60_000

type Asked = Readonly<{
  rosterId: string
  planHash: string
  /** The number of removals as the person repeated it, where so much is removed that it was asked for. */
  repeated?: number | null
}>

/**
 * Runs a stored roster plan, that one and nothing else, in one transaction, set by set. A repeat, also of the same plan from a
 * second tab, answers the first receipt. Nothing is deleted: students leave, enrolments end, classes are archived, links are
 * revoked. Throws `not_found`, `plan_stale` (the school changed since), `conflict` (undone, discarded, or the number of removals
 * was not repeated), `school_read_only`.
 */
export async function commitRoster(ctx: TenantContext, viewer: Viewer, asked: Asked): Promise<RosterReceipt> {
  try {
    return await writeTenant(ctx, (tx) => commitIn(tx, ctx, viewer, asked), { timeoutMs: commitMilliseconds })
  } catch (error) {
    throw sayCollision(error)
  }
}

async function commitIn(tx: TenantWriter, ctx: TenantContext, viewer: Viewer, asked: Asked): Promise<RosterReceipt> {
  const row = await lockRoster(tx, viewer, asked.rosterId)
  if (row.state === 'committed') return { rosterId: row.id, counts: row.counts, wasAlreadyDone: true }
  refuseState(row)
  if (row.planHash !== asked.planHash) throw staleRoster('The plan you looked at is not the one that is stored.')
  if (row.twinId !== null) {
    await tx.later(`update app.roster_imports set state = 'discarded' where tenant_id = $1 and id = $2`, [tx.tenantId, row.id])
    return { rosterId: row.twinId, counts: row.counts, wasAlreadyDone: true }
  }
  const plan = decodeRosterPlan(row.plan, row.planHash)
  refuseUnrepeated(plan, asked.repeated ?? null)
  await tx.later(bulkSettings.text, [], bulkSettings)
  refuseStale(plan.marks, await loadSchoolMarks(tx))
  const made = idsFor(plan)
  const job = { plan, made, rosterId: row.id }
  await writeStudents(tx, job)
  await writeClasses(tx, job)
  await writeGuardians(tx, job)
  await tx.later(
    `update app.roster_imports
     set state = 'committed', committed_at = now(), made = $3::jsonb
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, row.id, JSON.stringify(made)],
  )
  await audit(tx, {
    ...{ actor: viewer.actor, action: 'roster.commit', subjectKind: 'roster', subjectId: row.id },
    ...{ requestId: ctx.requestId, detail: row.counts },
  })
  return { rosterId: row.id, counts: row.counts, wasAlreadyDone: false }
}

function refuseState({ state }: LockedRoster): void {
  if (state === 'undone') throw new ProblemError('conflict', 'This roster was undone. Upload the file again to take it anew.')
  if (state === 'discarded')
    throw new ProblemError('conflict', 'This roster was discarded. Upload the file again to take it anew.')
}

function refuseUnrepeated({ removals }: RosterPlan, repeated: number | null): void {
  const wanted = numberToRepeat(removals)
  if (wanted === null || wanted === repeated) return
  const message =
    repeated === null
      ? `So much would be removed that it has to be said twice. Open the second step and type ${wanted}.`
      : `You typed ${repeated}, but ${wanted} would be removed. Nothing was written. Check the numbers, and type ${wanted} if they are right.`
  throw new ProblemError('conflict', message, { fields: { repeated: message }, internal: 'removals not repeated' })
}

const partNames: Readonly<Record<StatePart, string>> = {
  students: 'students',
  identifiers: 'student numbers and e-mail addresses',
  classes: 'classes',
  enrolments: 'enrolments',
  members: 'people who can sign in',
  guardians: 'guardians',
  teachers: 'teachers of classes',
}

function refuseStale(before: SchoolMarks, now: SchoolMarks): void {
  // The keys of both are the parts by type.
  const changed = (Object.keys(partNames) as StatePart[]).filter((name) => before[name] !== now[name])
  if (changed.length === 0) return
  throw staleRoster(`Since you looked at it, somebody changed: ${changed.map((name) => partNames[name]).join(', ')}.`)
}

/** Ids for what the plan makes, in the plan's order. */
function idsFor({ students, classes, accounts }: RosterPlan): MadeRows {
  const idsOf = (list: readonly Readonly<{ id: string | null }>[]) => list.flatMap(({ id }) => (id === null ? [newId()] : []))
  return { students: idsOf(students), classes: idsOf(classes), accounts: idsOf(accounts) }
}
