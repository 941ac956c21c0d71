import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withDirectConnection } from '@/lib/db/direct'
import { scansOf } from '../../support/plans'
import { createWorld, type World } from '../../support/world'

/** What pages and imports run all the time; $1 is the school in each. */
const hot = {
  'the grades of a class': [
    'select student_id, assignment_id, score, status from grades where tenant_id = $1 and class_id = $2',
    'class',
  ],
  'the students of a class': [
    `select student.id, student.last_name, student.first_name
     from enrolments as enrolment
     join students as student on student.tenant_id = enrolment.tenant_id and student.id = enrolment.student_id
     where enrolment.tenant_id = $1 and student.tenant_id = $1 and enrolment.class_id = $2`,
    'class',
  ],
  'the assignments of a class': ['select id, title, max_points from assignments where tenant_id = $1 and class_id = $2', 'class'],
  'the classes of a student': ['select class_id from enrolments where tenant_id = $1 and student_id = $2', 'student'],
  'the grades of a student in a class': [
    'select assignment_id, score from grades where tenant_id = $1 and student_id = $2 and class_id in (select class_id from enrolments where tenant_id = $1 and student_id = $2)',
    'student',
  ],
  'one student': ['select last_name from students where tenant_id = $1 and id = $2', 'student'],
  'a change of a grade': [
    'update grades set score = 1 where tenant_id = $1 and student_id = $2 and class_id in (select class_id from enrolments where tenant_id = $1 and student_id = $2)',
    'student',
  ],
  'taking a student out': ['delete from enrolments where tenant_id = $1 and student_id = $2', 'student'],
  'the last audit entries about a student': [
    'select seq from audit_log where tenant_id = $1 and subject_id = $2 order by seq desc limit 50',
    'student',
  ],
} as const satisfies Readonly<Record<string, readonly [text: string, id: 'class' | 'student']>>

let world: World
let school: { tenantId: string; class: string; student: string }

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  school = await withDirectConnection(world.shard('shard_1').adminUrl, async (sql) => {
    // Autovacuum would decide during the test which of its halves has statistics.
    for (const table of ['students', 'enrolments', 'assignments', 'grades', 'audit_log', 'terms', 'classes'])
      await sql(`alter table app.${table} set (autovacuum_enabled = off)`)
    await sql(
      "insert into guard.tenant_home (tenant_id, epoch, state) select uuidv7(), 1, 'active' from generate_series(1, 1000)",
    )
    await sql("insert into app.classes (tenant_id, id, name) select tenant_id, uuidv7(), 'Physics' from guard.tenant_home")
    await sql(
      "insert into app.terms (tenant_id, id, name, starts_on, ends_on) select tenant_id, uuidv7(), 'Autumn', '2026-09-01', '2026-12-24' from guard.tenant_home",
    )
    await sql(
      "insert into app.students (tenant_id, id, last_name, first_name) select tenant_id, uuidv7(), 'Koval', 'S' || n from guard.tenant_home, generate_series(1, 12) as n",
    )
    await sql(
      'insert into app.enrolments (tenant_id, class_id, student_id) select tenant_id, classes.id, students.id from app.classes join app.students using (tenant_id)',
    )
    await sql(
      `insert into app.assignments (tenant_id, class_id, id, term_id, title, title_folded, max_points)
       select tenant_id, classes.id, uuidv7(), terms.id, 'Quiz ' || n, 'quiz ' || n, 20
       from app.classes join app.terms using (tenant_id), generate_series(1, 4) as n`,
    )
    await sql(
      `insert into app.grades (tenant_id, class_id, student_id, assignment_id, score)
       select tenant_id, class_id, student_id, assignments.id, 10 from app.enrolments join app.assignments using (tenant_id, class_id)`,
    )
    await sql(
      `insert into app.audit_log (tenant_id, seq, actor, action, subject_id, detail, prev_hash, hash)
       select tenant_id, 0, 'system:test', 'student.read', student_id, '{}', '', '' from app.enrolments`,
    )
    const [row] = await sql<{ tenantId: string; class: string; student: string }>(
      'select tenant_id as "tenantId", class_id as class, student_id as student from app.enrolments order by tenant_id offset 6000 limit 1',
    )
    if (row === undefined) throw new Error('no school was written')
    return row
  })
}, 60_000)
afterAll(() => world.close())

describe.each(['without statistics', 'with statistics'])('among 1,000 schools, %s', (state) => {
  beforeAll(async () => {
    if (state === 'with statistics') await withDirectConnection(world.shard('shard_1').adminUrl, (sql) => sql('analyze'))
  })

  describe.each(['generic', 'custom'] as const)('with a %s plan', (mode) => {
    it.each(Object.entries(hot))('%s is found by an index that begins with the school', async (_, [text, id]) => {
      const { tenantId } = school
      const scans = await scansOf(world.shard('shard_1').url, {
        tenantId,
        text,
        types: ['uuid', 'uuid'],
        values: [tenantId, school[id]],
        mode,
      })
      expect(scans).not.toEqual([])
      for (const scan of scans) {
        expect(scan.kind, scan.table).toMatch(/^(Index|Index Only|Bitmap Heap) Scan$/)
        expect(scan.indexCond, scan.table).toContain('tenant_id = ')
        expect(scan.rows, scan.table).toBeGreaterThan(0)
        expect(scan.rowsRemoved, scan.table).toBeLessThanOrEqual(3 * scan.rows)
      }
    })
  })
})

it('a query that forgets the school is bound to it by the wall, through the index', async () => {
  const [scan] = await scansOf(world.shard('shard_1').url, {
    tenantId: school.tenantId,
    text: 'select count(*) from grades',
    types: [],
    values: [],
    mode: 'custom',
  })
  expect(scan).toMatchObject({ table: 'grades', rows: 48, rowsRemoved: 0 })
  expect(scan?.indexCond).toContain("tenant_id = (NULLIF(current_setting('app.tenant_id'")
})
