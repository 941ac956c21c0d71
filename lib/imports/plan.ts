import 'server-only'
import { createHash } from 'node:crypto'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant, type TenantReader, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { packCells } from '@/lib/gradebook/cell'
import { currentTerm } from '@/lib/gradebook/terms'
import { newId } from '@/lib/ids'
import { actorKey, type TenantContext } from '@/lib/tenancy/tenant'
import { saysTheSame } from './carried'
import { clear } from './cells'
import type { ImportChoices } from './choices'
import { type ClassState, readClassState, readIdentifiers, readPast } from './class-state'
import { matchAssignments, matchStudents, type MatchedStudent } from './match'
import { parseFile } from './parse'
import { type ParseAnswers, type ParsedFile, rejected } from './parsed'
import { cellsPerSlice, pause } from './pause'
import { createProblems, type ProblemList } from './problems'
import { encodePlan, keptMark, type PlannedAssignment, same, type StoredPlan, writtenBy } from './stored-plan'
import { foldTitle } from './text'
import { planTotals } from './plan-totals'
import type { ImportCounts, ImportProblem, ImportState } from './views'
import type { ImportWatch } from './watch'

/** Answers to the questions of a blocked import, given with the file uploaded again. */
export type PlanAnswers = ParseAnswers & Pick<ImportChoices, 'students' | 'conflicts' | 'conflictCells'>

export type PlanRequest = Readonly<{
  classId: string
  /** The school's current term when not said. */
  termId?: string | null
  file: Readonly<{ name: string; bytes: Uint8Array }>
  answers?: PlanAnswers
  /** The same key and file again answer the same import. */
  idempotencyKey?: string
}>

export type PlanOutcome =
  | Readonly<{ kind: 'planned' | 'blocked'; importId: string }>
  | Readonly<{ kind: 'refused'; problems: readonly ImportProblem[] }>

/**
 * Thinks an upload through and stores the plan; writes no grade. `refused`: nothing in the file can be imported, nothing is
 * stored. `blocked`: stored with its questions, cannot be committed. The same file on the same class answers the plan that
 * is still open. `watch` follows it and may stop it. Throws `not_found`, `term_locked`, `conflict`, `idempotency_mismatch`, `school_read_only`.
 */
export async function planImport(
  ctx: TenantContext,
  viewer: Viewer,
  request: PlanRequest,
  watch: ImportWatch = {},
): Promise<PlanOutcome> {
  const termId = request.termId ?? (await currentTerm(ctx))?.id
  if (termId === undefined)
    throw new ProblemError('conflict', 'This school has no term yet. A school admin adds one before grades can be imported.')
  const state = await readTenant(ctx, (read) => readClassState(read, viewer, { classId: request.classId, termId }))
  watch.onProgress?.('reading', 0, null)
  const parsed = await parseFile(request.file.bytes, {
    ...request.answers,
    signal: watch.signal,
    fileName: request.file.name,
    knownPoints: pointsByTitle(state),
  })
  if (parsed.kind === 'refused') return parsed
  const fileSha256 = createHash('sha256').update(request.file.bytes).digest('hex')
  const made = await readTenant(ctx, (read) =>
    makePlan(read, parsed.file, state, { fileSha256, answers: request.answers ?? {}, watch }),
  )
  if (made.kind === 'refused') return made
  watch.signal?.throwIfAborted()
  watch.onProgress?.('storing', 0, null)
  return storePlan(ctx, viewer, request, made)
}

function pointsByTitle(state: ClassState): Map<string, string> {
  return new Map(state.assignments.map(({ title, maxPoints }) => [foldTitle(title), maxPoints]))
}

type Made = Readonly<{ kind: 'plan'; plan: StoredPlan; counts: ImportCounts; source: string; isBlocked: boolean }>

async function makePlan(
  read: TenantReader,
  file: ParsedFile,
  state: ClassState,
  { fileSha256, answers, watch }: { fileSha256: string; answers: PlanAnswers; watch: ImportWatch },
): Promise<Made | Extract<PlanOutcome, { kind: 'refused' }>> {
  const problems = createProblems()
  for (const noted of file.problems) problems.add(noted)
  const known = await readIdentifiers(
    read,
    file.students.flatMap(({ identifiers }) => identifiers),
  )
  const students = matchStudents(file, state, known)
  const assignments = matchAssignments(file, state)
  for (const noted of [...students.problems, ...assignments.problems]) problems.add(noted)
  const rows = students.found.flatMap((student, at) => (student === null ? [] : [{ student, cells: file.cells[at] ?? [] }]))
  const compared = await compareCells(
    read,
    state,
    { rows, assignments: assignments.found.flatMap((each) => each ?? []), source: file.source },
    answers,
    problems,
    watch,
  )
  const refusedRows = students.found.filter((student) => student === null).length
  if (rows.length === 0) return { kind: 'refused', problems: problems.list() }
  const totals = await planTotals(
    state,
    {
      assignments: compared.assignments,
      rows: rows.map(({ student }) => student.id),
      next: compared.next,
      old: compared.old,
    },
    watch,
  )
  const list = problems.list()
  const plan: StoredPlan = {
    version: 1,
    classId: state.classId,
    termId: state.termId,
    fileSha256,
    students: rows.map(({ student }, at) => ({ ...student, totals: totals[at] ?? [null, null, null, null] })),
    assignments: compared.assignments,
    next: packCells(compared.next),
    old: compared.old.some((row) => row.some((text) => text !== '')) ? packCells(compared.old) : '',
    problems: list,
    ignored: file.ignored,
    warnings: warningsOf(compared),
    rejects: rejectsOf(file, list),
  }
  const counts = countsOf(plan, compared, {
    cellsRejected: file.cellsRejected,
    rowsRejected: file.rejectedRows.length + refusedRows,
  })
  return { kind: 'plan', plan, counts, source: file.source, isBlocked: problems.isBlocked() }
}

type PlanRow = Readonly<{ student: MatchedStudent; cells: readonly string[] }>
type Compared = Readonly<{
  assignments: readonly PlannedAssignment[]
  next: string[][]
  old: string[][]
  conflicts: number
  tally: Map<string, number>
}>

/** File against class, cell by cell. */
async function compareCells(
  read: TenantReader,
  state: ClassState,
  { rows, assignments, source }: { rows: readonly PlanRow[]; assignments: readonly PlannedAssignment[]; source: string },
  answers: PlanAnswers,
  problems: ProblemList,
  watch: ImportWatch,
): Promise<Compared> {
  const placeOf = new Map(state.assignments.map(({ id }, place) => [id, place]))
  const places = assignments.map(({ id }) => (id === null ? -1 : (placeOf.get(id) ?? -1)))
  const next: string[][] = []
  const old: string[][] = []
  let sincePause = 0
  for (const { student, cells } of rows) {
    const current = student.id === null ? undefined : state.grades.get(student.id)
    const before = places.map((place) => (place < 0 ? '' : (current?.[place] ?? '')))
    old.push(before)
    next.push(before.map((text, column) => compareCell(cells[column] ?? '', text, source)))
    sincePause += places.length
    if (sincePause >= cellsPerSlice) {
      sincePause = 0
      watch.onProgress?.('comparing', next.length, rows.length)
      await pause(watch.signal)
    }
  }
  const conflicts = answers.conflicts === 'take' ? 0 : await keepConflicts(read, state, { rows, assignments, next }, problems)
  return { assignments, next, old, conflicts, tally: tallyCells(next, old) }
}

function compareCell(token: string, old: string, source: string): string {
  if (token === '' || token === rejected) return token
  if (token === clear) return old === '' ? '' : clear
  return saysTheSame(source, token, old) ? same : token
}

/**
 * A cell is in conflict when its last change was made by hand, or when it already had the file's value and was changed since
 * (an older file). What stands there is kept, and every such cell is listed.
 */
async function keepConflicts(
  read: TenantReader,
  state: ClassState,
  { rows, assignments, next }: { rows: readonly PlanRow[]; assignments: readonly PlannedAssignment[]; next: string[][] },
  problems: ProblemList,
): Promise<number> {
  const asked = next.flatMap((cells, at) => {
    const id = rows[at]?.student.id ?? null
    if (id === null) return []
    const places = cells.flatMap((token, column) =>
      writtenBy(token) === '' || assignments[column]?.id === null ? [] : [column + 1],
    )
    return places.length === 0 ? [] : [{ at, id, places }]
  })
  const past = await readPast(read, state.classId, {
    studentIds: asked.map(({ id }) => id),
    assignmentIds: assignments.map(({ id }) => id ?? noId),
    places: asked.map(({ places }) => places.join('\t')),
    count: asked.reduce((sum, { places }) => sum + places.length, 0),
  })
  let conflicts = 0
  for (const [index, { at }] of asked.entries()) {
    const cells = next[at] ?? []
    for (const [column, token] of cells.entries()) {
      const cell = past.get(`${index}\t${column + 1}`)
      if (cell === undefined) continue
      const isByHand = cell.lastKind === 'edit'
      if (!isByHand && !cell.texts.slice(0, -1).includes(token === clear ? '' : token)) continue
      conflicts++
      cells[column] = `${keptMark}${token}`
      const row = rows[at]?.student.row ?? null
      const title = assignments[column]?.title ?? null
      problems.add({
        row,
        column: title,
        value: token,
        code: isByHand ? 'changed_by_hand' : 'older_value',
        severity: 'warn',
        message: isByHand
          ? `Row ${row}, ${title}: somebody changed this grade by hand after the last import. It was kept; the file's '${token}' was not taken.`
          : `Row ${row}, ${title}: the file's '${token}' is older than what stands there. It was kept.`,
        fix: 'To take the values of the file, upload it again and say that the file wins.',
      })
    }
  }
  return conflicts
}

// Stands for an assignment that does not exist yet; no cell of it is asked for.
const noId = '00000000-0000-0000-0000-000000000000'

function tallyCells(next: readonly (readonly string[])[], old: readonly (readonly string[])[]): Map<string, number> {
  const tally = new Map<string, number>()
  const count = (kind: string) => tally.set(kind, (tally.get(kind) ?? 0) + 1)
  for (const [at, cells] of next.entries()) {
    for (const [column, token] of cells.entries()) {
      const before = old[at]?.[column] ?? ''
      if (token === same) count('same')
      else if (token === rejected) continue
      else if (token === '') {
        if (before !== '') count('kept')
      } else if (token.startsWith(keptMark)) count('kept')
      else if (token === clear) count('cleared')
      else count(before === '' ? 'new' : 'changed')
    }
  }
  return tally
}

function countsOf(plan: StoredPlan, { tally }: Compared, rejects: { cellsRejected: number; rowsRejected: number }): ImportCounts {
  const students = (state: string) => plan.students.filter((student) => student.state === state).length
  const assignments = (state: string) => plan.assignments.filter((assignment) => assignment.state === state).length
  const cells = (kind: string) => tally.get(kind) ?? 0
  return {
    studentsMatched: students('matched'),
    studentsNew: students('new'),
    studentsEnrolled: students('enrolled'),
    assignmentsMatched: assignments('matched'),
    assignmentsNew: assignments('new'),
    assignmentsChanged: assignments('changed'),
    cellsNew: cells('new'),
    cellsChanged: cells('changed'),
    cellsCleared: cells('cleared'),
    cellsUnchanged: cells('same'),
    cellsKept: cells('kept'),
    ...rejects,
  }
}

function warningsOf({ conflicts, tally }: Compared): string[] {
  const cleared = tally.get('cleared') ?? 0
  return [
    ...(cleared > 0 ? [`${cleared} grades will be taken away, because the file says CLEAR.`] : []),
    ...(conflicts > 0 ? [`${conflicts} grades were changed after the file's values. They are kept as they are.`] : []),
  ]
}

function rejectsOf(file: ParsedFile, problems: readonly ImportProblem[]): StoredPlan['rejects'] {
  const reasons = new Map<number, string[]>()
  for (const { row, severity, message } of problems) {
    if (row !== null && severity === 'reject') reasons.set(row, [...(reasons.get(row) ?? []), message])
  }
  return {
    describing: file.describingRows.map((row) => file.rowText(row)),
    rows: [...reasons]
      .sort(([a], [b]) => a - b)
      .map(([row, messages]) => ({ row, cells: file.rowText(row), reason: messages.join(' ') })),
    delimiter: file.delimiter ?? ',',
  }
}

async function storePlan(
  ctx: TenantContext,
  viewer: Viewer,
  request: PlanRequest,
  { plan, counts, source, isBlocked }: Made,
): Promise<PlanOutcome> {
  const { text, hash } = encodePlan(plan)
  const state = isBlocked ? ('blocked' as const) : ('planned' as const)
  const actor = actorKey(viewer.actor)
  const importId = newId()
  const key = request.idempotencyKey ?? null
  const stored = await writeTenant(ctx, async (tx) => {
    // One upload of an actor at a time, so that a double click finds the first one's plan.
    await tx.later('select pg_advisory_xact_lock(hashtextextended($1, 7))', [`${tx.tenantId} ${plan.classId} ${actor}`], {
      name: 'lock_plan',
    })
    const [earlier] = await tx.sql<{ id: string; fileSha256: string; state: ImportState }>(
      `with earlier as (
         select i.id, i.state, i.file_sha256
         from app.imports i
         where i.tenant_id = $1 and i.class_id = $3 and i.actor = $5
           and (i.idempotency_key = $14 or (i.state in ('planned', 'blocked') and i.file_sha256 = $8 and i.plan_hash = $12))
         order by (i.idempotency_key = $14) desc nulls last, i.created_at desc
         limit 1
       ),
       stored as (
         insert into app.imports (
           tenant_id, id, class_id, term_id, actor, state, file_name, file_sha256, file_bytes, source, plan, plan_hash, counts, idempotency_key)
         select $1, $2::uuid, $3, $4::uuid, $5, $6, $7, $8, $9::int, $10, $11, $12, $13::jsonb, $14
         where not exists (select from earlier)
       )
       select id, state, file_sha256 as "fileSha256" from earlier`,
      [
        ...[tx.tenantId, importId, plan.classId, plan.termId, actor, state, shownFileName(request.file.name), plan.fileSha256],
        ...[request.file.bytes.length, source, text, hash, JSON.stringify(counts), key],
      ],
      { name: 'store_plan' },
    )
    if (earlier !== undefined) {
      if (earlier.fileSha256 !== plan.fileSha256)
        throw new ProblemError('idempotency_mismatch', 'This upload was already sent with another file. Start a new import.')
      return earlier
    }
    await audit(tx, {
      actor: viewer.actor,
      action: 'import.plan',
      subjectKind: 'import',
      subjectId: importId,
      requestId: ctx.requestId,
      detail: { class: plan.classId, students: plan.students.length, assignments: plan.assignments.length, blocked: isBlocked },
    })
    return { id: importId, state }
  })
  return { kind: stored.state === 'blocked' ? 'blocked' : 'planned', importId: stored.id }
}

function shownFileName(name: string): string {
  return (
    name
      .replace(/^.*[\\/]/, '')
      .replace(/\p{Cc}/gu, '')
      .normalize('NFC')
      .slice(0, 200) || 'file'
  )
}
