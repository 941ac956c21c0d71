import 'server-only'
import type { TenantReader } from '@/lib/db/tenant-db'
import { unpackCells } from '@/lib/gradebook/cell'
import { clear } from './cells'
import { keptMark, type StoredPlan, takenMark } from './stored-plan'
import type { ConflictCell } from './wizard-views'

const conflictsMax = 200

type Found = Omit<ConflictCell, 'by' | 'at'> & Readonly<{ studentId: string; assignmentId: string }>

/** The cells two people want different, in the file's order, the first 200, with who made the change that stands. */
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

function conflictsOf(plan: StoredPlan): Found[] {
  if (!plan.next.includes(keptMark) && !plan.next.includes(takenMark)) return []
  const size = [plan.students.length, plan.assignments.length] as const
  const [next, old] = [unpackCells(plan.next, ...size), unpackCells(plan.old, ...size)]
  const found: Found[] = []
  for (const [at, { id, row, lastName, firstName }] of plan.students.entries()) {
    for (const [column, assignment] of plan.assignments.entries()) {
      const token = next[at]?.[column] ?? ''
      const isKept = token.startsWith(keptMark)
      if (!(isKept || token.startsWith(takenMark)) || id === null || assignment.id === null) continue
      const wanted = token.slice(1)
      found.push({
        row,
        column: assignment.columns?.[0] ?? 0,
        student: [lastName, firstName].filter((part) => part !== '').join(', '),
        assignment: assignment.title,
        now: old[at]?.[column] ?? '',
        wanted: wanted === clear ? '' : wanted,
        choice: isKept ? 'keep' : 'take',
        studentId: id,
        assignmentId: assignment.id,
      })
      if (found.length === conflictsMax) return found
    }
  }
  return found
}
