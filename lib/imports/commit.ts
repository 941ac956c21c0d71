import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { unpackCells } from '@/lib/gradebook/cell'
import { newId } from '@/lib/ids'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { refuseClosed } from './class-state'
import { bulkSettings, cellText, scoreOf, statusOf } from './grade-sql'
import { type ImportRow, lockImport, readPlanText } from './import-row'
import { decodePlan, type StoredPlan, writtenBy } from './stored-plan'
import type { CommitReceipt } from './stored-receipt'
import { foldName, foldTitle } from './text'
import type { ImportReceipt } from './views'

const commitMilliseconds = 60_000

/**
 * Runs a stored plan, that one and nothing else, in one transaction: students, enrolments, assignments, grades, their
 * history, the receipt and the audit. A repeat, also of the same plan from a second tab, answers the first receipt and does
 * nothing. A cell somebody graded between plan and commit is kept and listed in the receipt; where more than a grade
 * changed (a student or assignment is gone or different), nothing is written and the plan is stale.
 * Throws `not_found`, `plan_stale`, `conflict` (blocked, undone, discarded), `term_locked`, `school_read_only`.
 */
export function commitImport(
  ctx: TenantContext,
  viewer: Viewer,
  { importId, planHash }: { importId: string; planHash: string },
): Promise<ImportReceipt> {
  return writeTenant(ctx, (tx) => commitIn(tx, ctx, viewer, { importId, planHash }), { timeoutMs: commitMilliseconds })
}

async function commitIn(
  tx: TenantWriter,
  ctx: TenantContext,
  viewer: Viewer,
  { importId, planHash }: { importId: string; planHash: string },
): Promise<ImportReceipt> {
  const row = await lockImport(tx, viewer, importId)
  const done = receiptOf(row)
  if (done) return done
  refuseState(row)
  refuseClosed(row)
  if (row.planHash !== planHash) throw stale('The plan you looked at is not the one that is stored.')
  const twin = await findTwin(tx, row)
  if (twin) {
    await tx.sql(`update app.imports set state = 'discarded' where tenant_id = $1 and id = $2`, [tx.tenantId, importId])
    return twin
  }
  const plan = decodePlan(await readPlanText(tx, importId), row.planHash)
  await tx.sql(bulkSettings)
  const studentIds = await writeStudents(tx, plan, importId)
  const assignmentIds = await writeAssignments(tx, plan, importId)
  const written = await writeGrades(tx, plan, {
    importId,
    studentIds: studentIds.ids,
    assignmentIds: assignmentIds.ids,
    actor: actorKey(viewer.actor),
  })
  const commit: CommitReceipt = {
    counts: {
      ...row.counts,
      cellsNew: written.added,
      cellsChanged: written.changed,
      cellsCleared: written.cleared,
      cellsKept: row.counts.cellsKept + written.kept.length,
    },
    crossed: crossings(plan, studentIds.ids, new Set(written.kept.map(({ at }) => at))),
    kept: written.kept.map(({ at: _at, ...cell }) => cell),
    made: {
      identifiers: studentIds.identifiers,
      returned: studentIds.returned,
      assignments: assignmentIds.changed,
      comments: written.comments,
    },
  }
  await tx.sql(
    `update app.imports
     set state = 'committed', committed_at = now(), counts = $3::jsonb, receipt = $4::jsonb
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, importId, JSON.stringify(commit.counts), JSON.stringify({ commit })],
  )
  await audit(tx, {
    actor: viewer.actor,
    action: 'import.commit',
    subjectKind: 'import',
    subjectId: importId,
    requestId: ctx.requestId,
    detail: { class: row.classId, ...commit.counts },
  })
  return shown(importId, commit, false)
}

/** The receipt of a committed import, or null. */
export function receiptOf(row: ImportRow): ImportReceipt | null {
  return row.state === 'committed' && row.receipt?.commit ? shown(row.id, row.receipt.commit, true) : null
}

function shown(importId: string, { counts, crossed, kept }: CommitReceipt, wasAlreadyDone: boolean): ImportReceipt {
  return { importId, counts, crossed, kept, wasAlreadyDone }
}

function refuseState({ state }: ImportRow): void {
  if (state === 'undone') throw new ProblemError('conflict', 'This import was undone. Upload the file again to import it anew.')
  if (state === 'discarded')
    throw new ProblemError('conflict', 'This import was discarded. Upload the file again to import it anew.')
  if (state === 'blocked')
    throw new ProblemError('conflict', 'This import has open questions. Answer them, or mend the file and upload it again.')
}

function stale(what: string): ProblemError {
  return new ProblemError('plan_stale', `${what} Nothing was written. Upload the file again to see a fresh plan.`)
}

/** The same plan of the same file, committed from another tab since this one was made. */
async function findTwin(tx: TenantWriter, row: ImportRow): Promise<ImportReceipt | null> {
  const [twin] = await tx.sql<{ id: string; receipt: Readonly<{ commit: CommitReceipt }> }>(
    `select i.id, i.receipt
     from app.imports i
     where i.tenant_id = $1 and i.class_id = $2 and i.state = 'committed'
       and i.file_sha256 = $3 and i.plan_hash = $4
       and i.committed_at > (select own.created_at from app.imports own where own.tenant_id = $1 and own.id = $5)
     order by i.committed_at desc
     limit 1`,
    [tx.tenantId, row.classId, row.fileSha256, row.planHash, row.id],
  )
  return twin ? shown(twin.id, twin.receipt.commit, true) : null
}

type WrittenStudents = Readonly<{
  ids: readonly string[]
  identifiers: CommitReceipt['made']['identifiers']
  returned: CommitReceipt['made']['returned']
}>

async function writeStudents(tx: TenantWriter, plan: StoredPlan, importId: string): Promise<WrittenStudents> {
  const ids = plan.students.map(({ id }) => id ?? newId())
  const of = (state: string) =>
    plan.students.flatMap((student, at) => (student.state === state ? [{ ...student, id: ids[at] ?? '' }] : []))
  await holdStudents(
    tx,
    plan,
    of('matched').map(({ id }) => id),
    of('enrolled').map(({ id }) => id),
  )
  const added = of('new')
  await refuseNamesakes(tx, plan)
  if (added.length > 0) {
    await tx.sql(
      `insert into app.students (tenant_id, id, last_name, first_name, import_id)
       select $1, new.id, new.last_name, new.first_name, $2
       from unnest($3::uuid[], $4::text[], $5::text[]) as new(id, last_name, first_name)`,
      [
        tx.tenantId,
        importId,
        added.map(({ id }) => id),
        added.map(({ lastName }) => lastName),
        added.map(({ firstName }) => firstName),
      ],
    )
  }
  const identifiers = await writeIdentifiers(tx, plan, ids)
  const returned = await writeEnrolments(
    tx,
    plan,
    importId,
    [...added, ...of('enrolled')].map(({ id }) => id),
  )
  return { ids, identifiers, returned }
}

/** Known students must still be where the plan saw them; they are held until the transaction ends. */
async function holdStudents(
  tx: TenantWriter,
  plan: StoredPlan,
  matched: readonly string[],
  enrolled: readonly string[],
): Promise<void> {
  if (matched.length > 0) {
    const held = await tx.sql(
      `select from app.enrolments
       where tenant_id = $1 and class_id = $2 and student_id = any($3) and left_at is null
       order by student_id
       for key share`,
      [tx.tenantId, plan.classId, matched],
    )
    if (held.length !== matched.length)
      throw stale(`${matched.length - held.length} students of the plan are no longer in the class.`)
  }
  if (enrolled.length > 0) {
    const held = await tx.sql(
      `select s.id
       from app.students s
       where s.tenant_id = $1 and s.id = any($2) and not exists (
         select from app.enrolments e
         where e.tenant_id = $1 and e.class_id = $3 and e.student_id = s.id and e.left_at is null)
       order by s.id
       for key share of s`,
      [tx.tenantId, enrolled, plan.classId],
    )
    if (held.length !== enrolled.length)
      throw stale('A student the plan would take into the class was taken in or left the school meanwhile.')
  }
}

/** A student known by name alone must still be unknown: another import may have brought them meanwhile. */
async function refuseNamesakes(tx: TenantWriter, plan: StoredPlan): Promise<void> {
  const nameOf = (student: Readonly<{ lastName: string; firstName: string }>) =>
    `${foldName(student.lastName)}\t${foldName(student.firstName)}`
  const nameless = plan.students.filter(({ state, adds }) => state === 'new' && adds.length === 0)
  if (nameless.length === 0) return
  const enrolled = await tx.sql<{ lastName: string; firstName: string }>(
    `select s.last_name as "lastName", s.first_name as "firstName"
     from app.enrolments e
     join app.students s on s.tenant_id = e.tenant_id and s.id = e.student_id
     where e.tenant_id = $1 and e.class_id = $2 and e.left_at is null`,
    [tx.tenantId, plan.classId],
  )
  const names = new Set(enrolled.map(nameOf))
  if (nameless.some((student) => names.has(nameOf(student))))
    throw stale('A student the plan would add was taken into the class meanwhile.')
}

async function writeIdentifiers(
  tx: TenantWriter,
  plan: StoredPlan,
  ids: readonly string[],
): Promise<WrittenStudents['identifiers']> {
  const adds = plan.students.flatMap((student, at) => student.adds.map((add) => ({ ...add, studentId: ids[at] ?? '' })))
  if (adds.length === 0) return []
  const rows = await tx.sql<WrittenStudents['identifiers'][number]>(
    `insert into app.student_identifiers (tenant_id, kind, folded, value, student_id, is_primary)
     select $1, new.kind, new.folded, new.value, new.student_id, not exists (
       select from app.student_identifiers own
       where own.tenant_id = $1 and own.student_id = new.student_id and own.kind = new.kind)
     from unnest($2::text[], $3::text[], $4::text[], $5::uuid[]) as new(kind, folded, value, student_id)
     on conflict do nothing
     returning kind, folded, student_id as "studentId"`,
    [
      tx.tenantId,
      adds.map(({ kind }) => kind),
      adds.map(({ folded }) => folded),
      adds.map(({ value }) => value),
      adds.map(({ studentId }) => studentId),
    ],
  )
  if (rows.length !== adds.length) throw stale('An e-mail or number the plan would add was given to a student meanwhile.')
  return plan.students.some(({ id, adds: own }) => id !== null && own.length > 0)
    ? rows.filter(({ studentId }) => plan.students.some(({ id }) => id === studentId))
    : []
}

async function writeEnrolments(
  tx: TenantWriter,
  plan: StoredPlan,
  importId: string,
  studentIds: readonly string[],
): Promise<WrittenStudents['returned']> {
  if (studentIds.length === 0) return []
  const returned = await tx.sql<WrittenStudents['returned'][number]>(
    `update app.enrolments as e
     set left_at = null
     from (select student_id, left_at from app.enrolments
           where tenant_id = $1 and class_id = $2 and student_id = any($3) and left_at is not null) as was
     where e.tenant_id = $1 and e.class_id = $2 and e.student_id = was.student_id
     returning e.student_id as "studentId", was.left_at::text as "leftAt"`,
    [tx.tenantId, plan.classId, studentIds],
  )
  const back = new Set(returned.map(({ studentId }) => studentId))
  await tx.sql(
    `insert into app.enrolments (tenant_id, class_id, student_id, import_id)
     select $1, $2, new.id, $3
     from unnest($4::uuid[]) as new(id)`,
    [tx.tenantId, plan.classId, importId, studentIds.filter((id) => !back.has(id))],
  )
  return returned
}

type WrittenAssignments = Readonly<{ ids: readonly string[]; changed: CommitReceipt['made']['assignments'] }>

async function writeAssignments(tx: TenantWriter, plan: StoredPlan, importId: string): Promise<WrittenAssignments> {
  const known = plan.assignments.flatMap(({ id }) => id ?? [])
  const held = await tx.sql<{ id: string; maxPoints: string; dueOn: string | null }>(
    `select id, trim_scale(max_points)::text as "maxPoints", due_on as "dueOn"
     from app.assignments
     where tenant_id = $1 and class_id = $2 and term_id = $3 and id = any($4)
     order by id
     for no key update`,
    [tx.tenantId, plan.classId, plan.termId, known],
  )
  const now = new Map(held.map((assignment) => [assignment.id, assignment]))
  for (const { id, title, old } of plan.assignments) {
    if (id === null) continue
    const current = now.get(id)
    if (!current) throw stale(`The assignment '${title}' was deleted since.`)
    if (current.maxPoints !== old?.maxPoints || current.dueOn !== old.dueOn)
      throw stale(`The points or the date of '${title}' were changed since.`)
  }
  const ids = plan.assignments.map(({ id }) => id ?? newId())
  await insertAssignments(tx, plan, importId, ids)
  const changed = plan.assignments.flatMap(({ id, state, old, maxPoints, dueOn }) =>
    state === 'changed' && id !== null && old !== null ? [{ id, old, new: { maxPoints, dueOn } }] : [],
  )
  if (changed.length > 0) {
    await tx.sql(
      `update app.assignments as a
       set max_points = new.max_points, due_on = new.due_on
       from unnest($3::uuid[], $4::numeric[], $5::date[]) as new(id, max_points, due_on)
       where a.tenant_id = $1 and a.class_id = $2 and a.id = new.id`,
      [
        tx.tenantId,
        plan.classId,
        changed.map(({ id }) => id),
        changed.map((change) => change.new.maxPoints),
        changed.map((change) => change.new.dueOn),
      ],
    )
  }
  return { ids, changed }
}

async function insertAssignments(tx: TenantWriter, plan: StoredPlan, importId: string, ids: readonly string[]): Promise<void> {
  const added = plan.assignments.flatMap((assignment, at) =>
    assignment.id === null ? [{ ...assignment, id: ids[at] ?? '' }] : [],
  )
  if (added.length === 0) return
  await refuseTaken(tx, plan, added)
  await tx.sql(
    `insert into app.assignments (tenant_id, class_id, id, term_id, title, title_folded, max_points, due_on, import_id, position)
     select $1, $2, new.id, $3, new.title, new.title_folded, new.max_points, new.due_on, $4, last.position + new.place
     from unnest($5::uuid[], $6::text[], $7::text[], $8::numeric[], $9::date[])
       with ordinality as new(id, title, title_folded, max_points, due_on, place)
     cross join (
       select coalesce(max(a.position), 0) as position from app.assignments a
       where a.tenant_id = $1 and a.class_id = $2 and a.term_id = $3) as last`,
    [
      ...[tx.tenantId, plan.classId, plan.termId, importId, added.map(({ id }) => id), added.map(({ title }) => title)],
      ...[added.map(({ title }) => foldTitle(title)), added.map(({ maxPoints }) => maxPoints), added.map(({ dueOn }) => dueOn)],
    ],
  )
}

/** The plan would have matched a title that is in the class now; only columns of one title are told apart by their dates. */
async function refuseTaken(
  tx: TenantWriter,
  plan: StoredPlan,
  added: readonly Readonly<{ title: string; dueOn: string | null }>[],
): Promise<void> {
  const others = await tx.sql<{ title: string; dueOn: string | null }>(
    `select title, due_on as "dueOn"
     from app.assignments
     where tenant_id = $1 and class_id = $2 and term_id = $3 and id <> all($4)`,
    [tx.tenantId, plan.classId, plan.termId, plan.assignments.flatMap(({ id }) => id ?? [])],
  )
  const datesOf = new Map<string, Set<string | null>>()
  for (const { title, dueOn } of others) datesOf.set(foldTitle(title), (datesOf.get(foldTitle(title)) ?? new Set()).add(dueOn))
  const isOneOfSeveral = (title: string) =>
    plan.assignments.filter((other) => foldTitle(other.title) === foldTitle(title)).length > 1
  const twice = added.find(({ title, dueOn }) => {
    const dates = datesOf.get(foldTitle(title))
    return dates !== undefined && (dates.has(dueOn) || !isOneOfSeveral(title))
  })
  if (twice) throw stale(`An assignment '${twice.title}' was added to the class since.`)
}

type WrittenGrades = Readonly<{
  added: number
  changed: number
  cleared: number
  comments: CommitReceipt['made']['comments']
  kept: readonly (CommitReceipt['kept'][number] & Readonly<{ at: number }>)[]
}>

type Target = Readonly<{ importId: string; studentIds: readonly string[]; assignmentIds: readonly string[]; actor: string }>

async function writeGrades(
  tx: TenantWriter,
  plan: StoredPlan,
  { importId, studentIds, assignmentIds, actor }: Target,
): Promise<WrittenGrades> {
  const matrix = pickWritten(plan)
  if (matrix.planned === 0) return { added: 0, changed: 0, cleared: 0, comments: [], kept: [] }
  const students = matrix.rows.map((at) => studentIds[at] ?? '')
  const [counts] = await tx.sql<{ added: number; changed: number; cleared: number; comments: WrittenGrades['comments'] }>(
    mergeGrades,
    [...[tx.tenantId, plan.classId, students, assignmentIds, matrix.places, matrix.next, matrix.old, importId, actor]],
  )
  if (counts === undefined) throw new Error('the merge of grades gave no counts')
  const { added, changed, cleared, comments } = counts
  const kept = added + changed + cleared === matrix.planned ? [] : await listKept(tx, plan, { students, assignmentIds, matrix })
  return { added, changed, cleared, comments, kept }
}

/** The rows of the plan that write anything, each with the places, new texts and old texts of the cells that are written. */
type Matrix = Readonly<{
  rows: readonly number[]
  places: readonly string[]
  next: readonly string[]
  old: readonly string[]
  planned: number
}>

function pickWritten(plan: StoredPlan): Matrix {
  const size = [plan.students.length, plan.assignments.length] as const
  const old = plan.old === '' ? null : unpackCells(plan.old, ...size)
  const picked = { rows: [] as number[], places: [] as string[], next: [] as string[], old: [] as string[], planned: 0 }
  for (const [at, cells] of unpackCells(plan.next, ...size).entries()) {
    const places: number[] = []
    const texts: string[] = []
    for (const [column, token] of cells.entries()) {
      const text = writtenBy(token)
      if (text === '') continue
      places.push(column + 1)
      texts.push(text)
    }
    if (places.length === 0) continue
    const before = old?.[at]
    picked.rows.push(at)
    picked.places.push(places.join('\t'))
    picked.next.push(texts.join('\t'))
    picked.old.push(before ? places.map((place) => before[place - 1] ?? '').join('\t') : '')
    picked.planned += places.length
  }
  return picked
}

const asked = `
  select s.row, s.student_id, c.place, ($4::uuid[])[c.place] as assignment_id, c.token, coalesce(c.old, '') as old
  from unnest($3::uuid[], $5::text[], $6::text[], $7::text[]) with ordinality as s(student_id, places, next, old, row)
  cross join lateral unnest(
    string_to_array(s.places, E'\\t')::int[], string_to_array(s.next, E'\\t'), string_to_array(s.old, E'\\t')
  ) as c(place, token, old)`

// One pass: a cell is written only where the class still holds what the plan saw, so nobody's later grade is lost.
// What was done comes back as old and new, becomes one history row a student, and is counted.
const mergeGrades = `
  with source as (
    select asked.student_id, asked.assignment_id, asked.token, asked.old,
      case when asked.token <> 'CLEAR' then ${scoreOf('asked.token')} end as score,
      ${statusOf('asked.token')} as status
    from (${asked}) as asked
  ),
  done as (
    merge into app.grades as g
    using source as s
    on g.tenant_id = $1 and g.class_id = $2 and g.student_id = s.student_id and g.assignment_id = s.assignment_id
    when matched and s.old = ${cellText('g.score', 'g.status')} and s.token = 'CLEAR' then delete
    when matched and s.old = ${cellText('g.score', 'g.status')} then update set score = s.score, status = s.status
    when not matched and s.old = '' and s.token <> 'CLEAR' then
      insert (tenant_id, class_id, student_id, assignment_id, score, status)
      values ($1, $2, s.student_id, s.assignment_id, s.score, s.status)
    returning s.student_id, s.assignment_id, merge_action() as action, old.comment as comment,
      old.score as old_score, coalesce(old.status, '') as old_status, new.score as new_score, coalesce(new.status, '') as new_status
  ),
  history as (
    insert into app.grade_changes (
      tenant_id, class_id, student_id, id, kind, import_id, actor, assignment_ids, old_scores, old_statuses, new_scores, new_statuses)
    select $1, $2, student_id, uuidv7(), 'import', $8, $9,
      array_agg(assignment_id), array_agg(old_score), array_agg(old_status), array_agg(new_score), array_agg(new_status)
    from done
    group by student_id
    returning cardinality(assignment_ids) as written
  )
  select
    count(*) filter (where action = 'INSERT')::int as added,
    count(*) filter (where action = 'UPDATE')::int as changed,
    count(*) filter (where action = 'DELETE')::int as cleared,
    coalesce(json_agg(json_build_object('studentId', student_id, 'assignmentId', assignment_id, 'comment', comment))
      filter (where action = 'DELETE' and comment is not null), '[]') as comments
  from done`

/** Cells the merge left alone because somebody graded them since the plan, and that do not already hold what was wanted. */
async function listKept(
  tx: TenantWriter,
  plan: StoredPlan,
  { students, assignmentIds, matrix }: { students: readonly string[]; assignmentIds: readonly string[]; matrix: Matrix },
): Promise<WrittenGrades['kept']> {
  const rows = await tx.sql<{ row: number; place: number; now: string; wanted: string }>(
    `with asked as materialized (${asked})
     select asked.row::int, asked.place::int, coalesce(${cellText('g.score', 'g.status')}, '') as now, asked.token as wanted
     from asked
     left join app.grades g
       on g.tenant_id = $1 and g.class_id = $2 and g.student_id = asked.student_id and g.assignment_id = asked.assignment_id
     where coalesce(${cellText('g.score', 'g.status')}, '') <> case when asked.token = 'CLEAR' then '' else asked.token end
     order by asked.row, asked.place`,
    [tx.tenantId, plan.classId, students, assignmentIds, matrix.places, matrix.next, matrix.old],
  )
  return rows.map(({ row, place, now, wanted }) => {
    const at = matrix.rows[row - 1] ?? 0
    const student = plan.students[at]
    return {
      at,
      studentName: `${student?.lastName ?? ''}, ${student?.firstName ?? ''}`,
      assignmentTitle: plan.assignments[place - 1]?.title ?? '',
      now,
      wanted,
    }
  })
}

/** Who got another letter. Where somebody graded meanwhile the planned total no longer holds, so those are left out. */
function crossings(plan: StoredPlan, studentIds: readonly string[], uncertain: ReadonlySet<number>): ImportReceipt['crossed'] {
  return plan.students.flatMap(({ lastName, firstName, totals: [, from, , to] }, at) =>
    from === to || from === null || uncertain.has(at)
      ? []
      : [{ studentId: studentIds[at] ?? '', name: `${lastName}, ${firstName}`, from, to }],
  )
}
