import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { writeTenant } from '@/lib/db/tenant-db'
import type { Grade } from '@/lib/gradebook/cell'
import { exportClass } from '@/lib/gradebook/export'
import type { ExportFormatId } from '@/lib/gradebook/exports/format'
import { exportFormats } from '@/lib/gradebook/exports/formats'
import { newId } from '@/lib/ids'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import { cleanText, foldIdentifier, foldTitle } from '@/lib/imports/text'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

let world: World
let school: PeopledSchool
beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  school = await addPeople(world, await world.addSchool())
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const names = [
  'Koval',
  'constructor',
  '__proto__',
  'Lee',
  "O'Neil",
  'Núñez',
  'Ґалаґан',
  '=HYPERLINK("x")',
  '@SUM',
  '+1+1',
  '-Dash',
  'محمد',
  'Smith, Jr.',
  '"Q"',
  '王',
  '',
  "'=x",
]
const titles = ['Quiz 1', 'Essay', 'Essay', 'Quiz (20)', '=1+1', 'Тест, "1"', 'Final Essay', '@home', 'اختبار', 'Lab; 2', "'+3"]

const person = fc.record({
  lastName: fc.constantFrom(...names),
  firstName: fc.constantFrom(...names, 'Ada', 'Sam'),
  has: fc.subarray(['email', 'number', 'username', 'sis'] as const),
})
const score = fc.oneof(
  fc.integer({ min: 0, max: 130 }).map(String),
  fc.integer({ min: 1, max: 99_999 }).map((thousandths) => String(thousandths / 1000)),
  fc.constantFrom('-5', '-0.125', '0', '999999.999'),
)
const grade: fc.Arbitrary<Grade | null> = fc.oneof(
  fc.constant(null),
  score.map((text): Grade => ({ score: text, status: 'graded' })),
  score.filter((text) => !text.startsWith('-')).map((text): Grade => ({ score: text, status: 'late' })),
  score.filter((text) => !text.startsWith('-')).map((text): Grade => ({ score: text, status: 'incomplete' })),
  fc.constantFrom<Grade>(
    { score: null, status: 'excused' },
    { score: null, status: 'missing' },
    { score: null, status: 'incomplete' },
  ),
)
const room = fc
  .record({
    people: fc.array(
      person.filter(({ lastName, firstName }) => lastName + firstName !== ''),
      { minLength: 1, maxLength: 6 },
    ),
    work: fc.uniqueArray(
      fc.record({
        title: fc.constantFrom(...titles),
        dueOn: fc.constantFrom(null, '2026-09-30', '2026-10-01'),
        maxPoints: fc.constantFrom('20', '100', '12.5', '0.001'),
        isPublished: fc.boolean(),
        isExtraCredit: fc.boolean(),
      }),
      { selector: ({ title, dueOn }) => `${title} ${dueOn}`, minLength: 1, maxLength: 6 },
    ),
  })
  .chain(({ people, work }) =>
    fc.record({
      people: fc.constant(people),
      work: fc.constant(work),
      grades: fc.array(fc.array(grade, { minLength: work.length, maxLength: work.length }), {
        minLength: people.length,
        maxLength: people.length,
      }),
    }),
  )
type Room = typeof room extends fc.Arbitrary<infer Value> ? Value : never

/** A class of its own with exactly this in it, written below the importer. */
async function addRoom({ people, work, grades }: Room): Promise<string> {
  const classId = newId()
  const students = people.map((each) => ({ ...each, id: newId() }))
  const assignments = work.map((each) => ({ ...each, id: newId() }))
  await writeTenant(school.ctx, async ({ sql, tenantId }) => {
    const insert = (table: string, row: Record<string, unknown>) => {
      const all = { tenant_id: tenantId, ...row }
      const places = Object.keys(all).map((_, at) => `$${at + 1}`)
      return sql(`insert into app.${table} (${Object.keys(all).join(', ')}) values (${places.join(', ')})`, Object.values(all))
    }
    await insert('classes', { id: classId, name: 'Export, "9A"' })
    await insert('class_teachers', { class_id: classId, member_id: school.teacher.member.id })
    for (const { id, lastName, firstName, has } of students) {
      await insert('students', { id, last_name: cleanText(lastName), first_name: cleanText(firstName) })
      await insert('enrolments', { class_id: classId, student_id: id })
      for (const kind of has) {
        const value = kind === 'email' ? `P.${id}@school.example` : kind === 'number' ? `00${id.slice(-8)}` : `${kind}-${id}`
        await insert('student_identifiers', { kind, folded: foldIdentifier(value), value, student_id: id })
      }
    }
    for (const [position, { id, title, dueOn, maxPoints, isPublished, isExtraCredit }] of assignments.entries()) {
      await insert('assignments', {
        ...{ class_id: classId, id, term_id: school.termId, title, title_folded: foldTitle(title), max_points: maxPoints },
        ...{ due_on: dueOn, is_published: isPublished, is_extra_credit: isExtraCredit, position },
      })
    }
    for (const [row, cells] of grades.entries()) {
      for (const [column, cell] of cells.entries()) {
        if (cell === null) continue
        await insert('grades', {
          ...{ class_id: classId, student_id: students[row]?.id, assignment_id: assignments[column]?.id },
          ...{ score: cell.score, status: cell.status },
        })
      }
    }
  })
  return classId
}

/** What an import of the export would do, in counts that must all be nothing. */
async function comesBack(classId: string, format: ExportFormatId): Promise<unknown> {
  const { ctx, teacher, termId } = school
  const file = await exportClass(ctx, teacher.viewer, { classId, termId, format })
  if (file === null) throw new Error('the teacher may export')
  const outcome = await planImport(ctx, teacher.viewer, {
    ...{ classId, termId, file: { name: file.fileName, bytes: file.bytes } },
  })
  if (outcome.kind === 'refused') return outcome.problems.map(({ message }) => message)
  const review = await loadReview(ctx, teacher.viewer, outcome.importId, { rowLimit: 500 })
  const { cellsUnchanged: _, cellsKept: _kept, studentsMatched, assignmentsMatched, ...changes } = review?.summary.counts ?? {}
  const asked = review?.problems.filter(({ severity }) => severity !== 'warn').map(({ message }) => message)
  return { studentsMatched, assignmentsMatched, changes: Object.entries(changes).filter(([, count]) => count !== 0), asked }
}

describe('an export of any class, imported again, is 0 changes and no question', () => {
  test.each(exportFormats.map(({ id }) => id))('as %s', async (format) => {
    // OneRoster names nobody but those who have a result.
    const isResults = format.startsWith('oneroster')
    await fc.assert(
      fc.asyncProperty(room, async (data) => {
        const graded = data.grades.filter((cells) => cells.some((cell) => cell !== null)).length
        fc.pre(!isResults || graded > 0)
        const classId = await addRoom(data)
        expect(await comesBack(classId, format)).toEqual({
          studentsMatched: isResults ? graded : data.people.length,
          assignmentsMatched: data.work.length,
          changes: [],
          asked: [],
        })
      }),
      { numRuns: 15 },
    )
  })
})

describe('whose it is', () => {
  test('a file of each kind goes to the teacher of the class and the admin alone, and is in the audit without a name', async () => {
    const { ctx, classId, termId, teacher, otherTeacher, admin, student, guardian } = school
    for (const { id: format, ending } of exportFormats) {
      const given = await Promise.all(
        [teacher, admin, otherTeacher, student, guardian].map(({ viewer }) =>
          exportClass(ctx, viewer, { classId, termId, format }),
        ),
      )
      expect(given.map((file) => file !== null)).toEqual([true, true, false, false, false])
      expect(given[0]?.fileName).toMatch(
        new RegExp(`^Biology-9A-Autumn-${format.replace('.', '-')}-\\d{4}-\\d\\d-\\d\\d\\.${ending}$`),
      )
    }
    const rows = await withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
      sql<{ detail: unknown; subject_id: string; actor: string }>(
        `select actor, subject_id, detail from app.audit_log
         where tenant_id = $1 and action = 'gradebook.export' and actor = $2 order by seq desc limit 1`,
        [school.tenantId, `member:${admin.member.id}`],
      ),
    )
    expect(rows[0]).toMatchObject({
      subject_id: classId,
      detail: { term: termId, students: 2, format: 'oneroster-1.2', grades: true },
    })
  })

  test('a class or term of another school is the same nothing as one that nobody has', async () => {
    const other = await addPeople(world, await world.addSchool())
    const { ctx, admin } = school
    const ask = (classId: string, termId: string | null) => exportClass(ctx, admin.viewer, { classId, termId, format: 'canvas' })
    expect(await exportClass(other.ctx, other.admin.viewer, { classId: other.classId, format: 'canvas' })).not.toBeNull()
    expect(await ask(other.classId, null)).toBeNull()
    expect(await ask(school.classId, other.termId)).toBeNull()
    expect(await ask(newId(), newId())).toBeNull()
    await expect(exportClass(ctx, other.admin.viewer, { classId: school.classId, format: 'canvas' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('a key of another school finds nobody, and is not taken for an identifier', async () => {
    const other = await addPeople(world, await world.addSchool())
    const foreign = `gi-${other.students[0].id}`
    const text = `last_name,first_name,student_number,Key quiz\nNobody,Known,${foreign},5\n`
    const { ctx, teacher, classId, termId } = school
    const outcome = await planImport(ctx, teacher.viewer, {
      ...{ classId, termId, file: { name: 'x.csv', bytes: new TextEncoder().encode(text) } },
    })
    const review = outcome.kind === 'refused' ? null : await loadReview(ctx, teacher.viewer, outcome.importId)
    expect(review?.summary.counts).toMatchObject({ studentsNew: 1, studentsMatched: 0 })
    // The plan shows the file's rows as they are; what matters is what it would write.
    const [stored] = await withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
      sql<{ students: string }>("select plan::jsonb ->> 'students' as students from app.imports where id = $1", [
        review?.summary.id,
      ]),
    )
    expect(stored?.students).toContain('Nobody')
    expect(stored?.students).not.toContain(foreign)
  })
})
