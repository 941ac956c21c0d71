import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/auth/rights'
import { rightsOf } from '@/lib/auth/rights'
import { withDirectConnection } from '@/lib/db/direct'
import { writeTenant } from '@/lib/db/tenant-db'
import { parseCell, unpackCells } from '@/lib/gradebook/cell'
import { listClasses } from '@/lib/gradebook/classes'
import { exportTemplate } from '@/lib/gradebook/export'
import { loadGradebook } from '@/lib/gradebook/gradebook'
import { cellHistory } from '@/lib/gradebook/history'
import { currentTerm, listTerms } from '@/lib/gradebook/terms'
import { newId } from '@/lib/ids'
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

/** A term of its own in Northside's class, so that tests do not see each other's work. */
async function addTerm(options: { name: string; startsOn: string; endsOn: string; isLocked?: boolean }): Promise<string> {
  const id = newId()
  await writeTenant(northside.ctx, ({ sql, tenantId }) =>
    sql('insert into app.terms (tenant_id, id, name, starts_on, ends_on, is_locked) values ($1, $2, $3, $4, $5, $6)', [
      tenantId,
      id,
      options.name,
      options.startsOn,
      options.endsOn,
      options.isLocked ?? false,
    ]),
  )
  return id
}

type WorkRow = Readonly<{
  title: string
  maxPoints?: number
  dueOn?: string
  isExtraCredit?: boolean
  isPublished?: boolean
  categoryId?: string
  position?: number
  /** `formatCell` texts by student id. */
  cells?: Readonly<Record<string, string>>
}>

async function addWork(termId: string, rows: readonly WorkRow[]): Promise<string[]> {
  return writeTenant(northside.ctx, async ({ sql, tenantId }) => {
    const ids: string[] = []
    for (const row of rows) {
      const id = newId()
      ids.push(id)
      await sql(
        `insert into app.assignments (tenant_id, class_id, id, term_id, category_id, title, title_folded, max_points, due_on,
           is_extra_credit, is_published, position)
         values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11)`,
        [
          ...[tenantId, northside.classId, id, termId, row.categoryId ?? null, row.title, row.maxPoints ?? 10],
          ...[row.dueOn ?? null, row.isExtraCredit ?? false, row.isPublished ?? true, row.position ?? 0],
        ],
      )
      for (const [studentId, cell] of Object.entries(row.cells ?? {})) {
        const grade = parseCell(cell)
        await sql(
          'insert into app.grades (tenant_id, class_id, student_id, assignment_id, score, status) values ($1, $2, $3, $4, $5, $6)',
          [tenantId, northside.classId, studentId, id, grade?.score, grade?.status],
        )
      }
    }
    return ids
  })
}

function visitor(person: Person, change: Partial<Viewer>): Viewer {
  return { ...person.viewer, ...change }
}

describe('a gradebook', () => {
  test('shows students by name, assignments in order, every kind of grade, and exact scores', async () => {
    const [mariya, sam] = northside.students
    const termId = await addTerm({ name: 'Every kind', startsOn: '2020-01-01', endsOn: '2020-02-01' })
    await addWork(termId, [
      { title: 'Second by date', dueOn: '2020-01-09', cells: { [mariya.id]: '8.125', [sam.id]: 'MI' } },
      { title: 'First by date', dueOn: '2020-01-08', cells: { [mariya.id]: '0', [sam.id]: 'EX' } },
      { title: 'Without a date', cells: { [mariya.id]: 'LATE 7.5', [sam.id]: 'INC' } },
      { title: 'Last by position', dueOn: '2020-01-01', position: 1, cells: { [mariya.id]: 'INC 4' } },
    ])
    const view = await loadGradebook(northside.ctx, northside.teacher.viewer, { classId: northside.classId, termId })
    expect(view?.students.map(({ name }) => name)).toEqual(['Koval, Mariya', 'Lee, Sam'])
    expect(view?.assignments.map(({ title }) => title)).toEqual([
      'First by date',
      'Second by date',
      'Without a date',
      'Last by position',
    ])
    expect(unpackCells(view?.cells ?? '', 2, 4)).toEqual([
      ['0', '8.125', 'LATE 7.5', 'INC 4'],
      ['EX', 'MI', 'INC', ''],
    ])
    expect(view?.students.map(({ totals }) => [totals.current.percent, totals.ifMissingIsZero.percent])).toEqual([
      ['49.1', '49.1'],
      [null, '0.0'],
    ])
  })

  test('counts unpublished work for nobody, and says which it is', async () => {
    const [mariya] = northside.students
    const termId = await addTerm({ name: 'Unpublished', startsOn: '2020-02-02', endsOn: '2020-03-01' })
    await addWork(termId, [
      { title: 'Shown', cells: { [mariya.id]: '9' } },
      { title: 'Hidden', isPublished: false, cells: { [mariya.id]: '1' } },
    ])
    const view = await loadGradebook(northside.ctx, northside.teacher.viewer, { classId: northside.classId, termId })
    expect(view?.students[0]?.totals.current.percent).toBe('90.0')
    expect(view?.assignments.map(({ title, isPublished }) => [title, isPublished])).toEqual([
      ['Shown', true],
      ['Hidden', false],
    ])
  })

  test('opens the term that began last when none is asked for; a locked term takes no import', async () => {
    const locked = await addTerm({ name: 'Locked', startsOn: '2020-03-02', endsOn: '2020-04-01', isLocked: true })
    await addTerm({ name: 'To come', startsOn: '2999-01-01', endsOn: '2999-02-01' })
    const { classId } = northside
    const current = await loadGradebook(northside.ctx, northside.teacher.viewer, { classId })
    const old = await loadGradebook(northside.ctx, northside.teacher.viewer, { classId, termId: locked })
    expect([current?.term.name, current?.term.isCurrent, current?.canImport]).toEqual(['Autumn', true, true])
    expect([old?.term.name, old?.term.isCurrent, old?.canImport, old?.canExport]).toEqual(['Locked', false, false, true])
    expect((await currentTerm(northside.ctx))?.name).toBe('Autumn')
    expect((await listTerms(northside.ctx)).at(-1)?.name).toBe('To come')
  })

  test('a token that may only read classes neither opens it nor may import or export', async () => {
    const rights = new Set(['classes.read', 'grades.read'] as const)
    const { tenantId } = northside
    const token: Viewer = { tenantId, actor: { kind: 'token', id: newId() }, rights, scope: { kind: 'school' } }
    const view = await loadGradebook(northside.ctx, token, { classId: northside.classId })
    expect([view?.canImport, view?.canExport]).toEqual([false, false])
    expect(await exportTemplate(northside.ctx, token, { classId: northside.classId, withGrades: true })).toBeNull()
    const classesOnly = { ...token, rights: new Set(['classes.read'] as const) }
    expect(await loadGradebook(northside.ctx, classesOnly, { classId: northside.classId })).toBeNull()
  })

  test('a class without students or work is an empty gradebook', async () => {
    const classId = newId()
    await writeTenant(northside.ctx, async ({ sql, tenantId }) => {
      await sql('insert into app.classes (tenant_id, id, name) values ($1, $2, $3)', [tenantId, classId, 'Empty'])
    })
    const view = await loadGradebook(northside.ctx, northside.admin.viewer, { classId })
    expect(view).toMatchObject({ students: [], assignments: [], cells: '', gradedAt: null })
    const file = await exportTemplate(northside.ctx, northside.admin.viewer, { classId, withGrades: true })
    expect(new TextDecoder().decode(file?.bytes)).toBe('last_name,first_name,email\r\nDATE,-,-\r\nPOINTS,-,-\r\n')
  })

  test('a school without any term says what to do', async () => {
    const school = await world.addSchool()
    const classId = newId()
    await writeTenant(school.ctx, async ({ sql, tenantId }) => {
      await sql('insert into app.classes (tenant_id, id, name) values ($1, $2, $3)', [tenantId, classId, 'Too early'])
    })
    const viewer = { ...northside.admin.viewer, tenantId: school.tenantId }
    await expect(loadGradebook(school.ctx, viewer, { classId })).rejects.toMatchObject({ code: 'conflict' })
    expect(await currentTerm(school.ctx)).toBeNull()
  })

  test('every opening is recorded with ids and counts, no names', async () => {
    const { classId, tenantId } = northside
    await loadGradebook(northside.ctx, northside.teacher.viewer, { classId })
    const rows = await withDirectConnection(world.shard('shard_1').adminUrl, (sql) =>
      sql(
        `select actor, action, subject_id, detail from app.audit_log
         where tenant_id = $1 and action = 'gradebook.read' order by seq desc limit 1`,
        [tenantId],
      ),
    )
    expect(rows[0]).toMatchObject({
      actor: `member:${northside.teacher.member.id}`,
      subject_id: classId,
      detail: { term: northside.termId, students: 2 },
    })
  })
})

describe('whose it is', () => {
  test('roles reach their own classes only', async () => {
    const { ctx, classId, otherClassId, teacher, otherTeacher, admin, student, guardian } = northside
    const opens = async (person: Person, id: string) => (await loadGradebook(ctx, person.viewer, { classId: id })) !== null
    const matrix = await Promise.all(
      [teacher, otherTeacher, admin, student, guardian].map((person) =>
        Promise.all([opens(person, classId), opens(person, otherClassId)]),
      ),
    )
    expect(matrix).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [false, false],
      [false, false],
    ])
  })

  test('lists show a teacher their classes, an admin all, a student and a guardian the same 404 as anybody without the right', async () => {
    const { ctx, teacher, otherTeacher, admin, student, guardian } = northside
    const names = async (person: Person) => (await listClasses(ctx, person.viewer)).items.map(({ name }) => name)
    expect(await names(teacher)).toEqual(['Biology 9A'])
    expect(await names(otherTeacher)).toEqual(['Physics 9A'])
    expect(await names(admin)).toEqual(expect.arrayContaining(['Biology 9A', 'Physics 9A']))
    await expect(names(student)).rejects.toMatchObject({ code: 'not_found' })
    await expect(names(guardian)).rejects.toMatchObject({ code: 'not_found' })
  })

  test("Riverside's classes are for Northside exactly what no class at all is", async () => {
    const { ctx, admin } = northside
    // It exists, and its own school sees it.
    expect(await loadGradebook(riverside.ctx, riverside.teacher.viewer, { classId: riverside.classId })).not.toBeNull()
    const [mariya] = riverside.students
    const [quiz] = riverside.assignments
    const calls = (classId: string, studentId: string, assignmentId: string, termId: string) =>
      Promise.all([
        loadGradebook(ctx, admin.viewer, { classId }),
        loadGradebook(ctx, admin.viewer, { classId: northside.classId, termId }),
        exportTemplate(ctx, admin.viewer, { classId, withGrades: true }),
        exportTemplate(ctx, admin.viewer, { classId: northside.classId, termId, withGrades: false }),
        cellHistory(ctx, admin.viewer, { classId, studentId, assignmentId }),
        cellHistory(ctx, admin.viewer, { classId: northside.classId, studentId, assignmentId }),
      ])
    const foreign = await calls(riverside.classId, mariya.id, quiz.id, riverside.termId)
    const unknown = await calls(newId(), newId(), newId(), newId())
    const nonsense = await calls("x'; drop table", '', '..', 'undefined')
    expect(foreign).toEqual([null, null, null, null, null, null])
    expect(unknown).toEqual(foreign)
    expect(nonsense).toEqual(foreign)
  })

  test('a viewer of Riverside finds nothing in Northside: rights and scope are of one school', async () => {
    const { ctx, classId } = northside
    expect(await loadGradebook(ctx, northside.teacher.viewer, { classId })).not.toBeNull()
    for (const { viewer } of [riverside.teacher, riverside.admin]) {
      await expect(loadGradebook(ctx, viewer, { classId })).rejects.toMatchObject({ code: 'not_found' })
      await expect(listClasses(ctx, viewer)).rejects.toMatchObject({ code: 'not_found' })
    }
  })
})

describe('the list of classes', () => {
  test('pages stay whole while classes are added, and keep to their school and list', async () => {
    const school = await world.addSchool()
    const admin: Viewer = {
      tenantId: school.tenantId,
      actor: { kind: 'member', id: newId() },
      rights: rightsOf(['school_admin']),
      scope: { kind: 'school' },
    }
    const add = (name: string) =>
      writeTenant(school.ctx, ({ sql, tenantId }) =>
        sql('insert into app.classes (tenant_id, id, name) values ($1, $2, $3)', [tenantId, newId(), name]),
      )
    for (const name of ['Algebra', 'Ärzte', 'biology', 'Chemistry', 'Chemistry', 'Хімія']) await add(name)
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await listClasses(school.ctx, admin, { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      names.push(...page.items.map(({ name }) => name))
      await add('AAA before every page')
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(names).toEqual(['Algebra', 'Ärzte', 'biology', 'Chemistry', 'Chemistry', 'Хімія'])

    const { nextCursor } = await listClasses(school.ctx, admin, { limit: 1 })
    const borrowed = listClasses(northside.ctx, northside.admin.viewer, { cursor: nextCursor ?? '' })
    await expect(borrowed).rejects.toMatchObject({ code: 'invalid_input' })
    const otherList = listClasses(school.ctx, admin, { cursor: nextCursor ?? '', archived: true })
    await expect(otherList).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('archived classes stand in their own list and take no import', async () => {
    const id = newId()
    await writeTenant(northside.ctx, ({ sql, tenantId }) =>
      sql('insert into app.classes (tenant_id, id, name, archived_at) values ($1, $2, $3, now())', [tenantId, id, 'Put away']),
    )
    const { ctx, admin } = northside
    expect((await listClasses(ctx, admin.viewer)).items.map((item) => item.id)).not.toContain(id)
    expect((await listClasses(ctx, admin.viewer, { archived: true })).items.map((item) => item.id)).toEqual([id])
    expect((await loadGradebook(ctx, admin.viewer, { classId: id }))?.canImport).toBe(false)
  })
})

describe('the history of a cell', () => {
  test('tells every change, newest first, with who did it', async () => {
    const { ctx, classId, teacher, students, assignments } = northside
    const [mariya, sam] = students
    const [quiz, essay] = assignments
    await writeTenant(ctx, async ({ sql, tenantId }) => {
      const change = (actor: string, old: [string | null, string], next: [string | null, string]) =>
        sql(
          `insert into app.grade_changes (tenant_id, class_id, student_id, id, kind, actor, at, assignment_ids,
             old_scores, old_statuses, new_scores, new_statuses)
           values ($1, $2, $3, $4, 'edit', $5, clock_timestamp(), $6, $7, $8, $9, $10)`,
          [
            ...[tenantId, classId, mariya.id, newId(), actor, [essay.id, quiz.id]],
            ...[
              [null, old[0]],
              ['', old[1]],
              ['1', next[0]],
              ['graded', next[1]],
            ],
          ],
        )
      await change(`member:${teacher.member.id}`, [null, ''], ['16.500', 'graded'])
      await change('system:move', ['16.5', 'graded'], [null, 'missing'])
    })
    const history = await cellHistory(ctx, teacher.viewer, { classId, studentId: mariya.id, assignmentId: quiz.id })
    expect(history?.map(({ actorName, old, next, kind }) => [actorName, old, next, kind])).toEqual([
      ['move', '16.5', 'MI', 'edit'],
      ['Olena Hrytsenko', '', '16.5', 'edit'],
    ])
    expect(await cellHistory(ctx, teacher.viewer, { classId, studentId: sam.id, assignmentId: quiz.id })).toEqual([])
  })

  test('a student outside the class, an assignment of another class and another teacher find nothing', async () => {
    const { ctx, classId, teacher, otherTeacher, student, students, assignments, otherAssignment } = northside
    const [mariya, , noah] = students
    const [quiz] = assignments
    const none = await Promise.all([
      cellHistory(ctx, teacher.viewer, { classId, studentId: noah.id, assignmentId: quiz.id }),
      cellHistory(ctx, teacher.viewer, { classId, studentId: mariya.id, assignmentId: otherAssignment.id }),
      cellHistory(ctx, otherTeacher.viewer, { classId, studentId: mariya.id, assignmentId: quiz.id }),
      cellHistory(ctx, student.viewer, { classId, studentId: mariya.id, assignmentId: quiz.id }),
    ])
    expect(none).toEqual([null, null, null, null])
  })
})

describe('an export', () => {
  test('is our own template with dates and points, safe for spreadsheets, opened by Excel as UTF-8', async () => {
    const [mariya, sam] = northside.students
    const termId = await addTerm({ name: 'Export / "x"', startsOn: '2020-05-01', endsOn: '2020-06-01' })
    await addWork(termId, [
      { title: '=SUM(A1)', dueOn: '2020-05-02', maxPoints: 12.5, cells: { [mariya.id]: '-5', [sam.id]: 'EX' } },
      { title: 'Essay, "long"', cells: { [mariya.id]: 'LATE 7' } },
    ])
    const { ctx, classId, teacher } = northside
    const file = await exportTemplate(ctx, teacher.viewer, { classId, termId, withGrades: true })
    expect(file?.fileName).toBe('grades-Biology-9A-Export-x.csv')
    expect([...(file?.bytes.subarray(0, 3) ?? [])]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(file?.bytes).split('\r\n')).toEqual([
      `last_name,first_name,email,'=SUM(A1),"Essay, ""long"""`,
      'DATE,-,-,2020-05-02,',
      'POINTS,-,-,12.5,10',
      `Koval,Mariya,${mariya.email},-5,LATE 7`,
      `Lee,Sam,${sam.email},EX,`,
      '',
    ])
    const empty = await exportTemplate(ctx, teacher.viewer, { classId, termId, withGrades: false })
    expect(new TextDecoder().decode(empty?.bytes)).toContain(`Koval,Mariya,${mariya.email},,\r\n`)
  })

  test('a guardian or student has no export', async () => {
    const { ctx, classId, student, guardian } = northside
    for (const { viewer } of [student, guardian])
      expect(await exportTemplate(ctx, viewer, { classId, withGrades: true })).toBeNull()
    const widened = visitor(student, { rights: rightsOf(['teacher']) })
    expect(await exportTemplate(ctx, widened, { classId, withGrades: true })).toBeNull()
  })
})
