import 'server-only'
import { createHash } from 'node:crypto'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { requireWholeSchool } from '@/lib/auth/scope'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { newId } from '@/lib/ids'
import { importBytesMax } from '@/lib/imports/limits'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { compareRoster } from './compare'
import { countsOf } from './counts'
import { readRoster } from './read-roster'
import type { Coverage } from './roster-file'
import { rosterProblem } from './roster-problems'
import { loadSchoolState } from './school-state'
import { encodeRosterPlan } from './stored-plan'
import type { RosterPlanOutcome } from './views'

type Upload = Readonly<{ file: Readonly<{ name: string; bytes: Uint8Array }>; coverage: Coverage }>

/**
 * Reads a roster file, compares it with the school and stores the plan; nothing else is written. A file that cannot be taken as a
 * whole comes back `refused` with every problem. Throws `not_found` without the right to change the school's people.
 */
export async function planRoster(ctx: TenantContext, viewer: Viewer, { file, coverage }: Upload): Promise<RosterPlanOutcome> {
  requireWholeSchool(ctx.tenantId, viewer, 'people.import')
  if (file.bytes.length > importBytesMax) return { kind: 'refused', problems: [tooLarge()] }
  const read = await readRoster(file, { coverage, schoolName: ctx.name, today: todayAt(ctx.timeZone) })
  if (read.problems.some(({ severity }) => severity === 'block')) return { kind: 'refused', problems: read.problems }
  const fileSha256 = createHash('sha256').update(file.bytes).digest('hex')
  const plan = await compareRoster(read, { ...(await readTenant(ctx, loadSchoolState)), fileSha256 })
  const stored = encodeRosterPlan(plan)
  const counts = countsOf(plan)
  const rosterId = newId()
  await writeTenant(ctx, async (tx) => {
    await tx.later(
      `insert into app.roster_imports
         (tenant_id, id, actor, state, file_name, file_sha256, file_bytes, source, plan, plan_hash, counts)
       values ($1, $2, $3, 'planned', $4, $5, $6, $7, $8, $9, $10::jsonb)`,
      [
        ...[tx.tenantId, rosterId, actorKey(viewer.actor), file.name.slice(0, 200), fileSha256, file.bytes.length],
        ...[plan.source, stored.text, stored.hash, JSON.stringify(counts)],
      ],
    )
    await audit(tx, {
      ...{ actor: viewer.actor, action: 'roster.plan', subjectKind: 'roster', subjectId: rosterId },
      ...{ requestId: ctx.requestId, detail: counts },
    })
  })
  return { kind: 'planned', rosterId }
}

/** The day at the school, YYYY-MM-DD. */
function todayAt(timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date())
}

function tooLarge() {
  const megabytes = importBytesMax / 1024 / 1024
  return rosterProblem(null, {
    ...{ code: 'file_too_large', severity: 'block' as const },
    message: `The file is larger than ${megabytes} MB.`,
    fix: 'Pack the tables as a ZIP archive, and leave out the years that are over.',
  })
}
