import { describe, expect, test } from 'vitest'
import { openArchive } from '@/lib/imports/archive'
import { isOneRoster, openOneRoster } from '@/lib/imports/oneroster/archive'
import { parseFile } from '@/lib/imports/parse'
import type { ParsedFile } from '@/lib/imports/parsed'
import type { ParseOptions } from '@/lib/imports/read-table'
import { zipOf } from '../../support/xlsx'

type Files = Readonly<Record<string, string>>

const base: Files = {
  'manifest.csv':
    'propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.users,bulk\nfile.lineItems,bulk\nfile.results,bulk\n',
  'users.csv':
    'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n' +
    'u1,,,true,asmith,,Alice,Smith,,0042,a@x.org,,,,,\nu2,active,,true,bbrown,,Bob,Brown,,0043,b@x.org,,,,,\nu3,tobedeleted,,true,cli,,Cy,Li,,0044,c@x.org,,,,,\n',
  'classes.csv': 'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode\nc1,,,Math 5b,,,M5\n',
  'categories.csv': 'sourcedId,status,dateLastModified,title\nk1,,,Tests\n',
  'lineItems.csv':
    'sourcedId,status,dateLastModified,title,description,assignDate,dueDate,classSourcedId,categorySourcedId,gradingPeriodSourcedId,resultValueMin,resultValueMax\n' +
    'l1,,,Quiz,,2025-06-01,2025-06-02,c1,k1,,0,10\nl2,,,Total,,,2025-06-03T00:00:00.000Z,c1,,,0,20\n',
  'results.csv':
    'sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment,textScore,classSourcedId,inProgress,incomplete,late,missing\n' +
    'r1,,,l1,u1,fully graded,7.5,,,,c1,false,false,false,false\nr2,,,l2,u2,fully graded,1.234,,,,c1,false,false,true,false\n',
}

const headings = (name: string) => `${base[name]?.split('\n')[0] ?? ''}\n`
const results = (...rows: string[]) => ({
  'results.csv': headings('results.csv') + rows.map((row, at) => `r${at},${row}\n`).join(''),
})
const parse = (files: Files, options: Partial<ParseOptions> = {}) =>
  parseFile(zipOf(files), { fileName: 'export.zip', ...options })

async function read(files: Files, options: Partial<ParseOptions> = {}): Promise<ParsedFile> {
  const parsed = await parse({ ...base, ...files }, options)
  if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join())
  return parsed.file
}

describe('results and line items of a class', () => {
  test('are read as a table of its students', async () => {
    const file = await read({})
    expect(file).toMatchObject({
      source: 'oneroster-1.2',
      sourceLabel: 'OneRoster 1.2',
      encoding: null,
      delimiter: null,
      parts: ['Math 5b'],
      part: 'Math 5b',
      problems: [],
      ignored: [],
      decimal: '.',
    })
    expect(
      file.students.map(({ row, lastName, firstName, identifiers }) => [
        row,
        lastName,
        firstName,
        identifiers.map(({ kind, value }) => `${kind} ${value}`),
      ]),
    ).toEqual([
      [2, 'Smith', 'Alice', ['sis u1', 'number 0042', 'username asmith', 'email a@x.org']],
      [3, 'Brown', 'Bob', ['sis u2', 'number 0043', 'username bbrown', 'email b@x.org']],
    ])
    expect(file.assignments.map(({ title, maxPoints, dueOn, category }) => [title, maxPoints, dueOn, category])).toEqual([
      ['Quiz', '10', '2025-06-02', 'Tests'],
      ['Total', '20', '2025-06-03', null],
    ])
    expect(file.cells).toEqual([
      ['7.5', ''],
      ['', 'LATE 1.234'],
    ])
  })

  test('of 1.1, in a folder, with other spellings and without a manifest, are read as well', async () => {
    const { 'manifest.csv': _, ...files } = base
    const moved = Object.fromEntries(Object.entries(files).map(([name, text]) => [`export/${name.toLowerCase()}`, text]))
    const parsed = await parse({ ...moved, 'old/export/users.csv': 'sourcedId\n' })
    expect(parsed).toMatchObject({ file: { source: 'oneroster-1.1', students: [{ lastName: 'Smith' }, { lastName: 'Brown' }] } })
  })

  test('of 1.2 without a manifest are known by its file of roles', async () => {
    const { 'manifest.csv': _, ...files } = base
    expect(await parse({ ...files, 'roles.csv': 'sourcedId,status\n' })).toMatchObject({ file: { sourceLabel: 'OneRoster 1.2' } })
  })

  test.each([
    ['exempt', 'exempt,,,,,c1,,,,', 'EX'],
    ['exempt with a score', 'exempt,5,,,,c1,,,,', 'EX'],
    ['not submitted', 'not submitted,,,,,c1,,,,', 'MI'],
    ['not submitted, with a score', 'not submitted,0,,,,c1,,,,', '0'],
    ['missing', 'submitted,,,,,c1,false,false,false,true', 'MI'],
    ['late', 'fully graded,7,,,,c1,false,false,TRUE,false', 'LATE 7'],
    ['late without a score', 'submitted,,,,,c1,false,false,true,false', 'LATE'],
    ['incomplete', 'partially graded,4,,,,c1,false,true,false,false', 'INC 4'],
    ['incomplete without a score', 'partially graded,,,,,c1,false,true,false,false', 'INC'],
    ['partially graded', 'partially graded,4,,,,c1,,,,', 'INC 4'],
    ['submitted', 'submitted,,,,,c1,,,,', ''],
    ['graded', 'Fully Graded,8.50,,,,c1,,,,', '8.5'],
    ['a score in words', 'fully graded,,,,EX,c1,,,,', 'EX'],
  ])('%s', async (_, row, cell) => {
    expect((await read(results(`,,l1,u1,${row}`))).cells).toEqual([[cell, '']])
  })

  test('with a guard before a name lose it', async () => {
    const file = await read({
      'users.csv': `${headings('users.csv')}u1,,,true,,,'=Alice,Smith,,,a@x.org,,,,,\nu2,,,true,,,Bob,Brown,,,b@x.org,,,,,\n`,
    })
    expect(file.students[0]?.firstName).toBe('=Alice')
  })

  test('use the name a student goes by', async () => {
    const users =
      'sourcedId,status,dateLastModified,givenName,familyName,preferredGivenName,preferredFamilyName\nu1,,,Alice,Smith,Ali,\nu2,,,Bob,Brown,,Black\n'
    expect((await read({ 'users.csv': users })).students.map(({ lastName, firstName }) => `${firstName} ${lastName}`)).toEqual([
      'Ali Smith',
      'Bob Black',
    ])
  })

  test('never take over passwords and phones, and name them as left out', async () => {
    const users = `${headings('users.csv')}u1,,,true,,,Alice,Smith,,,a@x.org,,555-0100,,,hunter2\nu2,,,true,,,Bob,Brown,,,b@x.org,,,,,\n`
    const file = await read({ 'users.csv': users })
    expect(file.ignored).toEqual([
      { kind: 'column', where: 'users.csv, phone', reason: 'Personal data that no gradebook needs; it is not stored.' },
      { kind: 'column', where: 'users.csv, password', reason: 'Personal data that no gradebook needs; it is not stored.' },
    ])
    // The archive that is kept is without these fields, and its table is the same.
    expect(file.privateColumns).toEqual([])
    expect(file.assignments).toHaveLength(2)
    expect(JSON.stringify([file, file.rowText(2)])).not.toMatch(/hunter2|555/)
  })

  test('say that comments are left out', async () => {
    expect((await read(results(',,l1,u1,fully graded,7,,well done,,c1,,,,'))).ignored).toEqual([
      { kind: 'column', where: 'results.csv, comment', reason: 'Text beside the scores; it is not imported.' },
    ])
  })
})

describe('what is wrong is said with its file and row', () => {
  test('a score that is none, one given twice, and who or what nobody knows', async () => {
    const file = await read(
      results(
        ',,l1,u1,fully graded,x,,,,c1,,,,',
        ',,l2,u1,fully graded,5,,,,c1,,,,',
        ',,l2,u1,fully graded,6,,,,c1,,,,',
        ',,l9,u1,fully graded,5,,,,c1,,,,',
        ',,l1,u9,fully graded,5,,,,c1,,,,',
        ',,l1,,fully graded,5,,,,c1,,,,',
      ),
    )
    expect(file.cells).toEqual([['!', '!']])
    expect(file.problems.map(({ row, code, severity, message }) => [row, code, severity, message])).toEqual([
      [
        null,
        'unknown_line_item',
        'reject',
        "results.csv, row 5: lineItems.csv has no 'l9', so nobody can tell whose score this is.",
      ],
      [null, 'unknown_user', 'reject', "results.csv, row 6: users.csv has no 'u9', so nobody can tell whose score this is."],
      [null, 'unknown_user', 'reject', "results.csv, row 7: users.csv has no '', so nobody can tell whose score this is."],
      [2, 'not_a_number', 'reject', "results.csv, row 2, Quiz: 'x' is not a score."],
      [
        2,
        'two_scores',
        'reject',
        "Total: results.csv, row 3 gives this student '5', and results.csv, row 4 gives '6'. Neither was imported.",
      ],
    ])
    // By its number a row is the student's, in the file of rejected rows and for an answer as well.
    expect(file.rowText(2).slice(0, 6)).toEqual(['u1', '0042', 'asmith', 'a@x.org', 'Smith', 'Alice'])
  })

  test('a student whose address is none', async () => {
    const file = await read({ 'users.csv': (base['users.csv'] ?? '').replace('b@x.org', 'nobody') })
    expect(file.problems).toMatchObject([
      { row: 3, code: 'bad_identifier', message: "users.csv, row 3: 'nobody' is not an e-mail address." },
    ])
  })

  test('points that are none', async () => {
    const file = await read({ 'lineItems.csv': (base['lineItems.csv'] ?? '').replace('0,10', '0,ten') })
    expect(file.problems).toMatchObject([{ row: null, column: 'Quiz', code: 'bad_points', severity: 'block' }])
  })

  test('the teacher settles a score by the row of its student', async () => {
    const broken = results(',,l2,u2,fully graded,5,,,,c1,,,,', ',,l1,u1,fully graded,x,,,,c1,,,,')
    const at = (await read(broken)).assignments[0]?.columns[0] ?? -1
    const file = await read(broken, { cells: { [`2:${at}`]: '9' } })
    expect(file).toMatchObject({
      problems: [],
      cells: [
        ['9', ''],
        ['', '5'],
      ],
    })
  })

  test.each([
    [
      'of a result',
      { ...results('tobedeleted,,l1,u1,fully graded,5,,,,c1,,,,', ',,l1,u2,fully graded,5,,,,c1,,,,') },
      'results.csv, row 2',
    ],
    ['of a user', { ...results(',,l1,u3,fully graded,5,,,,c1,,,,', ',,l1,u2,fully graded,5,,,,c1,,,,') }, 'results.csv, row 2'],
    [
      'of a line item',
      { 'lineItems.csv': (base['lineItems.csv'] ?? '').replace('l1,', 'l1,tobedeleted') },
      'lineItems.csv, row 2',
    ],
  ])('a deletion %s is not carried out, and said', async (_, files, where) => {
    const file = await read(files)
    expect(file.ignored[0]).toEqual({
      kind: 'row',
      where,
      reason: 'Marked as deleted in the other system; nothing is deleted here.',
    })
    expect(file.students).toHaveLength(1)
  })
})

describe('several classes', () => {
  const two: Files = {
    'classes.csv': `${base['classes.csv']}c2,,,Math 5c,,,M6\nc3,,,Math 5c,,,\n`,
    'lineItems.csv': `${base['lineItems.csv']}l3,,,Other,,,2025-06-03,c2,k1,,0,20\nl4,,,Third,,,2025-06-03,c3,k1,,0,20\n`,
    ...results(',,l1,u1,fully graded,7,,,,c1,,,,', ',,l3,u2,fully graded,5,,,,c2,,,,', ',,l9,u2,fully graded,5,,,,c2,,,,'),
  }

  test('are asked for, and the first one is shown', async () => {
    const file = await read(two)
    expect(file).toMatchObject({
      parts: ['Math 5b', 'Math 5c (M6)', 'Math 5c (c3)'],
      part: 'Math 5b',
      isBlocked: true,
      cells: [['7', '']],
    })
    expect(file.problems).toMatchObject([
      {
        row: null,
        code: 'ask_part',
        severity: 'block',
        message: 'The archive holds results of 3 classes: Math 5b, Math 5c (M6), Math 5c (c3). Which one is meant?',
      },
    ])
    expect(file.ignored).toEqual([
      { kind: 'part', where: 'Class Math 5c (M6)', reason: "Not read, because 'Math 5b' was." },
      { kind: 'part', where: 'Class Math 5c (c3)', reason: "Not read, because 'Math 5b' was." },
    ])
  })

  test('are read one by one', async () => {
    const file = await read(two, { part: 'Math 5c (M6)' })
    expect(file).toMatchObject({ part: 'Math 5c (M6)', isBlocked: false, cells: [['5']], assignments: [{ title: 'Other' }] })
    expect(file.problems.map(({ code }) => code)).toEqual(['unknown_line_item'])
  })

  test('a class without results has no students', async () => {
    expect(await parse({ ...base, ...two }, { part: 'Math 5c (c3)' })).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'no_students' }],
    })
  })

  test('without a file of classes their ids are their names', async () => {
    const { 'classes.csv': _, ...files } = { ...base, ...two }
    expect(await parse(files)).toMatchObject({ file: { parts: ['c1', 'c2', 'c3'] } })
  })
})

describe('changes only', () => {
  test('without users name students by their sourcedId', async () => {
    const { 'users.csv': _, ...files } = base
    const manifest = 'propertyName,value\noneroster.version,1.2\nfile.users,absent\nfile.results,delta\n'
    const parsed = await parse({ ...files, 'manifest.csv': manifest })
    const students = parsed.kind === 'parsed' ? parsed.file.students : []
    expect(
      students.map(({ row, lastName, identifiers }) => [row, lastName, identifiers.map(({ kind, value }) => `${kind} ${value}`)]),
    ).toEqual([
      [3, '', ['sis u1']],
      [4, '', ['sis u2']],
    ])
  })

  test('of users leave the others known by their sourcedId', async () => {
    const manifest = (base['manifest.csv'] ?? '').replace('file.users,bulk', 'file.users,delta')
    const file = await read({
      'manifest.csv': manifest,
      'users.csv': `${headings('users.csv')}u2,,,true,,,Bob,Brown,,,b@x.org,,,,,\n`,
    })
    expect(file.problems).toEqual([])
    expect(file.students.map(({ lastName, identifiers }) => [lastName, identifiers[0]?.value])).toEqual([
      ['Brown', 'u2'],
      ['', 'u1'],
    ])
  })
})

describe('an archive is refused', () => {
  test.each([
    ['with a roster and no results', { 'results.csv': undefined, 'lineItems.csv': undefined }, 'oneroster_no_results'],
    ['with line items and no results', { 'results.csv': undefined }, 'oneroster_no_results'],
    ['whose line items are all gone', { 'lineItems.csv': headings('lineItems.csv') }, 'oneroster_no_results'],
    ['whose results are no text', { 'results.csv': '%PDF-1.7' }, 'pdf'],
    ['whose manifest is a web page', { 'manifest.csv': '<html></html>' }, 'html'],
    ['with a quotation mark that never ends', { 'users.csv': 'sourcedId\n"u1\n' }, 'unclosed_quote'],
  ])('%s', async (_, change, code) => {
    const files = Object.fromEntries(
      Object.entries({ ...base, ...change }).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
    )
    const parsed = await parse(files)
    expect(parsed.kind === 'refused' && parsed.problems.map((problem) => problem.code)).toEqual([code])
    const [file] = Object.keys(change)
    if (['pdf', 'html', 'unclosed_quote'].includes(code))
      expect(parsed).toMatchObject({ problems: [{ message: expect.stringMatching(new RegExp(`^${file}: `)) }] })
  })
})

describe('the reader of the archive', () => {
  async function open(files: Files) {
    const archive = openArchive(zipOf(files))
    if (archive.kind === 'refused') throw new Error(archive.problem.message)
    const opened = await openOneRoster(archive.files)
    if (opened.kind === 'refused') throw new Error(opened.problem.message)
    return opened.roster
  }

  test('gives rows by field, whatever the case, with their place, mode and whether they are gone', async () => {
    const roster = await open({
      ...base,
      'manifest.csv': 'propertyName,value\nfile.users,Delta\n',
      'users.csv': `${base['users.csv']} , \nu4\n`,
    })
    expect([roster.has('users'), roster.has('lineitems'), roster.has('orgs'), await roster.table('orgs')]).toEqual([
      true,
      true,
      false,
      null,
    ])
    const users = await roster.table('users')
    if (users?.kind !== 'table') throw new Error('no users')
    expect(users.table).toMatchObject({ file: 'users.csv', mode: 'delta' })
    expect(users.table.fields.slice(0, 3)).toEqual(['sourcedId', 'status', 'dateLastModified'])
    expect(
      users.table.records.map(({ row, get, isDeleted }) => [row, get('SOURCEDID'), get('familyName'), get('none'), isDeleted]),
    ).toEqual([
      [2, 'u1', 'Smith', '', false],
      [3, 'u2', 'Brown', '', false],
      [4, 'u3', 'Li', '', true],
      [6, 'u4', '', '', false],
    ])
    const classes = await roster.table('classes')
    expect(classes?.kind === 'table' && classes.table.mode).toBe('bulk')
  })

  test('an empty file is a table without rows', async () => {
    const table = await (await open({ ...base, 'classes.csv': '' })).table('classes')
    expect(table?.kind === 'table' && table.table.records).toEqual([])
  })

  test.each([
    [['manifest.csv', 'users.csv'], true],
    [['manifest.csv', 'results.csv'], true],
    [['manifest.csv', 'lineItems.csv'], true],
    [['manifest.csv', 'grades.csv'], false],
    [['lineItems.csv', 'results.csv'], true],
    [['lineItems.csv'], false],
    [['results.csv'], false],
    [['users.csv', 'enrollments.csv'], true],
    [['users.csv', 'classes.csv'], true],
    [['users.csv', 'orgs.csv'], true],
    [['users.csv', 'academicSessions.csv'], true],
    [['users.csv', 'grades.csv'], false],
    [['users.txt', 'orgs.txt'], false],
  ])('%j: %s', (names, is) => {
    const archive = openArchive(zipOf(Object.fromEntries(names.map((name) => [name, 'x']))))
    expect(archive.kind === 'archive' && isOneRoster(archive.files)).toBe(is)
  })
})
