import 'server-only'
import type { TenantReader } from '@/lib/db/tenant-db'
import { conflictsOf } from './conflict-cells'
import type { StoredPlan } from './stored-plan'
import type { ConflictCell } from './wizard-views'

/** The cells two people want different, in the file's order, the first 1,000, with who made the change that stands. */
export async function readConflicts(read: TenantReader, plan: StoredPlan): Promise<ConflictCell[]> {
  const found = conflictsOf(plan)
  if (found.length === 0) return []
  const rows = await read.sql<{ place: number; by: string; at: Date }>(
    `select asked.place::int, coalesce(
         (select m.display_name from app.members m where m.tenant_id = $1 and 'member:' || m.id = last.actor),
         case when last.actor like 'token:%' then 'API' else 'Former member' end) as by,
       last.at
     from unnest($3::uuid[], $4::uuid[]) with ordinality as asked(student_id, assignment_id, place)
     cross join lateral (
       select change.actor, change.at
       from app.grade_changes change
       where change.tenant_id = $1 and change.class_id = $2 and change.student_id = asked.student_id
         and asked.assignment_id = any(change.assignment_ids)
       order by change.at desc, change.id desc
       limit 1
     ) as last`,
    [read.tenantId, plan.classId, found.map(({ studentId }) => studentId), found.map(({ assignmentId }) => assignmentId)],
  )
  const lastOf = new Map(rows.map(({ place, by, at }) => [place, { by, at: at.toISOString() }]))
  return found.map(({ studentId: _student, assignmentId: _assignment, ...cell }, index) => ({
    ...cell,
    ...(lastOf.get(index + 1) ?? { by: null, at: null }),
  }))
}
