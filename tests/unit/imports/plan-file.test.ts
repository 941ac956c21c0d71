import { describe, expect, it } from 'vitest'
import { packCells, unpackCells } from '@/lib/gradebook/cell'
import type { ClassState, ClassStudent } from '@/lib/imports/class-state'
import type { FindPast } from '@/lib/imports/compare'
import type { ParsedFile } from '@/lib/imports/parsed'
import { type FileToPlan, type MadePlan, planFile } from '@/lib/imports/plan-file'
import { classOf, workOf } from '../../support/class-of'
import { readDrawn } from '../../support/grade-files'

const lee = { id: 'id-lee', lastName: 'Lee', firstName: 'Sam' }
const koval = { id: 'id-koval', lastName: 'Koval', firstName: 'Mariya' }
const outside = { id: 'id-outside', lastName: 'Brandt', firstName: 'Noah' }

type Given = Readonly<{
  state?: ClassState
  known?: Readonly<Record<string, ClassStudent>>
  chosen?: readonly ClassStudent[]
  choices?: FileToPlan['choices']
  watch?: FileToPlan['watch']
  findPast?: FindPast
}>

function plan(file: ParsedFile, { state = classOf({ students: [lee, koval] }), ...given }: Given = {}) {
  const { known = {}, chosen = [], choices = {}, watch = {}, findPast = async () => new Map() } = given
  const from = { file, fileSha256: 'hash', kept: { bytes: new TextEncoder().encode('é') }, choices, watch }
  return planFile(from, state, {
    known: new Map(Object.entries(known).map(([email, student]) => [`email\t${email}`, student])),
    chosen: new Map(chosen.map((student) => [student.id, student])),
    findPast,
  })
}

async function planned(drawing: string, given: Given = {}): Promise<MadePlan> {
  const made = await plan(await readDrawn(drawing, given.choices), given)
  if (made.kind === 'refused') throw new Error(`refused: ${made.problems.map(({ code }) => code).join(', ')}`)
  return made
}

const none = {
  ...{ studentsMatched: 0, studentsNew: 0, studentsEnrolled: 0, assignmentsMatched: 0, assignmentsNew: 0, assignmentsChanged: 0 },
  ...{ cellsNew: 0, cellsChanged: 0, cellsCleared: 0, cellsUnchanged: 0, cellsKept: 0, cellsRejected: 0, rowsRejected: 0 },
}

describe('a plan', () => {
  const state = classOf({
    students: [lee, koval],
    assignments: [workOf('a', 'Quiz'), workOf('b', 'Essay')],
    grades: { 'id-lee': ['18', '16'], 'id-koval': ['5', ''] },
  })
  const drawing = `
    last_name | first_name | email   | Quiz | Essay | Fresh
    POINTS    |            |         | 20   | 40    | 10
    Koval     | Mariya     |         | 5    |       | 9
    Lee       | Sam        |         | 17   | CLEAR |
    Brandt    | Noah       | n@x.org | 20   |       | 12x
    Kid       | New        | k@x.org | 1    |       |
  `

  it('says of the class what the file says, cell by cell, with totals before and after', async () => {
    const { plan: made, source, isBlocked } = await planned(drawing, { state, known: { 'n@x.org': outside } })
    expect([source, isBlocked]).toEqual(['grade-insight', false])
    expect(made).toMatchObject({ version: 1, classId: 'class', termId: 'term', fileSha256: 'hash' })
    expect(made.students.map(({ id, state: how, row, lastName, totals }) => [id, how, row, lastName, ...totals])).toEqual([
      ['id-koval', 'matched', 3, 'Koval', '25.0', null, '46.7', null],
      ['id-lee', 'matched', 4, 'Lee', '85.0', 'B', '85.0', 'B'],
      ['id-outside', 'enrolled', 5, 'Brandt', null, null, '100.0', 'A'],
      [null, 'new', 6, 'Kid', null, null, '5.0', null],
    ])
    expect(made.assignments.map(({ id, state: how, title, maxPoints }) => [id, how, title, maxPoints])).toEqual([
      ['a', 'matched', 'Quiz', '20'],
      ['b', 'changed', 'Essay', '40'],
      [null, 'new', 'Fresh', '10'],
    ])
    expect(made.next).toBe(
      packCells([
        ['=', '', '9'],
        ['17', 'CLEAR', ''],
        ['20', '', '!'],
        ['1', '', ''],
      ]),
    )
    expect(made.old).toBe(
      packCells([
        ['5', '', ''],
        ['18', '16', ''],
        ['', '', ''],
        ['', '', ''],
      ]),
    )
  })

  it('keeps its count of each column, and which rows hold what, for those who look at it', async () => {
    const { plan: made } = await planned(drawing, { state, known: { 'n@x.org': outside } })
    const zero = { new: 0, changed: 0, cleared: 0, rejected: 0, conflicts: 0 }
    expect(made.tally).toEqual({
      columns: [
        { ...zero, new: 2, changed: 1 },
        { ...zero, cleared: 1 },
        { ...zero, new: 1, rejected: 1 },
      ],
      ranks: '0000',
    })
  })

  it('counts what it would do', async () => {
    const { counts } = await planned(drawing, { state, known: { 'n@x.org': outside } })
    expect(counts).toEqual({
      ...none,
      ...{ studentsMatched: 2, studentsEnrolled: 1, studentsNew: 1 },
      ...{ assignmentsMatched: 1, assignmentsChanged: 1, assignmentsNew: 1 },
      ...{ cellsNew: 3, cellsChanged: 1, cellsCleared: 1, cellsUnchanged: 1, cellsRejected: 1 },
    })
  })

  it('counts grades that a blank cell keeps, and rows that name nobody for sure', async () => {
    const { counts, plan: made } = await planned(
      `
      last_name | first_name | email   | Quiz
      POINTS    |            |         | 20
      Lee       | Sam        |         |
                |            | x@x.org | 4
      `,
      { state },
    )
    expect(counts).toMatchObject({ studentsMatched: 1, cellsKept: 1, rowsRejected: 1 })
    expect(made.reading?.refused).toEqual([{ row: 4, name: '', identifiers: ['x@x.org'] }])
  })

  it('packs no old values where there are none', async () => {
    const two = await planned('last_name | first_name | Quiz | Lab\nPOINTS | | 10 | 10\nLee | Sam | 5 | 6')
    expect(two).toMatchObject({ kind: 'plan', plan: { old: '', next: '5\t6', warnings: [], problems: [], ignored: [] } })
    const { plan: made } = await planned('last_name | first_name | Quiz\nPOINTS | | 10\nLee | Sam | 5')
    expect(made.rejects).toEqual({
      describing: [
        ['last_name', 'first_name', 'Quiz'],
        ['POINTS', '', '10'],
      ],
      rows: [],
      delimiter: ',',
    })
  })

  it('keeps how the file was read', async () => {
    const { plan: made } = await planned('last_name | first_name | Quiz\nPOINTS | | 10\nLee | Sam | 5')
    expect(made.reading).toMatchObject({
      headingRow: 1,
      refused: [],
      encoding: 'utf-8',
      samples: { encodings: { 'utf-8': 'é' } },
    })
  })

  it('is followed while it is made, and stops when told to', async () => {
    const control = new AbortController()
    control.abort(new Error('stopped'))
    const titles = Array.from({ length: 40 }, (_, at) => `Q${at}`).join(' | ')
    const one = await readDrawn(
      `last_name | first_name | ${titles}\nPOINTS | | ${'10 |'.repeat(40)}\nL | F | ${'1 |'.repeat(40)}`,
    )
    const [student, cells] = [one.students[0], one.cells[0] ?? []]
    if (student === undefined) throw new Error('no student')
    const students = Array.from({ length: 500 }, (_, at) => ({ ...student, lastName: `L${at}`, row: at + 3 }))
    const file = { ...one, students, cells: students.map(() => cells) }
    const seen: string[] = []
    await plan(file, { watch: { onProgress: (phase, done, total) => seen.push(`${phase} ${done}/${total}`) } })
    expect(seen).toEqual(['comparing 500/500', 'totals 125/500', 'totals 250/500', 'totals 375/500', 'totals 500/500'])
    await expect(plan(file, { watch: { signal: control.signal } })).rejects.toThrow('stopped')
  })
})

describe('problems', () => {
  const state = classOf({ students: [lee, koval], assignments: [workOf('a', 'Quiz')], grades: { 'id-lee': ['4'] } })

  it('of the file, of students, assignments and conflicts stand in one list, in the order of rows', async () => {
    const { plan: made, isBlocked } = await planned(
      `
      last_name | first_name | email   | Quiz | Old
      POINTS    |            |         | 20   | 10
      Lee       | Sam        |         | 5    | 9O
      Koval     | Mariya     | k@x.org | 6    |
      `,
      {
        state,
        choices: { columns: { '4': { use: 'assignment', assignmentId: '00000000-0000-4000-8000-000000000000' } } },
        findPast: async () => new Map([['0\t1', { texts: ['4'], lastKind: 'edit', isSince: false }]]),
      },
    )
    expect(made.problems.map(({ row, code }) => [row, code])).toEqual([
      [null, 'chosen_assignment_gone'],
      [3, 'not_a_number'],
      [3, 'changed_by_hand'],
      [4, 'matched_by_name'],
    ])
    expect(isBlocked).toBe(true)
    expect(made.warnings).toEqual(["1 grade was changed after the file's value. It is kept as it is."])
  })

  it('of conflicts follow the time of the file and the teacher’s word', async () => {
    const file = await readDrawn('last_name | first_name | Quiz\nPOINTS | | 20\nLee | Sam | 5')
    const asked: (string | null)[] = []
    const findPast: FindPast = async ({ since }) => {
      asked.push(since)
      return new Map([['0\t1', { texts: ['4'], lastKind: 'edit', isSince: false }]])
    }
    const dated = { ...file, exportedAt: '2026-10-01T08:00:00Z' }
    expect(await plan(dated, { state, findPast, choices: { conflicts: 'take' } })).toMatchObject({ plan: { next: '^5' } })
    expect(await plan(file, { state, findPast })).toMatchObject({ plan: { next: '~5' } })
    expect(asked).toEqual(['2026-10-01T08:00:00Z', null])
  })

  it('of several conflicts are counted in one warning', async () => {
    const file = await readDrawn('last_name | first_name | Quiz\nPOINTS | | 20\nLee | Sam | 5\nKoval | Mariya | 6')
    const graded = classOf({
      students: [lee, koval],
      assignments: [workOf('a', 'Quiz')],
      grades: { 'id-lee': ['4'], 'id-koval': ['3'] },
    })
    const findPast: FindPast = async () =>
      new Map(['0\t1', '1\t1'].map((place) => [place, { texts: ['4'], lastKind: 'edit' as const, isSince: false }]))
    expect(await plan(file, { state: graded, findPast })).toMatchObject({
      plan: { warnings: ["2 grades were changed after the file's values. They are kept as they are."] },
    })
  })

  it('of no row put none into the file of rejected rows', async () => {
    const file = await readDrawn('last_name | first_name | Quiz\nPOINTS | | 20\nLee | Sam | 5')
    const problems = [{ row: null, column: 'Quiz', value: null, code: 'x', severity: 'reject' as const, message: 'm', fix: 'f' }]
    expect(await plan({ ...file, problems })).toMatchObject({ plan: { problems, rejects: { rows: [] } } })
  })

  it('refuse a file of which no row can be imported, with the reason for each', async () => {
    const file = await readDrawn('last_name | first_name | email | Quiz\nPOINTS | | | 20\n | | x@x.org | 4\n | | y@x.org | 5')
    expect(await plan(file, { state })).toMatchObject({
      kind: 'refused',
      problems: [
        { row: 3, code: 'unknown_student' },
        { row: 4, code: 'unknown_student' },
      ],
    })
  })

  it('refuse nothing while there is a question, or a row the teacher left out', async () => {
    const one = 'last_name | first_name | email | Quiz\nPOINTS | | | 20\n | | x@x.org | 4'
    const asked = await planned(one, { state, choices: { students: { '3': { use: 'student', studentId: 'gone' } } } })
    expect([asked.isBlocked, asked.plan.students]).toEqual([true, []])
    const left = await planned(one, { state, choices: { students: { '3': { use: 'skip' } } } })
    expect([left.isBlocked, left.plan.students, left.plan.next]).toEqual([false, [], ''])
  })

  it('of rows and cells left out make the file of rejected rows, every row once with all of its reasons', async () => {
    const { plan: made } = await planned(
      `
      last_name | first_name | email   | Quiz | Essay
      DATE      |            |         | 2026-10-01 |
      POINTS    |            |         | 20   | 10
                |            | x@x.org | 4    | 5
      Lee       | Sam        |         | 5x   | 9O
      Koval     | Mariya     |         | 25   | 8
      `,
      { state },
    )
    expect(made.rejects.describing).toEqual([
      ['last_name', 'first_name', 'email', 'Quiz', 'Essay'],
      ['DATE', '', '', '2026-10-01', ''],
      ['POINTS', '', '', '20', '10'],
    ])
    const reasons = (row: number) =>
      made.problems.flatMap((each) => (each.row === row && each.severity === 'reject' ? [each.message] : []))
    expect(reasons(5)).toHaveLength(2)
    expect(made.rejects.rows).toEqual([
      { row: 4, cells: ['', '', 'x@x.org', '4', '5'], reason: reasons(4).join(' ') },
      { row: 5, cells: ['Lee', 'Sam', '', '5x', '9O'], reason: reasons(5).join(' ') },
    ])
  })

  it('leave the delimiter of the file to the file of rejected rows, and a comma where it has none', async () => {
    const file = await readDrawn('last_name | first_name | Quiz\nPOINTS | | 10\nLee | Sam | 5', { writing: { delimiter: ';' } })
    expect(await plan(file)).toMatchObject({ plan: { rejects: { delimiter: ';' } } })
    expect(await plan({ ...file, delimiter: null })).toMatchObject({ plan: { rejects: { delimiter: ',' } } })
  })
})

describe('an assignment of the class', () => {
  const categories = [
    { id: 'labs', name: 'Labs', weight: '80', dropLowest: 0 },
    { id: 'home', name: 'Home', weight: '20', dropLowest: 0 },
  ]
  const state = classOf({
    students: [lee],
    categories,
    assignments: [workOf('a', 'Quiz', { categoryId: 'home' }), workOf('b', 'Test', { categoryId: 'labs' })],
    grades: { 'id-lee': ['20', '10'] },
    tags: { a: ['unit 1'] },
  })
  const file = 'last_name | first_name | Quiz\nPOINTS | | 20\nLee | Sam | 20'
  const saying = (labels: Readonly<{ category?: string | null; tags?: string[] }>) =>
    planned(file, { state, choices: { columns: { '2': { use: 'assignment', ...labels } } } })

  it('goes into the category the teacher chose, with what that does to totals', async () => {
    const { plan: made, counts } = await saying({ category: 'Labs' })
    expect(made.assignments).toMatchObject([
      { id: 'a', state: 'changed', category: 'Labs', old: { category: { id: 'home', name: 'Home' } } },
    ])
    // Before: 100 % of Home (20) and 50 % of Labs (80); after: 30 of 40 points of Labs.
    expect(made.students.map(({ totals }) => [totals[0], totals[2]])).toEqual([['60.0', '75.0']])
    expect(counts).toMatchObject({ assignmentsChanged: 1, cellsUnchanged: 1, cellsChanged: 0 })
  })

  it('goes into one that the commit will make, which has no weight yet', async () => {
    const { plan: made } = await saying({ category: 'Talks' })
    expect(made.students.map(({ totals }) => [totals[0], totals[2]])).toEqual([['60.0', '50.0']])
  })

  it('moves totals of those of whom the file says nothing, and a warning counts them', async () => {
    const ivy = { id: 'id-ivy', lastName: 'Ivy', firstName: 'Jo' }
    const max = { id: 'id-max', lastName: 'Max', firstName: 'Mo' }
    const all = classOf({
      ...state,
      students: [lee, koval, ivy, max],
      grades: { 'id-lee': ['20', '10'], 'id-koval': ['18', '18'], 'id-ivy': ['', '19'], 'id-max': ['10', ''] },
      tags: {},
      links: {},
    })
    const points = (max: number) => file.replace('| 20\n', `| ${max}\n`)
    const warningsOf = async (text: string, choices = {}) => (await planned(text, { state: all, choices })).plan.warnings
    const said = 'Points or categories change for the whole class: '
    // Of 20 points: 90 % and 50 %; of 40: 81 % and 25 %, which is another letter for one of them.
    expect(await warningsOf(points(40))).toEqual([
      `${said}2 students who are not in the file get another total as well, 1 of them another letter.`,
    ])
    expect(await warningsOf(points(20))).toEqual([])
    expect(await warningsOf(`${points(40)}\nKoval | Mariya | 18`)).toEqual([
      `${said}1 student who is not in the file gets another total as well.`,
    ])
    expect(await warningsOf(`${points(40)}\nKoval | Mariya | 18\nMax | Mo | 1`)).toEqual([])
    const moved = { columns: { '2': { use: 'assignment' as const, category: 'Labs' } } }
    expect(await warningsOf(file, moved)).toEqual([])
    const grown = { ...all, grades: new Map(all.grades).set('id-koval', ['18', '10']) }
    expect((await planned(file, { state: grown, choices: moved })).plan.warnings).toEqual([
      `${said}1 student who is not in the file gets another total as well.`,
    ])
  })

  it('gets the tags it does not have yet', async () => {
    const { plan: made, counts } = await saying({ tags: ['Unit 1', 'biology'] })
    expect(made.assignments).toMatchObject([{ state: 'changed', tags: ['biology'] }])
    expect(made.assignments[0]).not.toHaveProperty('category')
    expect(made.students.map(({ totals }) => [totals[0], totals[2]])).toEqual([['60.0', '60.0']])
    expect(counts.assignmentsChanged).toBe(1)
  })

  it.each([
    ['the category and tags it has', { category: 'Home', tags: ['UNIT 1'] }],
    ['neither', { category: null, tags: [] }],
    ['nothing', {}],
  ])('stays as it is when %s are said of it', async (_what, labels) => {
    expect((await saying(labels)).plan.assignments).toEqual((await planned(file, { state })).plan.assignments)
  })
})

describe('a score below zero', () => {
  const state = classOf({
    students: [lee, koval],
    assignments: [workOf('a', 'Quiz'), workOf('b', 'Fine')],
    grades: { 'id-lee': ['-2.5', '7'], 'id-koval': ['LATE -1', '3'] },
  })
  const fileOf = (...rows: string[]) => ['last_name | first_name | Quiz | Fine', 'POINTS | | 20 | 10', ...rows].join('\n')
  const asked = ({ plan: { problems }, isBlocked }: MadePlan) => [problems.map(({ row, column }) => [row, column]), isBlocked]

  it('that the class has already is no change and no question', async () => {
    const made = await planned(fileOf('Lee | Sam | -2.50 | 7', 'Koval | Mariya | LATE -1 | 4'), { state })
    expect(made.plan.next).toBe('=\t=\n=\t4')
    expect(asked(made)).toEqual([[], false])
    expect(made.counts).toMatchObject({ cellsUnchanged: 3, cellsChanged: 1, cellsRejected: 0 })
    expect(made.plan.tally?.columns[0]).toMatchObject({ rejected: 0 })
  })

  it.each<[string, string, string[]]>([
    ['another one', '-3 | 7', ['-2.5', '7']],
    ['one where the class has another grade', '7 | -1', ['-2.5', '7']],
    ['one where the class has none', '-2.5 | 7', ['', '7']],
  ])('that is %s is asked about, and left out until somebody says that it is meant', async (_what, cells, has) => {
    const own = {
      ...state,
      grades: new Map([
        ['id-lee', has],
        ['id-koval', ['LATE -1', '3']],
      ]),
    }
    const made = await planned(fileOf(`Lee | Sam | ${cells}`, 'Koval | Mariya | LATE -1 | 3'), { state: own })
    const [row = []] = unpackCells(made.plan.next, 2, 2)
    expect(row.filter((cell) => cell === '!')).toHaveLength(1)
    // With one to be asked about, all are listed.
    expect(asked(made)).toEqual([
      [
        [3, cells.startsWith('-') ? 'Quiz' : 'Fine'],
        [4, 'Quiz'],
      ],
      true,
    ])
    expect(made.counts).toMatchObject({ cellsRejected: 1 })
    expect(made.plan.rejects.rows).toEqual([])
  })

  it('leaves every other problem of the file as it is, each told once', async () => {
    const rows = ['Lee | Sam | -2.5 | 7', 'Koval | Mariya | LATE -1 | x']
    const known = await planned(fileOf(...rows), { state })
    expect([known.plan.problems.map(({ code }) => code), known.isBlocked]).toEqual([['not_a_number'], false])
    const both = await planned(fileOf('Lee | Sam | -3 | 7', ...rows.slice(1)), { state })
    expect(both.plan.problems.map(({ code, row }) => [code, row])).toEqual([
      ['negative_score', 3],
      ['not_a_number', 4],
      ['negative_score', 4],
    ])
    const questions = 'last_name | first_name | Quiz | Fine\nDATE | | 01/02/2026 | \nPOINTS | | 20 | 10\nLee | Sam | -2.5 | 7'
    const open = await planned(questions, { state })
    expect([open.plan.problems.map(({ code }) => code), open.isBlocked]).toEqual([['ask_dates'], true])
  })

  it('is a change when it is meant, and left out with its row kept when it is not', async () => {
    const file = fileOf('Lee | Sam | -3 | 7', 'Koval | Mariya | LATE -1 | 3')
    const meant = await planned(file, { state, choices: { negatives: 'take' } })
    expect([meant.plan.next, asked(meant)]).toEqual(['-3\t=\n=\t=', [[], false]])
    const slips = await planned(file, { state, choices: { negatives: 'leave_out' } })
    expect([slips.plan.next, slips.isBlocked, slips.counts.cellsRejected]).toEqual(['!\t=\n!\t=', false, 2])
    expect(slips.plan.rejects.rows.map(({ row }) => row)).toEqual([3, 4])
  })

  it('of a source that knows no marks is the one that stands there with a mark', async () => {
    const file = await readDrawn(fileOf('Koval | Mariya | -1 | 3'))
    expect(await plan({ ...file, source: 'canvas' }, { state })).toMatchObject({ isBlocked: false, plan: { next: '=\t=' } })
    expect(await plan(file, { state })).toMatchObject({ isBlocked: true, plan: { next: '!\t=' } })
  })

  it('of a row that is left out is not asked about while there is another row', async () => {
    const file = fileOf('Lee | Sam | -2.5 | 7', 'Koval | Mariya | -9 | 3')
    const skipping = await planned(file, { state, choices: { students: { '4': { use: 'skip' } } } })
    expect([skipping.plan.next, skipping.isBlocked]).toEqual(['=\t=', false])
  })

  it('keeps a file open to its question of which no row is known yet', async () => {
    const made = await planned('last_name | first_name | email | Quiz\nPOINTS | | | 20\n | | x@x.org | -4', { state })
    expect([made.isBlocked, made.plan.problems.map(({ code }) => code)]).toEqual([true, ['unknown_student', 'negative_score']])
  })
})

describe('what is left out', () => {
  it('is what the file leaves out, and the rows that the teacher does', async () => {
    const { plan: made } = await planned(
      `
      Grades of 5b |     |      |
      last_name    | first_name | Quiz
      POINTS       |     | 10
      Lee          | Sam | 5
      Koval        | M   | 6
      `,
      { choices: { students: { '5': { use: 'skip' } } } },
    )
    expect(made.ignored).toEqual([
      { kind: 'row', where: 'Row 1', reason: 'No student and no heading.' },
      { kind: 'row', where: 'Row 5', reason: 'Left out, as you chose.' },
    ])
    expect(made.reading?.refused).toEqual([])
    expect(made.students.map(({ row }) => row)).toEqual([4])
  })
})

describe('a student chosen by hand', () => {
  it('is the one of the row', async () => {
    const { plan: made } = await planned('last_name | first_name | Quiz\nPOINTS | | 10\nX | Y | 5', {
      chosen: [koval],
      choices: { students: { '3': { use: 'student', studentId: koval.id } } },
    })
    expect(made.students).toMatchObject([{ id: koval.id, state: 'matched' }])
  })
})

describe('a warning', () => {
  const state = classOf({
    students: [lee, koval],
    assignments: [workOf('a', 'Quiz')],
    grades: { 'id-lee': ['4'], 'id-koval': ['5'] },
  })
  const drawing = (cell: string) => `last_name | first_name | Quiz\nPOINTS | | 20\nLee | Sam | ${cell}\nKoval | Mariya | ${cell}`

  it('tells how many grades the file takes away, and why', async () => {
    expect((await planned(drawing('CLEAR'), { state })).plan.warnings).toEqual([
      '2 grades will be taken away, because the file says CLEAR.',
    ])
    expect((await planned(drawing(''), { state, choices: { blankClears: true } })).plan.warnings).toEqual([
      '2 grades will be taken away, because their cells are blank and you said that a blank takes a grade away.',
    ])
    expect((await planned(drawing(''), { state })).plan.warnings).toEqual([])
    const one = 'last_name | first_name | Quiz\nPOINTS | | 20\nLee | Sam | CLEAR'
    expect((await planned(one, { state })).plan.warnings).toEqual(['1 grade will be taken away, because the file says CLEAR.'])
  })

  describe('of a class that weighs its categories', () => {
    const categories = [
      { id: 'labs', name: 'Labs', weight: '40', dropLowest: 0 },
      { id: 'talk', name: 'Talk', weight: '0', dropLowest: 0 },
      { id: 'home', name: 'Home', weight: null, dropLowest: 0 },
    ]
    const weighed = { ...state, categories }
    const fresh = (titles: string) =>
      `last_name | first_name | Quiz | ${titles}\nPOINTS | | 20 | 10 | 10 | 10\nLee | Sam | 6 | 7 | 8 | 9`
    const into = (...names: (string | null)[]) => ({
      columns: Object.fromEntries(names.map((category, at) => [String(3 + at), { use: 'assignment' as const, category }])),
    })

    it('names new assignments that change no total, because their category has no weight or they have none', async () => {
      const all = await planned(fresh('Poster | Debate | Diary'), { state: weighed, choices: into(null, 'Talk', 'Home') })
      expect(all.plan.warnings).toEqual([
        "This class weighs its categories, and 'Poster' and 2 more are in none with a weight: they change no total. To count them, choose their categories at the step Map.",
      ])
      const one = await planned(fresh('Poster | Debate | Diary'), { state: weighed, choices: into('Labs', 'New', 'Labs') })
      expect(one.plan.warnings).toEqual([
        "This class weighs its categories, and 'Debate' is in none with a weight: it changes no total. To count it, choose its category at the step Map.",
      ])
    })

    it('names one of the class that goes into a category without weight, and none that stays where it is', async () => {
      const to = (category: string) => ({ columns: { '2': { use: 'assignment' as const, category } } })
      expect((await planned(drawing('7'), { state: weighed, choices: to('Home') })).plan.warnings).toEqual([
        "This class weighs its categories, and 'Home' has no weight: there 'Quiz' counts for no total.",
      ])
      expect((await planned(drawing('7'), { state: weighed, choices: to('Labs') })).plan.warnings).toEqual([])
      const choices = { columns: { ...to('Talk').columns, ...into(null, 'Labs', 'Labs').columns } }
      const both = await planned(fresh('Poster | Debate | Diary'), { state: weighed, choices })
      expect(both.plan.warnings).toEqual([
        "This class weighs its categories, and 'Talk' has no weight: there 'Quiz' counts for no total.",
        "This class weighs its categories, and 'Poster' is in none with a weight: it changes no total. To count it, choose its category at the step Map.",
      ])
      expect((await planned(drawing('7'), { state: weighed })).plan.warnings).toEqual([])
    })

    it('is none when each new one has a weight, and in a class without weights', async () => {
      const choices = into('Labs', 'Labs', 'Labs')
      expect((await planned(fresh('Poster | Debate | Diary'), { state: weighed, choices })).plan.warnings).toEqual([])
      const unweighed = { ...state, categories: categories.slice(1) }
      expect((await planned(fresh('Poster | Debate | Diary'), { state: unweighed })).plan.warnings).toEqual([])
    })
  })

  it('is none for a column that is no assignment', async () => {
    const choices = { columns: { '0': { use: 'identity' as const, role: 'lastName' as const } } }
    expect((await planned(drawing('7'), { state, choices })).plan.warnings).toEqual([])
  })
})

it('a file on the same class twice gives the same plan', async () => {
  const drawing = 'last_name | first_name | Quiz | Essay\nPOINTS | | 10 | 20\nLee | Sam | 5 | \nKoval | Mariya | | EX'
  expect(await planned(drawing)).toEqual(await planned(drawing))
})
