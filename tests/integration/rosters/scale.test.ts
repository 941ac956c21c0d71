import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { undoRoster } from '@/lib/rosters/undo-roster'
import { type OneRosterSchool, oneRosterTables, zipFile } from '../../support/roster-files'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { commit, dump, planned } from './support'

/**
 * A school of 5,000 students, 400 classes and 40,000 enrolments in one commit, beside ten others of that size. What it costs is
 * read off the server's own counters: no table may be walked through, and the rows that are fetched are the school's own. The
 * shard has no statistics in the first round and good ones in the second.
 */

const size = { students: 5_000, classes: 400, perStudent: 8 }
let world: World

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  await asSuperuser(addOtherSchools)
}, 240_000)
afterAll(async () => {
  await closeAll()
  await world.close()
})

/** `shift` moves everybody one class on, and a tenth of the names get a second part. */
function fileOf(school: PeopledSchool, shift: number) {
  const all: OneRosterSchool = {
    users: [
      ...Array.from({ length: size.students }, (_, at) => ({
        ...{
          id: `S${at}`,
          role: 'student',
          last: shift > 0 && at % 10 === 0 ? `Pupil ${at}-Second` : `Pupil ${at}`,
          first: 'Anna',
        },
        ...{ email: `s${at}@school.example`, number: `${100_000 + at}`, agents: at % 2 === 0 ? [`G${at}`] : [] },
      })),
      ...Array.from({ length: size.students / 2 }, (_, at) => ({
        ...{ id: `G${at * 2}`, role: 'guardian', last: `Pupil ${at * 2}`, first: 'Guardian', email: `g${at * 2}@home.example` },
      })),
      { id: 'T1', role: 'teacher', last: 'One', first: 'Teacher', email: school.teacher.member.email },
    ],
    classes: Array.from({ length: size.classes }, (_, at) => ({ id: `C${at}`, title: `Class ${at}` })),
    enrolments: [
      ...Array.from({ length: size.students }, (_, at) =>
        Array.from({ length: size.perStudent }, (_each, place) => ({
          ...{ user: `S${at}`, class: `C${(at + place * 50 + shift) % size.classes}` },
        })),
      ).flat(),
      ...Array.from({ length: size.classes }, (_, at) => ({ user: 'T1', class: `C${at}`, role: 'teacher' })),
    ],
  }
  return zipFile(oneRosterTables(all))
}

test.each(['without', 'with'] as const)(
  'costs its own school only, on a shard %s statistics',
  async (mode) => {
    const school = await addPeople(world, await world.addSchool({ name: 'Northside School' }))
    const before = await dump(world, school)
    const first = await costing(() => planned(school, fileOf(school, 0)))
    expect(first.result.summary.counts).toMatchObject({
      studentsNew: 5_000,
      classesNew: 400,
      enrolmentsNew: 40_000,
      guardiansNew: 2_500,
    })
    const written = await costing(() => commit(school, first.result))
    const next = await costing(() => planned(school, fileOf(school, 1)))
    expect(next.result.summary.counts).toMatchObject({ studentsChanged: 500, enrolmentsNew: 40_000, enrolmentsEnded: 40_000 })
    const between = await dump(world, school)
    const changed = await costing(() => commit(school, next.result))
    const back = await costing(() => undoRoster(school.ctx, school.admin.viewer, { rosterId: next.result.summary.id }))
    expect(back.result.kept).toEqual([])
    expect(await dump(world, school)).toBe(between)
    const gone = await costing(() => undoRoster(school.ctx, school.admin.viewer, { rosterId: first.result.summary.id }))
    expect(await dump(world, school)).toBe(before)
    for (const cost of [first, written, next, changed, back, gone]) {
      expect(cost.walked).toEqual([])
      // 50,000 rows of students, identifiers, classes, enrolments and links, each looked at a few times.
      expect(cost.fetched).toBeLessThan(1_500_000)
      expect(cost.seconds).toBeLessThan(45)
    }
    if (mode === 'without') await asSuperuser((sql) => sql('analyze'))
  },
  300_000,
)

async function costing<Result>(work: () => Promise<Result>) {
  await settled()
  const before = await counters()
  const began = performance.now()
  const result = await work()
  const seconds = (performance.now() - began) / 1_000
  await settled()
  const after = await counters()
  // To read the one page of a small table whole is right; what would grow with other schools is not.
  const walked = [...after].flatMap(([table, { seqRows }]) =>
    seqRows - (before.get(table)?.seqRows ?? 0) > 1_000 ? [table] : [],
  )
  const fetched = [...after].reduce((sum, [table, { rows }]) => sum + rows - (before.get(table)?.rows ?? 0), 0)
  return { result, walked, fetched, seconds }
}

/** A backend hands in its counts when it ends. */
async function settled(): Promise<void> {
  await closeAll()
  const isBusy = () =>
    asSuperuser((sql) => sql(`select 1 from pg_stat_activity where datname = current_database() and usename = 'gi_app'`))
  await expect.poll(async () => (await isBusy()).length, { timeout: 10_000, interval: 20 }).toBe(0)
}

async function counters() {
  const rows = await asSuperuser((sql) =>
    sql<{ table: string; seqRows: number; rows: number }>(
      `select relname as table, seq_tup_read::int as "seqRows", (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows
       from pg_stat_user_tables where schemaname = 'app'`,
    ),
  )
  return new Map(rows.map(({ table, ...row }) => [table, row]))
}

function asSuperuser<T>(work: (sql: DirectSql) => Promise<T>): Promise<T> {
  return withDirectConnection(world.shard('shard_1').adminUrl, work)
}

async function addOtherSchools(sql: DirectSql): Promise<void> {
  // Only rows that are there count here, not the way they came in.
  await sql(`set session_replication_role = replica`)
  await sql(`create temporary table school as select gen_random_uuid() as tenant_id from generate_series(1, 10)`)
  await sql(
    `create temporary table pupil as select tenant_id, gen_random_uuid() as id, n from school, generate_series(1, ${size.students}) n`,
  )
  await sql(
    `create temporary table room as select tenant_id, gen_random_uuid() as id, n from school, generate_series(1, ${size.classes}) n`,
  )
  for (const statement of [
    `insert into app.schools (tenant_id, name, letter_scale) select tenant_id, 'Other', '[]' from school`,
    `insert into app.students (tenant_id, id, last_name, first_name) select tenant_id, id, 'Pupil ' || n, 'Anna' from pupil`,
    `insert into app.student_identifiers (tenant_id, kind, folded, value, student_id)
       select tenant_id, kind, kind || n, kind || n, id from pupil, unnest(array['sis', 'number', 'email']) as kind`,
    `insert into app.members (tenant_id, id, email, display_name, roles)
       select tenant_id, id, n || '@x.example', 'Guardian', '{guardian}' from pupil`,
    `insert into app.guardians (tenant_id, member_id, student_id) select tenant_id, id, id from pupil`,
    `insert into app.classes (tenant_id, id, name, sis_id) select tenant_id, id, 'Class ' || n, 'C' || n from room`,
    `insert into app.enrolments (tenant_id, class_id, student_id)
       select p.tenant_id, r.id, p.id from pupil p join room r on r.tenant_id = p.tenant_id and (r.n + p.n) % 50 = 0`,
  ])
    await sql(statement)
}
