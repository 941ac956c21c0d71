import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { commitRoster } from '@/lib/rosters/commit-roster'
import { discardRoster } from '@/lib/rosters/discard-roster'
import { listRosters } from '@/lib/rosters/list-rosters'
import { planRoster } from '@/lib/rosters/plan-roster'
import { loadRosterReview } from '@/lib/rosters/review-roster'
import { undoRoster } from '@/lib/rosters/undo-roster'
import { csvFile, type OneRosterSchool, oneRosterTables, zipFile } from '../../support/roster-files'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, codeOf } from '../imports/support'
import { commit, dump, planned, take } from './support'

let world: World
beforeAll(async () => {
  world = await createWorld({ shards: 1 })
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const newSchool = async () => addPeople(world, await world.addSchool({ name: 'Northside School' }))

/** The school of `addPeople` as its information system would write it, with Mariya, Sam and Noah. */
function sisOf({ students, teacher, otherTeacher, guardian }: PeopledSchool): OneRosterSchool {
  const ids = ['S1', 'S2', 'S3']
  return {
    users: [
      ...students.map(({ lastName, firstName, email }, at) => ({
        ...{ id: ids[at] ?? '', role: 'student', last: lastName, first: firstName, email, number: `10${at}` },
        agents: at === 0 ? ['G1'] : [],
      })),
      { id: 'T1', role: 'teacher', last: 'Hrytsenko', first: 'Olena', email: teacher.member.email },
      { id: 'T2', role: 'teacher', last: 'Novak', first: 'Peter', email: otherTeacher.member.email },
      { id: 'G1', role: 'guardian', last: 'Koval', first: 'Iryna', email: guardian.member.email },
    ],
    classes: [
      { id: 'C1', title: 'Biology 9A' },
      { id: 'C2', title: 'Physics 9A' },
    ],
    enrolments: [
      { class: 'C1', user: 'S1' },
      { class: 'C1', user: 'S2' },
      { class: 'C2', user: 'S1' },
      { class: 'C2', user: 'S3' },
      { class: 'C1', user: 'T1', role: 'teacher' },
      { class: 'C2', user: 'T2', role: 'teacher' },
    ],
  }
}

const oneRoster = (school: OneRosterSchool, options?: Parameters<typeof oneRosterTables>[1]) =>
  zipFile(oneRosterTables(school, options))

describe('a roster', () => {
  test.each(['1.1', '1.2'] as const)(
    'of OneRoster %s finds the school’s own people and classes, and the second time changes nothing',
    async (version) => {
      const school = await newSchool()
      const file = oneRoster(sisOf(school), { version })
      const first = await take(school, file)
      expect(first.summary.counts).toMatchObject({
        ...{ studentsNew: 0, studentsChanged: 3, studentsLeaving: 0, classesChanged: 2, classesNew: 0, classesClosing: 0 },
        ...{
          enrolmentsNew: 0,
          enrolmentsSame: 4,
          enrolmentsEnded: 0,
          linksSame: 1,
          linksEnded: 0,
          teachersAdded: 0,
          teachersUnknown: 0,
        },
      })
      const second = await planned(school, file)
      expect(second.summary.counts).toMatchObject({
        studentsSame: 3,
        studentsChanged: 0,
        classesSame: 2,
        classesChanged: 0,
        enrolmentsSame: 4,
      })
      expect(Object.values(second.sizes)).toEqual([0, 0, 0, 0, 0])
    },
  )

  test('adds, changes, ends and links, deletes nothing, keeps grades, and its undo is byte for byte what was', async () => {
    const school = await newSchool()
    const sis = sisOf(school)
    await take(school, oneRoster(sis))
    const before = await dump(world, school)
    const [mariya, sam] = sis.users
    if (mariya === undefined || sam === undefined) throw new Error('no pupils')
    const next: OneRosterSchool = {
      users: [
        { ...mariya, last: 'Koval-Bondar', email: 'mariya@new.example', agents: ['G1', 'G2'] },
        {
          id: 'S4',
          role: 'student',
          last: 'Adeyemi',
          first: 'Tobi',
          email: 'tobi@school.example',
          number: '104',
          agents: ['G2'],
        },
        { ...sam, number: '109' },
        ...sis.users.filter(({ role }) => role !== 'student'),
        { id: 'G2', role: 'parent', last: 'Adeyemi', first: 'Funke', email: 'Funke@Home.example' },
        { id: 'T9', role: 'teacher', last: 'Who', first: 'Nobody', email: 'nobody@school.example' },
      ],
      classes: [
        { id: 'C1', title: 'Biology 9A (advanced)', subject: 'Science' },
        { id: 'C3', title: 'Art 9A' },
      ],
      enrolments: [
        { class: 'C1', user: 'S1' },
        { class: 'C3', user: 'S4' },
        { class: 'C3', user: 'T9', role: 'teacher' },
        { class: 'C1', user: 'T2', role: 'teacher' },
      ],
    }
    const review = await planned(school, oneRoster(next))
    expect(review.summary.counts).toMatchObject({
      ...{ studentsNew: 1, studentsChanged: 2, studentsLeaving: 1, classesNew: 1, classesChanged: 1, classesClosing: 1 },
      ...{
        enrolmentsNew: 1,
        enrolmentsEnded: 1,
        guardiansNew: 1,
        linksNew: 2,
        teachersAdded: 1,
        teachersRemoved: 1,
        teachersUnknown: 1,
      },
    })
    expect(review.unknownTeachers).toEqual([
      {
        who: 'Nobody Who',
        email: 'nobody@school.example',
        classNames: ['Art 9A'],
        reason: expect.stringContaining('Invite the teacher'),
      },
    ])
    expect(review.removals.filter(({ isLarge }) => isLarge).map(({ kind }) => kind)).toEqual([
      'students',
      'classes',
      'enrolments',
    ])
    await commit(school, review)
    const grades = await asAdmin(world, school, (sql) => sql('select 1 from app.grades where tenant_id = $1', [school.tenantId]))
    expect(grades).toHaveLength(4)
    expect((await planned(school, oneRoster(next))).sizes).toEqual({
      students: 0,
      classes: 0,
      enrolments: 0,
      guardians: 0,
      teachers: 0,
    })

    const undo = await undoRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id })
    expect(undo.kept).toEqual([])
    expect(await dump(world, school)).toBe(before)
    expect((await undoRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id })).wasAlreadyDone).toBe(true)
  })

  test('swaps two students’ numbers without losing either, and back', async () => {
    const school = await newSchool()
    const sis = sisOf(school)
    await take(school, oneRoster(sis))
    const before = await dump(world, school)
    const swapped = {
      ...sis,
      users: sis.users.map((user) => ({ ...user, number: { '100': '101', '101': '100' }[user.number ?? ''] ?? user.number })),
    }
    const review = await take(school, oneRoster(swapped))
    expect(review.problems).toEqual([])
    expect(
      await asAdmin(world, school, (sql) =>
        sql(
          `select folded, student_id from app.student_identifiers where tenant_id = $1 and kind = 'number' and folded in ('100', '101') order by 1`,
          [school.tenantId],
        ),
      ),
    ).toEqual([
      { folded: '100', student_id: school.students[1].id },
      { folded: '101', student_id: school.students[0].id },
    ])
    expect((await planned(school, oneRoster(swapped))).sizes.students).toBe(0)
    await undoRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id })
    expect(await dump(world, school)).toBe(before)
  })

  test('of changes only (delta) ends what it names and nothing else', async () => {
    const school = await newSchool()
    const sis = sisOf(school)
    await take(school, oneRoster(sis))
    const [mariya] = sis.users
    if (mariya === undefined) throw new Error('no pupil')
    const delta = oneRoster(
      {
        users: [{ ...mariya, status: 'tobedeleted' }],
        classes: [],
        enrolments: [{ class: 'C2', user: 'S3', status: 'tobedeleted' }],
      },
      { mode: 'delta' },
    )
    const review = await planned(school, delta)
    expect(review.summary.counts).toMatchObject({ studentsLeaving: 1, enrolmentsEnded: 3, classesClosing: 0, linksEnded: 0 })
    await commit(school, review)
  })

  test('that comes back finds who had left, under the same record', async () => {
    const school = await newSchool()
    const sis = sisOf(school)
    await take(school, oneRoster(sis))
    const without = {
      ...sis,
      users: sis.users.filter(({ id }) => id !== 'S2'),
      enrolments: sis.enrolments.filter(({ user }) => user !== 'S2'),
    }
    await take(school, oneRoster(without))
    const before = await dump(world, school)
    const review = await planned(school, oneRoster(sis))
    expect(review.summary.counts).toMatchObject({ studentsNew: 0, studentsBack: 1, enrolmentsBack: 1 })
    await commit(school, review)
    await undoRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id })
    expect(await dump(world, school)).toBe(before)
  })
})

describe('a commit', () => {
  test('that removes more than a tenth is refused until the number is repeated', async () => {
    const school = await newSchool()
    const file = csvFile([
      ['last name', 'first name', 'email'],
      ['Koval', 'Mariya', school.students[0].email],
    ])
    const review = await planned(school, file, 'whole')
    expect(review.numberToRepeat).toBe(4)
    const before = await dump(world, school)
    for (const repeated of [null, 3, 5]) expect(await codeOf(commit(school, review, repeated))).toBe('conflict')
    expect(await dump(world, school)).toBe(before)
    await commit(school, review, 4)
  })

  test('of a tenth exactly is not asked for twice', async () => {
    const school = await newSchool()
    const many = Array.from({ length: 37 }, (_, at) => ['Pupil', `No ${at}`, `p${at}@school.example`])
    const heading = ['last name', 'first name', 'email']
    const own = school.students.map(({ lastName, firstName, email }) => [lastName, firstName, email])
    await take(school, csvFile([heading, ...own, ...many]), 'whole')
    const fewer = await planned(school, csvFile([heading, ...own, ...many.slice(4)]), 'whole')
    expect(fewer.removals.find(({ kind }) => kind === 'students')).toEqual({
      kind: 'students',
      removed: 4,
      of: 40,
      isLarge: false,
    })
    expect(fewer.numberToRepeat).toBe(null)
    expect((await planned(school, csvFile([heading, ...own, ...many.slice(5)]), 'whole')).numberToRepeat).toBe(5)
  })

  test('is refused when the school changed since, and says what', async () => {
    const school = await newSchool()
    const review = await planned(school, oneRoster(sisOf(school)))
    await asAdmin(world, school, (sql) =>
      sql(`update app.classes set name = 'Chemistry' where tenant_id = $1 and id = $2`, [school.tenantId, school.classId]),
    )
    const refusal = commit(school, review)
    await expect(refusal).rejects.toMatchObject({ code: 'plan_stale', message: expect.stringContaining('changed: classes.') })
  })

  test('of one plan twice, also at once and from two tabs, writes once', async () => {
    const school = await newSchool()
    const file = oneRoster(sisOf(school))
    const [one, two] = [await planned(school, file), await planned(school, file)]
    const receipts = await Promise.all([commit(school, one), commit(school, one), commit(school, two)])
    expect(receipts.filter(({ wasAlreadyDone }) => !wasAlreadyDone)).toHaveLength(1)
  })

  test('runs the plan that was looked at only', async () => {
    const school = await newSchool()
    const review = await planned(school, oneRoster(sisOf(school)))
    expect(
      await codeOf(commitRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id, planHash: 'f'.repeat(64) })),
    ).toBe('plan_stale')
    await discardRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id })
    expect(await codeOf(commit(school, review))).toBe('conflict')
  })
})

describe('an undo', () => {
  test('keeps and lists what was changed since', async () => {
    const school = await newSchool()
    const sis = sisOf(school)
    const next = {
      ...sis,
      users: [
        ...sis.users,
        { id: 'S4', role: 'student', last: 'Adeyemi', first: 'Tobi', number: '104' },
        { id: 'S5', role: 'student', last: 'Bianchi', first: 'Luca' },
      ],
      classes: [...sis.classes, { id: 'C3', title: 'Art 9A' }],
      enrolments: [...sis.enrolments, { class: 'C1', user: 'S4' }, { class: 'C3', user: 'S5' }],
    }
    const review = await take(school, oneRoster(next))
    await asAdmin(world, school, async (sql) => {
      const [tobi] = await sql<{ id: string }>(`select id from app.students where tenant_id = $1 and last_name = 'Adeyemi'`, [
        school.tenantId,
      ])
      await sql('insert into app.grades (tenant_id, class_id, student_id, assignment_id, score) values ($1, $2, $3, $4, 12)', [
        school.tenantId,
        school.classId,
        tobi?.id,
        school.assignments[0].id,
      ])
      await sql(`update app.classes set name = 'Painting' where tenant_id = $1 and sis_id = 'C3'`, [school.tenantId])
    })
    const { kept } = await undoRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id })
    expect(kept).toEqual([
      { kind: 'enrolments', what: 'Adeyemi, Tobi: Biology 9A', reason: 'There are grades by now, or the enrolment was changed.' },
      { kind: 'students', what: 'Adeyemi, Tobi', reason: expect.any(String) },
      { kind: 'classes', what: 'Art 9A', reason: expect.any(String) },
    ])
    const names = await asAdmin(world, school, (sql) =>
      sql<{ name: string }>('select last_name as name from app.students where tenant_id = $1 order by 1', [school.tenantId]),
    )
    expect(names.map(({ name }) => name)).toEqual(['Adeyemi', 'Brandt', 'Koval', 'Lee'])
  })

  test('never takes away a guardian who signs in by now', async () => {
    const school = await newSchool()
    const file = csvFile(
      [
        ['guardian name', 'guardian email', 'relation', 'student email'],
        ['Funke Lee', 'funke@home.example', 'Mother', school.students[1].email],
      ],
      'guardians.csv',
    )
    const review = await take(school, file, 'additions')
    await asAdmin(world, school, (sql) =>
      sql(`update app.members set password_hash = 'x' where tenant_id = $1 and email = 'funke@home.example'`, [school.tenantId]),
    )
    const { kept } = await undoRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id })
    expect(kept).toEqual([{ kind: 'guardians', what: 'Funke Lee (funke@home.example)', reason: 'The account is in use by now.' }])
  })

  test('is over after 30 days', async () => {
    const school = await newSchool()
    const review = await take(school, oneRoster(sisOf(school)))
    await asAdmin(world, school, (sql) =>
      sql(`update app.roster_imports set committed_at = now() - interval '31 days' where tenant_id = $1`, [school.tenantId]),
    )
    await expect(undoRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('30 days'),
    })
  })
})

describe('two schools with the same ids on purpose', () => {
  test('a file of one matches, shows and changes nobody of the other', async () => {
    const [northside, riverside] = [await newSchool(), await newSchool()]
    await take(northside, oneRoster(sisOf(northside)))
    await take(riverside, oneRoster(sisOf(riverside)))
    const before = await dump(world, riverside)
    const rivers = sisOf(riverside)
    // Riverside's own file at Northside: the SIS ids are Northside's as well, the e-mail addresses are not.
    const review = await planned(northside, oneRoster(rivers))
    for (const mark of [riverside.tenantId, riverside.classId, ...riverside.students.map(({ id }) => id)])
      expect(JSON.stringify(review)).not.toContain(mark)
    await commit(northside, review)
    await undoRoster(northside.ctx, northside.admin.viewer, { rosterId: review.summary.id })
    expect(await dump(world, riverside)).toBe(before)
    const foreign = { rosterId: review.summary.id, planHash: review.planHash }
    for (const attempt of [
      () => loadRosterReview(riverside.ctx, riverside.admin.viewer, review.summary.id),
      () => commitRoster(riverside.ctx, riverside.admin.viewer, foreign),
      () => undoRoster(riverside.ctx, riverside.admin.viewer, foreign),
      () => discardRoster(riverside.ctx, riverside.admin.viewer, foreign),
      () => listRosters(northside.ctx, riverside.admin.viewer),
      () => planRoster(northside.ctx, riverside.admin.viewer, { file: oneRoster(rivers), coverage: 'file' }),
    ])
      expect(await codeOf(attempt())).toBe('not_found')
    expect((await listRosters(riverside.ctx, riverside.admin.viewer)).items.map(({ id }) => id)).not.toContain(review.summary.id)
  })
})

describe('privacy', () => {
  test('values of private columns are nowhere in the database, and the columns are named', async () => {
    const school = await newSchool()
    const file = csvFile([
      ['last name', 'first name', 'student number', 'DOB', 'SSN', 'Home Address', 'Phone', 'Gender'],
      ['Koval', 'Mariya', '100', '1999-09-09', '123-45-6789', '12 Hidden Lane', '555-9876', 'F'],
    ])
    const review = await take(school, file, 'additions')
    expect(review.ignored.filter(({ isPrivate }) => isPrivate).map(({ where }) => where)).toEqual([
      'DOB',
      'SSN',
      'Home Address',
      'Phone',
      'Gender',
    ])
    const everything = await asAdmin(world, school, async (sql) => [
      await sql('select t::text from app.roster_imports t where tenant_id = $1', [school.tenantId]),
      await sql('select t::text from app.audit_log t where tenant_id = $1', [school.tenantId]),
      await dump(world, school),
    ])
    for (const secret of ['1999-09-09', '123-45-6789', 'Hidden Lane', '555-9876'])
      expect(JSON.stringify(everything)).not.toContain(secret)
    const { rosterId } = { rosterId: review.summary.id }
    expect(rosterId).not.toBe('')
  })
})
