/**
 * What an import made beside grades (students, enrolments, identifiers, assignments with their labels), taken away when nothing else
 * hangs on it, and put back exactly as it was. Rows travel as JSON of the whole row, so that an undo of an undo loses nothing.
 */
import type { TenantWriter } from '@/lib/db/tenant-db'
import type { CommitReceipt, WorkDetails } from './stored-receipt'
import type { CellScope } from './undo-cells'

type Row = Readonly<Record<string, unknown>>

/** Rows an undo took away, by table. */
export type Removed = Readonly<{
  students: readonly Row[]
  identifiers: readonly Row[]
  enrolments: readonly Row[]
  assignments: readonly Row[]
  assignmentTags: readonly Row[]
  links: readonly Row[]
  categories: readonly Row[]
  tags: readonly Row[]
}>

type Place = Readonly<{ classId: string; importId: string }>
type Made = CommitReceipt['made']

/**
 * Takes away what the import made of the scope, and gives back points, dates and categories it changed, unless they were changed
 * since.
 */
export async function removeMade(tx: TenantWriter, place: Place, made: Made, scope: CellScope): Promise<Removed> {
  const isWhole = scope.studentIds === null && scope.assignmentIds === null
  const work = isWhole || scope.assignmentIds !== null ? await removeAssignments(tx, place, made, scope.assignmentIds) : noWork
  const labels = isWhole ? await removeLabels(tx, place, made) : noLabels
  const people = isWhole || scope.studentIds !== null ? await removeStudents(tx, place, made, scope.studentIds) : noPeople
  return { ...work, ...labels, ...people }
}

const noWork = { assignments: [], assignmentTags: [], links: [] }
const noLabels = { categories: [], tags: [] }
const noPeople = { students: [], identifiers: [], enrolments: [] }

async function removeAssignments(
  tx: TenantWriter,
  { classId, importId }: Place,
  made: Made,
  ids: readonly string[] | null,
): Promise<Pick<Removed, 'assignments' | 'assignmentTags' | 'links'>> {
  const changes = made.assignments.filter(({ id }) => ids === null || ids.includes(id))
  await setDetails(
    tx,
    classId,
    changes.map((change) => ({ id: change.id, from: change.new, to: change.old })),
  )
  const tied = made.tied ?? []
  const [gone] = await tx.sql<Pick<Removed, 'assignments' | 'assignmentTags' | 'links'>>(
    `with gone as (
       delete from app.assignments a
       where a.tenant_id = $1 and a.class_id = $2 and a.import_id = $3 and ($4::uuid[] is null or a.id = any($4))
         and not exists (
           select from app.grades g
           where g.tenant_id = $1 and g.class_id = $2 and g.assignment_id = a.id)
         and not exists (
           select from app.assignment_tags tag
           where tag.tenant_id = $1 and tag.class_id = $2 and tag.assignment_id = a.id and not exists (
             select from unnest($5::uuid[], $6::uuid[]) as own(assignment_id, tag_id)
             where own.assignment_id = tag.assignment_id and own.tag_id = tag.tag_id))
       returning a.*
     ),
     untied as (
       delete from app.assignment_tags tag
       using unnest($5::uuid[], $6::uuid[]) as own(assignment_id, tag_id), app.assignments a
       where tag.tenant_id = $1 and tag.class_id = $2
         and tag.assignment_id = own.assignment_id and tag.tag_id = own.tag_id
         and a.tenant_id = $1 and a.class_id = $2 and a.id = own.assignment_id
         and a.import_id is distinct from $3 and ($4::uuid[] is null or a.id = any($4))
       returning tag.*
     ),
     forgotten as (
       delete from app.assignment_links link
       where link.tenant_id = $1 and link.class_id = $2
         and (link.import_id = $3 and ($4::uuid[] is null or link.assignment_id = any($4))
           or link.assignment_id in (select gone.id from gone))
       returning link.*
     )
     select
       (select coalesce(jsonb_agg(to_jsonb(gone)), '[]') from gone) as assignments,
       (select coalesce(jsonb_agg(to_jsonb(tag)), '[]') from (
          select * from untied
          union all
          select own.* from app.assignment_tags own
          where own.tenant_id = $1 and own.class_id = $2 and own.assignment_id in (select gone.id from gone)
        ) as tag) as "assignmentTags",
       (select coalesce(jsonb_agg(to_jsonb(forgotten)), '[]') from forgotten) as links`,
    [...[tx.tenantId, classId, importId, ids], ...[tied.map(({ assignmentId }) => assignmentId), tied.map(({ tagId }) => tagId)]],
  )
  return gone ?? noWork
}

/** Points, dates and categories, each where it still is what it is thought to be. A category that is gone leaves none. */
async function setDetails(
  tx: TenantWriter,
  classId: string,
  changes: readonly Readonly<{ id: string; from: WorkDetails; to: WorkDetails }>[],
): Promise<void> {
  if (changes.length === 0) return
  await tx.sql(
    `update app.assignments as a
     set max_points = case when a.max_points = w.from_points then w.to_points else a.max_points end,
         due_on = case when a.due_on is not distinct from w.from_due then w.to_due else a.due_on end,
         category_id = case when w.is_moved and a.category_id is not distinct from w.from_category
           then (select k.id from app.categories k where k.tenant_id = $1 and k.class_id = $2 and k.id = w.to_category)
           else a.category_id end
     from unnest($3::uuid[], $4::numeric[], $5::numeric[], $6::date[], $7::date[], $8::boolean[], $9::uuid[], $10::uuid[])
       as w(id, from_points, to_points, from_due, to_due, is_moved, from_category, to_category)
     where a.tenant_id = $1 and a.class_id = $2 and a.id = w.id`,
    [
      ...[tx.tenantId, classId, changes.map(({ id }) => id)],
      ...[changes.map(({ from }) => from.maxPoints), changes.map(({ to }) => to.maxPoints)],
      ...[changes.map(({ from }) => from.dueOn), changes.map(({ to }) => to.dueOn)],
      changes.map(({ to }) => to.categoryId !== undefined),
      ...[changes.map(({ from }) => from.categoryId ?? null), changes.map(({ to }) => to.categoryId ?? null)],
    ],
  )
}

async function removeLabels(tx: TenantWriter, { classId }: Place, made: Made): Promise<Pick<Removed, 'categories' | 'tags'>> {
  const { categories = [], tags = [] } = made
  if (categories.length + tags.length === 0) return noLabels
  const [gone] = await tx.sql<Pick<Removed, 'categories' | 'tags'>>(
    `with gone_categories as (
       delete from app.categories k
       where k.tenant_id = $1 and k.class_id = $2 and k.id = any($3::uuid[]) and not exists (
         select from app.assignments a where a.tenant_id = $1 and a.class_id = $2 and a.category_id = k.id)
       returning k.*
     ),
     gone_tags as (
       delete from app.tags t
       where t.tenant_id = $1 and t.id = any($4::uuid[]) and not exists (
         select from app.assignment_tags tie where tie.tenant_id = $1 and tie.tag_id = t.id)
       returning t.*
     )
     select
       (select coalesce(jsonb_agg(to_jsonb(gone_categories)), '[]') from gone_categories) as categories,
       (select coalesce(jsonb_agg(to_jsonb(gone_tags)), '[]') from gone_tags) as tags`,
    [tx.tenantId, classId, categories, tags],
  )
  return gone ?? noLabels
}

async function removeStudents(
  tx: TenantWriter,
  { classId, importId }: Place,
  made: Made,
  ids: readonly string[] | null,
): Promise<Pick<Removed, 'students' | 'identifiers' | 'enrolments'>> {
  const isOurs = ({ studentId }: Readonly<{ studentId: string }>) => ids === null || ids.includes(studentId)
  const [left] = await tx.sql<Pick<Removed, 'enrolments'>>(
    `with gone as (
       delete from app.enrolments e
       where e.tenant_id = $1 and e.class_id = $2 and e.import_id = $3 and e.section_id is null
         and ($4::uuid[] is null or e.student_id = any($4))
         and not exists (
           select from app.grades g
           where g.tenant_id = $1 and g.class_id = $2 and g.student_id = e.student_id)
       returning e.*
     )
     select coalesce(jsonb_agg(to_jsonb(gone)), '[]') as enrolments from gone`,
    [tx.tenantId, classId, importId, ids],
  )
  await setLeft(tx, classId, made.returned.filter(isOurs), 'away')
  const added = made.identifiers.filter(isOurs)
  // A student somebody else has come to rely on (another class, a guardian, an account) stays.
  const [gone] = await tx.sql<Pick<Removed, 'students' | 'identifiers'>>(
    `with forgotten as (
       delete from app.student_identifiers i
       using unnest($3::text[], $4::text[], $5::uuid[]) as added(kind, folded, student_id)
       where i.tenant_id = $1 and i.kind = added.kind and i.folded = added.folded and i.student_id = added.student_id
       returning i.*
     ),
     gone as (
       delete from app.students s
       where s.tenant_id = $1 and s.import_id = $2 and ($6::uuid[] is null or s.id = any($6))
         and not exists (select from app.enrolments e where e.tenant_id = $1 and e.student_id = s.id)
         and not exists (select from app.guardians link where link.tenant_id = $1 and link.student_id = s.id)
         and not exists (select from app.members m where m.tenant_id = $1 and m.student_id = s.id)
       returning s.*
     )
     select
       (select coalesce(jsonb_agg(to_jsonb(gone)), '[]') from gone) as students,
       (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from (
          select * from forgotten
          union
          select own.* from app.student_identifiers own
          where own.tenant_id = $1 and own.student_id in (select gone.id from gone)
        ) as i) as identifiers`,
    [
      ...[tx.tenantId, importId, added.map(({ kind }) => kind), added.map(({ folded }) => folded)],
      ...[added.map(({ studentId }) => studentId), ids],
    ],
  )
  return { enrolments: left?.enrolments ?? [], students: gone?.students ?? [], identifiers: gone?.identifiers ?? [] }
}

/** Students who had left the class before the import took them in again: away as before, or back. */
async function setLeft(tx: TenantWriter, classId: string, returned: Made['returned'], to: 'away' | 'back'): Promise<void> {
  if (returned.length === 0) return
  const [next, now] = to === 'away' ? ['was.left_at', 'e.left_at is null'] : ['null', 'e.left_at = was.left_at']
  await tx.sql(
    `update app.enrolments as e
     set left_at = ${next}
     from unnest($3::uuid[], $4::timestamptz[]) as was(student_id, left_at)
     where e.tenant_id = $1 and e.class_id = $2 and e.student_id = was.student_id and ${now}`,
    [tx.tenantId, classId, returned.map(({ studentId }) => studentId), returned.map(({ leftAt }) => leftAt)],
  )
}

/** What could be put back. */
export type PutBack = Readonly<{ students: number; assignments: number }>

/**
 * Puts back what undos took away, where its place is still free, and points, dates and categories where they are as the undo left
 * them.
 */
export async function restoreMade(tx: TenantWriter, { classId }: Place, made: Made, removed: Removed): Promise<PutBack> {
  const students = await putBack(tx, 'students', removed.students)
  await putBack(tx, 'student_identifiers', removed.identifiers, hasStudent)
  await putBack(tx, 'enrolments', removed.enrolments, hasStudent)
  await setLeft(tx, classId, made.returned, 'back')
  await putBack(tx, 'categories', removed.categories)
  await putBack(tx, 'tags', removed.tags)
  const assignments = await putBack(tx, 'assignments', removed.assignments)
  await putBack(tx, 'assignment_tags', removed.assignmentTags, `${hasAssignment} and ${hasTag}`)
  await putBack(tx, 'assignment_links', removed.links, hasAssignment)
  await setDetails(
    tx,
    classId,
    made.assignments.map((change) => ({ id: change.id, from: change.old, to: change.new })),
  )
  return { students, assignments }
}

const hasStudent = 'exists (select from app.students s where s.tenant_id = $1 and s.id = was.student_id)'
const hasAssignment = `exists (
  select from app.assignments a where a.tenant_id = $1 and a.class_id = was.class_id and a.id = was.assignment_id)`
const hasTag = 'exists (select from app.tags t where t.tenant_id = $1 and t.id = was.tag_id)'

// A category that is gone leaves its assignments without one.
const rowsOf = `
  select coalesce(jsonb_agg(
    case when row ->> 'category_id' is null or exists (
      select from app.categories k
      where k.tenant_id = $1 and k.class_id = (row ->> 'class_id')::uuid and k.id = (row ->> 'category_id')::uuid)
    then row else row || '{"category_id": null}' end), '[]')
  from jsonb_array_elements($2::jsonb) as row`

async function putBack(tx: TenantWriter, table: string, rows: readonly Row[], condition = 'true'): Promise<number> {
  if (rows.length === 0) return 0
  const [count] = await tx.sql<{ count: number }>(
    `with back as (
       insert into app.${table}
       select was.* from jsonb_populate_recordset(null::app.${table}, (${rowsOf})) as was
       where was.tenant_id = $1 and ${condition}
       on conflict do nothing
       returning tenant_id
     )
     select count(*)::int as count from back`,
    [tx.tenantId, JSON.stringify(rows)],
  )
  return count?.count ?? 0
}
