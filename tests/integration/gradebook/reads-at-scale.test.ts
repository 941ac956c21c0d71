import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { listClasses } from '@/lib/gradebook/classes'
import { exportTemplate } from '@/lib/gradebook/export'
import { loadGradebook } from '@/lib/gradebook/gradebook'
import { cellHistory } from '@/lib/gradebook/history'
import { currentTerm } from '@/lib/gradebook/terms'
import { listMembers } from '@/lib/people/members'
import { loadStudent } from '@/lib/people/student-record'
import { listOwnStudents, listStudents } from '@/lib/people/students'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

/**
 * Cost per school must not grow with the number of schools. Plans are judged by what they did: after each read, the server's
 * own counters say how many rows it fetched and whether it walked through a whole table. With a thousand other schools on
 * the shard, a read may fetch a few rows for each row its own school has, and no table may be walked through.
 */

const otherSchools = 1_000
let world: World
let school: PeopledSchool

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  await asSuperuser(addOtherSchools)
  school = await addPeople(world, await world.addSchool({ slug: 'northside' }))
})
afterAll(async () => {
  await closeAll()
  await world?.close()
})

const reads: readonly [name: string, read: () => Promise<unknown>][] = [
  ['the gradebook, by its teacher', () => loadGradebook(school.ctx, school.teacher.viewer, { classId: school.classId })],
  ['the gradebook, by the admin', () => loadGradebook(school.ctx, school.admin.viewer, { classId: school.classId })],
  ['the export', () => exportTemplate(school.ctx, school.teacher.viewer, { classId: school.classId, withGrades: true })],
  ['the classes of a teacher', () => listClasses(school.ctx, school.teacher.viewer)],
  ['the classes of the school', () => listClasses(school.ctx, school.admin.viewer)],
  ['the students of a teacher', () => listStudents(school.ctx, school.teacher.viewer)],
  ['the students of the school', () => listStudents(school.ctx, school.admin.viewer)],
  ['a search', () => listStudents(school.ctx, school.admin.viewer, { query: 'ko' })],
  ['a record, by the student', () => loadStudent(school.ctx, school.student.viewer, school.students[0].id)],
  ['a record, by the guardian', () => loadStudent(school.ctx, school.guardian.viewer, school.students[0].id)],
  ['a record, by the teacher', () => loadStudent(school.ctx, school.teacher.viewer, school.students[0].id)],
  ['a guardian’s children', () => listOwnStudents(school.ctx, school.guardian.viewer)],
  ['the people', () => listMembers(school.ctx, school.admin.viewer)],
  ['the terms', () => currentTerm(school.ctx)],
  [
    'the history of a cell',
    () =>
      cellHistory(school.ctx, school.teacher.viewer, {
        classId: school.classId,
        studentId: school.students[0].id,
        assignmentId: school.assignments[0].id,
      }),
  ],
]

/** More than the number after which Postgres may settle on one plan for every school. */
const repeats = 8

test.each(reads)('%s costs its own school only, on a shard without statistics', async (_name, read) => {
  await expectOwnSchoolOnly(read)
})

test('and the same once the shard has statistics', async () => {
  await asSuperuser((sql) => sql('analyze'))
  for (const [, read] of reads) await expectOwnSchoolOnly(read)
}, 60_000)

test('a large class is not sorted on disk with its whole column list beside each grade', async () => {
  const [studentCount, workCount] = [500, 100]
  const { ctx, teacher, tenantId, classId, termId } = await addPeople(world, await world.addSchool())
  await asSuperuser(async (sql) => {
    const many = `with pupil as (
        insert into app.students (tenant_id, id, last_name, first_name)
        select $1::uuid, gen_random_uuid(), 'Many ' || n, '' from generate_series(1, ${studentCount}) n returning id
      )
      insert into app.enrolments (tenant_id, class_id, student_id) select $1::uuid, $2::uuid, id from pupil`
    await sql(many, [tenantId, classId])
    await sql(
      `insert into app.assignments (tenant_id, class_id, id, term_id, title, title_folded, max_points)
       select $1, $2, gen_random_uuid(), $3, 'Work ' || n, 'Work ' || n, 20 from generate_series(1, ${workCount}) n`,
      [tenantId, classId, termId],
    )
    await sql(
      `insert into app.grades (tenant_id, class_id, student_id, assignment_id, score)
       select $1, $2, s.id, a.id, 15 from app.students s, app.assignments a
       where s.tenant_id = $1 and s.last_name like 'Many %' and a.tenant_id = $1 and a.class_id = $2 and a.title like 'Work %'`,
      [tenantId, classId],
    )
  })
  await settled()
  const before = await temporaryBytes()
  const view = await loadGradebook(ctx, teacher.viewer, { classId })
  await settled()
  expect(view?.students.length).toBeGreaterThan(studentCount)
  // 50,000 grades are 4 MB; once they took 250 MB, and a class of 1,000 by 200 ran into its time limit.
  expect((await temporaryBytes()) - before).toBeLessThan(20_000_000)
}, 60_000)

async function temporaryBytes(): Promise<number> {
  const [row] = await asSuperuser((sql) =>
    sql<{ bytes: number }>('select temp_bytes::float8 as bytes from pg_stat_database where datname = current_database()'),
  )
  return row?.bytes ?? 0
}

async function expectOwnSchoolOnly(read: () => Promise<unknown>): Promise<void> {
  await settled()
  const before = await counters()
  for (let repeat = 0; repeat < repeats; repeat++) expect(await read()).not.toBeNull()
  await settled()
  const after = await counters()
  const walked: string[] = []
  let fetched = 0
  for (const [table, { seqScans, rows }] of after) {
    const old = before.get(table)
    if (seqScans > (old?.seqScans ?? 0)) walked.push(table)
    fetched += rows - (old?.rows ?? 0)
  }
  expect(walked).toEqual([])
  // The school has some thirty rows in all, of which a read touches a few more than once.
  expect(fetched / repeats).toBeLessThan(150)
}

/** A backend hands in its counts when it ends. */
async function settled(): Promise<void> {
  await closeAll()
  await expect
    .poll(
      () =>
        asSuperuser(async (sql) => {
          const [row] = await sql<{ busy: number }>(
            `select count(*)::int as busy from pg_stat_activity where datname = current_database() and usename = 'gi_app'`,
          )
          return row?.busy
        }),
      { timeout: 10_000, interval: 20 },
    )
    .toBe(0)
}

async function counters() {
  const rows = await asSuperuser((sql) =>
    sql<{ table: string; seqScans: number; rows: number }>(
      `select relname as table, seq_scan::int as "seqScans", (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows
       from pg_stat_user_tables where schemaname = 'app'`,
    ),
  )
  return new Map(rows.map(({ table, ...row }) => [table, row]))
}

function asSuperuser<T>(work: (sql: DirectSql) => Promise<T>): Promise<T> {
  return withDirectConnection(world.shard('shard_1').adminUrl, work)
}

/** Each with a term, a class of ten, ten assignments, a hundred grades with their history, and its people. */
async function addOtherSchools(sql: DirectSql): Promise<void> {
  await sql(`create temporary table school as select gen_random_uuid() as tenant_id from generate_series(1, ${otherSchools})`)
  await sql(`create temporary table pupil as
    select tenant_id, gen_random_uuid() as id, n from school, generate_series(1, 10) n`)
  await sql(`create temporary table room as
    select tenant_id, gen_random_uuid() as id, gen_random_uuid() as term_id, gen_random_uuid() as teacher_id from school`)
  await sql(`create temporary table work as
    select tenant_id, id as class_id, term_id, gen_random_uuid() as id, n from room, generate_series(1, 10) n`)
  for (const statement of [
    `insert into guard.tenant_home (tenant_id, epoch, state) select tenant_id, 1, 'active' from school`,
    `insert into app.schools (tenant_id, name, letter_scale) select tenant_id, 'Other', '[]' from school`,
    `insert into app.terms (tenant_id, id, name, starts_on, ends_on)
       select tenant_id, term_id, 'Autumn', '2026-09-01', '2026-12-20' from room`,
    `insert into app.students (tenant_id, id, last_name, first_name) select tenant_id, id, 'Koval ' || n, 'Mariya' from pupil`,
    `insert into app.student_identifiers (tenant_id, kind, folded, value, student_id)
       select tenant_id, 'email', n || '@x.example', n || '@x.example', id from pupil`,
    `insert into app.members (tenant_id, id, email, display_name, roles)
       select tenant_id, teacher_id, 't@x.example', 'Teacher', '{teacher}' from room`,
    `insert into app.members (tenant_id, id, email, display_name, roles)
       select tenant_id, id, n || '@x.example', 'Guardian', '{guardian}' from pupil`,
    `insert into app.guardians (tenant_id, member_id, student_id) select tenant_id, id, id from pupil`,
    `insert into app.classes (tenant_id, id, name) select tenant_id, id, 'Biology 9A' from room`,
    `insert into app.class_teachers (tenant_id, class_id, member_id) select tenant_id, id, teacher_id from room`,
    `insert into app.sections (tenant_id, class_id, id, name) select tenant_id, id, gen_random_uuid(), 'Period 1' from room`,
    `insert into app.categories (tenant_id, class_id, id, name, weight)
       select tenant_id, id, gen_random_uuid(), 'Quizzes ' || n, n from room, generate_series(1, 3) n`,
    `insert into app.enrolments (tenant_id, class_id, student_id)
       select room.tenant_id, room.id, pupil.id from room join pupil using (tenant_id)`,
    `insert into app.assignments (tenant_id, class_id, id, term_id, title, title_folded, max_points)
       select tenant_id, class_id, id, term_id, 'Quiz ' || n, 'Quiz ' || n, 20 from work`,
    `insert into app.assignment_links (tenant_id, class_id, source, external_id, assignment_id)
       select tenant_id, class_id, 'canvas', n::text, id from work`,
    `insert into app.tags (tenant_id, id, name, name_folded) select tenant_id, tenant_id, 'lab', 'lab' from school`,
    `insert into app.assignment_tags (tenant_id, class_id, assignment_id, tag_id)
       select tenant_id, class_id, id, tenant_id from work`,
    `insert into app.imports (tenant_id, id, class_id, term_id, actor, state, file_name, file_sha256, file_bytes, source,
         plan, plan_hash, counts)
       select tenant_id, gen_random_uuid(), id, term_id, 'system:x', 'planned', 'x.csv', repeat('0', 64), 1, 'own',
         '', '', '{}'
       from room`,
    `insert into app.grades (tenant_id, class_id, student_id, assignment_id, score)
       select work.tenant_id, work.class_id, pupil.id, work.id, 15 from work join pupil using (tenant_id)`,
    `insert into app.grade_changes (tenant_id, class_id, student_id, id, kind, actor, assignment_ids,
         old_scores, old_statuses, new_scores, new_statuses)
       select work.tenant_id, work.class_id, pupil.id, gen_random_uuid(), 'edit', 'system:x', array_agg(work.id),
         array_agg(null::numeric), array_agg(''::text), array_agg(15::numeric), array_agg('graded'::text)
       from work join pupil using (tenant_id)
       group by work.tenant_id, work.class_id, pupil.id`,
  ])
    await sql(statement)
}
