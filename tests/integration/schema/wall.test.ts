import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '@/lib/ids'
import { createWorld, type World } from '../../support/world'
import { openSession, type SampleClass, type Session, writeClass, writeGrades } from './session'

let world: World
let northside: string
let riverside: string
let riversideClass: SampleClass
let app: Session

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  northside = (await world.addSchool()).tenantId
  riverside = (await world.addSchool()).tenantId
  app = await openSession(world.shard('shard_1').url)
  await app.enter(riverside)
  riversideClass = await writeClass(app, riverside)
  await writeGrades(app, riverside, riversideClass.classId, riversideClass.students, riversideClass.assignments)
  await app.query(
    `insert into audit_log (tenant_id, seq, actor, action, detail, prev_hash, hash) values ($1, 0, 'system:test', 'test', '{}', '', '')`,
    [riverside],
  )
  await app.commit()
})
afterAll(async () => {
  await app.end()
  await world.close()
})
beforeEach(() => app.rollback())

const refusedByWall = { code: '42501' }

async function setState(tenantId: string, state: string): Promise<void> {
  const mover = await openSession(world.shard('shard_1').moverUrl)
  await mover.query('update guard.tenant_home set state = $2 where tenant_id = $1', [tenantId, state])
  await mover.end()
}

describe('the wall', () => {
  const tables = ['schools', 'students', 'classes', 'terms', 'enrolments', 'assignments', 'grades', 'audit_log']

  it.each(tables)("%s: a school sees none of another's rows, which exist", async (table) => {
    await app.enter(riverside, { write: false })
    expect((await app.query(`select from ${table}`)).length).toBeGreaterThan(0)
    await app.commit()
    await app.enter(northside, { write: false })
    expect(await app.query(`select from ${table} where tenant_id = $1`, [riverside])).toEqual([])
  })

  it.each(tables)('%s: without a school there is nothing to see, and no error', async (table) => {
    expect(await app.query(`select from ${table}`)).toEqual([])
  })

  it('keeps nothing for the next user of the connection, after commit, rollback or error', async () => {
    for (const end of [() => app.commit(), () => app.rollback(), () => app.query('select 1/0').catch(() => app.rollback())]) {
      await app.enter(riverside)
      await end()
      expect(await app.query("select current_setting('app.tenant_id', true) as school")).toEqual([{ school: '' }])
      expect(await app.query('select from students')).toEqual([])
      expect(await app.query('show transaction_read_only')).toEqual([{ transaction_read_only: 'off' }])
    }
  })

  it('a fresh connection has no school either', async () => {
    const fresh = await openSession(world.shard('shard_1').url)
    expect(await fresh.query("select current_setting('app.tenant_id', true) as school")).toEqual([{ school: null }])
    expect(await fresh.query('select from students')).toEqual([])
    await fresh.end()
  })

  it('lets nobody write into another school, with or without one of their own', async () => {
    const insert = () =>
      app.query("insert into students (tenant_id, id, last_name, first_name) values ($1, $2, 'Koval', 'Mariya')", [
        riverside,
        newId(),
      ])
    await expect(insert()).rejects.toMatchObject(refusedByWall)
    await app.enter(northside)
    await expect(insert()).rejects.toMatchObject(refusedByWall)
  })

  it("changes and deletes nothing of another school's", async () => {
    await app.enter(northside)
    const update = await app.query('update students set last_name = $2 where tenant_id = $1 returning id', [riverside, 'X'])
    const deletion = await app.query('delete from grades where tenant_id = $1 returning student_id', [riverside])
    await app.commit()
    expect([update, deletion]).toEqual([[], []])
    await app.enter(riverside, { write: false })
    expect(await app.query("select from students where last_name = 'X'")).toEqual([])
    expect(await app.query('select from grades')).toHaveLength(4)
  })

  it('moves no row into another school', async () => {
    await app.enter(riverside)
    await expect(app.query('update students set tenant_id = $1', [northside])).rejects.toMatchObject(refusedByWall)
  })

  it('stands though somebody adds a convenient policy', async () => {
    const admin = await openSession(world.shard('shard_1').adminUrl)
    await admin.query('create policy p_convenience on app.students for select to gi_app using (true)')
    try {
      await app.enter(northside, { write: false })
      expect(await app.query('select from students where tenant_id = $1', [riverside])).toEqual([])
    } finally {
      await app.rollback()
      await admin.query('drop policy p_convenience on app.students')
      await admin.end()
    }
  })

  it('keeps out the owner of the tables, so a careless backfill touches nothing', async () => {
    const owner = await openSession(world.shard('shard_1').ownerUrl)
    await owner.query('set role gi_owner')
    expect(await owner.query("update app.students set first_name = 'X' returning id")).toEqual([])
    expect(await owner.query('select from app.students')).toEqual([])
    await owner.end()
  })
})

describe('the guard', () => {
  const states = [
    ['moved', 'GI001'],
    ['importing', 'GI001'],
    ['suspended', 'GI004'],
    ['read_only', 'GI005'],
    ['fenced', 'GI005'],
  ] as const

  it.each(states)('a school that is %s refuses a writer with %s', async (state, code) => {
    await setState(northside, state)
    try {
      await expect(app.enter(northside)).rejects.toMatchObject({ code })
    } finally {
      await setState(northside, 'active')
    }
  })

  it.each(['read_only', 'fenced'])('a school that is %s lets readers in', async (state) => {
    await setState(riverside, state)
    try {
      await app.enter(riverside, { write: false })
      expect(await app.query('select from students')).toHaveLength(2)
    } finally {
      await setState(riverside, 'active')
    }
  })

  it('refuses a stale or future epoch and an unknown school with GI001', async () => {
    for (const [school, epoch] of [
      [northside, 2],
      [northside, 0],
      [newId(), 1],
    ] as const) {
      await expect(app.enter(school, { epoch, write: false })).rejects.toMatchObject({ code: 'GI001' })
      await app.rollback()
    }
  })

  it('lets one transaction into one school only', async () => {
    await app.enter(northside)
    await app.query('select guard.enter($1, 1, true)', [northside])
    await expect(app.query('select guard.enter($1, 1, false)', [riverside])).rejects.toMatchObject({ code: 'GI003' })
  })

  it('a reader cannot write, and cannot make itself a writer', async () => {
    await app.enter(riverside, { write: false })
    await app.query('savepoint a')
    await expect(app.query('delete from grades')).rejects.toMatchObject({ code: '25006' })
    await app.query('rollback to a')
    await expect(app.query('select guard.enter($1, 1, true)', [riverside])).rejects.toMatchObject({ code: '25001' })
    await app.query('rollback to a')
    await expect(app.query('set transaction read write')).rejects.toMatchObject({ code: '25001' })
  })

  it("a school's own time limit holds for its transaction only", async () => {
    const mover = await openSession(world.shard('shard_1').moverUrl)
    await mover.query('update guard.tenant_home set stmt_ms = 1234 where tenant_id = $1', [northside])
    await app.enter(northside, { write: false })
    expect(await app.query('show statement_timeout')).toEqual([{ statement_timeout: '1234ms' }])
    await app.commit()
    expect(await app.query('show statement_timeout')).toEqual([{ statement_timeout: '15s' }])
    await mover.query('update guard.tenant_home set stmt_ms = 15000 where tenant_id = $1', [northside])
    await mover.end()
  })

  it('a move waits for running writers, and a writer that comes later reads the new state', async () => {
    await app.enter(northside)
    const mover = await openSession(world.shard('shard_1').moverUrl)
    await mover.query('begin')
    const fence = mover.query('select pg_advisory_xact_lock(hashtextextended($1, 42))', [northside])
    await mover.waits()
    await app.commit()
    await fence
    await mover.query("update guard.tenant_home set state = 'fenced' where tenant_id = $1", [northside])
    const late = expect(app.enter(northside)).rejects.toMatchObject({ code: 'GI005' })
    await app.waits()
    await mover.commit()
    await late
    await mover.end()
    await setState(northside, 'active')
  })

  it('is out of reach of the app itself', async () => {
    for (const sql of [
      'select from guard.tenant_home',
      "update guard.tenant_home set state = 'active'",
      'create table app.mine (tenant_id uuid)',
      'create temporary table mine (id int)',
      'create schema mine',
      'set role gi_owner',
      'set role gi_mover',
      'alter table app.grades disable row level security',
      "copy app.grades from program 'true'",
    ]) {
      await expect(app.query(sql), sql).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('a dump as the app fails instead of leaving rows out', async () => {
    await app.query('begin')
    await app.query('set local row_security = off')
    await expect(app.query('select from students')).rejects.toMatchObject({ code: '42501' })
  })

  it('bulk load into a walled table is refused: imports write set-wise', async () => {
    await app.enter(northside)
    await expect(app.query('copy grades from stdin')).rejects.toMatchObject({ code: '0A000' })
  })
})

describe('what one school could learn of another by writing', () => {
  it('the same id, e-mail and name may stand in both schools', async () => {
    await app.enter(northside)
    const [studentId] = riversideClass.students
    await app.query("insert into students (tenant_id, id, last_name, first_name) values ($1, $2, 'Koval', 'Mariya')", [
      northside,
      studentId,
    ])
    await app.query("insert into members (tenant_id, id, email, display_name, roles) values ($1, $2, 'a@x.org', 'A', '{}')", [
      northside,
      newId(),
    ])
    await app.commit()
    await app.enter(riverside)
    await app.query("insert into members (tenant_id, id, email, display_name, roles) values ($1, $2, 'a@x.org', 'A', '{}')", [
      riverside,
      newId(),
    ])
    await app.commit()
  })

  it("a foreign key to another school's row fails exactly like one to a row that does not exist", async () => {
    const attempt = async (classId: string | undefined, studentId: string | undefined) => {
      await app.enter(northside)
      const error: unknown = await app
        .query('insert into enrolments (tenant_id, class_id, student_id) values ($1, $2, $3)', [northside, classId, studentId])
        .catch((thrown: unknown) => thrown)
      await app.rollback()
      if (!(error instanceof Error && 'code' in error && 'constraint' in error)) throw new Error('the insert was not refused')
      return { code: error.code, constraint: error.constraint, message: error.message }
    }
    const existing = await attempt(riversideClass.classId, riversideClass.students[1])
    expect(existing).toEqual(await attempt(newId(), newId()))
    expect(existing.code).toBe('23503')
  })

  it('an upsert on the key of another school fails at the wall whether or not that key is taken', async () => {
    for (const classId of [riversideClass.classId, newId()]) {
      for (const action of ['nothing', 'update set name = excluded.name']) {
        await app.enter(northside)
        await expect(
          app.query(`insert into classes (tenant_id, id, name) values ($1, $2, 'X') on conflict (tenant_id, id) do ${action}`, [
            riverside,
            classId,
          ]),
        ).rejects.toMatchObject(refusedByWall)
        await app.rollback()
      }
    }
  })

  it('statistics of walled tables are not shown', async () => {
    const admin = await openSession(world.shard('shard_1').adminUrl)
    await admin.query('analyze app.students')
    expect(await admin.query("select from pg_stats where schemaname = 'app' and tablename = 'students'")).not.toEqual([])
    await admin.end()
    expect(await app.query("select from pg_stats where schemaname = 'app'")).toEqual([])
  })

  it('no key is counted up: a school cannot tell from an id how much others write', async () => {
    expect(await app.query("select from pg_class where relkind = 'S' and relnamespace = 'app'::regnamespace")).toEqual([])
  })

  it('an error carries no value of a query into the log', async () => {
    expect(await app.query('show log_parameter_max_length_on_error')).toEqual([{ log_parameter_max_length_on_error: '0' }])
    expect(await app.query('show log_parameter_max_length')).toEqual([{ log_parameter_max_length: '0' }])
  })
})
