import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { ownStudents, visibleClasses, visibleGrades, visibleStudents } from '@/lib/auth/scope'
import { readTenant } from '@/lib/db/tenant-db'
import type { Grade, GradeStatus } from '@/lib/gradebook/cell'
import { chosenTermId, requireTerm, type SchoolFrameRow, schoolFrame, schoolFrameColumns } from '@/lib/gradebook/school-frame'
import {
  type CategoryRule,
  computeTotals,
  explainTotal,
  type LetterScale,
  prepareScheme,
  scorePercent,
  trendOf,
} from '@/lib/gradebook/totals'
import type { StudentClassView, StudentItem, StudentView } from '@/lib/gradebook/views'
import { isId } from '@/lib/ids'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { fullName, type NameParts } from './names'

/**
 * A student's record in one term: totals, items and trend of each class the viewer may see there. A teacher sees the classes
 * they teach; the student and their guardians see all, but only published work. `termId` defaults to the current term. Null
 * when the student or the term does not exist or the viewer may not see them. The read is recorded before it is shown.
 * Throws `conflict` when the school has no term at all.
 */
export async function loadStudent(
  ctx: TenantContext,
  viewer: Viewer,
  studentId: string,
  { termId = null }: { termId?: string | null } = {},
): Promise<StudentView | null> {
  const mayRead = viewer.rights.has('own.read') || (viewer.rights.has('students.read') && viewer.rights.has('grades.read'))
  if (!mayRead || !isId(studentId) || (termId !== null && !isId(termId))) return null
  const values: unknown[] = [ctx.tenantId, studentId, termId]
  const text = recordQuery(viewer, values)
  const [row] = await readTenant(ctx, ({ sql }) => sql<RecordRow>(text, values))
  if (row === undefined || (row.termId === null && termId !== null)) return null
  const view = studentView(row)
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'student.read',
    subjectKind: 'student',
    subjectId: studentId,
    detail: { term: view.term.id, classes: view.classes.length },
  })
  return view
}

type RecordRow = SchoolFrameRow &
  NameParts &
  Readonly<{ id: string; email: string | null; termId: string | null; classes: readonly ClassRow[] }>
type ClassRow = Readonly<{
  classId: string
  className: string
  teachers: readonly string[]
  categories: readonly CategoryRule[]
  items: readonly ItemRow[]
}>
type ItemRow = Readonly<{
  id: string
  title: string
  dueOn: string | null
  maxPoints: string
  categoryId: string | null
  isExtraCredit: boolean
  isPublished: boolean
  score: string | null
  status: GradeStatus | null
}>

/** One statement, so one round trip and one moment; nothing below `student` runs for a student the viewer may not see. */
function recordQuery(viewer: Viewer, values: unknown[]): string {
  return `
    select
      student.id, student.last_name as "lastName", student.first_name as "firstName",
      (select i.value from app.student_identifiers i
       where i.tenant_id = $1 and i.student_id = student.id and i.kind = 'email' and i.is_primary
       order by i.created_at desc, i.folded limit 1) as email,
      chosen.term_id as "termId",
      ${schoolFrameColumns},
      (select coalesce(json_agg(json_build_object(
          'classId', c.id, 'className', c.name,
          'teachers', array(
            select teacher.display_name
            from app.class_teachers taught
            join app.members teacher on teacher.tenant_id = taught.tenant_id and teacher.id = taught.member_id
            where taught.tenant_id = $1 and taught.class_id = c.id
            order by teacher.display_name),
          'categories', (
            select coalesce(json_agg(json_build_object(
                'id', k.id, 'name', k.name, 'weight', trim_scale(k.weight)::text, 'dropLowest', k.drop_lowest
              ) order by k.position, k.name), '[]')
            from app.categories k
            where k.tenant_id = $1 and k.class_id = c.id),
          'items', (
            select coalesce(json_agg(json_build_object(
                'id', a.id, 'title', a.title, 'dueOn', a.due_on, 'maxPoints', trim_scale(a.max_points)::text,
                'categoryId', a.category_id, 'isExtraCredit', a.is_extra_credit, 'isPublished', a.is_published,
                'score', trim_scale(g.score)::text, 'status', g.status
              ) order by a.due_on nulls last, a.position, a.id), '[]')
            from app.assignments a
            left join app.grades g
              on g.tenant_id = $1 and g.class_id = a.class_id and g.student_id = e.student_id and g.assignment_id = a.id
            where a.tenant_id = $1 and a.class_id = c.id and a.term_id = chosen.term_id
              and (a.is_published or ${visibleClasses(viewer, 'a.class_id', values)}))
        ) order by c.name collate "und-x-icu", c.id), '[]')
       from app.enrolments e
       join app.classes c on c.tenant_id = e.tenant_id and c.id = e.class_id
       where e.tenant_id = $1 and e.student_id = student.id and e.left_at is null
         -- An archived class still tells what was done in it.
         and (c.archived_at is null or exists (
           select from app.assignments done
           where done.tenant_id = $1 and done.class_id = c.id and done.term_id = chosen.term_id))
         and ${visibleGrades(viewer, { classId: 'e.class_id', studentId: 'e.student_id' }, values)}) as classes
    from app.students student
    join app.schools school on school.tenant_id = student.tenant_id
    cross join lateral (select ${chosenTermId('$3')} as term_id) chosen
    where student.tenant_id = $1 and student.id = $2 and ${visibleRecords(viewer, values)}`
}

/** A token or teacher may see students; a right to one's own record alone reaches no further than that. */
function visibleRecords(viewer: Viewer, values: unknown[]): string {
  return viewer.rights.has('students.read')
    ? visibleStudents(viewer, 'student.id', values)
    : ownStudents(viewer, 'student.id', values)
}

function studentView(row: RecordRow): StudentView {
  const { terms, letters, colours } = schoolFrame(row)
  const classes = row.classes.map((classRow) => classView(classRow, letters))
  return {
    id: row.id,
    name: fullName(row),
    email: row.email,
    term: requireTerm(terms, row.termId),
    terms,
    classes,
    missingCount: classes.reduce((sum, { missingCount }) => sum + missingCount, 0),
    colours,
  }
}

function classView({ items, categories, ...row }: ClassRow, letters: LetterScale): StudentClassView {
  const scheme = prepareScheme(items, categories, letters)
  const grades = items.map(({ score, status }): Grade | null => (status === null ? null : { score, status }))
  const names = new Map(categories.map(({ id, name }) => [id, name]))
  const shown = items.map(
    ({ id, categoryId, isPublished, ...item }): StudentItem => ({
      ...item,
      assignmentId: id,
      percent: scorePercent(item.score, item.maxPoints),
      category: categoryId === null ? null : (names.get(categoryId) ?? null),
    }),
  )
  // Both lists keep the order of the query: by date.
  const missing = shown.filter(({ status }) => status === 'missing')
  return {
    classId: row.classId,
    className: row.className,
    teachers: row.teachers,
    totals: computeTotals(scheme, grades),
    steps: {
      current: explainTotal(scheme, grades, 'current'),
      ifMissingIsZero: explainTotal(scheme, grades, 'ifMissingIsZero'),
    },
    items: [...missing, ...shown.filter(({ status }) => status !== 'missing')],
    missingCount: missing.length,
    trend: trendOf(scheme, grades),
  }
}
