import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '@/lib/audit/list'
import { viewerOf } from '@/lib/auth/member'
import type { Viewer } from '@/lib/auth/rights'
import { withDirectConnection } from '@/lib/db/direct'
import { ProblemError } from '@/lib/errors'
import { listClasses } from '@/lib/gradebook/classes'
import { exportClass, exportTemplate } from '@/lib/gradebook/export'
import { loadGradebook } from '@/lib/gradebook/gradebook'
import { cellHistory } from '@/lib/gradebook/history'
import { commitImport } from '@/lib/imports/commit'
import { discardImport } from '@/lib/imports/discard'
import { listImports } from '@/lib/imports/list'
import { planImport } from '@/lib/imports/plan'
import { loadReceipt } from '@/lib/imports/receipt'
import { rejectedRowsFile } from '@/lib/imports/rejects'
import { loadReview } from '@/lib/imports/review'
import { undoImport } from '@/lib/imports/undo'
import { newId } from '@/lib/ids'
import { listMembers } from '@/lib/people/members'
import { loadStudent } from '@/lib/people/student-record'
import { listOwnStudents, listStudents } from '@/lib/people/students'
import { commitRoster } from '@/lib/rosters/commit-roster'
import { discardRoster } from '@/lib/rosters/discard-roster'
import { listRosters } from '@/lib/rosters/list-rosters'
import { planRoster } from '@/lib/rosters/plan-roster'
import { loadRosterReview } from '@/lib/rosters/review-roster'
import { undoRoster } from '@/lib/rosters/undo-roster'
import { addTwoSchools, type PeopledSchool } from '../support/two-schools'
import { createWorld, type World } from '../support/world'

/**
 * Everybody against every domain function, inside one school and from the other: who is let in is written out here, row by
 * row. The refused get exactly what somebody gets who asks for a thing that does not exist, and change nothing.
 */

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool
/** An import of the teacher's class that is planned, and one that is committed. */
let planned: { id: string; planHash: string }
let committed: { id: string; planHash: string }
/** A roster of the admin's that is planned. */
let roster: { rosterId: string; planHash: string }

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
  planned = await makeImport('Quiz 7')
  committed = await makeImport('Quiz 8')
  await commitImport(northside.ctx, northside.teacher.viewer, { importId: committed.id, planHash: committed.planHash })
  roster = await makeRoster()
})
afterAll(() => world?.close())

const people = [
  'admin',
  'teacher',
  'otherTeacher',
  'student',
  'guardian',
  'nobody',
  'riversideTeacher',
  'riversideAdmin',
] as const
type Who = (typeof people)[number]

/** Riverside's people ask with Northside's context, which no request can: were it to happen, they are nobody here, the admin too. */
function viewerNamed(who: Who): Viewer {
  if (who === 'nobody') return viewerOf({ ...northside.teacher.member, roles: [] })
  if (who === 'riversideTeacher') return riverside.teacher.viewer
  if (who === 'riversideAdmin') return riverside.admin.viewer
  return northside[who].viewer
}

type Probe = Readonly<{
  name: string
  allowed: readonly Who[]
  ask: (viewer: Viewer) => Promise<unknown>
  /** The same for something that does not exist: the refused must get the very same answer. */
  askForNothing: (viewer: Viewer) => Promise<unknown>
}>

const mariya = () => northside.students[0].id
const sam = () => northside.students[1].id
const noah = () => northside.students[2].id

const probes: readonly Probe[] = [
  forClass('a gradebook', ['admin', 'teacher'], (viewer, classId) => loadGradebook(northside.ctx, viewer, { classId })),
  forClass('an export', ['admin', 'teacher'], (viewer, classId) =>
    exportTemplate(northside.ctx, viewer, { classId, withGrades: true }),
  ),
  forClass('an export for Canvas', ['admin', 'teacher'], (viewer, classId) =>
    exportClass(northside.ctx, viewer, { classId, format: 'canvas' }),
  ),
  forClass('a template with the class list', ['admin', 'teacher'], (viewer, classId) =>
    exportTemplate(northside.ctx, viewer, { classId, withGrades: false }),
  ),
  forClass('the history of a cell', ['admin', 'teacher'], (viewer, classId) =>
    cellHistory(northside.ctx, viewer, { classId, studentId: mariya(), assignmentId: northside.assignments[0].id }),
  ),
  forClass('planning an import', ['admin', 'teacher'], (viewer, classId) => planFor(viewer, classId, 'Quiz 6')),
  forImport('reading an import', ['admin', 'teacher'], (viewer, id) => loadReview(northside.ctx, viewer, id)),
  forImport('the left-out rows of an import', ['admin', 'teacher'], (viewer, id) => rejectedRowsFile(northside.ctx, viewer, id)),
  {
    name: 'the receipt of an import',
    allowed: ['admin', 'teacher'],
    ask: (viewer) => loadReceipt(northside.ctx, viewer, committed.id),
    askForNothing: (viewer) => loadReceipt(northside.ctx, viewer, newId()),
  },
  forStudent('the record of a pupil of hers', ['admin', 'teacher', 'otherTeacher', 'student', 'guardian'], mariya),
  forStudent('the record of another pupil of hers', ['admin', 'teacher'], sam),
  forStudent('the record of a pupil of the other class', ['admin', 'otherTeacher'], noah),
  forAll('the list of classes', ['admin', 'teacher', 'otherTeacher'], (viewer) => listClasses(northside.ctx, viewer)),
  forAll('the list of students', ['admin', 'teacher', 'otherTeacher'], (viewer) => listStudents(northside.ctx, viewer)),
  forAll('the list of imports', ['admin', 'teacher', 'otherTeacher'], (viewer) => listImports(northside.ctx, viewer)),
  forAll('the list of people', ['admin'], (viewer) => listMembers(northside.ctx, viewer)),
  forAll('the audit', ['admin'], (viewer) => listAudit(northside.ctx, viewer, null)),
  forAll('the list of rosters', ['admin'], (viewer) => listRosters(northside.ctx, viewer)),
  forAll('planning a roster', ['admin'], (viewer) => planRosterAs(viewer)),
  forRoster('reading a roster', (viewer, rosterId) => loadRosterReview(northside.ctx, viewer, rosterId)),
]

describe.each(probes)('$name', ({ allowed, ask, askForNothing }) => {
  test.each(people)('%s', async (who) => {
    const viewer = viewerNamed(who)
    const answer = await outcome(() => ask(viewer))
    if (allowed.includes(who)) return expect(answer).not.toBe('refused')
    expect(answer).toBe('refused')
    expect(await outcome(() => askForNothing(viewer))).toBe('refused')
  })
})

describe('what the refused would have changed', () => {
  const refused = people.filter((who) => who !== 'admin' && who !== 'teacher')

  test.each(refused)('%s can neither commit, undo nor discard the teacher’s import', async (who) => {
    const viewer = viewerNamed(who)
    const before = await fingerprint()
    const attempts = [
      () => commitImport(northside.ctx, viewer, { importId: planned.id, planHash: planned.planHash }),
      () => undoImport(northside.ctx, viewer, { importId: committed.id }),
      () => discardImport(northside.ctx, viewer, { importId: planned.id }),
    ]
    for (const attempt of attempts) expect(await outcome(attempt)).toBe('refused')
    expect(await fingerprint()).toEqual(before)
  })

  test.each(people.filter((who) => who !== 'admin'))(
    '%s can neither commit, undo nor discard the admin’s roster',
    async (who) => {
      const viewer = viewerNamed(who)
      const before = await fingerprint()
      const attempts = [
        () => commitRoster(northside.ctx, viewer, roster),
        () => undoRoster(northside.ctx, viewer, roster),
        () => discardRoster(northside.ctx, viewer, roster),
      ]
      for (const attempt of attempts) expect(await outcome(attempt)).toBe('refused')
      expect(await fingerprint()).toEqual(before)
    },
  )

  test('the admin can: the roster was really there', async () => {
    expect(await outcome(() => commitRoster(northside.ctx, northside.admin.viewer, roster))).not.toBe('refused')
    expect(await outcome(() => undoRoster(northside.ctx, northside.admin.viewer, roster))).not.toBe('refused')
  })

  test('the teacher can: what was refused was really there', async () => {
    const { viewer } = northside.teacher
    expect(await outcome(() => undoImport(northside.ctx, viewer, { importId: committed.id }))).not.toBe('refused')
    expect(
      await outcome(() => commitImport(northside.ctx, viewer, { importId: planned.id, planHash: planned.planHash })),
    ).not.toBe('refused')
  })
})

describe('lists hold only what their reader may open', () => {
  test('each teacher’s classes, students and imports', async () => {
    const { ctx, teacher, otherTeacher } = northside
    expect((await listClasses(ctx, teacher.viewer)).items.map(({ id }) => id)).toEqual([northside.classId])
    expect((await listClasses(ctx, otherTeacher.viewer)).items.map(({ id }) => id)).toEqual([northside.otherClassId])
    expect(ids(await listStudents(ctx, teacher.viewer))).toEqual([mariya(), sam()].toSorted())
    expect(ids(await listStudents(ctx, otherTeacher.viewer))).toEqual([mariya(), noah()].toSorted())
    expect((await listImports(ctx, teacher.viewer)).items.length).toBeGreaterThan(0)
    expect((await listImports(ctx, otherTeacher.viewer)).items).toEqual([])
  })

  test('a pupil and a guardian list their own, a teacher nobody of their own', async () => {
    const { ctx, student, guardian, teacher } = northside
    for (const { viewer } of [student, guardian])
      expect((await listOwnStudents(ctx, viewer)).map(({ id }) => id)).toEqual([mariya()])
    expect(await listOwnStudents(ctx, teacher.viewer)).toEqual([])
  })

  test('the other teacher opens Mariya’s record without a grade of the teacher’s class', async () => {
    const record = await loadStudent(northside.ctx, northside.otherTeacher.viewer, mariya())
    expect(JSON.stringify(record)).not.toContain(northside.assignments[1].id)
    expect(JSON.stringify(await loadStudent(northside.ctx, northside.student.viewer, mariya()))).toContain(
      northside.assignments[1].id,
    )
  })
})

function forClass(name: string, allowed: readonly Who[], ask: (viewer: Viewer, classId: string) => Promise<unknown>): Probe {
  return {
    name,
    allowed,
    ask: (viewer) => ask(viewer, northside.classId),
    askForNothing: (viewer) => ask(viewer, riverside.classId),
  }
}

function forImport(name: string, allowed: readonly Who[], ask: (viewer: Viewer, importId: string) => Promise<unknown>): Probe {
  return { name, allowed, ask: (viewer) => ask(viewer, planned.id), askForNothing: (viewer) => ask(viewer, newId()) }
}

function forRoster(name: string, ask: (viewer: Viewer, rosterId: string) => Promise<unknown>): Probe {
  return {
    ...{ name, allowed: ['admin'] as const },
    ask: (viewer) => ask(viewer, roster.rosterId),
    askForNothing: (viewer) => ask(viewer, newId()),
  }
}

function forStudent(name: string, allowed: readonly Who[], studentId: () => string): Probe {
  return {
    name,
    allowed,
    ask: (viewer) => loadStudent(northside.ctx, viewer, studentId()),
    askForNothing: (viewer) => loadStudent(northside.ctx, viewer, riverside.students[0].id),
  }
}

function forAll(name: string, allowed: readonly Who[], ask: (viewer: Viewer) => Promise<unknown>): Probe {
  return { name, allowed, ask, askForNothing: ask }
}

/** 'refused' for null and the one 404; everything else is an answer, also a complaint about the input. */
async function outcome(act: () => Promise<unknown>): Promise<unknown> {
  try {
    const answer = await act()
    return answer === null ? 'refused' : answer
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    if (error.code !== 'not_found') return error.code
    expect(error.message).toBe('There is nothing here, or you may not see it.')
    return 'refused'
  }
}

function ids(page: { items: readonly { id: string }[] }): string[] {
  return page.items.map(({ id }) => id).toSorted()
}

function planFor(viewer: Viewer, classId: string, title: string) {
  const rows = northside.students.slice(0, 2).map(({ lastName, firstName, email }, index) => {
    return `${lastName},${firstName},${email},${index === 0 ? '7' : 'not a score'}`
  })
  const text = [`Last Name,First Name,Email,${title}`, 'Date,,,2026-10-02', 'Points,,,10', ...rows, ''].join('\n')
  return planImport(northside.ctx, viewer, { classId, file: { name: 'grades.csv', bytes: new TextEncoder().encode(text) } })
}

async function makeImport(title: string): Promise<{ id: string; planHash: string }> {
  const plan = await planFor(northside.teacher.viewer, northside.classId, title)
  if (plan.kind !== 'planned') throw new Error(`not planned: ${plan.kind}`)
  const review = await loadReview(northside.ctx, northside.teacher.viewer, plan.importId)
  return { id: plan.importId, planHash: review?.planHash ?? '' }
}

function planRosterAs(viewer: Viewer) {
  const text = 'last name,first name,student number\nAdeyemi,Tobi,104\n'
  const file = { name: 'students.csv', bytes: new TextEncoder().encode(text) }
  return planRoster(northside.ctx, viewer, { file, coverage: 'additions' })
}

async function makeRoster(): Promise<{ rosterId: string; planHash: string }> {
  const plan = await planRosterAs(northside.admin.viewer)
  if (plan.kind !== 'planned') throw new Error('the roster was refused')
  const { planHash } = await loadRosterReview(northside.ctx, northside.admin.viewer, plan.rosterId)
  return { rosterId: plan.rosterId, planHash }
}

/** All that an import could change in Northside. */
async function fingerprint(): Promise<unknown> {
  return withDirectConnection(world.shard(northside.shard).adminUrl, async (sql) => [
    await sql('select * from app.grades where tenant_id = $1 order by class_id, student_id, assignment_id', [northside.tenantId]),
    await sql('select id, state, receipt from app.imports where tenant_id = $1 order by id', [northside.tenantId]),
    await sql('select count(*) from app.grade_changes where tenant_id = $1', [northside.tenantId]),
    await sql('select id, state from app.roster_imports where tenant_id = $1 order by id', [northside.tenantId]),
    await sql('select id, last_name, left_at from app.students where tenant_id = $1 order by id', [northside.tenantId]),
  ])
}
