import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '@/lib/ids'
import { createWorld, type World } from '../../support/world'
import { openSession, type SampleClass, type Session, writeClass, writeGrades } from './session'

let world: World
let tenantId: string
let writer: Session
let other: Session
let sample: SampleClass

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  tenantId = (await world.addSchool()).tenantId
})
afterAll(() => world.close())

beforeEach(async () => {
  const { url } = world.shard('shard_1')
  writer = await openSession(url)
  other = await openSession(url)
  await writer.enter(tenantId)
  sample = await writeClass(writer, tenantId)
  await writer.commit()
})
afterEach(async () => void (await Promise.all([writer.end(), other.end()])))

const orphan = { code: '23503' }

async function countGrades(classId = sample.classId): Promise<number> {
  const session = await openSession(world.shard('shard_1').moverUrl)
  const [row] = await session.query<{ count: number }>('select count(*)::int as count from grades where class_id = $1', [classId])
  await session.end()
  return row?.count ?? 0
}

describe('a grade has an enrolment and an assignment of its class', () => {
  it('refuses a student who is not enrolled', async () => {
    await writer.enter(tenantId)
    const grade = writeGrades(writer, tenantId, sample.classId, [newId()], sample.assignments)
    await expect(grade).rejects.toMatchObject({ ...orphan, constraint: 'grades_enrolment' })
  })

  it('refuses an assignment that does not exist', async () => {
    await writer.enter(tenantId)
    const grade = writeGrades(writer, tenantId, sample.classId, sample.students, [newId()])
    await expect(grade).rejects.toMatchObject({ ...orphan, constraint: 'grades_assignment' })
  })

  it("refuses another class's students and assignments", async () => {
    await writer.enter(tenantId)
    const second = await writeClass(writer, tenantId)
    await writer.query('savepoint a')
    await expect(writeGrades(writer, tenantId, second.classId, sample.students, second.assignments)).rejects.toMatchObject(orphan)
    await writer.query('rollback to a')
    await expect(writeGrades(writer, tenantId, second.classId, second.students, sample.assignments)).rejects.toMatchObject(orphan)
    await writer.query('rollback to a')
    await writeGrades(writer, tenantId, second.classId, second.students, second.assignments)
  })

  it("refuses another school's students and assignments, though the role that writes passes the wall", async () => {
    const riverside = (await world.addSchool()).tenantId
    const mover = await openSession(world.shard('shard_1').moverUrl)
    const grade = writeGrades(mover, riverside, sample.classId, sample.students, sample.assignments)
    await expect(grade).rejects.toMatchObject(orphan)
    await mover.end()
    expect(await countGrades()).toBe(0)
  })

  it('refuses the whole statement when one grade of many has no parent', async () => {
    await writer.enter(tenantId)
    const grades = writeGrades(writer, tenantId, sample.classId, [...sample.students, newId()], sample.assignments)
    await expect(grades).rejects.toMatchObject(orphan)
    await writer.rollback()
    expect(await countGrades()).toBe(0)
  })

  it('checks what merge and upsert insert, and lets them change what is there', async () => {
    await writer.enter(tenantId)
    await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    const merge = `
      merge into grades as grade
      using (select unnest($3::uuid[]) as student_id) as new
      on grade.tenant_id = $1 and grade.class_id = $2 and grade.student_id = new.student_id and grade.assignment_id = $4
      when matched then update set score = 70
      when not matched then insert (tenant_id, class_id, student_id, assignment_id, score) values ($1, $2, new.student_id, $4, 70)`
    await writer.query(merge, [tenantId, sample.classId, sample.students, sample.assignments[0]])
    await writer.query('savepoint a')
    await expect(writer.query(merge, [tenantId, sample.classId, [newId()], sample.assignments[0]])).rejects.toMatchObject(orphan)
    await writer.query('rollback to a')
    await expect(
      writer.query(
        `insert into grades (tenant_id, class_id, student_id, assignment_id, score) values ($1, $2, $3, $4, 1)
         on conflict (tenant_id, class_id, student_id, assignment_id) do update set score = excluded.score`,
        [tenantId, sample.classId, newId(), sample.assignments[0]],
      ),
    ).rejects.toMatchObject(orphan)
  })
})

describe('a parent that is deleted takes its grades along', () => {
  beforeEach(async () => {
    await writer.enter(tenantId)
    await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    await writer.commit()
    expect(await countGrades()).toBe(4)
  })

  it('an enrolment takes those of its student only', async () => {
    await writer.enter(tenantId)
    await writer.query('delete from enrolments where tenant_id = $1 and student_id = $2', [tenantId, sample.students[0]])
    await writer.commit()
    expect(await countGrades()).toBe(2)
  })

  it('an assignment takes its own only', async () => {
    await writer.enter(tenantId)
    await writer.query('delete from assignments where tenant_id = $1 and id = $2', [tenantId, sample.assignments[0]])
    await writer.commit()
    expect(await countGrades()).toBe(2)
  })

  it('a student takes theirs, through the enrolment', async () => {
    await writer.enter(tenantId)
    await writer.query('delete from students where tenant_id = $1 and id = $2', [tenantId, sample.students[0]])
    await writer.commit()
    expect(await countGrades()).toBe(2)
  })

  it('a class takes all, with its sections, and no other class loses one', async () => {
    await writer.enter(tenantId)
    const second = await writeClass(writer, tenantId)
    await writeGrades(writer, tenantId, second.classId, second.students, second.assignments)
    const section = newId()
    await writer.query('insert into sections (tenant_id, class_id, id, name) values ($1, $2, $3, $4)', [
      tenantId,
      sample.classId,
      section,
      'A',
    ])
    await writer.query('update enrolments set section_id = $3 where tenant_id = $1 and class_id = $2', [
      tenantId,
      sample.classId,
      section,
    ])
    await writer.commit()
    const mover = await openSession(world.shard('shard_1').moverUrl)
    await mover.query('delete from classes where tenant_id = $1 and id = $2', [tenantId, sample.classId])
    await mover.end()
    expect(await countGrades()).toBe(0)
    expect(await countGrades(second.classId)).toBe(4)
  })

  it("leaves another school's grades, though every key but the school's is the same", async () => {
    const riverside = (await world.addSchool()).tenantId
    const mover = await openSession(world.shard('shard_1').moverUrl)
    for (const table of ['terms', 'classes', 'students', 'enrolments', 'assignments', 'grades']) {
      const [columns] = await mover.query<{ names: string }>(
        `select string_agg(attname, ', ') as names from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> 'tenant_id'`,
        [`app.${table}`],
      )
      await mover.query(
        `insert into ${table} (tenant_id, ${columns?.names}) select $2, ${columns?.names} from ${table} where tenant_id = $1`,
        [tenantId, riverside],
      )
    }
    expect(await countGrades()).toBe(8)
    await writer.enter(tenantId)
    await writer.query('delete from enrolments where tenant_id = $1', [tenantId])
    await writer.commit()
    const left = await mover.query('select distinct tenant_id from grades where class_id = $1', [sample.classId])
    expect(left).toEqual([{ tenant_id: riverside }])
    await mover.end()
  })

  it('is refused under repeatable read, where it could not see all of them', async () => {
    for (const isolation of ['repeatable read', 'serializable']) {
      await writer.enter(tenantId, { isolation })
      await expect(writer.query('delete from enrolments where tenant_id = $1', [tenantId])).rejects.toMatchObject({
        code: '0A000',
      })
      await writer.rollback()
    }
    expect(await countGrades()).toBe(4)
  })
})

describe('two at once', () => {
  const parents = [
    { parent: 'enrolments', id: 'student_id', of: () => sample.students[0] },
    { parent: 'assignments', id: 'id', of: () => sample.assignments[0] },
  ]

  it.each(parents)('a delete in $parent waits for a grade being written, and takes it along', async ({ parent, id, of }) => {
    await writer.enter(tenantId)
    await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    await other.enter(tenantId)
    const deletion = other.query(`delete from ${parent} where tenant_id = $1 and class_id = $2 and ${id} = $3`, [
      tenantId,
      sample.classId,
      of(),
    ])
    await other.waits()
    await writer.commit()
    await deletion
    await other.commit()
    expect(await countGrades()).toBe(2)
  })

  it.each(parents)('a grade waits for a delete in $parent, and is refused when it happens', async ({ parent, id, of }) => {
    await other.enter(tenantId)
    await other.query(`delete from ${parent} where tenant_id = $1 and class_id = $2 and ${id} = $3`, [
      tenantId,
      sample.classId,
      of(),
    ])
    await writer.enter(tenantId)
    const grades = writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    const refused = expect(grades).rejects.toMatchObject(orphan)
    await writer.waits()
    await other.commit()
    await refused
    await writer.rollback()
    expect(await countGrades()).toBe(0)
  })

  it.each(parents)(
    'a grade waits for a delete in $parent, and is written when that is taken back',
    async ({ parent, id, of }) => {
      await other.enter(tenantId)
      await other.query(`delete from ${parent} where tenant_id = $1 and class_id = $2 and ${id} = $3`, [
        tenantId,
        sample.classId,
        of(),
      ])
      await writer.enter(tenantId)
      const grades = writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
      await writer.waits()
      await other.rollback()
      await grades
      await writer.commit()
      expect(await countGrades()).toBe(4)
    },
  )

  it('a snapshot from before a delete cannot write a grade under what is gone', async () => {
    await writer.enter(tenantId, { isolation: 'repeatable read' })
    await writer.query('select from students where tenant_id = $1', [tenantId])
    await other.enter(tenantId)
    await other.query('delete from enrolments where tenant_id = $1 and class_id = $2', [tenantId, sample.classId])
    await other.commit()
    const grades = writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    await expect(grades).rejects.toMatchObject({ code: '40001' })
  })

  it('two imports into one class do not wait for each other', async () => {
    await writer.enter(tenantId)
    await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments.slice(0, 1))
    await other.enter(tenantId)
    await writeGrades(other, tenantId, sample.classId, sample.students, sample.assignments.slice(1))
    await other.commit()
    await writer.commit()
    expect(await countGrades()).toBe(4)
  })
})

describe('keys stay as they are', () => {
  const changes = [
    ['grades', 'student_id'],
    ['grades', 'assignment_id'],
    ['grades', 'class_id'],
    ['enrolments', 'student_id'],
    ['enrolments', 'class_id'],
    ['assignments', 'id'],
    ['assignments', 'class_id'],
  ] as const

  it.each(changes)('%s.%s does not change', async (table, column) => {
    await writer.enter(tenantId)
    const second = await writeClass(writer, tenantId)
    await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    const values = { student_id: second.students[0], assignment_id: second.assignments[0], class_id: second.classId, id: newId() }
    await expect(
      writer.query(`update ${table} set ${column} = $3 where tenant_id = $1 and class_id = $2`, [
        tenantId,
        sample.classId,
        values[column],
      ]),
    ).rejects.toMatchObject({ code: '23001' })
  })

  it.each(['grades', 'enrolments', 'assignments'])(
    'no row of %s changes its school, though its writer passes the wall',
    async (table) => {
      await writer.enter(tenantId)
      await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
      await writer.commit()
      const mover = await openSession(world.shard('shard_1').moverUrl)
      await expect(mover.query(`update ${table} set tenant_id = $1`, [newId()])).rejects.toMatchObject({ code: '23001' })
      await mover.end()
    },
  )

  it('writing a key as it was is no change', async () => {
    await writer.enter(tenantId)
    await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    await writer.query('update grades set class_id = class_id, student_id = student_id, score = 1 where tenant_id = $1', [
      tenantId,
    ])
    await writer.commit()
  })
})

describe('rules of a grade', () => {
  const bad: ReadonlyArray<readonly [string, string]> = [
    ['score', 'null'],
    ['score', "'NaN'"],
    ['status', "'passed'"],
    ['status', "''"],
  ]

  it.each(bad)('%s = %s is refused', async (column, value) => {
    await writer.enter(tenantId)
    await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    await expect(writer.query(`update grades set ${column} = ${value} where tenant_id = $1`, [tenantId])).rejects.toMatchObject({
      code: '23514',
    })
  })

  it('a grade without a score says why', async () => {
    await writer.enter(tenantId)
    await writeGrades(writer, tenantId, sample.classId, sample.students, sample.assignments)
    await writer.query("update grades set score = null, status = 'excused' where tenant_id = $1", [tenantId])
    await writer.commit()
  })

  it.each(['grades', 'enrolments', 'assignments', 'students', 'audit_log'])(
    '%s cannot be truncated by the app or the mover',
    async (table) => {
      for (const url of [world.shard('shard_1').url, world.shard('shard_1').moverUrl]) {
        const session = await openSession(url)
        await expect(session.query(`truncate ${table} cascade`)).rejects.toMatchObject({ code: '42501' })
        await session.end()
      }
    },
  )
})
