import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { unpackCells } from '@/lib/gradebook/cell'
import { newId } from '@/lib/ids'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { refuseClosed } from './class-state'
import { bulkSettings, cellText, nameForFew, scoreOf, statusOf } from './grade-sql'
import { type HeldClass, holdClass, stale } from './hold-class'
import { type ImportRow, lockPlanned } from './import-row'
import { fingerprintOf, keepMapping } from './mapping'
import type { ParsedIdentifier } from './parsed'
import { cellsAtOnce, pause } from './pause'
import { decodePlan, type StoredPlan, writtenBy } from './stored-plan'
import type { CommitReceipt } from './stored-receipt'
import type { ImportReceipt } from './views'
import type { ImportWatch } from './watch'
import { writeAssignments } from './write-assignments'

const commitMilliseconds = 60_000
const watchedMilliseconds = 10 * 60_000

/**
 * Runs a stored plan, that one and nothing else, in one transaction: students, enrolments, assignments, grades, their
 * history, the receipt and the audit. A repeat, also of the same plan from a second tab, answers the first receipt and does
 * nothing. A cell somebody graded between plan and commit is kept and listed in the receipt; where more than a grade
 * changed (a student or assignment is gone or different), nothing is written and the plan is stale.
 * `watch` follows it and may stop it, unless its COMMIT is under way; watched, it may take longer, because nobody's request waits.
 * Throws `not_found`, `plan_stale`, `conflict` (blocked, undone, discarded), `term_locked`, `school_read_only`.
 */
export function commitImport(
  ctx: TenantContext,
  viewer: Viewer,
  { importId, planHash }: { importId: string; planHash: string },
  watch: ImportWatch = {},
): Promise<ImportReceipt> {
  const timeoutMs = watch.signal === undefined ? commitMilliseconds : watchedMilliseconds
  return writeTenant(ctx, (tx) => commitIn(tx, ctx, viewer, { importId, planHash, watch }), { timeoutMs, signal: watch.signal })
}

async function commitIn(
  tx: TenantWriter,
  ctx: TenantContext,
  viewer: Viewer,
  { importId, planHash, watch }: { importId: string; planHash: string; watch: ImportWatch },
): Promise<ImportReceipt> {
  watch.onProgress?.('checking', 0, null)
  const row = await lockPlanned(tx, viewer, importId)
  const done = receiptOf(row)
  if (done) return done
  refuseState(row)
  refuseClosed(row)
  if (row.planHash !== planHash) throw stale('The plan you looked at is not the one that is stored.')
  if (row.twin) {
    await tx.later(`update app.imports set state = 'discarded' where tenant_id = $1 and id = $2`, [tx.tenantId, importId])
    return shown(row.twin.id, row.twin.commit, true)
  }
  if (row.plan === null) throw new Error('a planned import has no plan')
  const plan = decodePlan(row.plan, row.planHash)
  await tx.later(bulkSettings.text, [], bulkSettings)
  const { returning } = await holdClass(tx, plan)
  const students = await writeStudents(tx, plan, { importId, returning })
  const assignments = await writeAssignments(tx, plan, { importId, source: row.source })
  const written = await writeGrades(tx, plan, {
    importId,
    studentIds: students.ids,
    assignmentIds: assignments.ids,
    actor: actorKey(viewer.actor),
    watch,
  })
  const commit: CommitReceipt = {
    counts: {
      ...row.counts,
      cellsNew: written.added,
      cellsChanged: written.changed,
      cellsCleared: written.cleared,
      cellsKept: row.counts.cellsKept + written.kept.length,
    },
    crossed: crossings(plan, students.ids, new Set(written.kept.map(({ at }) => at))),
    kept: written.kept.map(({ at: _at, ...cell }) => cell),
    made: {
      identifiers: students.identifiers,
      returned: returning,
      assignments: assignments.changed,
      ...assignments.labels,
      comments: written.comments,
    },
  }
  await tx.later(
    `update app.imports
     set state = 'committed', committed_at = now(), counts = $3::jsonb, receipt = $4::jsonb
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, importId, JSON.stringify(commit.counts), JSON.stringify({ commit })],
    { name: 'note_commit' },
  )
  await keepMapping(tx, viewer.actor, {
    source: row.source,
    fingerprint: fingerprintOf(plan.reading?.columns ?? []),
    columns: row.choices?.columns ?? {},
  })
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
  if (state === 'reading') throw new ProblemError('conflict', 'This file is still being read. Look at its plan first.')
  if (state === 'blocked')
    throw new ProblemError('conflict', 'This import has open questions. Answer them, or mend the file and upload it again.')
}

type WrittenStudents = Readonly<{ ids: readonly string[]; identifiers: CommitReceipt['made']['identifiers'] }>

/** Students, identifiers and enrolments: what nobody has to wait for travels with the merge of the grades. */
async function writeStudents(
  tx: TenantWriter,
  plan: StoredPlan,
  { importId, returning }: HeldClass & Readonly<{ importId: string }>,
): Promise<WrittenStudents> {
  const students = plan.students.map((student) => ({ ...student, id: student.id ?? newId(), isKnown: student.id !== null }))
  const added = students.filter(({ state }) => state === 'new')
  if (added.length > 0) {
    await tx.later(
      `insert into app.students (tenant_id, id, last_name, first_name, import_id)
       select $1, new.id, new.last_name, new.first_name, $2
       from unnest($3::uuid[], $4::text[], $5::text[]) as new(id, last_name, first_name)`,
      [
        ...[tx.tenantId, importId, added.map(({ id }) => id), added.map(({ lastName }) => lastName)],
        added.map(({ firstName }) => firstName),
      ],
      { name: 'add_students' },
    )
  }
  const back = new Set(returning.map(({ studentId }) => studentId))
  const entering = students.filter(({ id, state }) => state !== 'matched' && !back.has(id))
  if (entering.length > 0) {
    await tx.later(
      `insert into app.enrolments (tenant_id, class_id, student_id, import_id)
       select $1, $2, new.id, $3
       from unnest($4::uuid[]) as new(id)`,
      [tx.tenantId, plan.classId, importId, entering.map(({ id }) => id)],
      { name: 'add_enrolments' },
    )
  }
  if (back.size > 0) {
    await tx.later('update app.enrolments set left_at = null where tenant_id = $1 and class_id = $2 and student_id = any($3)', [
      tx.tenantId,
      plan.classId,
      [...back],
    ])
  }
  const adds = students.flatMap(({ id, isKnown, adds: own }) => own.map((add) => ({ ...add, studentId: id, isKnown })))
  await writeIdentifiers(tx, adds)
  return {
    ids: students.map(({ id }) => id),
    identifiers: adds.flatMap(({ kind, folded, studentId, isKnown }) => (isKnown ? [{ kind, folded, studentId }] : [])),
  }
}

async function writeIdentifiers(
  tx: TenantWriter,
  adds: readonly (ParsedIdentifier & Readonly<{ studentId: string }>)[],
): Promise<void> {
  if (adds.length === 0) return
  const [written] = await tx.sql<{ count: number }>(
    `with written as (
       insert into app.student_identifiers (tenant_id, kind, folded, value, student_id, is_primary)
       select $1, new.kind, new.folded, new.value, new.student_id, not exists (
         select from app.student_identifiers own
         where own.tenant_id = $1 and own.student_id = new.student_id and own.kind = new.kind)
       from unnest($2::text[], $3::text[], $4::text[], $5::uuid[]) as new(kind, folded, value, student_id)
       on conflict do nothing
       returning kind
     )
     select count(*)::int from written`,
    [
      ...[tx.tenantId, adds.map(({ kind }) => kind), adds.map(({ folded }) => folded), adds.map(({ value }) => value)],
      adds.map(({ studentId }) => studentId),
    ],
    { name: 'add_identifiers' },
  )
  if (written?.count !== adds.length) throw stale('An e-mail or number the plan would add was given to a student meanwhile.')
}

type WrittenGrades = Readonly<{
  added: number
  changed: number
  cleared: number
  comments: CommitReceipt['made']['comments']
  kept: readonly (CommitReceipt['kept'][number] & Readonly<{ at: number }>)[]
}>

type Target = Readonly<{
  importId: string
  studentIds: readonly string[]
  assignmentIds: readonly string[]
  actor: string
  watch: ImportWatch
}>

async function writeGrades(
  tx: TenantWriter,
  plan: StoredPlan,
  { importId, studentIds, assignmentIds, actor, watch }: Target,
): Promise<WrittenGrades> {
  const sum = { added: 0, changed: 0, cleared: 0, comments: [] as WrittenGrades['comments'][number][] }
  const all = pickWritten(plan)
  const kept: WrittenGrades['kept'][number][] = []
  let done = 0
  for (const matrix of partsOf(all, cellsAtOnce())) {
    watch.onProgress?.('writing', done, all.planned)
    const began = performance.now()
    const students = matrix.rows.map((at) => studentIds[at] ?? '')
    const [counts] = await tx.sql<{ added: number; changed: number; cleared: number; comments: WrittenGrades['comments'] }>(
      mergeGrades,
      [...[tx.tenantId, plan.classId, students, assignmentIds, matrix.places, matrix.next, matrix.old, importId, actor]],
      nameForFew('merge_grades', matrix.planned),
    )
    if (counts === undefined) throw new Error('the merge of grades gave no counts')
    const { added, changed, cleared, comments } = counts
    sum.added += added
    sum.changed += changed
    sum.cleared += cleared
    sum.comments.push(...comments)
    if (added + changed + cleared !== matrix.planned)
      kept.push(...(await listKept(tx, plan, { students, assignmentIds, matrix })))
    done += matrix.planned
    await pause(watch.signal, performance.now() - began)
  }
  watch.onProgress?.('writing', done, all.planned)
  return { ...sum, kept }
}

/** The rows of the plan that write anything, each with the places, new texts and old texts of the cells that are written. */
type Matrix = Readonly<{
  rows: readonly number[]
  places: readonly string[]
  next: readonly string[]
  old: readonly string[]
  planned: number
}>

/**
 * One statement's share of the cells each, whole students together: a short wait for who wants the same tables, a place to stop at,
 * and progress that can be counted. Nothing for a plan that writes nothing.
 */
function partsOf(all: Matrix, cells: number): Matrix[] {
  const parts: Matrix[] = []
  let from = 0
  let planned = 0
  for (const [at, places] of all.places.entries()) {
    planned += places.split('\t').length
    if (planned < cells && at < all.places.length - 1) continue
    const of = <Value>(values: readonly Value[]) => values.slice(from, at + 1)
    parts.push({ rows: of(all.rows), places: of(all.places), next: of(all.next), old: of(all.old), planned })
    from = at + 1
    planned = 0
  }
  return parts
}

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
// What was done comes back as old and new, becomes one history row a student, and is counted. The students are named once more, so
// that a large class, written in parts, is not read whole for each part.
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
    on g.tenant_id = $1 and g.class_id = $2 and g.student_id = any($3)
      and g.student_id = s.student_id and g.assignment_id = s.assignment_id
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
       on g.tenant_id = $1 and g.class_id = $2 and g.student_id = any($3)
         and g.student_id = asked.student_id and g.assignment_id = asked.assignment_id
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
