import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { viewerOf } from '@/lib/auth/member'
import type { Viewer } from '@/lib/auth/rights'
import { ownStudents, visibleClasses, visibleGrades, visibleStudents } from '@/lib/auth/scope'
import { withDirectConnection } from '@/lib/db/direct'
import { readTenant } from '@/lib/db/tenant-db'
import { addTwoSchools, type PeopledSchool } from '../support/two-schools'
import { createWorld, type World } from '../support/world'

/**
 * Row-level security keeps schools apart and says nothing of people inside one: these conditions are all there is. The same
 * cast in both schools; each answer is compared with what is really there.
 */

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
})
afterAll(() => world?.close())

type Seen = Readonly<{ classes: string[]; students: string[]; grades: string[]; own: string[] }>

const biology = 'Biology 9A'
const physics = 'Physics 9A'
// Mariya is in both classes, Sam in biology, Noah in physics. Grades are written as class, pupil and title.
const all = {
  classes: [biology, physics],
  students: ['Brandt', 'Koval', 'Lee'],
  grades: ['Biology 9A Koval Essay', 'Biology 9A Koval Quiz 1', 'Biology 9A Lee Quiz 1', 'Physics 9A Brandt Quiz 1'],
}
const mariyas = ['Biology 9A Koval Essay', 'Biology 9A Koval Quiz 1']

describe.each(['northside', 'riverside'] as const)('in %s', (name) => {
  const here = () => (name === 'northside' ? northside : riverside)

  test('all of it is there to be hidden', async () => {
    expect(await seen(here(), here().admin.viewer)).toEqual({ ...all, own: [] })
  })

  test('a teacher sees the class they hold, its pupils, and only that class’s grades', async () => {
    expect(await seen(here(), here().teacher.viewer)).toEqual({
      classes: [biology],
      students: ['Koval', 'Lee'],
      grades: [...mariyas, 'Biology 9A Lee Quiz 1'],
      own: [],
    })
    expect(await seen(here(), here().otherTeacher.viewer)).toEqual({
      classes: [physics],
      students: ['Brandt', 'Koval'],
      grades: ['Physics 9A Brandt Quiz 1'],
      own: [],
    })
  })

  test('a student sees their own record and no class', async () => {
    expect(await seen(here(), here().student.viewer)).toEqual({
      classes: [],
      students: ['Koval'],
      grades: mariyas,
      own: ['Koval'],
    })
  })

  test('a guardian sees their child and no class', async () => {
    expect(await seen(here(), here().guardian.viewer)).toEqual({
      classes: [],
      students: ['Koval'],
      grades: mariyas,
      own: ['Koval'],
    })
  })

  test('a member without a role sees nothing', async () => {
    const nobody = viewerOf({ ...here().teacher.member, roles: [] })
    expect(await seen(here(), nobody)).toEqual({ classes: [], students: [], grades: [], own: [] })
  })

  test('a teacher who is also a guardian sees both, and the child’s grades in other teachers’ classes', async () => {
    const { otherTeacher } = here()
    const both = viewerOf({ ...otherTeacher.member, roles: ['teacher', 'guardian'] })
    expect((await seen(here(), both)).grades).toEqual(['Physics 9A Brandt Quiz 1'])
    await asSuperuser(here(), `insert into app.guardians (tenant_id, member_id, student_id) values ($1, $2, $3)`, [
      otherTeacher.member.id,
      here().students[0].id,
    ])
    expect(await seen(here(), both)).toEqual({
      classes: [physics],
      students: ['Brandt', 'Koval'],
      grades: [...mariyas, 'Physics 9A Brandt Quiz 1'],
      own: ['Koval'],
    })
    await asSuperuser(here(), `delete from app.guardians where tenant_id = $1 and member_id = $2`, [otherTeacher.member.id])
  })

  test('a revoked guardian sees nothing, at once', async () => {
    const { guardian } = here()
    await asSuperuser(here(), `update app.guardians set revoked_at = now() where tenant_id = $1 and member_id = $2`, [
      guardian.member.id,
    ])
    expect(await seen(here(), guardian.viewer)).toEqual({ classes: [], students: [], grades: [], own: [] })
    await asSuperuser(here(), `update app.guardians set revoked_at = null where tenant_id = $1 and member_id = $2`, [
      guardian.member.id,
    ])
  })

  test('a pupil who left a class is no longer its teacher’s pupil', async () => {
    const { teacher, students, classId } = here()
    const leave = (at: string) =>
      asSuperuser(
        here(),
        `update app.enrolments set left_at = ${at} where tenant_id = $1 and class_id = $2 and student_id = $3`,
        [classId, students[1].id],
      )
    await leave('now()')
    expect((await seen(here(), teacher.viewer)).students).toEqual(['Koval'])
    await leave('null')
  })

  test('nobody of the other school gets an answer with their own viewer, not even the admin', async () => {
    const other = name === 'northside' ? riverside : northside
    for (const { viewer } of [other.teacher, other.otherTeacher, other.student, other.guardian, other.admin]) {
      await expect(seen(here(), viewer)).rejects.toMatchObject({ code: 'not_found', internal: 'viewer of another school' })
    }
  })
})

/** What a viewer sees by each condition. */
async function seen(school: PeopledSchool, viewer: Viewer): Promise<Seen> {
  return readTenant(school.ctx, async ({ sql, tenantId }) => {
    const listed = async (text: (values: unknown[]) => string) => {
      const values: unknown[] = [tenantId]
      return (await sql<{ label: string }>(text(values), values)).map(({ label }) => label).toSorted()
    }
    const classes = await listed(
      (values) =>
        `select c.name as label from app.classes c where c.tenant_id = $1 and ${visibleClasses(viewer, 'c.id', values)}`,
    )
    const students = await listed(
      (values) =>
        `select s.last_name as label from app.students s where s.tenant_id = $1 and ${visibleStudents(viewer, 's.id', values)}`,
    )
    const own = await listed(
      (values) =>
        `select s.last_name as label from app.students s where s.tenant_id = $1 and ${ownStudents(viewer, 's.id', values)}`,
    )
    const grades = await listed(
      (values) => `select c.name || ' ' || s.last_name || ' ' || a.title as label
        from app.grades g
        join app.classes c on c.tenant_id = $1 and c.id = g.class_id
        join app.students s on s.tenant_id = $1 and s.id = g.student_id
        join app.assignments a on a.tenant_id = $1 and a.class_id = g.class_id and a.id = g.assignment_id
        where g.tenant_id = $1 and ${visibleGrades(viewer, { classId: 'g.class_id', studentId: 'g.student_id' }, values)}`,
    )
    return { classes, students, grades, own }
  })
}

function asSuperuser({ shard, tenantId }: PeopledSchool, text: string, values: readonly unknown[]): Promise<object[]> {
  return withDirectConnection(world.shard(shard).adminUrl, (sql) => sql(text, [tenantId, ...values]))
}
