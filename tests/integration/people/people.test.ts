import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Right, rightsOf, type Viewer } from '@/lib/auth/rights'
import { withDirectConnection } from '@/lib/db/direct'
import { writeTenant } from '@/lib/db/tenant-db'
import { parseCell } from '@/lib/gradebook/cell'
import { newId } from '@/lib/ids'
import { listMembers } from '@/lib/people/members'
import { loadStudent } from '@/lib/people/student-record'
import { listOwnStudents, listStudents } from '@/lib/people/students'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { addTwoSchools, type PeopledSchool, type Person } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
})
afterAll(() => world?.close())

function adminOf({ tenantId }: TenantContext): Viewer {
  return { tenantId, actor: { kind: 'member', id: newId() }, rights: rightsOf(['school_admin']), scope: { kind: 'school' } }
}

function token(...rights: Right[]): Viewer {
  const { tenantId } = northside
  return { tenantId, actor: { kind: 'token', id: newId() }, rights: new Set(rights), scope: { kind: 'school' } }
}

async function addStudent(ctx: TenantContext, lastName: string, firstName: string): Promise<string> {
  const id = newId()
  await writeTenant(ctx, ({ sql, tenantId }) =>
    sql('insert into app.students (tenant_id, id, last_name, first_name) values ($1, $2, $3, $4)', [
      tenantId,
      id,
      lastName,
      firstName,
    ]),
  )
  return id
}

async function addWork(
  ctx: TenantContext,
  work: Readonly<{
    classId: string
    termId: string
    studentId: string
    title: string
    cell: string
    dueOn?: string
    isPublished?: boolean
  }>,
): Promise<void> {
  await writeTenant(ctx, async ({ sql, tenantId }) => {
    const id = newId()
    await sql(
      `insert into app.assignments (tenant_id, class_id, id, term_id, title, title_folded, max_points, due_on, is_published)
       values ($1, $2, $3, $4, $5, $5, 10, $6, $7)`,
      [tenantId, work.classId, id, work.termId, work.title, work.dueOn ?? null, work.isPublished ?? true],
    )
    const grade = parseCell(work.cell)
    if (grade === null) return
    await sql(
      'insert into app.grades (tenant_id, class_id, student_id, assignment_id, score, status) values ($1, $2, $3, $4, $5, $6)',
      [tenantId, work.classId, work.studentId, id, grade.score, grade.status],
    )
  })
}

async function auditOf(school: PeopledSchool, action: string) {
  return withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
    sql<{ actor: string; subject_id: string }>(
      'select actor, subject_id from app.audit_log where tenant_id = $1 and action = $2 order by seq',
      [school.tenantId, action],
    ),
  )
}

describe('whose record it is', () => {
  test('roles reach their own students only', async () => {
    const { ctx, students, teacher, otherTeacher, admin, student, guardian } = northside
    const opens = (person: Person) =>
      Promise.all(students.map(async ({ id }) => (await loadStudent(ctx, person.viewer, id)) !== null))
    expect(await Promise.all([teacher, otherTeacher, admin, student, guardian].map(opens))).toEqual([
      [true, true, false],
      [true, false, true],
      [true, true, true],
      [true, false, false],
      [true, false, false],
    ])
  })

  test('a teacher sees the classes they teach, the student and their guardian all of them', async () => {
    const { ctx, students, teacher, otherTeacher, admin, student, guardian } = northside
    const [mariya] = students
    const classes = async (person: Person) =>
      (await loadStudent(ctx, person.viewer, mariya.id))?.classes.map(({ className }) => className)
    expect(await classes(teacher)).toEqual(['Biology 9A'])
    expect(await classes(otherTeacher)).toEqual(['Physics 9A'])
    for (const person of [admin, student, guardian]) expect(await classes(person)).toEqual(['Biology 9A', 'Physics 9A'])
  })

  test('a revoked guardian sees nothing any more, and a pupil who left a class is gone from its teacher', async () => {
    const { ctx, classId, students, teacher } = northside
    const [, sam] = students
    const guardianId = newId()
    await writeTenant(ctx, async ({ sql, tenantId }) => {
      await sql(
        `insert into app.members (tenant_id, id, email, display_name, roles) values ($1, $2, 'old@x.example', 'Old Guardian', '{guardian}')`,
        [tenantId, guardianId],
      )
      await sql('insert into app.guardians (tenant_id, member_id, student_id) values ($1, $2, $3)', [
        tenantId,
        guardianId,
        sam.id,
      ])
    })
    const guardian: Viewer = {
      tenantId: northside.tenantId,
      actor: { kind: 'member', id: guardianId },
      rights: rightsOf(['guardian']),
      scope: { kind: 'member', memberId: guardianId, teaches: false, studentId: null, guards: true },
    }
    expect(await loadStudent(ctx, guardian, sam.id)).not.toBeNull()
    expect(await loadStudent(ctx, teacher.viewer, sam.id)).not.toBeNull()
    await writeTenant(ctx, async ({ sql, tenantId }) => {
      await sql('update app.guardians set revoked_at = now() where tenant_id = $1 and member_id = $2', [tenantId, guardianId])
      await sql('update app.enrolments set left_at = now() where tenant_id = $1 and class_id = $2 and student_id = $3', [
        ...[tenantId, classId, sam.id],
      ])
    })
    expect(await loadStudent(ctx, guardian, sam.id)).toBeNull()
    expect(await listOwnStudents(ctx, guardian)).toEqual([])
    expect(await loadStudent(ctx, teacher.viewer, sam.id)).toBeNull()
    await writeTenant(ctx, ({ sql, tenantId }) =>
      sql('update app.enrolments set left_at = null where tenant_id = $1 and student_id = $2', [tenantId, sam.id]),
    )
  })

  test("Riverside's pupils are for Northside exactly what nobody is", async () => {
    const [mariya] = riverside.students
    expect(await loadStudent(riverside.ctx, riverside.admin.viewer, mariya.id)).not.toBeNull()
    const { ctx, admin, teacher, guardian } = northside
    for (const { viewer } of [admin, teacher, guardian]) {
      const foreign = await loadStudent(ctx, viewer, mariya.id)
      expect(foreign).toBeNull()
      expect(await loadStudent(ctx, viewer, newId())).toEqual(foreign)
      expect(await loadStudent(ctx, viewer, "' or true")).toEqual(foreign)
    }
    const own = northside.students[0]
    expect(await loadStudent(ctx, admin.viewer, own.id, { termId: riverside.termId })).toBeNull()
    expect(await loadStudent(ctx, admin.viewer, own.id, { termId: newId() })).toBeNull()
    for (const { viewer } of [riverside.guardian, riverside.admin])
      await expect(loadStudent(ctx, viewer, own.id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(listOwnStudents(ctx, riverside.guardian.viewer)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a token that reads students but no grades opens no record', async () => {
    const [mariya] = northside.students
    expect(await loadStudent(northside.ctx, token('students.read'), mariya.id)).toBeNull()
    expect(await loadStudent(northside.ctx, token('grades.read'), mariya.id)).toBeNull()
    expect(await loadStudent(northside.ctx, token('students.read', 'grades.read'), mariya.id)).not.toBeNull()
    expect(await loadStudent(northside.ctx, token('own.read'), mariya.id)).toBeNull()
  })

  test('every opened record is written down; a refused one is not, because nothing was read', async () => {
    const [mariya, , noah] = northside.students
    const before = (await auditOf(northside, 'student.read')).length
    await loadStudent(northside.ctx, northside.guardian.viewer, mariya.id)
    await loadStudent(northside.ctx, northside.guardian.viewer, noah.id)
    const after = await auditOf(northside, 'student.read')
    expect(after.slice(before)).toEqual([{ actor: `member:${northside.guardian.member.id}`, subject_id: mariya.id }])
  })

  test('in a read-only school records can still be read', async () => {
    const school = await world.addSchool({ status: 'read_only' })
    const id = newId()
    await withDirectConnection(world.shard(school.shard).adminUrl, async (sql) => {
      await sql('insert into app.students (tenant_id, id, last_name, first_name) values ($1, $2, $3, $4)', [
        ...[school.tenantId, id, 'Still', 'Here'],
      ])
      await sql(
        `insert into app.terms (tenant_id, id, name, starts_on, ends_on) values ($1, $2, 'T', '2026-01-01', '2026-02-01')`,
        [...[school.tenantId, newId()]],
      )
    })
    expect((await loadStudent(school.ctx, adminOf(school.ctx), id))?.name).toBe('Here Still')
  })
})

describe('a record', () => {
  test('puts missing work first, oldest first, and tells totals, steps and trend of the term', async () => {
    const { ctx, classId, termId, students, student } = northside
    const [mariya] = students
    const work = { classId, termId, studentId: mariya.id }
    await addWork(ctx, { ...work, title: 'Late in the term', dueOn: '2026-11-02', cell: 'MI' })
    await addWork(ctx, { ...work, title: 'Early in the term', dueOn: '2026-09-05', cell: 'MI' })
    await addWork(ctx, { ...work, title: 'Fine', dueOn: '2026-09-03', cell: '10' })
    await addWork(ctx, { ...work, title: 'To come', dueOn: '2026-12-01', cell: '' })
    const view = await loadStudent(ctx, student.viewer, mariya.id)
    const biology = view?.classes[0]
    expect(view).toMatchObject({ name: 'Mariya Koval', email: mariya.email, missingCount: 2 })
    expect(biology?.items.map(({ title }) => title).slice(0, 4)).toEqual([
      'Early in the term',
      'Late in the term',
      'Fine',
      'To come',
    ])
    expect(biology).toMatchObject({ missingCount: 2, teachers: ['Olena Hrytsenko'] })
    // 17 of 20 and 81.5 of 100 stand without a date from the start, 10 of 10 on its day.
    expect(biology?.totals.current).toMatchObject({ percent: '83.5', earned: '108.5', possible: '130' })
    expect(biology?.totals.ifMissingIsZero).toMatchObject({ percent: '72.3', possible: '150' })
    expect(biology?.trend).toEqual([{ on: '2026-09-03', percent: '83.5' }])
    expect(biology?.steps.current.at(-1)).toEqual({ kind: 'total', total: biology?.totals.current })
  })

  test('keeps unpublished work from the student and the guardian, not from the teacher', async () => {
    const { ctx, classId, termId, students, student, guardian, teacher, admin } = northside
    const [mariya] = students
    await addWork(ctx, { classId, termId, studentId: mariya.id, title: 'Secret', cell: '1', isPublished: false })
    const sees = async (person: Person) =>
      (await loadStudent(ctx, person.viewer, mariya.id))?.classes[0]?.items.some(({ title }) => title === 'Secret')
    expect([await sees(student), await sees(guardian), await sees(teacher), await sees(admin)]).toEqual([
      false,
      false,
      true,
      true,
    ])
  })
})

describe('the list of students', () => {
  test('is of the school for an admin, of their classes for a teacher, and nothing for anybody else', async () => {
    const { ctx, admin, teacher, student, guardian } = northside
    const names = async ({ viewer }: Person) => (await listStudents(ctx, viewer)).items.map(({ name }) => name)
    expect(await names(admin)).toEqual(['Brandt, Noah', 'Koval, Mariya', 'Lee, Sam'])
    expect(await names(teacher)).toEqual(['Koval, Mariya', 'Lee, Sam'])
    for (const person of [student, guardian]) await expect(names(person)).rejects.toMatchObject({ code: 'not_found' })
    expect((await listStudents(ctx, teacher.viewer)).items[0]?.classNames).toEqual(['Biology 9A'])
    await expect(names(riverside.teacher)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('holds the same names in both schools and never the other one’s ids', async () => {
    const ids = async ({ ctx, admin }: PeopledSchool) => (await listStudents(ctx, admin.viewer)).items.map(({ id }) => id)
    const [north, river] = [await ids(northside), await ids(riverside)]
    expect(north).toHaveLength(3)
    expect(river).toHaveLength(3)
    expect(north.filter((id) => river.includes(id))).toEqual([])
  })

  test('own students: oneself, or one’s children', async () => {
    const { ctx, student, guardian, teacher, admin } = northside
    const names = async ({ viewer }: Person) => (await listOwnStudents(ctx, viewer)).map(({ name }) => name)
    expect(await names(student)).toEqual(['Koval, Mariya'])
    expect(await names(guardian)).toEqual(['Koval, Mariya'])
    expect([await names(teacher), await names(admin)]).toEqual([[], []])
    expect((await listOwnStudents(ctx, guardian.viewer))[0]?.classNames).toEqual(['Biology 9A', 'Physics 9A'])
  })

  test('searches by the beginning of either name or both, whatever the case, taking nothing for a pattern', async () => {
    const { ctx } = await world.addSchool()
    for (const [last, first] of [
      ['Шевченко', 'Олена'],
      ["O'Brien", 'Zoë'],
      ['Öztürk', 'Ömer'],
      ['حداد', 'ليلى'],
      ['100%', 'Percy'],
      ['van der Berg', 'Anna'],
    ] as const)
      await addStudent(ctx, last, first)
    const search = async (query: string) => (await listStudents(ctx, adminOf(ctx), { query })).items.map(({ name }) => name)
    expect(await search('шев')).toEqual(['Шевченко, Олена'])
    expect(await search('олена Ш')).toEqual(['Шевченко, Олена'])
    expect(await search('ÖZ')).toEqual(['Öztürk, Ömer'])
    expect(await search("o'b")).toEqual(["O'Brien, Zoë"])
    expect(await search('Berg, A')).toEqual([])
    expect(await search('van der berg, a')).toEqual(['van der Berg, Anna'])
    expect(await search('حد')).toEqual(['حداد, ليلى'])
    expect(await search('%')).toEqual([])
    expect(await search('100%')).toEqual(['100%, Percy'])
    expect(await search('_')).toEqual([])
    expect(await search('   ')).toHaveLength(6)
  })

  test('pages show every student once though others arrive meanwhile, and a place that is gone is said, not skipped', async () => {
    const { ctx } = await world.addSchool()
    const wanted = Array.from({ length: 7 }, (_, index) => `Same ${index % 2}`)
    for (const last of wanted) await addStudent(ctx, last, 'Name')
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listStudents(ctx, adminOf(ctx), { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      await addStudent(ctx, 'Aaa', 'before every page')
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toHaveLength(7)
    expect(new Set(seen).size).toBe(7)

    const { items, nextCursor } = await listStudents(ctx, adminOf(ctx), { limit: 1 })
    await writeTenant(ctx, ({ sql, tenantId }) =>
      sql('delete from app.students where tenant_id = $1 and id = $2', [tenantId, items[0]?.id]),
    )
    const onward = listStudents(ctx, adminOf(ctx), { cursor: nextCursor ?? '' })
    await expect(onward).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('a cursor holds no name and serves its own school only', async () => {
    const { nextCursor } = await listStudents(northside.ctx, northside.admin.viewer, { limit: 1 })
    expect(Buffer.from(nextCursor ?? '', 'base64url').toString('latin1')).not.toMatch(/brandt/i)
    const { ctx, admin } = riverside
    for (const cursor of [nextCursor ?? '', 'x', '../..', 'a'.repeat(500)])
      await expect(listStudents(ctx, admin.viewer, { cursor })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('the people of a school', () => {
  test('are listed for its admin only, with what they teach and whom they guard', async () => {
    const { ctx, admin, teacher, student, guardian } = northside
    const { items } = await listMembers(ctx, admin.viewer)
    const byName = new Map(items.map((item) => [item.name, item]))
    expect(byName.get('Olena Hrytsenko')).toMatchObject({ roles: ['teacher'], classNames: ['Biology 9A'], studentNames: [] })
    expect(byName.get('Iryna Koval')).toMatchObject({ roles: ['guardian'], studentNames: ['Koval, Mariya'] })
    expect(byName.get('Mariya Koval')).toMatchObject({ roles: ['student'], studentNames: ['Koval, Mariya'] })
    expect(items.map(({ email }) => email).filter((email) => email.includes('riverside'))).toEqual([])
    expect((await listMembers(ctx, admin.viewer, { query: 'OLENA' })).items.map(({ name }) => name)).toEqual(['Olena Hrytsenko'])
    expect((await listMembers(ctx, admin.viewer, { role: 'school_admin' })).items.map(({ name }) => name)).toEqual(['Ada Admin'])
    for (const { viewer } of [teacher, student, guardian])
      await expect(listMembers(ctx, viewer)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('page by page everybody comes once', async () => {
    const { ctx, admin } = northside
    const all = (await listMembers(ctx, admin.viewer)).items.map(({ id }) => id)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listMembers(ctx, admin.viewer, { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(all)
  })
})
