import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { classReach, visibleClasses } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import { isId } from '@/lib/ids'
import { compareByName, listName, type NameParts } from '@/lib/people/names'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { formatCell, packCells } from './cell'
import { parseGradeLines } from './grade-lines'
import { chosenTermId, requireTerm, type SchoolFrameRow, schoolFrame, schoolFrameColumns } from './school-frame'
import { type CategoryRule, computeTotals, meanPercent, prepareScheme } from './totals'
import type { AssignmentView, GradebookView } from './views'

/**
 * A class and term as the grid shows it: students by name, assignments in the teacher's order, the grades packed. `termId`
 * defaults to the school's current term. Null when the class or the term does not exist or the viewer may not see it.
 * The read is recorded. Throws `conflict` when the school has no term at all.
 */
export async function loadGradebook(
  ctx: TenantContext,
  viewer: Viewer,
  { classId, termId = null }: { classId: string; termId?: string | null },
): Promise<GradebookView | null> {
  const view = await readGradebook(ctx, viewer, { classId, termId })
  if (view === null) return null
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'gradebook.read',
    subjectKind: 'class',
    subjectId: classId,
    detail: { term: view.term.id, students: view.students.length },
  })
  return view
}

/** As `loadGradebook`, unrecorded: for callers that record what they do with it. */
export async function readGradebook(
  ctx: TenantContext,
  viewer: Viewer,
  { classId, termId }: { classId: string; termId: string | null },
): Promise<GradebookView | null> {
  if (!viewer.rights.has('grades.read') || !isId(classId) || (termId !== null && !isId(termId))) return null
  const values: unknown[] = [ctx.tenantId, classId, termId]
  const text = gradebookQuery(visibleClasses(viewer, 'c.id', values))
  const [row] = await readTenant(ctx, ({ sql }) => sql<GradebookRow>(text, values, { name: `gradebook_${classReach(viewer)}` }))
  if (row === undefined || (row.termId === null && termId !== null)) return null
  return gradebookView(ctx, viewer, row)
}

type GradebookRow = SchoolFrameRow &
  Readonly<{
    id: string
    name: string
    subject: string | null
    isArchived: boolean
    gradedAt: Date | null
    termId: string | null
    categories: readonly CategoryRule[]
    assignments: readonly AssignmentRow[]
    students: readonly StudentRow[]
    /** A line a student: the id, then 'column status score' for each grade, by tabs. */
    grades: string | null
  }>
type AssignmentRow = Omit<AssignmentView, 'meanPercent' | 'category'> & Readonly<{ categoryId: string | null }>
type StudentRow = NameParts & Readonly<{ id: string; section: string | null }>

/**
 * The whole class in one statement: one round trip and one snapshot, so that no grade can stand under a column of another
 * moment. Grades are found by their primary key's prefix and looked up in `placed`, never joined: a shard that has no
 * statistics yet would join them in a loop.
 */
function gradebookQuery(isVisible: string): string {
  return `
    with chosen as materialized (
      select
        c.id as class_id, c.name, c.subject, c.archived_at,
        ${chosenTermId('$3')} as term_id,
        ${schoolFrameColumns}
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
      -- The places are asked for row by row and never joined in: as a column they would travel through the sort.
      select g.student_id || E'\\t' || string_agg(
        concat((select places from placed) ->> g.assignment_id::text, ' ', g.status, ' ', trim_scale(g.score)), E'\\t') as line
      from app.grades g
      where g.tenant_id = $1 and g.class_id = (select class_id from chosen)
        and (select places from placed) ? g.assignment_id::text
      group by g.student_id
    )
    select
      class_id as id, name, subject, archived_at is not null as "isArchived", term_id as "termId",
      "letterScale", "greenPercent", "amberPercent", terms,
      (select max(change.at) from app.grade_changes change
       where change.tenant_id = $1 and change.class_id = chosen.class_id) as "gradedAt",
      (select coalesce(json_agg(json_build_object(
          'id', k.id, 'name', k.name, 'weight', trim_scale(k.weight)::text, 'dropLowest', k.drop_lowest
        ) order by k.position, k.name), '[]')
       from app.categories k
       where k.tenant_id = $1 and k.class_id = chosen.class_id) as categories,
      (select coalesce(json_agg(json_build_object(
          'id', a.id, 'title', a.title, 'maxPoints', trim_scale(a.max_points)::text, 'dueOn', a.due_on,
          'categoryId', a.category_id, 'isExtraCredit', a.is_extra_credit, 'isPublished', a.is_published,
          'tags', array(
            select tag.name
            from app.assignment_tags link
            join app.tags tag on tag.tenant_id = link.tenant_id and tag.id = link.tag_id
            where link.tenant_id = $1 and link.class_id = a.class_id and link.assignment_id = a.id
            order by tag.name)
        ) order by a.place), '[]')
       from shown a) as assignments,
      (select coalesce(json_agg(json_build_object(
          'id', s.id, 'lastName', s.last_name, 'firstName', s.first_name, 'section', section.name)), '[]')
       from app.enrolments e
       join app.students s on s.tenant_id = e.tenant_id and s.id = e.student_id
       left join app.sections section
         on section.tenant_id = e.tenant_id and section.class_id = e.class_id and section.id = e.section_id
       where e.tenant_id = $1 and e.class_id = chosen.class_id and e.left_at is null) as students,
      (select string_agg(line, E'\\n') from lines) as grades
    from chosen`
}

function gradebookView(ctx: TenantContext, viewer: Viewer, row: GradebookRow): GradebookView {
  const { letters, terms, colours } = schoolFrame(row)
  const term = requireTerm(terms, row.termId)
  const scheme = prepareScheme(row.assignments, row.categories, letters)
  const students = [...row.students].sort(compareByName(ctx.locale))
  const gradesOf = parseGradeLines(row.grades ?? '', row.assignments.length)
  const matrix = students.map(({ id }) => gradesOf.get(id) ?? row.assignments.map(() => null))
  const categoryNames = new Map(row.categories.map(({ id, name }) => [id, name]))
  return {
    class: { id: row.id, name: row.name, subject: row.subject },
    term,
    terms,
    students: students.map((student, index) => ({
      id: student.id,
      name: listName(student),
      section: student.section,
      totals: computeTotals(scheme, matrix[index] ?? []),
    })),
    assignments: row.assignments.map(({ categoryId, ...assignment }, column) => ({
      ...assignment,
      category: categoryId === null ? null : (categoryNames.get(categoryId) ?? null),
      meanPercent: meanPercent(
        assignment.maxPoints,
        matrix.map((grades) => grades[column] ?? null),
      ),
    })),
    cells: packCells(matrix.map((grades) => grades.map(formatCell))),
    colours,
    canImport: viewer.rights.has('grades.import') && !term.isLocked && !row.isArchived,
    canExport: viewer.rights.has('grades.export'),
    gradedAt: row.gradedAt?.toISOString() ?? null,
  }
}
