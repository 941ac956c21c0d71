import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { viewerOf } from '@/lib/auth/member'
import type { Viewer } from '@/lib/auth/rights'
import { establishTenant } from '@/lib/tenancy/establish'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { World } from '../support/open-world'

/** The first of many alike schools, as the reads of the bench need it. */
export type CrowdedSchool = Readonly<{ ctx: TenantContext; viewer: Viewer; classId: string; studentId: string }>

/** 25 students with 40 grades each. */
const [studentsEach, assignmentsEach] = [25, 40]

/**
 * Fills a shard with schools that are alike but for their ids, each with one class and 1,000 grades, set by set and past the
 * triggers. Afterwards the shard has no statistics, and nothing makes any behind our back.
 */
export async function fillShard(world: World, shard: string, schools: number): Promise<CrowdedSchool> {
  return withDirectConnection(world.shard(shard).adminUrl, async (sql) => {
    for (const table of await tablesOf(sql)) await sql(`alter table app.${table} set (autovacuum_enabled = off)`)
    await sql(`set session_replication_role = replica`)
    for (const statement of fill) await sql(statement.replaceAll('$schools', String(schools)))
    const [first] = await sql<{ tenantId: string; memberId: string; classId: string; studentId: string }>(
      `select t.tenant_id as "tenantId", t.member_id as "memberId", t.class_id as "classId",
         (select min(e.student_id::text) from app.enrolments e where e.tenant_id = t.tenant_id) as "studentId"
       from app.class_teachers t where t.tenant_id = $1`,
      [schoolId(1)],
    )
    if (first === undefined) throw new Error('the shard has no first school')
    const { tenantId, memberId, classId, studentId } = first
    const viewer = viewerOf({
      id: memberId,
      tenantId,
      displayName: 'Teacher',
      email: 'teacher@bench.example',
      roles: ['teacher'],
      studentId: null,
      version: 1,
      locale: null,
    })
    return { ctx: contextOf(tenantId, shard), viewer, classId, studentId }
  })
}

/** Gives a filled shard statistics, and its tables the state that a vacuum leaves. */
export async function analyseShard(world: World, shard: string): Promise<void> {
  await withDirectConnection(world.shard(shard).adminUrl, (sql) => sql('vacuum (analyze)'))
}

/** A context for a school that the bench put on a shard itself; the registry does not know it. */
export function contextOf(tenantId: string, shard: string): TenantContext {
  return establishTenant(
    {
      tenantId,
      shard,
      slug: 'bench',
      name: 'Bench',
      districtId: null,
      epoch: 1,
      status: 'active',
      tier: 'standard',
      timeZone: 'UTC',
      locale: 'en',
      features: {},
      branding: {},
    },
    'bench',
  )
}

/** The id of the nth school in SQL's `id('school', n)`. */
export function schoolId(nth: number): string {
  return `00000000-0000-4000-8000-${nth.toString(16).padStart(12, '0')}`
}

async function tablesOf(sql: DirectSql): Promise<string[]> {
  const rows = await sql<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'app' and table_type = 'BASE TABLE'`,
  )
  return rows.map(({ name }) => name)
}

const school = `select n, ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id from generate_series(1, $schools) as n`
const of = (kind: string, ...parts: string[]) => `md5(concat_ws(' ', '${kind}', ${parts.join(', ')}))::uuid`

const fill = [
  `insert into guard.tenant_home (tenant_id, epoch, state) select id, 1, 'active' from (${school}) s`,
  `insert into app.schools (tenant_id, name, letter_scale)
   select id, 'School ' || n, '[{"letter":"A","fromPercent":"50"},{"letter":"F","fromPercent":"0"}]' from (${school}) s`,
  `insert into app.terms (tenant_id, id, name, starts_on, ends_on)
   select id, ${of('term', 'n')}, 'Year', '2020-01-01', '2099-12-31' from (${school}) s`,
  `insert into app.members (tenant_id, id, email, display_name, roles)
   select id, ${of('member', 'n')}, 'teacher@bench.example', 'Teacher', '{teacher}' from (${school}) s`,
  `insert into app.classes (tenant_id, id, name) select id, ${of('class', 'n')}, 'Class' from (${school}) s`,
  `insert into app.class_teachers (tenant_id, class_id, member_id) select id, ${of('class', 'n')}, ${of('member', 'n')} from (${school}) s`,
  `insert into app.students (tenant_id, id, last_name, first_name)
   select id, ${of('student', 'n', 'p')}, 'Family ' || p, 'Given' from (${school}) s, generate_series(1, ${studentsEach}) as p`,
  `insert into app.student_identifiers (tenant_id, kind, folded, value, student_id)
   select id, 'email', 'pupil' || p || '@bench.example', 'pupil' || p || '@bench.example', ${of('student', 'n', 'p')}
   from (${school}) s, generate_series(1, ${studentsEach}) as p`,
  `insert into app.enrolments (tenant_id, class_id, student_id)
   select id, ${of('class', 'n')}, ${of('student', 'n', 'p')} from (${school}) s, generate_series(1, ${studentsEach}) as p`,
  `insert into app.assignments (tenant_id, class_id, id, term_id, title, title_folded, max_points, position)
   select id, ${of('class', 'n')}, ${of('assignment', 'n', 'a')}, ${of('term', 'n')}, 'Task ' || a, 'task ' || a, 100, a
   from (${school}) s, generate_series(1, ${assignmentsEach}) as a`,
  `insert into app.grades (tenant_id, class_id, student_id, assignment_id, score)
   select e.tenant_id, e.class_id, e.student_id, a.id, (a.position * 7) % 101
   from app.enrolments e join app.assignments a on a.tenant_id = e.tenant_id and a.class_id = e.class_id`,
  `insert into app.grade_changes (
     tenant_id, class_id, student_id, id, kind, actor, assignment_ids, old_scores, old_statuses, new_scores, new_statuses)
   select e.tenant_id, e.class_id, e.student_id, uuidv7(), 'edit', 'system:bench', array[a.id], '{null}', '{""}', '{7}', '{graded}'
   from app.enrolments e
   join app.assignments a on a.tenant_id = e.tenant_id and a.class_id = e.class_id and a.position = 1`,
] as const
