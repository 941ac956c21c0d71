import { describe, expect, test } from 'vitest'
import { readRoster } from '@/lib/rosters/read-roster'
import type { Coverage, RosterFile } from '@/lib/rosters/roster-file'
import { csvText, type OneRosterSchool, oneRosterTables, type Tables, zipFile } from '../../support/roster-files'

const bytes = (text: string) => new TextEncoder().encode(text)
const read = (file: { name: string; bytes: Uint8Array }, coverage: Coverage = 'file', today = '2026-11-28') =>
  readRoster(file, { coverage, schoolName: 'Northside School', today })
const readText = (text: string, name = 'students.csv', coverage: Coverage = 'additions') =>
  read({ name, bytes: bytes(text) }, coverage)
const readTables = (tables: Tables, coverage: Coverage = 'additions') => read(zipFile(tables), coverage)

const codes = ({ problems }: RosterFile) => problems.map(({ code }) => code)
const blocks = ({ problems }: RosterFile) => problems.filter(({ severity }) => severity === 'block').map(({ code }) => code)
const sizes = ({ students, classes, enrolments, guardians, teachings }: RosterFile) =>
  [students.length, classes.length, enrolments.length, guardians.length, teachings.length].join(' ')
const idsOf = ({ students }: RosterFile) =>
  students.map(({ identifiers }) => identifiers.map(({ kind, folded }) => `${kind}:${folded}`).join(' '))

describe('one CSV table of students', () => {
  const cases: readonly (readonly [what: string, text: string, names: string, ids: string])[] = [
    ['last, first, e-mail', 'Last Name,First Name,Email\nKoval,Mariya,M@X.example\n', 'Koval|Mariya', 'email:m@x.example'],
    ['a whole name with a comma', 'Name,Student Number\n"Koval, Mariya",0100\n', 'Koval|Mariya', 'number:0100'],
    ['a whole name without one', 'Full name,Student number\nMariya Anna Koval,100\n', 'Koval|Mariya Anna', 'number:100'],
    ['a bare student id, which is the number', 'Surname,Given name,Student ID\nKoval,Mariya,100\n', 'Koval|Mariya', 'number:100'],
    [
      'a student id beside a number, which is the SIS id',
      'Last name,First name,Student ID,Student number\nKoval,Mariya,S1,100\n',
      'Koval|Mariya',
      'sis:S1 number:100',
    ],
    [
      'semicolons and a byte order mark',
      '\ufefflast_name;first_name;username\nKoval;Mariya;mkoval\n',
      'Koval|Mariya',
      'username:mkoval',
    ],
    [
      'tabs, with title rows above',
      'School list\t\t\nlast name\tfirst name\tSIS ID\nKoval\tMariya\tS1\n',
      'Koval|Mariya',
      'sis:s1',
    ],
    ['guarded cells', 'last name,first name,student number\n\'=SUM(A1),Mariya,"=""0100"""\n', '=SUM(A1)|Mariya', 'number:0100'],
    ['dashes for nothing', 'last name,first name,student number,email\nKoval,Mariya,100,-\n', 'Koval|Mariya', 'number:100'],
  ]
  test.each(cases)('with %s', async (_what, text, names, ids) => {
    const file = await readText(text)
    expect(file.students.map(({ lastName, firstName }) => `${lastName}|${firstName}`)).toEqual([names])
    expect(idsOf(file)).toEqual([ids.toLowerCase()])
    expect(blocks(file)).toEqual([])
  })

  test('with a class and guardians inside holds enrolments and links as well', async () => {
    const file = await readText(
      'last name,first name,student number,class,guardian 1 name,guardian 1 email,parent2_email,guardian 1 relationship\nKoval,Mariya,100,Biology,Iryna Koval,iryna@x.example,petro@x.example,Mother\n',
    )
    expect(sizes(file)).toBe('1 0 1 2 0')
    expect(file.guardians.map(({ email, name, relationship }) => `${email} ${name} ${relationship}`)).toEqual([
      'iryna@x.example Iryna Koval mother',
      'petro@x.example petro@x.example guardian',
    ])
  })

  test('is whole, additions, or a question, by what the person says', async () => {
    const text = 'last name,first name,email\nKoval,Mariya,m@x.example\n'
    expect((await readText(text, 'students.csv', 'whole')).whole).toEqual(['students'])
    expect((await readText(text, 'students.csv', 'additions')).whole).toEqual([])
    expect(blocks(await readText(text, 'students.csv', 'file'))).toEqual(['ask_coverage'])
  })
})

describe('what cannot be taken', () => {
  const refusals: readonly (readonly [what: string, name: string, text: string, code: string])[] = [
    ['an empty file', 'students.csv', '', 'empty'],
    ['a web page', 'students.csv', '<!doctype html><html></html>', 'html'],
    ['a heading row alone', 'students.csv', 'last name,first name\n', 'no_roster'],
    ['a file about something else', 'menu.csv', 'dish,price\nsoup,4\n', 'no_roster'],
    ['a row with more cells than headings', 'students.csv', 'last name,first name\nKoval,Mariya,Anna\n', 'row_too_long'],
    ['an unclosed quote', 'students.csv', 'last name,first name\n"Koval,Mariya\n', 'unclosed_quote'],
  ]
  test.each(refusals)('%s', async (_what, name, text, code) => {
    const file = await readText(text, name)
    expect(blocks(file)).toContain(code)
    for (const { message, fix } of file.problems) for (const words of [message, fix]) expect(words).not.toBe('')
  })

  test('a damaged archive, and one with a path that climbs out', async () => {
    const good = zipFile({
      'students.csv': [
        ['last name', 'first name'],
        ['Koval', 'Mariya'],
      ],
    })
    expect(blocks(await read({ ...good, bytes: good.bytes.slice(0, good.bytes.length - 30) }, 'additions'))).toContain(
      'zip_damaged',
    )
    expect(
      blocks(
        await readTables({
          '../students.csv': [
            ['last name', 'first name'],
            ['Koval', 'Mariya'],
          ],
        }),
      ),
    ).toEqual(['zip_path'])
  })

  test('rows that name nobody, half an enrolment, a guardian without an address or a child: each with its row and what to do', async () => {
    const file = await readTables({
      'students.csv': [
        ['last name', 'first name', 'email', 'grade'],
        ['', '', '', '9'],
        ['Koval', 'Mariya', 'not an address', '9'],
      ],
      'enrolments.csv': [
        ['student number', 'class'],
        ['100', ''],
        ['', 'Biology'],
      ],
      'guardians.csv': [
        ['name', 'email', 'student number'],
        ['Iryna', '', '100'],
        ['Petro', 'p@x.example', ''],
      ],
    })
    expect(codes(file).toSorted()).toEqual([
      'bad_identifier',
      'guardian_without_email',
      'half_enrolment',
      'half_enrolment',
      'no_child',
      'no_student',
    ])
    for (const { file: table, row, message } of file.problems)
      expect(`${table} ${row} ${message}`).toMatch(/^\w+\.csv \d+ Row \d+/)
  })

  test('an id that a spreadsheet changed is named', async () => {
    expect(codes(await readText('last name,first name,student number\nKoval,Mariya,1.23E+11\nLee,Sam,4-May\n'))).toEqual([
      'id_changed',
      'id_changed',
    ])
  })
})

describe('private columns', () => {
  const headings = [
    'DOB',
    'SSN',
    'Birth Date',
    'Home address',
    'Student_street',
    'Zip',
    'Phone',
    'Guardian 1 phone',
    'Gender',
    'Race',
    'Hispanic_ethnicity',
    'IEP_status',
    'FRL_status',
    'Allergies',
    'Password',
  ]
  test.each(headings)('%s is named, and its values are nowhere', async (heading) => {
    const file = await readText(
      csvText([
        ['last name', 'first name', heading],
        ['Koval', 'Mariya', 'SECRET-VALUE'],
      ]),
    )
    expect(file.ignored).toContainEqual({ file: 'students.csv', where: heading, reason: expect.any(String), isPrivate: true })
    expect(JSON.stringify(file)).not.toContain('SECRET-VALUE')
  })
})

const sis: OneRosterSchool = {
  users: [
    {
      id: 'S1',
      role: 'student',
      last: 'Koval',
      first: 'Mariya',
      email: 'm@x.example',
      number: '100',
      username: 'mkoval',
      agents: ['G1'],
    },
    { id: 'T1', role: 'teacher', last: 'Hrytsenko', first: 'Olena', email: 'o@x.example' },
    { id: 'G1', role: 'parent', last: 'Koval', first: 'Iryna', email: 'i@x.example' },
    { id: 'G2', role: 'guardian', last: 'Koval', first: 'Petro', agents: ['S1'] },
    { id: 'A1', role: 'administrator', last: 'Admin', first: 'Ada', email: 'a@x.example' },
  ],
  classes: [{ id: 'C1', title: 'Biology 9A', subject: 'Science' }],
  enrolments: [
    { class: 'C1', user: 'S1' },
    { class: 'C1', user: 'T1', role: 'teacher' },
    { class: 'C1', user: 'A1', role: 'administrator' },
  ],
}

describe('OneRoster', () => {
  test.each(['1.1', '1.2'] as const)('%s, whole: users by role, links from either side, enrolments by role', async (version) => {
    const file = await read(zipFile(oneRosterTables(sis, { version })))
    expect(file.source).toBe('oneroster')
    expect(sizes(file)).toBe('1 1 1 1 1')
    expect(idsOf(file)).toEqual(['sis:s1 number:100 username:mkoval email:m@x.example'])
    expect(file.whole).toEqual(['students', 'classes', 'enrolments', 'guardians', 'teachers'])
    expect(codes(file)).toEqual(['guardian_without_email'])
    expect(file.teachings[0]).toMatchObject({ email: 'o@x.example', who: 'Olena Hrytsenko' })
    const hidden = file.ignored.filter(({ isPrivate }) => isPrivate).map(({ where }) => where)
    expect(hidden).toEqual(['sms', 'phone', 'password'])
    for (const secret of ['555-0001', '555-0002', 'hunter2']) expect(JSON.stringify(file)).not.toContain(secret)
  })

  test('a guardian nobody is linked to, other roles, other schools and columns nobody needs are all named', async () => {
    const lone = { id: 'G3', role: 'guardian', last: 'Lone', first: 'Some', email: 'lone@x.example' }
    const file = await read(zipFile(oneRosterTables({ ...sis, users: [...sis.users, lone] })))
    expect(codes(file)).toEqual(['guardian_without_email', 'guardian_without_child'])
    const named = file.ignored.map(({ file: table, where }) => `${table}: ${where}`)
    expect(named).toEqual(
      expect.arrayContaining([
        'enrollments.csv: 1 row with another role',
        'users.csv: 1 row of another school, or with another role',
        'users.csv: middleName',
        'academicsessions.csv: the whole file',
      ]),
    )
  })

  test('two users with one sourcedId both come out, so that neither wins silently', async () => {
    const [student] = sis.users
    if (student === undefined) throw new Error('no student')
    const file = await read(zipFile(oneRosterTables({ ...sis, users: [...sis.users, { ...student, last: 'Another' }] })))
    expect(file.students.map(({ lastName }) => lastName)).toEqual(['Koval', 'Another'])
  })

  test('of changes only: nothing is whole, and what is to be deleted is removed', async () => {
    const [student] = sis.users
    if (student === undefined) throw new Error('no student')
    const delta = {
      ...sis,
      users: [{ ...student, status: 'tobedeleted' }],
      classes: [{ id: 'C1', title: 'Biology', status: 'tobedeleted' }],
    }
    const file = await read(zipFile(oneRosterTables(delta, { mode: 'delta' })))
    expect(file.whole).toEqual([])
    expect([file.students[0]?.isRemoved, file.classes[0]?.isRemoved, file.enrolments[0]?.isRemoved]).toEqual([true, true, false])
  })

  test('an enrolment whose last day is over is gone, one that ends today is not', async () => {
    const ends = (endDate: string) =>
      read(zipFile(oneRosterTables({ ...sis, enrolments: [{ class: 'C1', user: 'S1', endDate }] })))
    expect((await ends('2026-11-27')).enrolments[0]?.isRemoved).toBe(true)
    expect((await ends('2026-11-28')).enrolments[0]?.isRemoved).toBe(false)
  })

  test('a table that the manifest announces and the archive lacks refuses all of it', async () => {
    const { 'users.csv': _users, ...tables } = oneRosterTables(sis)
    const file = await read(zipFile(tables))
    expect(file.problems).toContainEqual(expect.objectContaining({ file: 'users.csv', code: 'table_missing', severity: 'block' }))
  })

  test('an empty table of students never means that everybody is gone', async () => {
    const file = await read(zipFile(oneRosterTables({ ...sis, users: [] })))
    expect(file.whole).toEqual(['classes', 'enrolments', 'teachers'])
  })

  test('a row without a sourcedId refuses all of it', async () => {
    const file = await read(zipFile(oneRosterTables({ ...sis, classes: [{ id: '', title: 'Nameless' }] })))
    expect(blocks(file)).toEqual(['no_sourced_id'])
  })

  test('a district’s archive gives the school of this name, and is refused when none has it', async () => {
    const tables = oneRosterTables(sis)
    const withOrg = (name: string): Tables => ({
      ...tables,
      'orgs.csv': [...(tables['orgs.csv'] ?? []), ['org2', '', '', name, 'school', '', '']],
      'classes.csv': [...(tables['classes.csv'] ?? []), ['C9', '', '', 'Their class', '', '', '', '', '', 'org2', '', '']],
    })
    const ours = await read(zipFile(withOrg('Riverside School')))
    expect(ours.classes.map(({ name }) => name)).toEqual(['Biology 9A'])
    expect(ours.ignored).toContainEqual(expect.objectContaining({ file: 'classes.csv', where: '1 row of another school' }))
    const file = await readRoster(zipFile(withOrg('Riverside School')), {
      coverage: 'file',
      schoolName: 'Lakeside School',
      today: '2026-11-28',
    })
    expect(blocks(file)).toEqual(['several_schools'])
  })
})

describe('Clever', () => {
  const clever: Tables = {
    'schools.csv': [
      ['School_id', 'School_name'],
      ['1', 'Northside School'],
      ['2', 'Riverside School'],
    ],
    'students.csv': [
      [
        'School_id',
        'Student_id',
        'Student_number',
        'Last_name',
        'Middle_name',
        'First_name',
        'Grade',
        'Gender',
        'DOB',
        'Student_email',
        'Username',
        'Contact_relationship',
        'Contact_type',
        'Contact_name',
        'Contact_phone',
        'Contact_email',
      ],
      [
        '1',
        'S1',
        '100',
        'Koval',
        '',
        'Mariya',
        '9',
        'F',
        '2011-01-01',
        'm@x.example',
        'mkoval',
        'Mother',
        'Guardian',
        'Iryna Koval',
        '555',
        'i@x.example',
      ],
      [
        '1',
        'S1',
        '100',
        'Koval',
        '',
        'Mariya',
        '9',
        'F',
        '2011-01-01',
        'm@x.example',
        'mkoval',
        'Father',
        'Guardian',
        'Petro Koval',
        '555',
        'p@x.example',
      ],
      ['2', 'S1', '100', 'Other', '', 'Pupil', '9', 'F', '2011-01-01', 'o@x.example', 'other', '', '', '', '', ''],
    ],
    'sections.csv': [
      ['School_id', 'Section_id', 'Teacher_id', 'Teacher_2_id', 'Name', 'Section_number', 'Course_name', 'Subject', 'Term_start'],
      ['1', 'C1', 'T1', 'T2', 'Biology 9A', '1', 'Biology', 'science', '2026-09-01'],
      ['1', 'C2', 'T1', '', '', '2', 'Physics', 'science', '2026-09-01'],
    ],
    'teachers.csv': [
      ['School_id', 'Teacher_id', 'Teacher_email', 'First_name', 'Last_name'],
      ['1', 'T1', 'olena@x.example', 'Olena', 'Hrytsenko'],
    ],
    'enrollments.csv': [
      ['School_id', 'Section_id', 'Student_id'],
      ['1', 'C1', 'S1'],
      ['2', 'C9', 'S1'],
    ],
  }

  test('gives students with every contact, sections with all teachers, and enrolments of this school only', async () => {
    const file = await readTables(clever, 'file')
    expect(file.source).toBe('clever')
    expect(blocks(file)).toEqual([])
    expect(file.students.map(({ lastName }) => lastName)).toEqual(['Koval', 'Koval'])
    expect(idsOf(file)[0]).toBe('sis:s1 number:100 username:mkoval email:m@x.example')
    expect(file.guardians.map(({ email, relationship }) => `${email} ${relationship}`)).toEqual([
      'i@x.example mother',
      'p@x.example father',
    ])
    expect(file.classes.map(({ name, ref }) => `${ref.sisId} ${name}`)).toEqual(['C1 Biology 9A', 'C2 Physics'])
    expect(file.teachings.map(({ email, who }) => `${email} ${who}`)).toEqual([
      'olena@x.example Olena Hrytsenko',
      'null T2',
      'olena@x.example Olena Hrytsenko',
    ])
    expect(file.enrolments).toHaveLength(1)
    expect(file.ignored).toContainEqual(expect.objectContaining({ file: 'enrollments.csv', where: '1 row of another school' }))
    expect(file.whole).toEqual(['students', 'classes', 'enrolments', 'guardians', 'teachers'])
    expect(file.ignored.filter(({ isPrivate }) => isPrivate).map(({ where }) => where)).toEqual([
      'Gender',
      'DOB',
      'Contact_phone',
    ])
  })
})
