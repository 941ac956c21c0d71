import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { visibleStudents } from '@/lib/auth/scope'
import { readTenant, type TenantReader } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { countConflicts } from './conflict-cells'
import { readConflicts } from './read-conflicts'
import { findWithPlan, type ImportRow } from './import-row'
import { type ReviewSlice, reviewOf } from './review'
import { decodePlan, type StoredPlan } from './stored-plan'
import type { StoredReading } from './stored-reading'
import { summaryOf } from './summary'
import type { ReviewPage } from './views'
import { fixGroups } from './wizard-fix'
import { type MapTargets, mapOf } from './wizard-map'
import { shapeOf } from './wizard-shape'
import { nextStep, stepsOf } from './wizard-steps'
import { type Candidate, hasUnmatched, unmatchedRows } from './wizard-unmatched'
import type { WizardView } from './wizard-views'

/**
 * An import at every step before its commit; null when it does not exist, may not be seen, is still being read, or was planned by a
 * release that did not keep how the file was read. Long lists are cut: 100 rows and cells a group, 1,000 conflicts. The read is recorded.
 */
export async function loadWizard(ctx: TenantContext, viewer: Viewer, importId: string): Promise<WizardView | null> {
  const found = await find(ctx, viewer, importId)
  return found && viewOf(found, viewer.rights.has('grades.import'))
}

/** As `loadWizard`, with the review of some rows. Read once for both: a plan is megabytes. */
export async function loadWizardReview(
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
  look: ReviewSlice,
): Promise<Readonly<{ wizard: WizardView; review: ReviewPage }> | null> {
  const found = await find(ctx, viewer, importId)
  if (found === null) return null
  const wizard = await viewOf(found, viewer.rights.has('grades.import'))
  return { wizard, review: reviewOf(found.plan, wizard.summary, { planHash: wizard.planHash, ...look }) }
}

async function find(ctx: TenantContext, viewer: Viewer, importId: string): Promise<Found | null> {
  const found = await readTenant(ctx, async (read) => {
    const row = await findWithPlan(read, viewer, importId)
    if (row === null || row.state === 'reading') return null
    const plan = decodePlan(row.plan, row.planHash)
    const { reading } = plan
    if (reading === undefined) return null
    const [targets, people, conflicts] = await Promise.all([
      readTargets(read, row),
      hasUnmatched(plan, reading) ? readPeople(read, viewer, row.classId) : [],
      readConflicts(read, plan),
    ])
    return { row, plan, reading, targets, people, conflicts }
  })
  if (found === null) return null
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'import.read',
    subjectKind: 'import',
    subjectId: importId,
    detail: { students: found.plan.students.length },
  })
  return found
}

type Found = Readonly<{
  row: ImportRow
  plan: StoredPlan
  reading: StoredReading
  targets: MapTargets
  people: readonly Candidate[]
  conflicts: WizardView['conflicts']
}>

async function viewOf({ row, plan, reading, targets, people, conflicts }: Found, canImport: boolean): Promise<WizardView> {
  const choices = row.choices ?? {}
  return {
    summary: summaryOf(row, canImport),
    planHash: row.planHash,
    choices,
    steps: stepsOf(plan.problems),
    next: nextStep(plan.problems),
    shape: shapeOf(reading, choices, plan.ignored),
    map: mapOf(plan, reading, { choices, targets, isFromSaved: row.isFromSaved }),
    fix: { groups: fixGroups(plan, reading, choices), unmatched: await unmatchedRows(plan, reading, { choices, people }) },
    conflicts,
    conflictCounts: countConflicts(plan),
  }
}

async function readTargets(read: TenantReader, { classId, termId }: ImportRow): Promise<MapTargets> {
  const [row] = await read.sql<MapTargets>(
    `select
       (select coalesce(json_agg(json_build_object(
           'id', a.id, 'title', a.title, 'maxPoints', trim_scale(a.max_points)::text, 'dueOn', a.due_on,
           'category', (
             select k.name from app.categories k
             where k.tenant_id = $1 and k.class_id = $2 and k.id = a.category_id)
         ) order by a.position, a.id), '[]')
        from app.assignments a
        where a.tenant_id = $1 and a.class_id = $2 and a.term_id = $3) as assignments,
       (select coalesce(json_agg(k.name order by k.position, k.name), '[]')
        from app.categories k
        where k.tenant_id = $1 and k.class_id = $2) as categories,
       (select coalesce(json_agg(tag.name order by tag.name), '[]')
        from (select name from app.tags where tenant_id = $1 order by name limit 500) as tag) as tags`,
    [read.tenantId, classId, termId],
  )
  return row ?? { assignments: [], categories: [], tags: [] }
}

const peopleMax = 10_000

/** Those the viewer may see anyway; nobody becomes known through a file that names them. */
async function readPeople(read: TenantReader, viewer: Viewer, classId: string): Promise<Candidate[]> {
  const values: unknown[] = [read.tenantId, classId, peopleMax]
  return read.sql<Candidate>(
    `select s.id, s.last_name as "lastName", s.first_name as "firstName",
       (select coalesce(json_agg(i.value order by i.kind, i.value), '[]')
        from app.student_identifiers i
        where i.tenant_id = $1 and i.student_id = s.id) as identifiers,
       exists (
         select from app.enrolments e
         where e.tenant_id = $1 and e.class_id = $2 and e.student_id = s.id and e.left_at is null) as "isInClass"
     from app.students s
     where s.tenant_id = $1 and s.left_at is null and ${visibleStudents(viewer, 's.id', values)}
     order by "isInClass" desc, s.last_name, s.first_name, s.id
     limit $3`,
    values,
  )
}
