import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { commitImport } from '@/lib/imports/commit'
import { discardImport } from '@/lib/imports/discard'
import { listImports } from '@/lib/imports/list'
import { loadTwin } from '@/lib/imports/load-twin'
import { planImport } from '@/lib/imports/plan'
import { loadReceipt } from '@/lib/imports/receipt'
import { rejectedRowsFile } from '@/lib/imports/rejects'
import { loadReview } from '@/lib/imports/review'
import { undoImport } from '@/lib/imports/undo'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, codeOf, commit, dump, gradesOf, type Place, placeOf, plan, upload } from './support'

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool
let place: Place

beforeAll(async () => {
  world = await createWorld()
})
// New schools for every test, alike to the last name and title, each on a shard of its own.
beforeEach(async () => {
  northside = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
  riverside = await addPeople(world, await world.addSchool({ shard: 'shard_2' }))
  place = placeOf(northside)
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const mail = (name: string, school = northside) => `${name}@${school.slug}.example`
const file = (rows: string, school = northside) =>
  `last_name,first_name,email,Quiz 1,Essay,Lab\nDATE,-,-,,,2026-10-01\nPOINTS,-,-,20,100,10\n${rows.replaceAll('@', `@${school.slug}.example`)}`
const both = 'Koval,Mariya,mariya.koval@,18,81.5,EX\nLee,Sam,sam.lee@,9,,7\nNew,Kid,kid.new@,20,50,LATE 3\n'

test('a file becomes grades, students and an assignment, cell by cell as the review said', async () => {
  const review = await plan(place, file(both))
  expect(review.summary.counts).toMatchObject({
    studentsMatched: 2,
    studentsNew: 1,
    assignmentsMatched: 2,
    assignmentsNew: 1,
    cellsNew: 5,
    cellsChanged: 1,
    cellsUnchanged: 2,
    cellsKept: 0,
  })
  expect(review.rows.map(({ name, state, cells }) => [name, state, cells])).toEqual([
    [
      'Koval, Mariya',
      'matched',
      [
        ['changed', '17', '18'],
        ['same', '81.5', '81.5'],
        ['new', '', 'EX'],
      ],
    ],
    [
      'Lee, Sam',
      'matched',
      [
        ['same', '9', '9'],
        ['same', '', ''],
        ['new', '', '7'],
      ],
    ],
    [
      'New, Kid',
      'new',
      [
        ['new', '', '20'],
        ['new', '', '50'],
        ['new', '', 'LATE 3'],
      ],
    ],
  ])
  expect(review.rows[0]).toMatchObject({ totalBefore: '82.1', totalAfter: '82.9', letterBefore: 'B' })
  const receipt = await commit(place, review)
  expect(receipt).toMatchObject({ wasAlreadyDone: false, kept: [], counts: { cellsNew: 5, cellsChanged: 1 } })
  expect(receipt.crossed).toEqual([])
  expect(await gradesOf(world, northside)).toEqual([
    'Koval / Essay = 81.5',
    'Koval / Lab = excused',
    'Koval / Quiz 1 = 18',
    'Lee / Lab = 7',
    'Lee / Quiz 1 = 9',
    'New / Essay = 50',
    'New / Lab = 3 late',
    'New / Quiz 1 = 20',
  ])
  expect((await loadReceipt(place.ctx, place.viewer, review.summary.id))?.commit).toMatchObject({
    counts: receipt.counts,
    wasAlreadyDone: true,
  })
})

test('the receipt names who crossed a letter boundary', async () => {
  const { receipt } = await upload(place, file('Koval,Mariya,mariya.koval@,17,,\nLee,Sam,sam.lee@,20,,\n'))
  expect(receipt.crossed).toEqual([{ studentId: northside.students[1].id, name: 'Lee, Sam', from: 'F', to: 'A' }])
})

test('the same file again is 0 changes, and a blank keeps what is there', async () => {
  await upload(place, file(both))
  const again = await plan(place, file(both))
  expect(again.summary.counts).toMatchObject({
    studentsMatched: 3,
    studentsNew: 0,
    assignmentsNew: 0,
    assignmentsChanged: 0,
    cellsNew: 0,
    cellsChanged: 0,
    cellsCleared: 0,
    cellsUnchanged: 8,
  })
  const blanks = await plan(place, file('Koval,Mariya,mariya.koval@,,,\n'))
  expect(blanks.summary.counts).toMatchObject({ cellsKept: 3, cellsChanged: 0, cellsCleared: 0 })
})

test('import and undo leave every row of the school as it was', async () => {
  const before = await dump(world, northside)
  const { review } = await upload(
    place,
    file(`${both}Brandt,Noah,noah.brandt@,CLEAR,1,2\n`.replace('18,81.5', 'CLEAR,70')).replace('20,100,10', '25,100,10'),
  )
  expect(await dump(world, northside)).not.toBe(before)
  const undone = await undoImport(place.ctx, place.viewer, { importId: review.summary.id })
  expect(undone).toMatchObject({ assignmentsRemoved: 1, studentsRemoved: 1, kept: [], wasAlreadyDone: false })
  expect(await dump(world, northside)).toBe(before)
  expect(await undoImport(place.ctx, place.viewer, { importId: review.summary.id })).toEqual({ ...undone, wasAlreadyDone: true })
  expect(await codeOf(commit(place, review))).toBe('conflict')
  const { receipt } = await upload(place, file(both))
  expect(receipt).toMatchObject({ wasAlreadyDone: false, counts: { cellsKept: 0, cellsChanged: 1 } })
})

test('undo keeps what somebody changed since, and what hangs on it', async () => {
  const { review } = await upload(place, file(both))
  await asAdmin(world, northside, (sql) =>
    sql(
      `update app.grades set score = 11 from app.assignments a where grades.tenant_id = $1 and a.tenant_id = $1 and a.id = assignment_id and a.title = 'Lab' and score = 7`,
      [northside.tenantId],
    ),
  )
  const undone = await undoImport(place.ctx, place.viewer, { importId: review.summary.id })
  expect(undone).toMatchObject({
    cellsRestored: 5,
    assignmentsRemoved: 0,
    studentsRemoved: 1,
    kept: [{ studentName: 'Lee, Sam', assignmentTitle: 'Lab', now: '11' }],
  })
  expect(await gradesOf(world, northside)).toEqual([
    'Koval / Essay = 81.5',
    'Koval / Quiz 1 = 17',
    'Lee / Lab = 11',
    'Lee / Quiz 1 = 9',
  ])
})

test('the same file in both schools stays apart', async () => {
  const other = await dump(world, riverside)
  await upload(place, file(both))
  expect(await dump(world, riverside)).toBe(other)
  await upload(placeOf(riverside), file(both, riverside))
  expect(await gradesOf(world, riverside)).toEqual(await gradesOf(world, northside))
  const [mine] = (await listImports(northside.ctx, northside.teacher.viewer)).items
  const importId = mine?.id ?? ''
  expect(await loadReview(northside.ctx, northside.teacher.viewer, importId)).not.toBeNull()
  expect(await loadReview(riverside.ctx, riverside.teacher.viewer, importId)).toBeNull()
  expect(await codeOf(undoImport(riverside.ctx, riverside.admin.viewer, { importId }))).toBe('not_found')
  expect(
    await codeOf(
      planImport(riverside.ctx, riverside.admin.viewer, {
        classId: northside.classId,
        termId: riverside.termId,
        file: { name: 'x.csv', bytes: new TextEncoder().encode(file(both)) },
      }),
    ),
  ).toBe('not_found')
})

test('who does not teach the class finds neither it nor its imports', async () => {
  const review = await plan(place, file(both))
  for (const { viewer } of [northside.otherTeacher, northside.student, northside.guardian]) {
    expect(await codeOf(plan({ ...place, viewer }, file(both)))).toBe('not_found')
    expect(await codeOf(commit({ ...place, viewer }, review))).toBe('not_found')
    expect(await codeOf(discardImport(place.ctx, viewer, { importId: review.summary.id }))).toBe('not_found')
    expect(await loadReview(place.ctx, viewer, review.summary.id)).toBeNull()
    expect(await loadReceipt(place.ctx, viewer, review.summary.id)).toBeNull()
  }
  expect((await listImports(place.ctx, northside.otherTeacher.viewer)).items).toEqual([])
  expect((await listImports(place.ctx, northside.admin.viewer)).items).toHaveLength(1)
})

test('a name finds a student in the class only; an e-mail finds one of the school', async () => {
  const byName = await plan(place, 'last_name,first_name,Quiz 1\nPOINTS,,20\nKoval,Mariya,1\nBrandt,Noah,2\n')
  expect(byName.rows.map(({ state }) => state)).toEqual(['matched', 'new'])
  const byMail = await plan(place, file('X,Y,noah.brandt@,2,,\n'))
  expect(byMail.rows.map(({ state, name }) => [state, name])).toEqual([['enrolled', 'Brandt, Noah']])
})

test('two commits at once, and two tabs with the same file, import once', async () => {
  const review = await plan(place, file(both))
  const receipts = await Promise.all([commit(place, review), commit(place, review), commit(place, review)])
  expect(receipts.map(({ wasAlreadyDone }) => wasAlreadyDone).sort()).toEqual([false, true, true])
  expect(new Set(receipts.map(({ counts }) => JSON.stringify(counts))).size).toBe(1)

  await undoImport(place.ctx, place.viewer, { importId: review.summary.id })
  const first = await plan(place, file(both))
  const second = await plan({ ...place, viewer: northside.admin.viewer }, file(both))
  expect(second.summary.id).not.toBe(first.summary.id)
  const tabs = await Promise.all([commit(place, first), commit({ ...place, viewer: northside.admin.viewer }, second)])
  expect(tabs.map(({ wasAlreadyDone }) => wasAlreadyDone).sort()).toEqual([false, true])
  expect(await gradesOf(world, northside)).toHaveLength(8)

  // The one that wrote nothing knows which one did; nobody else's does.
  const [late, written] = tabs[0]?.wasAlreadyDone ? [first, second] : [second, first]
  expect(await loadTwin(place.ctx, place.viewer, late.summary.id)).toBe(written.summary.id)
  expect(await loadTwin(place.ctx, place.viewer, written.summary.id)).toBeNull()
  expect(await loadTwin(riverside.ctx, riverside.teacher.viewer, late.summary.id)).toBeNull()
  const put = await plan(place, file('Lee,Sam,sam.lee@,1,,\n'))
  await discardImport(place.ctx, place.viewer, { importId: put.summary.id })
  expect(await loadTwin(place.ctx, place.viewer, put.summary.id)).toBeNull()
})

test('a double upload answers the plan that is open', async () => {
  const [first, second] = await Promise.all([plan(place, file(both)), plan(place, file(both))])
  expect(second?.summary.id).toBe(first?.summary.id)
  const bytes = (text: string) => ({ name: 'a.csv', bytes: new TextEncoder().encode(text) })
  const keyed = await planImport(place.ctx, place.viewer, {
    ...place,
    file: bytes(file('Lee,Sam,sam.lee@,1,,\n')),
    idempotencyKey: 'k',
  })
  expect(
    await planImport(place.ctx, place.viewer, { ...place, file: bytes(file('Lee,Sam,sam.lee@,1,,\n')), idempotencyKey: 'k' }),
  ).toEqual(keyed)
  expect(await codeOf(planImport(place.ctx, place.viewer, { ...place, file: bytes(file(both)), idempotencyKey: 'k' }))).toBe(
    'idempotency_mismatch',
  )
})

test('a grade that somebody gave between plan and commit is kept and listed', async () => {
  const review = await plan(place, file(both))
  await asAdmin(world, northside, (sql) =>
    sql('update app.grades set score = 5 where tenant_id = $1 and student_id = $2 and assignment_id = $3', [
      northside.tenantId,
      northside.students[0].id,
      northside.assignments[0].id,
    ]),
  )
  const receipt = await commit(place, review)
  expect(receipt.kept).toEqual([{ studentName: 'Koval, Mariya', assignmentTitle: 'Quiz 1', now: '5', wanted: '18' }])
  expect(receipt.counts).toMatchObject({ cellsNew: 5, cellsChanged: 0, cellsKept: 1 })
  expect(await gradesOf(world, northside)).toContain('Koval / Quiz 1 = 5')
})

test('what changed more than a grade makes the plan stale, and nothing is written', async () => {
  const changes: readonly (readonly [string, readonly unknown[]])[] = [
    [
      'update app.assignments set max_points = 30 where tenant_id = $1 and id = $2',
      [northside.tenantId, northside.assignments[0].id],
    ],
    [
      'update app.enrolments set left_at = now() where tenant_id = $1 and student_id = $2 and class_id = $3',
      [northside.tenantId, northside.students[1].id, northside.classId],
    ],
    ['delete from app.assignments where tenant_id = $1 and id = $2', [northside.tenantId, northside.assignments[1].id]],
    [
      `insert into app.student_identifiers (tenant_id, kind, folded, value, student_id) values ($1, 'email', '${mail('kid.new')}', 'x', $2)`,
      [northside.tenantId, northside.students[1].id],
    ],
  ]
  for (const [text, values] of changes) {
    const review = await plan(place, file(both.replace('18', String(10 + changes.findIndex(([other]) => other === text)))))
    await asAdmin(world, northside, (sql) => sql(text, values))
    const before = await dump(world, northside)
    expect(await codeOf(commit(place, review))).toBe('plan_stale')
    expect(await dump(world, northside)).toBe(before)
    if (!text.startsWith('delete'))
      await asAdmin(world, northside, (sql) =>
        sql('update app.enrolments set left_at = null where tenant_id = $1', [northside.tenantId]),
      )
  }
  const review = await plan(place, file(both))
  expect(await codeOf(commitImport(place.ctx, place.viewer, { importId: review.summary.id, planHash: 'other' }))).toBe(
    'plan_stale',
  )
})

test('an assignment that another upload brought meanwhile is not made twice', async () => {
  const known = 'Koval,Mariya,mariya.koval@,,,7\n'
  const second = await plan(place, file(known.replace('7', '8')))
  await commit(place, await plan(place, file(known)))
  const before = await dump(world, northside)
  expect(await codeOf(commit(place, second))).toBe('plan_stale')
  expect(await dump(world, northside)).toBe(before)
})

test('a class deleted between plan and commit is not found', async () => {
  const review = await plan(place, file(both))
  await asAdmin(world, northside, async (sql) => {
    await sql('delete from app.classes where tenant_id = $1 and id = $2', [northside.tenantId, northside.classId])
  })
  expect(await codeOf(commit(place, review))).toBe('not_found')
})

test('a locked term and a class that was put away take nothing', async () => {
  const review = await plan(place, file(both))
  await asAdmin(world, northside, (sql) =>
    sql('update app.terms set is_locked = true where tenant_id = $1', [northside.tenantId]),
  )
  expect(await codeOf(commit(place, review))).toBe('term_locked')
  expect(await codeOf(plan(place, file(both)))).toBe('term_locked')
  await asAdmin(world, northside, async (sql) => {
    await sql('update app.terms set is_locked = false where tenant_id = $1', [northside.tenantId])
    await sql('update app.classes set archived_at = now() where tenant_id = $1', [northside.tenantId])
  })
  expect(await codeOf(commit(place, review))).toBe('conflict')
})

test('a read-only school refuses the commit', async () => {
  const review = await plan(place, file(both))
  await asAdmin(world, northside, (sql) =>
    sql(`update guard.tenant_home set state = 'read_only' where tenant_id = $1`, [northside.tenantId]),
  )
  expect(await codeOf(commit(place, review))).toBe('school_read_only')
})

test('a server that dies in the middle of a commit leaves nothing half-written, and the repeat succeeds', async () => {
  const review = await plan(place, file(both))
  const before = await dump(world, northside)
  // The commit waits at its last write, the audit, for the chain lock that we hold; there its backend is ended.
  const died = await asAdmin(world, northside, async (sql) => {
    await sql('begin')
    await sql('lock table app.audit_log in access exclusive mode')
    const work = codeOf(commit(place, review)).catch(() => 'lost')
    const deadline = Date.now() + 10_000
    for (;;) {
      const rows = await sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'gi_app' and datname = current_database() and wait_event_type = 'Lock'`,
      )
      if (rows.length > 0) break
      if (Date.now() > deadline) throw new Error('the commit never came to its audit')
    }
    await sql('rollback')
    return work
  })
  expect(died).toBe('unavailable')
  expect(await dump(world, northside)).toBe(before)
  expect(await commit(place, review)).toMatchObject({ wasAlreadyDone: false, counts: { cellsNew: 5 } })
})

test('after a manual edit the same file keeps the edit, and says so; the file can be made to win', async () => {
  await upload(place, file(both))
  await asAdmin(world, northside, async (sql) => {
    await sql('update app.grades set score = 12 where tenant_id = $1 and student_id = $2 and assignment_id = $3', [
      northside.tenantId,
      northside.students[0].id,
      northside.assignments[0].id,
    ])
    await sql(
      `insert into app.grade_changes (tenant_id, class_id, student_id, id, kind, actor, assignment_ids, old_scores, old_statuses, new_scores, new_statuses)
       values ($1, $2, $3, uuidv7(), 'edit', 'system:test', array[$4::uuid], '{18}', '{graded}', '{12}', '{graded}')`,
      [northside.tenantId, northside.classId, northside.students[0].id, northside.assignments[0].id],
    )
  })
  const kept = await plan(place, file(both))
  expect(kept.summary.counts).toMatchObject({ cellsChanged: 0, cellsKept: 1 })
  expect(kept.problems.map(({ code }) => code)).toEqual(['changed_by_hand'])
  expect(kept.rows.find(({ name }) => name.startsWith('Koval'))?.cells[0]).toEqual(['kept', '12', '18'])
  expect((await plan(place, file(both), { conflicts: 'take' })).summary.counts).toMatchObject({ cellsChanged: 1, cellsKept: 0 })
})

test('an older file later keeps the newer grades', async () => {
  await upload(place, file(both))
  await upload(place, file(both.replace('18', '19')))
  const older = await plan(place, file(both))
  expect(older.summary.counts).toMatchObject({ cellsChanged: 0, cellsKept: 1 })
  expect(older.problems.map(({ code }) => code)).toEqual(['older_value'])
})

test('an undone import counts as if it never was', async () => {
  const { review } = await upload(place, file(both))
  await undoImport(place.ctx, place.viewer, { importId: review.summary.id })
  expect((await plan(place, file(both))).summary.counts).toMatchObject({ cellsNew: 5, cellsChanged: 1, cellsKept: 0 })
})

test('points and dates of a known assignment follow the file, and come back with undo', async () => {
  const review = await plan(place, file(both).replace('20,100,10', '40,100,10').replace('-,-,,,2026', '-,-,2026-09-15,,2026'))
  expect(review.columns[0]).toMatchObject({
    state: 'changed',
    maxPoints: { old: '20', new: '40' },
    dueOn: { old: null, new: '2026-09-15' },
  })
  await commit(place, review)
  await asAdmin(world, northside, (sql) =>
    sql(`update app.assignments set max_points = 44 where tenant_id = $1 and id = $2`, [
      northside.tenantId,
      northside.assignments[0].id,
    ]),
  )
  await undoImport(place.ctx, place.viewer, { importId: review.summary.id })
  const rows = await asAdmin(world, northside, (sql) =>
    sql('select max_points::float, due_on from app.assignments where id = $1', [northside.assignments[0].id]),
  )
  expect(rows).toEqual([{ max_points: 44, due_on: null }])
})

test('a student who left the class comes back with the file, and leaves again with undo', async () => {
  await asAdmin(world, northside, (sql) =>
    sql('update app.enrolments set left_at = now() where tenant_id = $1 and class_id = $2 and student_id = $3', [
      northside.tenantId,
      northside.classId,
      northside.students[1].id,
    ]),
  )
  const before = await dump(world, northside)
  const { review } = await upload(place, file('Lee,Sam,sam.lee@,1,2,3\n'))
  expect(review.rows[0]?.state).toBe('enrolled')
  await undoImport(place.ctx, place.viewer, { importId: review.summary.id })
  expect(await dump(world, northside)).toBe(before)
})

test('an import with a question cannot be committed; answered, it can', async () => {
  const text = file(both.replace('18', '-2'))
  const blocked = await plan(place, text)
  expect(blocked.summary.state).toBe('blocked')
  expect(await codeOf(commit(place, blocked))).toBe('conflict')
  expect((await upload(place, text, { negatives: 'take' })).receipt.counts.cellsChanged).toBe(1)
})

test('rejected rows come back as a file with reasons that can be mended and uploaded', async () => {
  const { review } = await upload(
    place,
    file('Koval,Mariya,mariya.koval@,18,x,1\n"=HYPERLINK(""a"")",B,b@,1,1,1\n=Q,C,not a mail,1,1,1\nLee,Sam,sam.lee@,9,,7\n'),
  )
  const { bytes, fileName } = await rejectedRowsFile(place.ctx, place.viewer, review.summary.id)
  const text = new TextDecoder().decode(bytes)
  expect(fileName).toBe('grades-left-out.csv')
  expect(text.split('\r\n').filter((line) => line !== '')).toHaveLength(5)
  expect(text).toContain("'=Q,C,not a mail")
  expect(text).toContain("'x' is not a score")
  const mended = await plan(place, text.replace(',x,', ',80,').replace('not a mail', 'q@x.org'))
  expect(mended.summary.counts).toMatchObject({ studentsNew: 1, rowsRejected: 0, cellsRejected: 0, assignmentsNew: 0 })
})

test('history, audit and discarding', async () => {
  const { review } = await upload(place, file(both))
  const open = await plan(place, file('Lee,Sam,sam.lee@,3,,\n'))
  await discardImport(place.ctx, place.viewer, { importId: open.summary.id })
  expect(await codeOf(commit(place, open))).toBe('conflict')
  expect(await codeOf(discardImport(place.ctx, place.viewer, { importId: review.summary.id }))).toBe('conflict')
  const history = await listImports(place.ctx, place.viewer, { classId: place.classId })
  expect(history.items.map(({ state, canUndo, actorName }) => [state, canUndo, actorName])).toEqual([
    ['discarded', false, 'Olena Hrytsenko'],
    ['committed', true, 'Olena Hrytsenko'],
  ])
  const rows = await asAdmin(world, northside, (sql) =>
    sql<{ action: string; detail: string }>(
      'select action, detail::text as detail from app.audit_log where tenant_id = $1 order by seq',
      [northside.tenantId],
    ),
  )
  expect(rows.map(({ action }) => action)).toEqual([
    'import.plan',
    'import.read',
    'import.commit',
    'import.plan',
    'import.read',
    'import.discard',
  ])
  expect(rows.map(({ detail }) => detail).join()).not.toMatch(/Koval|Lee|81\.5/)
  const changes = await asAdmin(world, northside, (sql) =>
    sql<{ cells: number }>('select cardinality(assignment_ids) as cells from app.grade_changes where import_id = $1 order by 1', [
      review.summary.id,
    ]),
  )
  expect(changes.map(({ cells }) => cells)).toEqual([1, 2, 3])
})
