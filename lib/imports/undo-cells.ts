/** Grades given back what they had before an import, or again what it wrote: a merge over its history, both ways. */
import type { TenantWriter } from '@/lib/db/tenant-db'
import { cellText, nameForFew } from './grade-sql'
import { cellsAtOnce, pause } from './pause'
import type { UndoneReceipt } from './stored-receipt'
import type { ImportWatch } from './watch'

/** Whose cells: all of the import's, or those of some students or assignments. */
export type CellScope = Readonly<{ studentIds: readonly string[] | null; assignmentIds: readonly string[] | null }>

export const everyCell: CellScope = { studentIds: null, assignmentIds: null }

export type CellWork = Readonly<{
  classId: string
  importId: string
  actor: string
  /** `undo` takes back what stands of the import, `redo` what an undo took back. */
  kind: 'undo' | 'redo'
  scope: CellScope
  /** An import that was never undone in part has the simpler history. */
  isFirst: boolean
}>

export type RestoredCells = Readonly<{ restored: number; kept: UndoneReceipt['kept'] }>

/**
 * Every cell that still holds what history says gets what it had before that; what somebody changed since stays and is listed. Writes
 * a history row a student. In one statement, or, where somebody follows and may stop it, in several of whole students each; what comes
 * of it is the same.
 */
export async function restoreCells(tx: TenantWriter, work: CellWork, watch: ImportWatch = {}): Promise<RestoredCells> {
  const { restored, written } = watch.signal === undefined ? await restore(tx, work) : await restoreInParts(tx, work, watch)
  return { restored, kept: restored === written ? [] : await listKept(tx, work) }
}

/** Cells that were written, of those that history says are to be. */
type Counts = Readonly<{ restored: number; written: number }>

async function restore(tx: TenantWriter, work: CellWork, options: Readonly<{ name?: string }> = {}): Promise<Counts> {
  const values = [tx.tenantId, work.classId, work.importId, work.actor, work.scope.studentIds, work.scope.assignmentIds]
  const [counts] = await tx.sql<Counts>(restoreSql(work), values, options)
  if (counts === undefined) throw new Error('the undo of grades gave no counts')
  return counts
}

async function restoreInParts(tx: TenantWriter, work: CellWork, { onProgress, signal }: ImportWatch): Promise<Counts> {
  const students = await listStudents(tx, work)
  const total = students.reduce((sum, { cells: own }) => sum + own, 0)
  let [done, restored, written] = [0, 0, 0]
  for (const part of partsOf(students)) {
    onProgress?.('restoring', done, total)
    const began = performance.now()
    const own = { ...work, scope: { ...work.scope, studentIds: part.studentIds } }
    const counts = await restore(tx, own, nameForFew(`restore_${work.kind}${work.isFirst ? '_first' : ''}`, part.cells))
    restored += counts.restored
    written += counts.written
    done += part.cells
    await pause(signal, performance.now() - began)
  }
  onProgress?.('restoring', done, total)
  return { restored, written }
}

type Part = Readonly<{ studentIds: readonly string[]; cells: number }>

/** Whole students, as many as one statement takes; somebody with more than that has one for themselves. */
function partsOf(students: readonly StudentCells[]): readonly Part[] {
  const parts: { studentIds: string[]; cells: number }[] = []
  const cellsMax = cellsAtOnce()
  for (const { studentId, cells: own } of students) {
    const last = parts.at(-1)
    if (last === undefined || last.cells + own > cellsMax) parts.push({ studentIds: [studentId], cells: own })
    else {
      last.studentIds.push(studentId)
      last.cells += own
    }
  }
  return parts
}

type StudentCells = Readonly<{ studentId: string; cells: number }>

/** Whose cells the work looks at, and how many: all that the import wrote for them, whether they still stand or not. */
function listStudents(tx: TenantWriter, { classId, importId, kind, scope }: CellWork): Promise<StudentCells[]> {
  return tx.sql<StudentCells>(
    `select change.student_id as "studentId", sum(own.cells)::int as cells
     from app.grade_changes change
     cross join lateral (
       select case when $5::uuid[] is null then cardinality(change.assignment_ids)
         else (select count(*) from unnest(change.assignment_ids) as id where id = any($5)) end as cells
     ) as own
     where change.tenant_id = $1 and change.class_id = $2 and change.import_id = $3 and change.kind = 'import'
       and ($4::uuid[] is null or change.student_id = any($4)) and own.cells > 0
       and ($6 = 'undo' or exists (
         select from app.grade_changes undone
         where undone.tenant_id = $1 and undone.class_id = $2 and undone.import_id = $3 and undone.kind = 'undo'
           and undone.student_id = change.student_id))
     group by change.student_id
     order by change.student_id`,
    [tx.tenantId, classId, importId, scope.studentIds, scope.assignmentIds, kind],
  )
}

/** Whether the import wrote any cell at all, and whether one of them is neither of these students nor of these assignments. */
export async function lookForStanding(
  tx: TenantWriter,
  { classId, importId }: Pick<CellWork, 'classId' | 'importId'>,
  undone: Readonly<{ studentIds: readonly string[]; assignmentIds: readonly string[] }>,
): Promise<Readonly<{ isAnyWritten: boolean; isAnyStanding: boolean }>> {
  const [found] = await tx.sql<{ isAnyWritten: boolean; isAnyStanding: boolean }>(
    `select
       exists (
         select from app.grade_changes change
         where change.tenant_id = $1 and change.class_id = $2 and change.import_id = $3 and change.kind = 'import') as "isAnyWritten",
       exists (
         select from app.grade_changes change
         where change.tenant_id = $1 and change.class_id = $2 and change.import_id = $3 and change.kind = 'import'
           and change.student_id <> all($4::uuid[]) and not (change.assignment_ids <@ $5::uuid[])) as "isAnyStanding"`,
    [tx.tenantId, classId, importId, undone.studentIds, undone.assignmentIds],
  )
  return found ?? { isAnyWritten: false, isAnyStanding: false }
}

const cells = `
  cross join lateral unnest(
    change.assignment_ids, change.old_scores, change.old_statuses, change.new_scores, change.new_statuses
  ) as cell(assignment_id, old_score, old_status, new_score, new_status)
  where change.tenant_id = $1 and change.class_id = $2`

/**
 * What the import did in the scope. Some students are found by their key: a part of a large class never reads the rest of it, as it would by
 * the index of imports, which a shard without statistics takes for the better one.
 */
function inScope({ studentIds }: CellScope): string {
  const rows =
    studentIds === null
      ? 'change.import_id = $3 and $5::uuid[] is null'
      : 'change.import_id is not distinct from $3 and change.student_id = any($5::uuid[])'
  return `${rows} and ($6::uuid[] is null or cell.assignment_id = any($6))`
}

/** The same students of another table. */
function alsoOf({ studentIds }: CellScope, column: string): string {
  return studentIds === null ? '' : `and ${column} = any($5::uuid[])`
}

// Ids are UUIDv7, made as the row is written: of two undos of one import, which wait for each other, the later has the greater.
const latestSql = (scope: CellScope) => `
  select distinct on (change.student_id, cell.assignment_id) change.student_id, change.kind, cell.*
  from app.grade_changes change ${cells} and ${inScope(scope)}
  order by change.student_id, cell.assignment_id, change.id desc`

/** Cells to work on: what history says they had before and have had since. */
function sourceSql({ kind, isFirst, scope }: Pick<CellWork, 'kind' | 'isFirst' | 'scope'>): string {
  if (kind === 'undo' && isFirst)
    return `select change.student_id, cell.* from app.grade_changes change ${cells} and change.kind = 'import' and ${inScope(scope)}`
  return `
    select change.student_id, change.assignment_id, change.old_score, change.old_status, change.new_score, change.new_status
    from (${latestSql(scope)}) as change
    where change.kind ${kind === 'undo' ? '<>' : '='} 'undo'`
}

function restoreSql({ kind, isFirst, scope }: CellWork): string {
  // Somebody wrote a comment beside a grade the import gave: then it is theirs as well, and stays.
  const isUntouched = kind === 'undo' ? 'and g.comment is null' : ''
  return `
  with written as materialized (${sourceSql({ kind, isFirst, scope })}),
  done as (
    merge into app.grades as g
    using (
      select written.*, (enrolment.student_id is not null and assignment.id is not null) as has_parents
      from written
      left join app.enrolments enrolment
        on enrolment.tenant_id = $1 and enrolment.class_id = $2 and enrolment.student_id = written.student_id
          ${alsoOf(scope, 'enrolment.student_id')}
      left join app.assignments assignment
        on assignment.tenant_id = $1 and assignment.class_id = $2 and assignment.id = written.assignment_id
    ) as w
    on g.tenant_id = $1 and g.class_id = $2 and g.student_id = w.student_id and g.assignment_id = w.assignment_id
      ${alsoOf(scope, 'g.student_id')}
    when matched and g.score is not distinct from w.new_score and g.status = w.new_status and w.old_status = '' ${isUntouched}
      then delete
    when matched and g.score is not distinct from w.new_score and g.status = w.new_status and w.old_status <> '' then
      update set score = w.old_score, status = w.old_status
    when not matched and w.new_status = '' and w.has_parents then
      insert (tenant_id, class_id, student_id, assignment_id, score, status)
      values ($1, $2, w.student_id, w.assignment_id, w.old_score, w.old_status)
    returning w.student_id, w.assignment_id,
      old.score as old_score, coalesce(old.status, '') as old_status, new.score as new_score, coalesce(new.status, '') as new_status
  ),
  history as (
    insert into app.grade_changes (
      tenant_id, class_id, student_id, id, kind, import_id, actor, assignment_ids, old_scores, old_statuses, new_scores, new_statuses)
    select $1, $2, student_id, uuidv7(), '${kind}', $3, $4,
      array_agg(assignment_id), array_agg(old_score), array_agg(old_status), array_agg(new_score), array_agg(new_status)
    from done
    group by student_id
  )
  select (select count(*)::int from done) as restored, (select count(*)::int from written) as written`
}

/** Read after the merge: what it restored is history now, so what is left of the scope was changed by somebody. */
function listKept(tx: TenantWriter, work: CellWork): Promise<UndoneReceipt['kept'][number][]> {
  const { classId, importId, actor, scope } = work
  return tx.sql<UndoneReceipt['kept'][number]>(
    `with written as materialized (${sourceSql({ kind: work.kind, isFirst: false, scope })}),
     asked as (select $4::text as actor)
     select concat_ws(', ', s.last_name, s.first_name) as "studentName", a.title as "assignmentTitle",
       coalesce(${cellText('g.score', 'g.status')}, '') as now
     from written
     join app.students s on s.tenant_id = $1 and s.id = written.student_id
     join app.assignments a on a.tenant_id = $1 and a.class_id = $2 and a.id = written.assignment_id
     left join app.grades g
       on g.tenant_id = $1 and g.class_id = $2 and g.student_id = written.student_id and g.assignment_id = written.assignment_id
     where g.score is distinct from written.old_score or coalesce(g.status, '') <> written.old_status
     order by s.last_name, s.first_name, a.position`,
    [tx.tenantId, classId, importId, actor, scope.studentIds, scope.assignmentIds],
  )
}
