import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { refuseClosed } from './class-state'
import { bulkSettings, cellText } from './grade-sql'
import { type ImportRow, lockImport } from './import-row'
import { undoDays } from './limits'
import type { CommitReceipt, UndoneReceipt } from './stored-receipt'
import type { UndoReceipt } from './views'
import type { ImportWatch } from './watch'

const undoMilliseconds = 60_000
const watchedMilliseconds = 10 * 60_000

/**
 * Takes a committed import back, in one transaction, from its history: every cell gets exactly what it had. A cell that no
 * longer holds what the import wrote was changed since: it stays and is listed. What the import made (students, enrolments,
 * identifiers, assignments) goes when nothing else hangs on it; points and dates it changed come back unless changed since.
 * A repeat answers the first receipt. `watch` follows it and may stop it as it may a commit. Throws `not_found`, `term_locked`, `school_read_only`, and `conflict` for an import
 * that was never committed or is older than `undoDays`.
 */
export function undoImport(
  ctx: TenantContext,
  viewer: Viewer,
  { importId }: { importId: string },
  watch: ImportWatch = {},
): Promise<UndoReceipt> {
  const timeoutMs = watch.signal === undefined ? undoMilliseconds : watchedMilliseconds
  return writeTenant(ctx, (tx) => undoIn(tx, ctx, viewer, importId, watch), { timeoutMs, signal: watch.signal })
}

async function undoIn(
  tx: TenantWriter,
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
  watch: ImportWatch,
): Promise<UndoReceipt> {
  watch.onProgress?.('checking', 0, null)
  const row = await lockImport(tx, viewer, importId)
  if (row.state === 'undone' && row.receipt?.undo) return { importId, ...row.receipt.undo, wasAlreadyDone: true }
  const commit = refuseUndo(row)
  refuseClosed(row)
  await tx.later(bulkSettings.text, [], bulkSettings)
  watch.onProgress?.('restoring', 0, null)
  const cells = await restoreGrades(tx, row, actorKey(viewer.actor))
  await restoreComments(tx, row, commit)
  const assignmentsRemoved = await restoreAssignments(tx, row, commit)
  const studentsRemoved = await restoreStudents(tx, row, commit)
  const undo: UndoneReceipt = { cellsRestored: cells.restored, assignmentsRemoved, studentsRemoved, kept: cells.kept }
  await tx.later(
    `update app.imports
     set state = 'undone', undone_at = now(), receipt = receipt || jsonb_build_object('undo', $3::jsonb)
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, importId, JSON.stringify(undo)],
  )
  await audit(tx, {
    actor: viewer.actor,
    action: 'import.undo',
    subjectKind: 'import',
    subjectId: importId,
    requestId: ctx.requestId,
    detail: {
      class: row.classId,
      cellsRestored: undo.cellsRestored,
      cellsKept: undo.kept.length,
      assignmentsRemoved,
      studentsRemoved,
    },
  })
  return { importId, ...undo, wasAlreadyDone: false }
}

/** Until when an import can be undone, or null when it was never committed. */
export function undoUntil(committedAt: Date | null): Date | null {
  return committedAt === null ? null : new Date(committedAt.getTime() + undoDays * 86_400_000)
}

function refuseUndo(row: ImportRow): CommitReceipt {
  const until = undoUntil(row.committedAt)
  if (row.state !== 'committed' || !row.receipt?.commit || until === null) {
    throw new ProblemError('conflict', 'This import was not committed, so there is nothing to undo.')
  }
  if (until.getTime() < Date.now())
    throw new ProblemError(
      'conflict',
      `An import can be undone for ${undoDays} days; this one is older. Change the grades by hand.`,
    )
  return row.receipt.commit
}

const written = `
  select change.student_id, cell.*
  from app.grade_changes change
  cross join lateral unnest(
    change.assignment_ids, change.old_scores, change.old_statuses, change.new_scores, change.new_statuses
  ) as cell(assignment_id, old_score, old_status, new_score, new_status)
  where change.tenant_id = $1 and change.class_id = $2 and change.import_id = $3 and change.kind = 'import'`

const restore = `
  with written as materialized (${written}),
  done as (
    merge into app.grades as g
    using (
      select written.*, (enrolment.student_id is not null and assignment.id is not null) as has_parents
      from written
      left join app.enrolments enrolment
        on enrolment.tenant_id = $1 and enrolment.class_id = $2 and enrolment.student_id = written.student_id
      left join app.assignments assignment
        on assignment.tenant_id = $1 and assignment.class_id = $2 and assignment.id = written.assignment_id
    ) as w
    on g.tenant_id = $1 and g.class_id = $2 and g.student_id = w.student_id and g.assignment_id = w.assignment_id
    when matched and g.score is not distinct from w.new_score and g.status = w.new_status and w.old_status = '' then delete
    when matched and g.score is not distinct from w.new_score and g.status = w.new_status then
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
    select $1, $2, student_id, uuidv7(), 'undo', $3, $4,
      array_agg(assignment_id), array_agg(old_score), array_agg(old_status), array_agg(new_score), array_agg(new_status)
    from done
    group by student_id
  )
  select (select count(*)::int from done) as restored, (select count(*)::int from written) as written`

async function restoreGrades(
  tx: TenantWriter,
  row: ImportRow,
  actor: string,
): Promise<{ restored: number; kept: UndoneReceipt['kept'] }> {
  const [counts] = await tx.sql<{ restored: number; written: number }>(restore, [tx.tenantId, row.classId, row.id, actor])
  if (counts === undefined) throw new Error('the undo of grades gave no counts')
  if (counts.restored === counts.written) return { restored: counts.restored, kept: [] }
  const kept = await tx.sql<UndoneReceipt['kept'][number]>(
    `with written as materialized (${written})
     select concat_ws(', ', s.last_name, s.first_name) as "studentName", a.title as "assignmentTitle",
       coalesce(${cellText('g.score', 'g.status')}, '') as now
     from written
     join app.students s on s.tenant_id = $1 and s.id = written.student_id
     join app.assignments a on a.tenant_id = $1 and a.class_id = $2 and a.id = written.assignment_id
     left join app.grades g
       on g.tenant_id = $1 and g.class_id = $2 and g.student_id = written.student_id and g.assignment_id = written.assignment_id
     where g.score is distinct from written.old_score or coalesce(g.status, '') <> written.old_status
     order by s.last_name, s.first_name, a.position`,
    [tx.tenantId, row.classId, row.id],
  )
  return { restored: counts.restored, kept }
}

async function restoreComments(tx: TenantWriter, row: ImportRow, { made }: CommitReceipt): Promise<void> {
  if (made.comments.length === 0) return
  await tx.sql(
    `update app.grades as g
     set comment = was.comment
     from unnest($3::uuid[], $4::uuid[], $5::text[]) as was(student_id, assignment_id, comment)
     where g.tenant_id = $1 and g.class_id = $2 and g.student_id = was.student_id and g.assignment_id = was.assignment_id
       and g.comment is null`,
    [
      ...[tx.tenantId, row.classId, made.comments.map(({ studentId }) => studentId)],
      ...[made.comments.map(({ assignmentId }) => assignmentId), made.comments.map(({ comment }) => comment)],
    ],
  )
}

async function restoreAssignments(tx: TenantWriter, row: ImportRow, { made }: CommitReceipt): Promise<number> {
  if (made.assignments.length > 0) {
    const changes = made.assignments
    await tx.sql(
      `update app.assignments as a
       set max_points = case when a.max_points = w.new_points then w.old_points else a.max_points end,
           due_on = case when a.due_on is not distinct from w.new_due then w.old_due else a.due_on end
       from unnest($3::uuid[], $4::numeric[], $5::numeric[], $6::date[], $7::date[]) as w(id, old_points, new_points, old_due, new_due)
       where a.tenant_id = $1 and a.class_id = $2 and a.id = w.id`,
      [
        ...[tx.tenantId, row.classId, changes.map(({ id }) => id)],
        ...[changes.map(({ old }) => old.maxPoints), changes.map((change) => change.new.maxPoints)],
        ...[changes.map(({ old }) => old.dueOn), changes.map((change) => change.new.dueOn)],
      ],
    )
  }
  const removed = await tx.sql(
    `delete from app.assignments a
     where a.tenant_id = $1 and a.class_id = $2 and a.import_id = $3
       and not exists (
         select from app.grades g
         where g.tenant_id = $1 and g.class_id = $2 and g.assignment_id = a.id)
       and not exists (
         select from app.assignment_tags tag
         where tag.tenant_id = $1 and tag.class_id = $2 and tag.assignment_id = a.id)
     returning a.id`,
    [tx.tenantId, row.classId, row.id],
  )
  return removed.length
}

async function restoreStudents(tx: TenantWriter, row: ImportRow, { made }: CommitReceipt): Promise<number> {
  const place = [tx.tenantId, row.classId, row.id]
  await tx.sql(
    `delete from app.enrolments e
     where e.tenant_id = $1 and e.class_id = $2 and e.import_id = $3 and e.section_id is null
       and not exists (
         select from app.grades g
         where g.tenant_id = $1 and g.class_id = $2 and g.student_id = e.student_id)`,
    place,
  )
  if (made.returned.length > 0) {
    await tx.sql(
      `update app.enrolments as e
       set left_at = was.left_at
       from unnest($3::uuid[], $4::timestamptz[]) as was(student_id, left_at)
       where e.tenant_id = $1 and e.class_id = $2 and e.student_id = was.student_id and e.left_at is null`,
      [tx.tenantId, row.classId, made.returned.map(({ studentId }) => studentId), made.returned.map(({ leftAt }) => leftAt)],
    )
  }
  if (made.identifiers.length > 0) {
    await tx.sql(
      `delete from app.student_identifiers i
       using unnest($2::text[], $3::text[], $4::uuid[]) as added(kind, folded, student_id)
       where i.tenant_id = $1 and i.kind = added.kind and i.folded = added.folded and i.student_id = added.student_id`,
      [
        tx.tenantId,
        made.identifiers.map(({ kind }) => kind),
        made.identifiers.map(({ folded }) => folded),
        made.identifiers.map(({ studentId }) => studentId),
      ],
    )
  }
  // A student somebody else has come to rely on (another class, a guardian, an account) stays.
  const removed = await tx.sql(
    `delete from app.students s
     where s.tenant_id = $1 and s.import_id = $2
       and not exists (select from app.enrolments e where e.tenant_id = $1 and e.student_id = s.id)
       and not exists (select from app.guardians link where link.tenant_id = $1 and link.student_id = s.id)
       and not exists (select from app.members m where m.tenant_id = $1 and m.student_id = s.id)
     returning s.id`,
    [tx.tenantId, row.id],
  )
  return removed.length
}
