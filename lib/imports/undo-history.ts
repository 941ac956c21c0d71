import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { findImport } from './import-row'
import { readUndos } from './undo-row'
import type { ImportUndo, UndoParts } from './views'

/** Every undo and redo of an import, newest first; null when the import does not exist or may not be seen. */
export async function loadUndos(ctx: TenantContext, viewer: Viewer, importId: string): Promise<readonly ImportUndo[] | null> {
  const rows = await readTenant(ctx, async (read) => {
    const row = await findImport(read, viewer, importId)
    return row && readUndos(read, importId)
  })
  return (
    rows?.map(({ id, kind, at, actor, actorName, receipt }) => ({
      id,
      kind,
      at: at.toISOString(),
      by: actorName ?? (actor.startsWith('token:') ? 'API' : 'Former member'),
      only: receipt.only,
      cells: receipt.cellsRestored ?? receipt.cellsWritten ?? 0,
      kept: receipt.kept?.length ?? 0,
    })) ?? null
  )
}

/**
 * The students and assignments whose grades an import wrote, by name, and which of them were undone; null when it was never committed
 * or may not be seen. At most 5,000 students.
 */
export async function loadUndoParts(ctx: TenantContext, viewer: Viewer, importId: string): Promise<UndoParts | null> {
  const found = await readTenant(ctx, async (read) => {
    const row = await findImport(read, viewer, importId)
    if (!row?.receipt?.commit) return null
    const place = [read.tenantId, row.classId, importId]
    const [students, assignments] = await Promise.all([
      read.sql<{ id: string; name: string; cells: number }>(writtenStudents, place),
      read.sql<{ id: string; title: string; cells: number }>(writtenAssignments, place),
    ])
    return { row, students, assignments }
  })
  if (found === null) return null
  const { row, students, assignments } = found
  const isAll = row.state === 'undone'
  const undone = row.receipt?.undone
  const isUndone = (ids: readonly string[] | undefined, id: string) => isAll || (ids?.includes(id) ?? false)
  return {
    students: students.map((student) => ({ ...student, isUndone: isUndone(undone?.studentIds, student.id) })),
    assignments: assignments.map((assignment) => ({ ...assignment, isUndone: isUndone(undone?.assignmentIds, assignment.id) })),
  }
}

// Whoever was removed by an undo is not listed any more.
const writtenStudents = `
  select s.id, concat_ws(', ', nullif(s.last_name, ''), nullif(s.first_name, '')) as name, sum(cardinality(change.assignment_ids))::int as cells
  from app.grade_changes change
  join app.students s on s.tenant_id = change.tenant_id and s.id = change.student_id
  where change.tenant_id = $1 and change.class_id = $2 and change.import_id = $3 and change.kind = 'import'
  group by s.id, s.last_name, s.first_name
  order by s.last_name, s.first_name, s.id
  limit 5000`

const writtenAssignments = `
  select a.id, a.title, count(*)::int as cells
  from app.grade_changes change
  cross join lateral unnest(change.assignment_ids) as cell(assignment_id)
  join app.assignments a on a.tenant_id = $1 and a.class_id = $2 and a.id = cell.assignment_id
  where change.tenant_id = $1 and change.class_id = $2 and change.import_id = $3 and change.kind = 'import'
  group by a.id, a.title, a.position
  order by a.position, a.id`
