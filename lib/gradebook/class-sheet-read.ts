import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { classReach, visibleClasses } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import { isId } from '@/lib/ids'
import { compareByName } from '@/lib/people/names'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { ClassSheet, SheetAssignment, SheetStudent } from './exports/class-sheet'
import { parseGradeLines } from './grade-lines'
import { chosenTermId, requireTerm, type SchoolFrameRow, schoolFrame, schoolFrameColumns } from './school-frame'

/**
 * A class and term as exports write it: students by name as the gradebook lists them, all that identifies them, assignments in the
 * teacher's order, grades and comments. `termId` defaults to the school's current term. Null when the class or the term does not exist
 * or the viewer may not see its grades. Not recorded: callers record what they do with it. Throws `conflict` when the school has no term.
 */
export async function readClassSheet(
  ctx: TenantContext,
  viewer: Viewer,
  { classId, termId }: { classId: string; termId: string | null },
): Promise<ClassSheet | null> {
  if (!viewer.rights.has('grades.read') || !isId(classId) || (termId !== null && !isId(termId))) return null
  const values: unknown[] = [ctx.tenantId, classId, termId]
  const text = sheetQuery(visibleClasses(viewer, 'c.id', values))
  const [row] = await readTenant(ctx, ({ sql }) => sql<SheetRow>(text, values, { name: `class_sheet_${classReach(viewer)}` }))
  if (row === undefined || (row.termId === null && termId !== null)) return null
  return sheetOf(ctx, row)
}

type SheetRow = SchoolFrameRow &
  Readonly<{
    id: string
    name: string
    subject: string | null
    schoolName: string
    termId: string | null
    at: Date
    assignments: readonly SheetAssignment[]
    students: readonly SheetStudent[]
    /** A line a student: the id, then 'column status score' for each grade, by tabs. */
    grades: string | null
    comments: readonly Readonly<{ studentId: string; assignmentId: string; comment: string }>[]
  }>

/** The student's value of one kind that a file should carry: the primary one given last. */
const identifier = (kind: keyof Pick<SheetStudent, 'email' | 'number' | 'username' | 'sis'>) =>
  `(select i.value from app.student_identifiers i
    where i.tenant_id = $1 and i.student_id = s.id and i.kind = '${kind}'
    order by i.is_primary desc, i.created_at desc, i.folded limit 1)`

// One statement, one snapshot: see gradebook.ts, whose shape of reading grades this is.
function sheetQuery(isVisible: string): string {
  return `
    with chosen as materialized (
      select c.id as class_id, c.name, c.subject, school.name as school_name, ${chosenTermId('$3')} as term_id, ${schoolFrameColumns}
      from app.classes c
      join app.schools school on school.tenant_id = c.tenant_id
      where c.tenant_id = $1 and c.id = $2 and ${isVisible}
    ),
    shown as materialized (
      select a.*, row_number() over (order by a.position, a.due_on nulls last, a.id) - 1 as place
      from app.assignments a
      where a.tenant_id = $1 and a.class_id = (select class_id from chosen) and a.term_id = (select term_id from chosen)
    ),
    placed as materialized (
      select coalesce(jsonb_object_agg(id, place), '{}') as places from shown
    ),
    lines as (
      select g.student_id || E'\\t' || string_agg(
        concat((select places from placed) ->> g.assignment_id::text, ' ', g.status, ' ', trim_scale(g.score)), E'\\t') as line
      from app.grades g
      where g.tenant_id = $1 and g.class_id = (select class_id from chosen)
        and (select places from placed) ? g.assignment_id::text
      group by g.student_id
    )
    select
      class_id as id, name, subject, school_name as "schoolName", term_id as "termId", now() as at,
      "letterScale", "greenPercent", "amberPercent", terms,
      (select coalesce(json_agg(json_build_object(
          'id', a.id, 'title', a.title, 'maxPoints', trim_scale(a.max_points)::text, 'dueOn', a.due_on,
          'category', (select k.name from app.categories k
                       where k.tenant_id = $1 and k.class_id = a.class_id and k.id = a.category_id),
          'links', (select coalesce(json_object_agg(link.source, link.external_id), '{}') from app.assignment_links link
                    where link.tenant_id = $1 and link.class_id = a.class_id and link.assignment_id = a.id)
        ) order by a.place), '[]')
       from shown a) as assignments,
      (select coalesce(json_agg(json_build_object(
          'id', s.id, 'lastName', s.last_name, 'firstName', s.first_name, 'section', section.name,
          'email', ${identifier('email')}, 'number', ${identifier('number')},
          'username', ${identifier('username')}, 'sis', ${identifier('sis')})), '[]')
       from app.enrolments e
       join app.students s on s.tenant_id = e.tenant_id and s.id = e.student_id
       left join app.sections section
         on section.tenant_id = e.tenant_id and section.class_id = e.class_id and section.id = e.section_id
       where e.tenant_id = $1 and e.class_id = chosen.class_id and e.left_at is null) as students,
      (select string_agg(line, E'\\n') from lines) as grades,
      (select coalesce(json_agg(json_build_object(
          'studentId', g.student_id, 'assignmentId', g.assignment_id, 'comment', g.comment)), '[]')
       from app.grades g
       where g.tenant_id = $1 and g.class_id = chosen.class_id and g.comment is not null
         and (select places from placed) ? g.assignment_id::text) as comments
    from chosen`
}

function sheetOf(ctx: TenantContext, row: SheetRow): ClassSheet {
  const term = requireTerm(schoolFrame(row).terms, row.termId)
  const students = [...row.students].sort(compareByName(ctx.locale))
  const gradesOf = parseGradeLines(row.grades ?? '', row.assignments.length)
  return {
    tenantId: ctx.tenantId,
    schoolName: row.schoolName,
    class: { id: row.id, name: row.name, subject: row.subject },
    term,
    at: row.at,
    students,
    assignments: row.assignments,
    grades: students.map(({ id }) => gradesOf.get(id) ?? row.assignments.map(() => null)),
    comments: new Map(row.comments.map(({ studentId, assignmentId, comment }) => [`${studentId} ${assignmentId}`, comment])),
  }
}
