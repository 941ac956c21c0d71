import { describe, expect, it } from 'vitest'
import type { ColumnChoice, ImportChoices, StudentChoice } from '@/lib/imports/choices'
import type { ClassAssignment, ClassState, ClassStudent } from '@/lib/imports/class-state'
import { matchStudents, skipped } from '@/lib/imports/match'
import { matchAssignments } from '@/lib/imports/match-assignments'
import type { ParsedAssignment, ParsedFile, ParsedStudent } from '@/lib/imports/parsed'
import { classOf } from '../../support/class-of'

const koval = { id: 'id-koval', lastName: 'Koval', firstName: 'Mariya' }
const lee = { id: 'id-lee', lastName: 'Lee', firstName: 'Sam' }
const twin = { id: 'id-twin', lastName: 'Lee', firstName: 'Sam' }
const outside = { id: 'id-outside', lastName: 'Brandt', firstName: 'Noah' }

const row = (at: number, lastName: string, firstName: string, ...emails: string[]): ParsedStudent => ({
  row: at,
  lastName,
  firstName,
  identifiers: emails.map((email) => ({ kind: 'email', folded: email, value: email.toUpperCase() })),
})

type Given = Readonly<{
  inClass?: readonly ClassStudent[]
  known?: Readonly<Record<string, ClassStudent>>
  chosen?: readonly ClassStudent[]
  choices?: Readonly<Record<string, StudentChoice>>
}>

function match(
  students: readonly ParsedStudent[],
  { inClass = [koval, lee], known = {}, chosen = [], choices = {} }: Given = {},
) {
  // Of a file and a class only what matching looks at.
  const file = { students } as unknown as ParsedFile
  const state = { students: inClass } as unknown as ClassState
  const { found, problems } = matchStudents(file, state, {
    known: new Map(Object.entries(known).map(([email, student]) => [`email\t${email}`, student])),
    chosen: new Map(chosen.map((student) => [student.id, student])),
    choices,
  })
  return {
    found: found.map((each) => (each === null || each === skipped ? each : `${each.state} ${each.id ?? each.lastName}`)),
    problems: problems.map(({ row: at, code, severity }) => `${at} ${code} ${severity}`),
    adds: found.map((each) => (each === null || each === skipped ? [] : each.adds.map(({ folded }) => folded))),
    texts: problems.map(({ message }) => message),
    whole: found,
    said: problems,
  }
}

describe('a row is', () => {
  it('the student of the class of that name, whatever the case of letters', () => {
    expect(match([row(2, 'KOVAL', 'mariya')])).toMatchObject({ found: ['matched id-koval'], problems: [] })
  })

  it('whoever has its e-mail, also when the class calls somebody else by that name', () => {
    expect(match([row(2, 'Koval', 'Mariya', 'n@x')], { known: { 'n@x': outside } })).toMatchObject({
      found: ['enrolled id-outside'],
      problems: [],
      adds: [[]],
    })
  })

  it('found by name with a new e-mail: it is told, and the student gets the e-mail', () => {
    const { found, problems, adds, texts } = match([row(2, 'Lee', 'Sam', 's@x')])
    expect({ found, problems, adds }).toEqual({
      found: ['matched id-lee'],
      problems: ['2 matched_by_name warn'],
      adds: [['s@x']],
    })
    expect(texts[0]).toContain("nobody has 'S@X' yet, but Lee, Sam is in the class")
  })

  it('new when nobody is called that, and keeps the name of the file', () => {
    const { found, whole, problems } = match([row(2, 'Brandt', 'Noah', 'n@x')])
    expect({ found, problems }).toEqual({ found: ['new Brandt'], problems: [] })
    expect(whole[0]).toMatchObject({ lastName: 'Brandt', firstName: 'Noah', row: 2 })
  })

  it('called as the school calls them, not as the file does', () => {
    expect(match([row(2, 'K.', 'M.', 'm@x')], { known: { 'm@x': koval } }).whole[0]).toMatchObject({
      lastName: 'Koval',
      firstName: 'Mariya',
      state: 'matched',
    })
  })

  it('nobody for sure when two of the class share its name, unless an e-mail makes it somebody new', () => {
    const inClass = [lee, twin]
    expect(match([row(2, 'Lee', 'Sam')], { inClass })).toMatchObject({ found: [null], problems: ['2 ambiguous_name reject'] })
    expect(match([row(2, 'Lee', 'Sam', 's@x')], { inClass })).toMatchObject({ found: ['new Lee'], problems: [] })
  })

  it('the other one of two of a name when an e-mail has already found the first', () => {
    expect(
      match([row(2, 'Lee', 'Sam', 's@x'), row(3, 'Lee', 'Sam')], { inClass: [lee, twin], known: { 's@x': twin } }),
    ).toMatchObject({
      found: ['matched id-twin', 'matched id-lee'],
      problems: [],
    })
  })

  it('refused when its identifiers are of two students', () => {
    expect(match([row(2, 'Lee', 'Sam', 's@x', 'k@x')], { known: { 's@x': lee, 'k@x': koval } })).toMatchObject({
      found: [null],
      problems: ['2 identifiers_disagree reject'],
    })
  })

  it('refused when another row is the same student, and both are named', () => {
    const { found, problems, texts } = match(
      [row(2, 'Lee', 'Sam', 's@x'), row(5, 'Lee', 'S.', 't@x'), row(6, 'Koval', 'Mariya')],
      {
        known: { 's@x': lee, 't@x': lee },
      },
    )
    expect(found).toEqual([null, null, 'matched id-koval'])
    expect(problems).toEqual(['2 same_student reject', '5 same_student reject'])
    expect(texts[0]).toContain('Rows 2 and 5')
  })

  it('refused when nobody has its e-mail and it gives no name', () => {
    expect(match([row(2, '', '', 'x@x')])).toMatchObject({ found: [null], problems: ['2 unknown_student reject'] })
    expect(match([row(2, '', 'Sam', 'x@x')]).found).toEqual(['new '])
  })

  it('new by half a name, and whoever its e-mail says without any', () => {
    expect(match([row(2, 'Brandt', ''), row(3, '', 'Noah')])).toMatchObject({ found: ['new Brandt', 'new '], problems: [] })
    expect(match([row(2, '', '', 's@x')], { known: { 's@x': lee } })).toMatchObject({ found: ['matched id-lee'], problems: [] })
  })

  it('found by half a name where the class has no more of it, and never by none', () => {
    const inClass = [
      { id: 'id-cher', lastName: 'Cher', firstName: '' },
      { id: 'id-ana', lastName: '', firstName: 'Ana' },
      { id: 'id-nameless', lastName: '', firstName: '' },
    ]
    expect(match([row(2, 'Cher', ''), row(3, '', 'Ana'), row(4, '', '', 'x@x')], { inClass })).toMatchObject({
      found: ['matched id-cher', 'matched id-ana', null],
      problems: ['4 unknown_student reject'],
    })
  })

  it('never given the key of ours that another school wrote', () => {
    const key = 'gi-01a2203b-3120-74b6-8344-0bdad2027721'
    expect(match([row(2, 'New', 'Kid', key, 'x@x')]).adds).toEqual([['x@x']])
  })
})

describe('the teacher says', () => {
  it('who a row is, before any identifier or name is asked', () => {
    const given = { known: { 's@x': lee }, chosen: [koval], choices: { '2': { use: 'student', studentId: koval.id } } } as const
    expect(match([row(2, 'Lee', 'Sam', 's@x', 'new@x')], given)).toMatchObject({
      found: ['matched id-koval'],
      problems: [],
      adds: [['new@x']],
    })
  })

  it('that it is somebody new, although the class has one of that name', () => {
    const { found, whole } = match([row(2, 'Lee', 'Sam')], { choices: { '2': { use: 'new' } } })
    expect(found).toEqual(['new Lee'])
    expect(whole[0]).toMatchObject({ isChosenNew: true })
    expect(match([row(2, 'Other', 'One')]).whole[0]).not.toHaveProperty('isChosenNew')
  })

  it('that it is left out', () => {
    expect(match([row(2, 'Lee', 'Sam'), row(3, 'Koval', 'Mariya')], { choices: { '2': { use: 'skip' } } })).toMatchObject({
      found: [skipped, 'matched id-koval'],
      problems: [],
    })
  })

  it('a student who is not there any more: then it is asked again', () => {
    expect(match([row(2, 'Lee', 'Sam')], { choices: { '2': { use: 'student', studentId: 'gone' } } })).toMatchObject({
      found: [null],
      problems: ['2 chosen_student_gone block'],
    })
  })

  it('one student for two rows: both are refused', () => {
    const choices = { '2': { use: 'student', studentId: lee.id }, '3': { use: 'student', studentId: lee.id } } as const
    expect(match([row(2, 'A', 'B'), row(3, 'C', 'D')], { chosen: [lee], choices }).found).toEqual([null, null])
  })

  it('one student by hand, so that a name cannot mean them as well', () => {
    const choices = { '2': { use: 'student', studentId: lee.id } } as const
    expect(match([row(2, 'A', 'B'), row(3, 'Lee', 'Sam')], { chosen: [lee], choices }).found).toEqual([
      'matched id-lee',
      'new Lee',
    ])
  })
})

describe('what is said of a row', () => {
  const whole = (more: object) => ({ row: 2, ...more })
  it.each([
    [
      'the same student as another row',
      match([row(2, 'Lee', 'Sam', 's@x'), row(5, 'Lee', 'S.', 't@x')], { known: { 's@x': lee, 't@x': lee } }),
      whole({
        ...{ code: 'same_student', severity: 'reject', value: 'Lee, Sam' },
        message: 'Rows 2 and 5 are the same student of the school. None of them was imported.',
        fix: 'Keep the right row, delete the others, and upload the file again.',
      }),
    ],
    [
      'nobody the school knows, without a name',
      match([row(2, '', '', 'x@x', 'y@x')]),
      whole({
        ...{ code: 'unknown_student', severity: 'reject', value: 'X@X' },
        message: "Row 2: the school knows no student by 'X@X', and the row gives no name to add one.",
        fix: 'Mend the e-mail or number, or add columns last_name and first_name.',
      }),
    ],
    [
      'nobody at all',
      match([row(2, '', '')]),
      whole({
        ...{ code: 'unknown_student', severity: 'reject', value: null },
        message: "Row 2: the school knows no student by '', and the row gives no name to add one.",
        fix: 'Mend the e-mail or number, or add columns last_name and first_name.',
      }),
    ],
    [
      'a chosen student who is gone',
      match([row(2, 'Lee', 'Sam')], { choices: { '2': { use: 'student', studentId: 'gone' } } }),
      whole({
        ...{ code: 'chosen_student_gone', severity: 'block' },
        message: 'Row 2: the student you chose can no longer be found.',
        fix: 'Choose another student for the row, add it as a new one, or leave it out.',
      }),
    ],
    [
      'identifiers of two students',
      match([row(2, 'Lee', 'Sam', 's@x', 'k@x')], { known: { 's@x': lee, 'k@x': koval } }),
      whole({
        ...{ code: 'identifiers_disagree', severity: 'reject', value: 'S@X, K@X' },
        message: 'Row 2: its identifiers belong to different students of the school.',
        fix: 'Mend the wrong one and upload the file again.',
      }),
    ],
    [
      'found by name alone',
      match([row(2, 'Lee', 'Sam', 's@x')]),
      whole({
        ...{ code: 'matched_by_name', severity: 'warn', value: 'S@X' },
        message: "Row 2: nobody has 'S@X' yet, but Lee, Sam is in the class. The grades go to that student, who keeps both.",
        fix: 'If this is another student of the same name, discard the import and add that student to the class first.',
      }),
    ],
    [
      'a name of two',
      match([row(2, 'Lee', 'Sam')], { inClass: [lee, twin] }),
      whole({
        ...{ code: 'ambiguous_name', severity: 'reject', value: 'Lee, Sam' },
        message: 'Row 2: 2 students of the class are called Lee, Sam.',
        fix: 'Add an e-mail address or student number to the row.',
      }),
    ],
  ])('%s', (_what, { said }, problem) => {
    expect(said[0]).toEqual(problem)
  })
})

const work = (id: string, title: string, dueOn: string | null = null, maxPoints = '20'): ClassAssignment => ({
  ...{ id, title, dueOn, maxPoints, categoryId: null, isExtraCredit: false, isPublished: true },
})
const column = (at: number, title: string, more: Partial<ParsedAssignment> = {}): ParsedAssignment => ({
  ...{ columns: [at], title, maxPoints: null, pointsRead: '100', dueOn: null, category: null, tags: [], vendorId: null },
  assignmentId: undefined,
  ...more,
})

function assign(
  columns: readonly ParsedAssignment[],
  works: readonly ClassAssignment[],
  links: Readonly<Record<string, string>> = {},
  choices?: ImportChoices['columns'],
) {
  const file = { source: 'canvas', assignments: columns } as unknown as ParsedFile
  const state = classOf({
    assignments: works,
    links,
    tags: { a: ['unit 1', 'biology'] },
    categories: ['Labs', 'Home'].map((name) => ({ id: name.toLowerCase(), name, weight: null, dropLowest: 0 })),
  })
  const { found, problems } = matchAssignments(file, state, choices)
  return {
    found: found.map(({ state: how, id, title }) => `${how} ${id ?? title}`),
    problems: problems.map(({ code, severity, column: name }) => `${code} ${severity} ${name}`),
    whole: found,
    said: problems,
  }
}

describe('category and tags', () => {
  const inLabs: ClassAssignment = { ...work('a', 'Quiz'), categoryId: 'labs' }
  const said = (labels: Readonly<{ category?: string | null; tags?: string[] }>) => ({ use: 'assignment' as const, ...labels })
  const known = { id: 'a', state: 'matched', title: 'Quiz', old: { maxPoints: '20', dueOn: null }, maxPoints: '20', dueOn: null }

  it('of a matched column are only what the teacher says, and only what is new there', () => {
    const of = (choice?: ColumnChoice, works = [inLabs]) =>
      assign([column(3, 'Quiz', { category: 'Of the file', tags: [] })], works, {}, choice && { '3': choice }).whole
    const plain = [{ ...known, columns: [3], vendorId: null }]
    expect(of()).toEqual(plain)
    for (const choice of [
      said({}),
      said({ category: '' }),
      said({ category: null }),
      said({ category: 'Labs', tags: ['Unit 1'] }),
    ])
      expect(of(choice)).toEqual(plain)
    expect(of({ use: 'ignore' })).toEqual(plain)
    expect(of(said({ category: 'Home' }))).toEqual([
      {
        ...{ ...known, state: 'changed', columns: [3], vendorId: null, category: 'Home' },
        old: { maxPoints: '20', dueOn: null, category: { id: 'labs', name: 'Labs' } },
      },
    ])
    expect(of(said({ category: 'Home' }), [work('a', 'Quiz')])[0]?.old?.category).toBeNull()
    expect(of(said({ tags: ['biology', 'Cells'] }))).toEqual([
      { ...known, state: 'changed', columns: [3], vendorId: null, tags: ['Cells'] },
    ])
  })

  it('of several columns that are one assignment: the first category and all tags', () => {
    const choices = {
      '1': said({ category: null, tags: ['x'] }),
      '2': said({ category: 'Home', tags: ['y'] }),
      '3': said({ category: 'Labs' }),
    }
    const one = { ...column(1, 'Quiz'), columns: [1, 2, 3] }
    expect(assign([one], [inLabs], {}, choices).whole).toMatchObject([{ category: 'Home', tags: ['x', 'y'] }])
  })

  it('come beside points and dates that change as well', () => {
    const { whole } = assign(
      [column(1, 'Quiz', { maxPoints: '25' })],
      [inLabs],
      {},
      { '1': said({ category: 'Home', tags: ['z'] }) },
    )
    expect(whole).toMatchObject([
      { state: 'changed', maxPoints: '25', old: { maxPoints: '20', category: { id: 'labs' } }, category: 'Home', tags: ['z'] },
    ])
  })

  it('of a new one are those that were read', () => {
    const { whole } = assign(
      [column(1, 'Talk', { category: 'Labs', tags: ['t'] })],
      [inLabs],
      {},
      { '1': said({ category: 'Labs' }) },
    )
    expect(whole).toMatchObject([{ state: 'new', category: 'Labs', tags: ['t'], old: null }])
  })
})

describe('a column goes to', () => {
  it('the assignment of its title; case counts, white space does not', () => {
    expect(assign([column(1, 'Quiz  1')], [work('a', 'Quiz 1')]).found).toEqual(['matched a'])
    expect(assign([column(1, 'quiz 1')], [work('a', 'Quiz 1')])).toMatchObject({ found: ['new quiz 1'], problems: [] })
  })

  it('the one assignment of its title although the date differs, which then changes', () => {
    const { found, whole } = assign(
      [column(1, 'Quiz', { dueOn: '2026-10-02', maxPoints: '25' })],
      [work('a', 'Quiz', '2026-10-01')],
    )
    expect(found).toEqual(['changed a'])
    expect(whole[0]).toMatchObject({
      old: { maxPoints: '20', dueOn: '2026-10-01' },
      maxPoints: '25',
      dueOn: '2026-10-02',
      columns: [1],
    })
  })

  it('the assignment as it is when the file says neither points nor date', () => {
    expect(assign([column(1, 'Quiz')], [work('a', 'Quiz', '2026-10-01')]).whole[0]).toMatchObject({
      state: 'matched',
      maxPoints: '20',
      dueOn: '2026-10-01',
    })
  })

  it('that of its date among several of one title, and else it is asked with the dates there are', () => {
    const works = [work('a', 'Quiz', '2026-10-01'), work('b', 'Quiz')]
    expect(assign([column(1, 'Quiz', { dueOn: '2026-10-01' })], works)).toMatchObject({ found: ['matched a'], problems: [] })
    expect(assign([column(1, 'Quiz', { dueOn: '2026-12-01' })], works).said).toEqual([
      {
        ...{ column: 'Quiz', value: '2026-12-01', code: 'ambiguous_assignment', severity: 'block' },
        message: "The class has 2 assignments called 'Quiz', and the date in the file does not say which is meant.",
        fix: 'Choose the assignment, or give the column one of these dates: 2026-10-01, no date.',
      },
    ])
  })

  it('none for sure among several of one title and one date', () => {
    const works = [work('a', 'Quiz', '2026-10-01'), work('b', 'Quiz', '2026-10-01')]
    expect(assign([column(1, 'Quiz', { dueOn: '2026-10-01' })], works)).toMatchObject({
      found: ['new Quiz'],
      problems: ['ambiguous_assignment block Quiz'],
    })
    expect(assign([column(1, 'Quiz [2026-10-01]')], works)).toMatchObject({ found: ['new Quiz [2026-10-01]'], problems: [] })
  })

  it('the assignment as it is, unless points or date are others', () => {
    const works = [work('a', 'Quiz', '2026-10-01')]
    const how = (more: Partial<ParsedAssignment>) => assign([column(1, 'Quiz', more)], works).found
    expect(how({ maxPoints: '20', dueOn: '2026-10-01' })).toEqual(['matched a'])
    expect(how({ maxPoints: '25' })).toEqual(['changed a'])
    expect(how({ dueOn: '2026-10-02' })).toEqual(['changed a'])
  })

  it('a new one for each of several columns of a title that no date ties to the one there is', () => {
    const columns = [column(1, 'Quiz', { dueOn: '2026-10-01' }), column(2, 'Quiz', { dueOn: '2026-10-02' })]
    expect(assign(columns, [work('a', 'Quiz', '2026-10-02')])).toMatchObject({ found: ['new Quiz', 'matched a'], problems: [] })
  })

  it('the twin our own export told apart by its date', () => {
    const works = [work('a', 'Quiz', '2026-10-01'), work('b', 'Quiz')]
    expect(assign([column(1, 'Quiz [2026-10-01]'), column(2, 'Quiz [no date]')], works).found).toEqual(['matched a', 'matched b'])
    expect(assign([column(1, 'Quiz [2026-10-09]')], works).found).toEqual(['new Quiz [2026-10-09]'])
    expect(assign([column(1, 'Quiz [no date] again')], works).found).toEqual(['new Quiz [no date] again'])
  })

  it('what the source is known to call it, whatever the title says now, and the id is not learnt twice', () => {
    const { found, whole } = assign([column(1, 'Renamed', { vendorId: '47' })], [work('a', 'Quiz')], { 'canvas\t47': 'a' })
    expect(found).toEqual(['matched a'])
    expect(whole[0]?.vendorId).toBeNull()
  })

  it('nothing by an id of another source, but learns the id', () => {
    const { found, whole } = assign([column(1, 'Quiz', { vendorId: '47' })], [work('a', 'Quiz'), work('b', 'X')], {
      'moodle\t47': 'b',
    })
    expect(found).toEqual(['matched a'])
    expect(whole[0]?.vendorId).toBe('47')
  })

  it('its title when what the id meant is gone', () => {
    expect(assign([column(1, 'Quiz', { vendorId: '47' })], [work('a', 'Quiz')], { 'canvas\t47': 'gone' }).found).toEqual([
      'matched a',
    ])
  })

  it('what the teacher chose, before id and title', () => {
    const works = [work('a', 'Quiz'), work('b', 'Essay')]
    expect(assign([column(1, 'Quiz', { assignmentId: 'b', vendorId: '47' })], works, { 'canvas\t47': 'a' }).found).toEqual([
      'matched b',
    ])
  })

  it('a new one when the teacher says so, with points, date, category and tags', () => {
    const said = { assignmentId: null, maxPoints: '5', dueOn: '2026-11-01', category: 'Labs', tags: ['x'], vendorId: '9' }
    const { whole, problems } = assign([column(3, 'Quiz', said)], [work('a', 'Quiz')])
    expect(problems).toEqual([])
    expect(whole[0]).toEqual({
      ...{ id: null, state: 'new', title: 'Quiz', old: null, maxPoints: '5', dueOn: '2026-11-01' },
      ...{ columns: [3], category: 'Labs', tags: ['x'], vendorId: '9', isChosenNew: true },
    })
  })

  it('a new one of 100 points when nobody says otherwise', () => {
    const { whole } = assign([column(3, 'Fresh')], [])
    expect(whole[0]).toMatchObject({ maxPoints: '100', dueOn: null })
    expect(whole[0]).not.toHaveProperty('isChosenNew')
  })

  it('nothing when the chosen assignment is gone: that is asked', () => {
    expect(assign([column(1, 'Quiz', { assignmentId: 'gone' })], [work('a', 'Quiz')]).said).toEqual([
      {
        ...{ column: 'Quiz', code: 'chosen_assignment_gone', severity: 'block' },
        message: "'Quiz': the assignment you chose for this column is no longer in the class and term.",
        fix: 'Choose another assignment for the column, or make it a new one.',
      },
    ])
  })

  it('the same assignment as another column: that is asked, and both are named', () => {
    const { said } = assign(
      [column(1, 'Fresh'), column(2, 'Essay'), column(3, 'Quiz'), column(4, 'Other', { assignmentId: 'a' })],
      [work('b', 'Essay'), work('a', 'Quiz')],
    )
    expect(said).toEqual([
      {
        ...{ column: 'Quiz', value: 'Quiz, Other', code: 'same_assignment', severity: 'block' },
        message: "The columns 'Quiz' and 'Other' both go to the assignment 'Quiz'.",
        fix: 'Choose another assignment for one of them, make it a new one, or leave it out.',
      },
    ])
  })
})
