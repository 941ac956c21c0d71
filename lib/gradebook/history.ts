import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { visibleClasses } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import { isId } from '@/lib/ids'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { formatCell, type GradeStatus } from './cell'
import type { CellChange } from './views'

type ChangeRow = Readonly<{
  id: string
  at: Date
  kind: CellChange['kind']
  importId: string | null
  actor: string
  actorName: string | null
  oldScore: string | null
  /** '' is no grade; otherwise a status the table's check allows. */
  oldStatus: GradeStatus | ''
  newScore: string | null
  newStatus: GradeStatus | ''
}>

/**
 * Every change of one cell, newest first; empty when it never had a grade. Null when the student is not in the class, the
 * assignment is not of it, or the viewer may not see the class. The read is recorded.
 */
export async function cellHistory(
  ctx: TenantContext,
  viewer: Viewer,
  { classId, studentId, assignmentId }: { classId: string; studentId: string; assignmentId: string },
): Promise<readonly CellChange[] | null> {
  if (!viewer.rights.has('grades.read') || ![classId, studentId, assignmentId].every(isId)) return null
  const values: unknown[] = [ctx.tenantId, classId, studentId, assignmentId]
  const isVisible = visibleClasses(viewer, 'e.class_id', values)
  const rows = await readTenant(ctx, ({ sql }) =>
    // The left join keeps one row without a change for a cell that exists and has no history.
    sql<ChangeRow | Readonly<{ id: null }>>(
      `select
         change.id, change.at, change.kind, change.import_id as "importId", change.actor,
         case split_part(change.actor, ':', 1)
           when 'member' then (
             select m.display_name from app.members m
             where m.tenant_id = $1 and m.id = split_part(change.actor, ':', 2)::uuid)
           when 'token' then (
             select t.name from app.api_tokens t
             where t.tenant_id = $1 and t.id = split_part(change.actor, ':', 2)::uuid)
         end as "actorName",
         trim_scale(change.old_scores[place.at])::text as "oldScore", change.old_statuses[place.at] as "oldStatus",
         trim_scale(change.new_scores[place.at])::text as "newScore", change.new_statuses[place.at] as "newStatus"
       from app.enrolments e
       join app.assignments a on a.tenant_id = e.tenant_id and a.class_id = e.class_id
       left join app.grade_changes change
         on change.tenant_id = $1 and change.class_id = e.class_id and change.student_id = e.student_id
         and a.id = any(change.assignment_ids)
       left join lateral (select array_position(change.assignment_ids, a.id) as at) place on true
       where e.tenant_id = $1 and e.class_id = $2 and e.student_id = $3 and a.tenant_id = $1 and a.class_id = $2 and a.id = $4
         and ${isVisible}
       order by change.at desc, change.id desc`,
      values,
    ),
  )
  if (rows.length === 0) return null
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'grade.history',
    subjectKind: 'student',
    subjectId: studentId,
    detail: { class: classId, assignment: assignmentId },
  })
  return rows.flatMap((row) => (row.id === null ? [] : [changeView(row)]))
}

function changeView(row: ChangeRow): CellChange {
  const { id, kind, importId } = row
  return {
    id,
    at: row.at.toISOString(),
    kind,
    importId,
    actorName: row.actorName ?? row.actor.replace(/^system:/, ''),
    old: cellText(row.oldScore, row.oldStatus),
    next: cellText(row.newScore, row.newStatus),
  }
}

function cellText(score: string | null, status: GradeStatus | ''): string {
  return status === '' ? '' : formatCell({ score, status })
}
