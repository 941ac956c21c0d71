import { describe, expect, test } from 'vitest'
import { compareRoster } from '@/lib/rosters/compare'
import { countsOf } from '@/lib/rosters/counts'
import { readRoster } from '@/lib/rosters/read-roster'
import type { Coverage } from '@/lib/rosters/roster-file'
import type { SchoolMarks, SchoolState } from '@/lib/rosters/school-state'
import { numberToRepeat, type RosterPlan } from '@/lib/rosters/stored-plan'
import { type Tables, zipFile } from '../../support/roster-files'

const marks: SchoolMarks = {
  ...{ students: '', identifiers: '', classes: '', enrolments: '', members: '', guardians: '', teachers: '' },
}
const empty: SchoolState = {
  ...{ students: [], identifiers: [], classes: [], enrolments: [], members: [], guardians: [], teachers: [] },
}
const long = '2026-01-01T00:00:00+00:00'

const student = (id: string, lastName: string, firstName: string, leftAt: string | null = null) => ({
  id,
  lastName,
  firstName,
  leftAt,
})
const identifier = (studentId: string, kind: 'email' | 'number' | 'username' | 'sis', folded: string, isPrimary = true) => ({
  ...{ studentId, kind, folded, isPrimary },
})
const openClass = (id: string, name: string, sisId: string | null = null, archivedAt: string | null = null) => ({
  ...{ id, name, subject: null, sisId, archivedAt },
})
const member = (id: string, email: string, roles: SchoolState['members'][number]['roles'], isDisabled = false) => ({
  ...{ id, email, name: id, roles, isDisabled },
})

async function planOf(tables: Tables, state: Partial<SchoolState>, coverage: Coverage = 'additions'): Promise<RosterPlan> {
  const file = await readRoster(zipFile(tables), { coverage, schoolName: 'Northside School', today: '2026-11-28' })
  return compareRoster(file, { state: { ...empty, ...state }, marks, fileSha256: '0'.repeat(64) })
}

const said = ({ students }: RosterPlan) => students.map(({ id, state, lastName }) => `${id ?? 'new'} ${state} ${lastName}`)
const codes = ({ problems }: RosterPlan) => problems.map(({ code }) => code)
const named = ['last name', 'first name']

describe('a row finds its student', () => {
  const known: Partial<SchoolState> = {
    students: [student('a', 'Koval', 'Mariya'), student('b', 'Lee', 'Sam'), student('c', 'Lee', 'Kim', long)],
    identifiers: [
      identifier('a', 'sis', 's1'),
      identifier('a', 'number', '100'),
      identifier('b', 'email', 'sam@x.example'),
      identifier('b', 'username', 'slee'),
      identifier('c', 'number', '102'),
    ],
  }
  const finds: readonly (readonly [by: string, heading: readonly string[], row: readonly string[], id: string])[] = [
    ['internal id, over everything else', ['internal id', 'student number'], ['b', '100'], 'b'],
    ['SIS id, over number and name', ['sis id', 'email'], ['S1', 'sam@x.example'], 'a'],
    ['number', ['student number'], ['100'], 'a'],
    ['user name, whatever the case', ['username'], ['SLEE'], 'b'],
    ['e-mail', ['email'], ['SAM@X.example'], 'b'],
    ['number, also of somebody who left', ['student number'], ['102'], 'c'],
  ]
  test.each(finds)('by %s', async (_by, heading, row, id) => {
    const plan = await planOf(
      {
        'students.csv': [
          [...named, ...heading],
          ['Changed', 'Name', ...row],
        ],
      },
      known,
    )
    expect(said(plan)).toEqual([`${id} ${id === 'c' ? 'back' : 'changed'} Changed`])
  })

  test('by a name that one student alone has, and never by likeness', async () => {
    const rows = (...names: readonly (readonly string[])[]) => planOf({ 'students.csv': [named, ...names] }, known)
    expect(said(await rows(['koval', 'MARIYA']))).toEqual(['a changed koval'])
    expect(said(await rows(['Koval', 'Maria']))).toEqual(['new new Koval'])
    const twins = { students: [student('a', 'Koval', 'Mariya'), student('b', 'Koval', 'Mariya')] }
    expect(said(await planOf({ 'students.csv': [named, ['Koval', 'Mariya']] }, twins))).toEqual(['new new Koval'])
  })

  test('but not by a name whose number says otherwise', async () => {
    const plan = await planOf(
      {
        'students.csv': [
          [...named, 'student number'],
          ['Koval', 'Mariya', '999'],
        ],
      },
      known,
    )
    expect(said(plan)).toEqual(['new new Koval'])
  })

  test('and is refused where an address was given anew to somebody else', async () => {
    const state = {
      students: [student('a', 'Koval', 'Mariya', long)],
      identifiers: [identifier('a', 'sis', 's1'), identifier('a', 'email', 'm.koval@x.example')],
    }
    const plan = await planOf(
      {
        'students.csv': [
          [...named, 'sis id', 'email'],
          ['Koval', 'Maksym', 'S9', 'm.koval@x.example'],
        ],
      },
      state,
    )
    expect([said(plan), codes(plan)]).toEqual([[], ['doubtful_student']])
  })

  test('rows of one student are refused side by side, with row, column and value, and the student stays', async () => {
    const rows = [
      ['Koval', 'Mariya', '100'],
      ['Koval', 'M.', '100'],
    ]
    const plan = await planOf({ 'students.csv': [[...named, 'student number'], ...rows] }, known, 'whole')
    expect(plan.problems.map(({ file, row, column, value }) => ({ file, row, column, value }))).toEqual([
      { file: 'students.csv', row: 2, column: 'student number', value: '100' },
      { file: 'students.csv', row: 3, column: 'student number', value: '100' },
    ])
    expect(plan.problems[0]?.message).toContain('rows 2 and 3')
    expect(said(plan)).toEqual(['b leaving Lee'])
  })
})

describe('identifiers', () => {
  const known = {
    students: [student('a', 'Koval', 'Mariya'), student('b', 'Lee', 'Sam')],
    identifiers: [
      identifier('a', 'sis', 's1'),
      identifier('a', 'email', 'old@x.example'),
      identifier('b', 'email', 'sam@x.example'),
    ],
  }
  const rows = (email: string) => ({
    'students.csv': [
      [...named, 'sis id', 'email'],
      ['Koval', 'Mariya', 'S1', email],
    ],
  })

  test('that change stay as an alias', async () => {
    const [planned] = (await planOf(rows('new@x.example'), known)).students
    expect(planned?.identifiers.map(({ step, folded }) => `${step} ${folded}`)).toEqual([
      'demote old@x.example',
      'add new@x.example',
    ])
  })

  test('of another student are left there, and named', async () => {
    const plan = await planOf(rows('sam@x.example'), known)
    expect([said(plan), codes(plan)]).toEqual([[], ['identifier_taken']])
    expect(plan.problems[0]?.message).toContain('belongs to Lee, Sam')
  })

  test('a blank cell takes nothing away', async () => {
    expect(said(await planOf(rows(''), known))).toEqual([])
    const blank = await planOf(
      {
        'students.csv': [
          [...named, 'sis id'],
          ['', 'Mariya', 'S1'],
        ],
      },
      known,
    )
    expect(said(blank)).toEqual([])
  })
})

describe('classes and enrolments', () => {
  const known = {
    students: [student('a', 'Koval', 'Mariya')],
    identifiers: [identifier('a', 'number', '100')],
    classes: [openClass('k', 'Biology'), openClass('old', 'Latin', null, long), openClass('p', 'Physics', 'P1')],
    enrolments: [
      { classId: 'k', studentId: 'a', leftAt: null },
      { classId: 'old', studentId: 'a', leftAt: null },
    ],
  }
  const enrol = (...rows: readonly (readonly string[])[]): Tables => ({
    'enrolments.csv': [['student number', 'class id', 'class'], ...rows],
  })

  test('a class without an id is found by its name; with another system’s id it is not taken for it', async () => {
    const plan = await planOf(
      {
        'classes.csv': [
          ['name', 'class id'],
          ['biology', 'B1'],
          ['Physics', 'P2'],
        ],
      },
      known,
    )
    expect(plan.classes.map(({ id, state, name, sisId }) => `${id} ${state} ${name} ${sisId}`)).toEqual([
      'k changed biology B1',
      'null new Physics P2',
    ])
  })

  test('an enrolment of a class nobody knows makes the class when it has a name, and is refused when it has only an id', async () => {
    const plan = await planOf(enrol(['100', '', 'Art'], ['100', 'X9', '']), known)
    expect(plan.classes.map(({ state, name }) => `${state} ${name}`)).toEqual(['new Art'])
    expect(plan.enrolments).toEqual([{ class: '#0', student: 'a', state: 'new', leftAt: null }])
    expect(codes(plan)).toEqual(['unknown_enrolment'])
  })

  test('an enrolment of a student nobody knows is refused with its row', async () => {
    const plan = await planOf(enrol(['999', '', 'Biology']), known)
    expect(plan.problems).toEqual([
      expect.objectContaining({ file: 'enrolments.csv', row: 2, value: '999', code: 'unknown_enrolment' }),
    ])
  })

  test('a whole list ends what it does not name, but nothing in classes that are closed', async () => {
    const plan = await planOf(enrol(['100', 'P1', '']), known, 'whole')
    expect(plan.enrolments.map(({ class: klass, state }) => `${klass} ${state}`)).toEqual(['p new', 'k ended'])
    expect(plan.removals.find(({ kind }) => kind === 'enrolments')).toEqual({
      kind: 'enrolments',
      removed: 1,
      of: 1,
      isLarge: true,
    })
  })

  test('a closing class keeps its list', async () => {
    const plan = await planOf({ 'classes.csv': [['name'], ['Physics']] }, known, 'whole')
    expect(plan.classes.map(({ id, state }) => `${id} ${state}`)).toEqual(['k closing'])
    expect(plan.enrolments).toEqual([])
  })

  test('two rows of one class with other words are refused, and the class stays', async () => {
    const plan = await planOf(
      {
        'classes.csv': [
          ['name', 'class id'],
          ['Physics', 'P1'],
          ['Physics II', 'P1'],
          ['Biology', 'B1'],
        ],
      },
      known,
      'whole',
    )
    expect(codes(plan)).toEqual(['same_class', 'same_class'])
    expect(plan.classes.map(({ id, state }) => `${id} ${state}`)).toEqual(['k changed'])
  })
})

describe('guardians', () => {
  const known = {
    students: [student('a', 'Koval', 'Mariya'), student('b', 'Lee', 'Sam')],
    identifiers: [identifier('a', 'number', '100'), identifier('b', 'number', '101')],
    members: [
      member('t', 'teacher@x.example', ['teacher']),
      member('g', 'iryna@x.example', ['guardian']),
      member('off', 'off@x.example', ['guardian'], true),
      member('s', 'pupil@x.example', ['student']),
    ],
    guardians: [
      { memberId: 'g', studentId: 'a', relationship: 'mother', revokedAt: null, revokedImportId: null },
      { memberId: 'g', studentId: 'b', relationship: 'aunt', revokedAt: long, revokedImportId: null },
      { memberId: 't', studentId: 'b', relationship: 'father', revokedAt: long, revokedImportId: 'r' },
    ],
  }
  const guard = (...rows: readonly (readonly string[])[]): Tables => ({
    'guardians.csv': [['guardian name', 'guardian email', 'relationship', 'student number'], ...rows],
  })

  test('become accounts once, whatever the number of their children', async () => {
    const plan = await planOf(
      guard(['Funke Ade', 'F@x.example', 'mother', '100'], ['Funke Ade', 'f@x.example', 'aunt', '101']),
      known,
    )
    expect(plan.accounts).toEqual([{ id: null, state: 'new', email: 'f@x.example', name: 'Funke Ade', old: null }])
    expect(plan.links.map(({ member: who, student: whose, state }) => `${who} ${whose} ${state}`)).toEqual([
      '#0 a new',
      '#0 b new',
    ])
  })

  test('a teacher becomes a guardian too, and a link a roster ended is opened again', async () => {
    const plan = await planOf(guard(['T', 'teacher@x.example', 'father', '101']), known)
    expect(plan.accounts.map(({ id, state }) => `${id} ${state}`)).toEqual(['t role'])
    expect(plan.links.map(({ state }) => state)).toEqual(['back'])
  })

  test('a link ended by hand is never opened by a file', async () => {
    const plan = await planOf(guard(['Iryna', 'iryna@x.example', 'aunt', '101']), known)
    expect([plan.links, codes(plan)]).toEqual([[], ['link_ended_by_hand']])
  })

  test('accounts that were shut out, and those of students, are refused', async () => {
    const plan = await planOf(guard(['Off', 'off@x.example', 'x', '100'], ['Pupil', 'pupil@x.example', 'x', '100']), known)
    expect([plan.accounts, plan.links, codes(plan)]).toEqual([[], [], ['guardian_refused', 'guardian_refused']])
  })

  test('a relation that changes is changed, a whole list ends what it does not name', async () => {
    expect((await planOf(guard(['g', 'iryna@x.example', 'Stepmother', '100']), known)).links[0]).toMatchObject({
      state: 'changed',
      relationship: 'stepmother',
    })
    const whole = await planOf(guard(['Funke', 'f@x.example', 'mother', '101']), known, 'whole')
    expect(whole.links.map(({ member: who, state }) => `${who} ${state}`)).toEqual(['#0 new', 'g ended'])
  })
})

describe('teachers', () => {
  const known = {
    classes: [openClass('k', 'Biology', 'B1')],
    members: [
      member('t', 't@x.example', ['teacher']),
      member('g', 'g@x.example', ['guardian']),
      member('u', 'u@x.example', ['teacher']),
    ],
    teachers: [{ classId: 'k', memberId: 'u' }],
  }
  const classes = (...teachers: readonly string[]): Tables => ({
    'classes.csv': [
      ['class id', 'name', 'teacher email'],
      ['B1', 'Biology', teachers.join(';')],
    ],
  })

  test('without an account are listed with what to do, and nobody is made', async () => {
    const plan = await planOf(classes('nobody@x.example', 'g@x.example', 'Ms. Name'), known)
    expect(plan.teachers).toEqual([])
    expect(plan.unknownTeachers.map(({ who, reason }) => `${who}: ${reason.slice(0, 24)}`)).toEqual([
      'nobody@x.example: Nobody here has this e-m',
      'g@x.example: This account is no teach',
      'Ms. Name: The file gives no e-mail',
    ])
  })

  test('are exchanged by a whole list, which never leaves a class without one', async () => {
    expect((await planOf(classes('t@x.example'), known, 'whole')).teachers).toEqual([
      { class: 'k', memberId: 't', state: 'new' },
      { class: 'k', memberId: 'u', state: 'ended' },
    ])
    expect((await planOf(classes('nobody@x.example'), known, 'whole')).teachers).toEqual([])
    expect((await planOf(classes('t@x.example'), known)).teachers).toEqual([{ class: 'k', memberId: 't', state: 'new' }])
  })
})

describe('the threshold', () => {
  const school = (count: number) => ({
    students: Array.from({ length: count }, (_, at) => student(`s${at}`, `P${at}`, 'X')),
    identifiers: Array.from({ length: count }, (_, at) => identifier(`s${at}`, 'number', `${at}`)),
  })
  const left = (from: number, count: number): Tables => ({
    'students.csv': [
      [...named, 'student number'],
      ...Array.from({ length: count - from }, (_, at) => [`P${at + from}`, 'X', `${at + from}`]),
    ],
  })
  const asked: readonly (readonly [removed: number, of: number, repeat: number | null])[] = [
    [0, 10, null],
    [1, 10, null],
    [2, 10, 2],
    [1, 9, 1],
    [10, 100, null],
    [11, 100, 11],
  ]
  test.each(asked)('%i of %i students removed asks for %s', async (removed, of, repeat) => {
    const plan = await planOf(left(removed, of), school(of), 'whole')
    expect(countsOf(plan).studentsLeaving).toBe(removed)
    expect(numberToRepeat(plan.removals)).toBe(repeat)
  })
})
