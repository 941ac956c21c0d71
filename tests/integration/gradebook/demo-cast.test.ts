import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { viewerOf } from '@/lib/auth/member'
import { consoleMemberToSignIn, consoleViewerOf, memberToSignIn } from '@/lib/auth/members'
import { isPasswordRight } from '@/lib/auth/passwords'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { listSchools } from '@/lib/district/schools'
import { listClasses } from '@/lib/gradebook/classes'
import { exportTemplate } from '@/lib/gradebook/export'
import { loadGradebook } from '@/lib/gradebook/gradebook'
import type { GradebookView } from '@/lib/gradebook/views'
import { listImports } from '@/lib/imports/list'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import { type DemoSignIn, loadDemoCast } from '@/lib/ops/demo-cast'
import { demoMembersOf } from '@/lib/ops/demo-school'
import { loadStudent } from '@/lib/people/student-record'
import { listOwnStudents, listStudents } from '@/lib/people/students'
import { establishTenant } from '@/lib/tenancy/establish'
import { closeRegistry, findTenantBySlug } from '@/lib/tenancy/registry'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { createWorld, type World } from '../../support/world'

const today = new Date('2026-11-20T12:00:00Z')
let world: World
let signIns: readonly DemoSignIn[]

beforeAll(async () => {
  world = await createWorld()
  signIns = await loadDemoCast({ today })
})
afterAll(async () => {
  await closeRegistry()
  await closeAll()
  await world?.close()
})

async function school(slug: string): Promise<TenantContext> {
  const record = await findTenantBySlug(slug)
  if (record === null) throw new Error(`no school ${slug}`)
  return establishTenant(record, 'test')
}

async function visit(slug: string, who: string) {
  const ctx = await school(slug)
  const person = demoMembersOf(slug === 'northside' ? 'northside' : 'riverside').find((each) => each.who.startsWith(who))
  const found = await memberToSignIn(ctx, person?.email ?? '')
  if (found === null) throw new Error(`nobody like ${who} in ${slug}`)
  return { ctx, viewer: viewerOf(found.member) }
}

async function gradebookOf(slug: string, className: string, termName?: string): Promise<GradebookView> {
  const { ctx, viewer } = await visit(slug, 'School admin')
  const { items } = await listClasses(ctx, viewer)
  const classId = items.find(({ name }) => name === className)?.id ?? ''
  const current = await loadGradebook(ctx, viewer, { classId })
  const termId = current?.terms.find(({ name }) => name === termName)?.id ?? null
  const view = termId === null ? current : await loadGradebook(ctx, viewer, { classId, termId })
  if (view === null) throw new Error(`no class ${className} in ${slug}`)
  return view
}

test('everybody who is named can sign in where it says, and nowhere else', async () => {
  for (const { site, email, password } of signIns) {
    const found = site === 'console' ? await consoleMemberToSignIn(email) : await memberToSignIn(await school(site), email)
    expect([email, await isPasswordRight(password, found?.passwordHash ?? null)]).toEqual([email, true])
  }
  expect(signIns.map(({ site }) => site)).toEqual(expect.arrayContaining(['northside', 'riverside', 'console']))
  expect(await memberToSignIn(await school('riverside'), 'olena.hrytsenko@northside.example')).toBeNull()
})

test('a second load keeps what people did', async () => {
  const { ctx } = await visit('northside', 'School admin')
  const count = () =>
    withDirectConnection(world.shard('shard_1').adminUrl, (sql) =>
      sql(
        `select (select count(*) from app.grades where tenant_id = $1) as grades,
           (select count(*) from app.members where tenant_id = $1) as members,
           (select min(display_name) from app.members where tenant_id = $1) as renamed`,
        [ctx.tenantId],
      ),
    )
  await withDirectConnection(world.shard('shard_1').adminUrl, (sql) =>
    sql(`update app.members set display_name = 'AAA Renamed' where tenant_id = $1 and email like 'elena.%'`, [ctx.tenantId]),
  )
  const before = await count()
  expect(await loadDemoCast({ today })).toEqual(signIns)
  expect(await count()).toEqual(before)
})

describe('what there is to see', () => {
  test('a running term and a finished, locked one, in weighted and points-only classes', async () => {
    const biology = await gradebookOf('northside', 'Biology 9A')
    expect(biology.terms.map(({ name, isLocked, isCurrent }) => [name, isLocked, isCurrent])).toEqual([
      ['Spring 2026', true, false],
      ['Autumn 2026', false, true],
    ])
    expect(new Set(biology.assignments.map(({ category }) => category)).size).toBe(3)
    expect(biology.students.some(({ section }) => section === 'Period 2')).toBe(true)
    expect(biology.assignments.some(({ tags }) => tags.includes('lab'))).toBe(true)
    const algebra = await gradebookOf('northside', 'Algebra I', 'Spring 2026')
    expect(algebra.assignments.map(({ category }) => category)).toEqual(algebra.assignments.map(() => null))
    expect([algebra.canImport, biology.canImport]).toEqual([false, true])
  })

  test('every kind of grade, work to come, extra credit, and something unpublished', async () => {
    const all = await Promise.all(
      ['Biology 9A', 'Algebra I', 'World History', 'English 9'].map((name) => gradebookOf('northside', name)),
    )
    const cells = new Set(all.flatMap(({ cells: packed }) => packed.split(/[\t\n]/)).map((text) => text.replace(/[\d.]+/, '#')))
    expect([...cells].sort()).toEqual(expect.arrayContaining(['', '#', 'EX', 'INC', 'LATE #', 'MI']))
    expect(all.some(({ cells: packed }) => packed.split(/[\t\n]/).includes('0'))).toBe(true)
    const work = all.flatMap(({ assignments }) => assignments)
    expect(work.some(({ isExtraCredit }) => isExtraCredit)).toBe(true)
    expect(work.some(({ isPublished }) => !isPublished)).toBe(true)
    expect(work.some(({ meanPercent, dueOn }) => meanPercent === null && (dueOn ?? '') > '2026-11-20')).toBe(true)
  })

  test('grades spread as in a real class: most pass, some shine, some need help', async () => {
    const percents = (
      await Promise.all(
        ['northside', 'riverside'].flatMap((slug) =>
          ['Biology 9A', 'Algebra I'].map((name) => gradebookOf(slug, name, 'Spring 2026')),
        ),
      )
    )
      .flatMap(({ students }) => students.map(({ totals }) => totals.current.percent))
      .filter((percent) => percent !== null)
      .map(Number)
    const mean = percents.reduce((sum, percent) => sum + percent, 0) / percents.length
    expect(percents.length).toBeGreaterThan(100)
    expect(mean).toBeGreaterThan(72)
    expect(mean).toBeLessThan(88)
    expect(percents.filter((percent) => percent >= 90).length).toBeGreaterThan(percents.length * 0.1)
    expect(percents.filter((percent) => percent < 70).length).toBeGreaterThan(percents.length * 0.05)
    expect(Math.min(...percents)).toBeGreaterThan(30)
  })

  test('the schools share names and titles, not grades', async () => {
    const [north, river] = await Promise.all([gradebookOf('northside', 'Biology 9A'), gradebookOf('riverside', 'Biology 9A')])
    expect(river.assignments.map(({ title }) => title)).toEqual(north.assignments.map(({ title }) => title))
    expect(river.students.map(({ name }) => name)).toEqual(expect.arrayContaining(['Koval, Mariya', "Дем'яненко, Тарас"]))
    expect(north.students.map(({ name }) => name)).toEqual(expect.arrayContaining(['Koval, Mariya', "Дем'яненко, Тарас"]))
    expect(river.cells).not.toBe(north.cells)
  })

  test('the guardian has two children: one whose marks fall, one who catches up', async () => {
    const { ctx, viewer } = await visit('northside', 'Guardian')
    const children = await listOwnStudents(ctx, viewer)
    expect(children.map(({ name }) => name)).toEqual(['Koval, Danylo', 'Koval, Mariya'])
    const mariya = await loadStudent(ctx, viewer, children[1]?.id ?? '')
    expect(mariya?.missingCount).toBeGreaterThan(0)
    expect(mariya?.classes.map(({ className }) => className)).toEqual(['Algebra I', 'Biology 9A', 'Homeroom 9'])
    const falls = mariya?.classes.some(({ trend }) => Number(trend.at(-1)?.percent) < Number(trend[0]?.percent) - 3)
    expect(falls).toBe(true)
  })

  test('empty states: a class with nobody, one without work, an archived one, and a student without grades', async () => {
    expect((await gradebookOf('northside', 'Robotics club')).students).toEqual([])
    const homeroom = await gradebookOf('northside', 'Homeroom 9')
    expect([homeroom.students.length, homeroom.assignments.length]).toEqual([12, 0])
    const { ctx, viewer } = await visit('northside', 'School admin')
    expect((await listClasses(ctx, viewer, { archived: true })).items.map(({ name }) => name)).toEqual(['Biology 9A (last year)'])
    const [newcomer] = (await listStudents(ctx, viewer, { query: 'Newman' })).items
    const record = await loadStudent(ctx, viewer, newcomer?.id ?? '')
    expect(record?.classes.map(({ totals }) => totals.current.percent)).toEqual([null])
  })

  test('the district sees both schools, each on its own shard', async () => {
    const found = await consoleMemberToSignIn('naomi.bauer@lakeland.example')
    if (found === null) throw new Error('no district admin')
    const { items } = await listSchools(consoleViewerOf(found.member))
    expect(items.map(({ slug, shard, district, size }) => [slug, shard, district, size?.students])).toEqual([
      ['northside', 'shard_1', 'Lakeland School District', 61],
      ['riverside', 'shard_2', 'Lakeland School District', 61],
    ])
  })
})

test('each school has an import that was committed and one that waits with its problem', async () => {
  for (const slug of ['northside', 'riverside']) {
    const { ctx, viewer } = await visit(slug, 'School admin')
    const items = (await listImports(ctx, viewer)).items.filter(({ fileName }) => /^(english-exit|algebra-warm)/.test(fileName))
    expect(items.map(({ className, state, canUndo }) => [className, state, canUndo])).toEqual([
      ['Algebra I', 'planned', false],
      ['English 9', 'committed', true],
    ])
    const review = await loadReview(ctx, viewer, items[0]?.id ?? '')
    expect(review?.problems.map(({ value, severity }) => [value, severity])).toEqual([['9O', 'reject']])
    expect((await gradebookOf(slug, 'English 9')).assignments.map(({ title }) => title)).toContain('Exit ticket: commas')
  }
})

test.each(['Biology 9A', 'Algebra I', 'World History', 'English 9'])(
  'the export of %s comes back as nothing to change and nothing to ask',
  async (className) => {
    const { ctx, viewer } = await visit('northside', 'School admin')
    const view = await gradebookOf('northside', className)
    const classId = view.class.id
    const file = await exportTemplate(ctx, viewer, { classId, withGrades: true })
    if (file === null) throw new Error('the admin may export')
    const outcome = await planImport(ctx, viewer, { classId, file: { name: file.fileName, bytes: file.bytes } })
    const review = outcome.kind === 'planned' ? await loadReview(ctx, viewer, outcome.importId) : null
    expect(review?.problems).toEqual([])
    const { cellsUnchanged = 0, studentsMatched, assignmentsMatched, ...others } = review?.summary.counts ?? {}
    expect(cellsUnchanged).toBe(view.cells.split(/[\t\n]/).filter((cell) => cell !== '').length)
    expect([studentsMatched, assignmentsMatched]).toEqual([view.students.length, view.assignments.length])
    expect(Object.entries(others).filter(([, count]) => count !== 0)).toEqual([])
  },
)
