import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { bulkSettings } from '@/lib/imports/grade-sql'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { rosterUndoDays } from './limits'
import { type LockedRoster, lockRoster, type MadeRows, rosterUndoUntil } from './roster-row'
import { decodeRosterPlan } from './stored-plan'
import { undoClasses, undoEnrolments, undoTeachers } from './undo-classes'
import { undoAccounts, undoLinks } from './undo-guardians'
import { sayCollision } from './stale'
import type { UndoJob } from './undo-set'
import { undoIdentifiers, undoStudents } from './undo-students'
import type { RosterUndo } from './views'

const undoMilliseconds = 60_000

/**
 * Takes a committed roster back, in one transaction: what it made goes, what it changed, ended or closed is as before. A row that
 * no longer is what the roster wrote was changed since: it stays and is listed, and so does what it rests on. A repeat answers the
 * first receipt. Throws `not_found`, `school_read_only`, and `conflict` for a roster that was never committed or is older than
 * `rosterUndoDays`.
 */
export async function undoRoster(ctx: TenantContext, viewer: Viewer, { rosterId }: { rosterId: string }): Promise<RosterUndo> {
  try {
    return await writeTenant(ctx, (tx) => undoIn(tx, ctx, viewer, rosterId), { timeoutMs: undoMilliseconds })
  } catch (error) {
    throw sayCollision(error)
  }
}

async function undoIn(tx: TenantWriter, ctx: TenantContext, viewer: Viewer, rosterId: string): Promise<RosterUndo> {
  const row = await lockRoster(tx, viewer, rosterId)
  if (row.state === 'undone' && row.receipt?.undo) return { rosterId, ...row.receipt.undo, wasAlreadyDone: true }
  const { made, committedText } = refuseUndo(row)
  const job: UndoJob = { plan: decodeRosterPlan(row.plan, row.planHash), made, rosterId, committedText, kept: [], restored: 0 }
  await tx.later(bulkSettings.text, [], bulkSettings)
  // What rests on something goes before it.
  await undoTeachers(tx, job)
  await undoLinks(tx, job)
  await undoAccounts(tx, job)
  await undoEnrolments(tx, job)
  await undoIdentifiers(tx, job)
  await undoStudents(tx, job)
  await undoClasses(tx, job)
  const undo = { restored: job.restored, kept: job.kept }
  await tx.later(
    `update app.roster_imports
     set state = 'undone', undone_at = now(), receipt = jsonb_build_object('undo', $3::jsonb)
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, rosterId, JSON.stringify(undo)],
  )
  await audit(tx, {
    ...{ actor: viewer.actor, action: 'roster.undo', subjectKind: 'roster', subjectId: rosterId },
    ...{ requestId: ctx.requestId, detail: { restored: undo.restored, kept: undo.kept.length } },
  })
  return { rosterId, ...undo, wasAlreadyDone: false }
}

function refuseUndo(row: LockedRoster): Readonly<{ made: MadeRows; committedText: string }> {
  const until = rosterUndoUntil(row.committedAt)
  if (row.state !== 'committed' || until === null || row.made === null || row.committedText === null)
    throw new ProblemError('conflict', 'This roster was not committed, so there is nothing to undo.')
  if (until.getTime() < Date.now()) {
    const message = `A roster can be undone for ${rosterUndoDays} days; this one is older. Upload a new roster instead.`
    throw new ProblemError('conflict', message)
  }
  return { made: row.made, committedText: row.committedText }
}
