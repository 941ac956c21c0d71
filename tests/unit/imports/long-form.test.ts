import { describe, expect, test } from 'vitest'
import { parseFile } from '@/lib/imports/parse'
import type { ParsedFile } from '@/lib/imports/parsed'
import type { ParseOptions } from '@/lib/imports/read-table'

const bytes = (text: string) => new TextEncoder().encode(text)

async function read(text: string, options: Partial<ParseOptions> = {}): Promise<ParsedFile> {
  const parsed = await parseFile(bytes(text), { fileName: 'scores.csv', ...options })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ code }) => code).join())
  return parsed.file
}

const shown = (file: ParsedFile) => ({
  students: file.students.map(({ row, lastName, firstName, identifiers }) => [
    row,
    lastName,
    firstName,
    identifiers[0]?.value ?? '',
  ]),
  assignments: file.assignments.map(({ title, maxPoints, dueOn }) => [title, maxPoints, dueOn]),
  cells: file.cells,
})

const long = `email,assignment,score,max_points,date
a@x.org,Quiz,7,10,2025-06-01
b@x.org,Quiz,8,10,2025-06-01
a@x.org,Essay,EX,20,2025-06-03
b@x.org,Essay,15.5,20,2025-06-03
`

describe('a file with one row a score', () => {
  test('is refused when it names more assignments than a table has columns', async () => {
    const scores = Array.from({ length: 1000 }, (_, at) => `a@x.org,Quiz ${at},7\n`)
    const parsed = await parseFile(bytes(`email,assignment,score\n${scores.join('')}`), { fileName: 'scores.csv' })
    expect(parsed).toMatchObject({ kind: 'refused', problems: [{ code: 'too_many_columns', severity: 'block' }] })
  })

  test('is read as a table with one row a student, whose row is its first one', async () => {
    const file = await read(long)
    expect(file).toMatchObject({
      source: 'long-form',
      sourceLabel: 'Table with one row a score',
      headingRow: 1,
      delimiter: ',',
      encoding: 'utf-8',
    })
    expect(file).toMatchObject({
      problems: [],
      ignored: [],
      isBlocked: false,
      cellsRejected: 0,
      describingRows: [1],
      rowCount: 5,
    })
    expect(shown(file)).toEqual({
      students: [
        [2, '', '', 'a@x.org'],
        [3, '', '', 'b@x.org'],
      ],
      assignments: [
        ['Quiz', '10', '2025-06-01'],
        ['Essay', '20', '2025-06-03'],
      ],
      cells: [
        ['7', 'EX'],
        ['8', '15.5'],
      ],
    })
  })

  test('keeps its rows for the file of rejected rows', async () => {
    const file = await read(long)
    expect(file.rowText(1)).toEqual(['email', 'assignment', 'score', 'max_points', 'date'])
    expect(file.rowText(5)).toEqual(['b@x.org', 'Essay', '15.5', '20', '2025-06-03'])
    expect(file.rowText(6)).toEqual([])
  })

  test.each([
    [
      'Ukrainian',
      'Електронна адреса,Завдання,Оцінка,Макс. бали,Дата\na@x.org,Тест,4,5,29 вер. 2025 р.\nb@x.org,Тест,5,5,29 вер. 2025 р.\n',
      ['Тест', '5', '2025-09-29'],
    ],
    [
      'Spanish',
      'Correo electrónico;Tarea;Calificación;Puntuación máxima;Fecha\na@x.org;Examen;4,5;5;1 de noviembre de 2024\n',
      ['Examen', '5', '2024-11-01'],
    ],
    ['Arabic', 'البريد الإلكتروني,الواجب,الدرجة,الدرجة القصوى\na@x.org,اختبار,4,5\n', ['اختبار', '5', null]],
    ['points for scores', 'student id,task,points,out of\n17,Lab,4,5\n', ['Lab', '5', null]],
    ['score and points', 'student id,assignment,points,score\n17,Lab,5,4\n', ['Lab', '5', null]],
    ['a title above', 'Scores of 5b\n\nstudent id,assignment,score\n17,Lab,5\n', ['Lab', null, null]],
  ])('%s', async (_, text, assignment) => {
    const file = await read(text)
    expect(file.source).toBe('long-form')
    expect(shown(file).assignments).toEqual([assignment])
    expect(file.cells[0]?.[0]).toMatch(/^[45]/)
  })

  test('of names and nothing else knows a student by the whole name', async () => {
    const file = await read('last name,first name,assignment,score\nSmith,Alice,Quiz,7\nSmith,Bob,Quiz,8\n smith ,ALICE,Lab,9\n')
    expect(shown(file)).toMatchObject({
      students: [
        [2, 'Smith', 'Alice', ''],
        [3, 'Smith', 'Bob', ''],
      ],
      cells: [
        ['7', '9'],
        ['8', ''],
      ],
    })
  })

  test('knows a student by the surest of several columns, whatever the others say', async () => {
    const file = await read(
      'student id,email,assignment,score\n17,A@x.org,Quiz,7\n17,a@x.org,Lab,8\n017,c@x.org,Quiz,9\n-,b@x.org,Quiz,1\n-,B@X.org,Lab,2\n',
    )
    expect(shown(file).students).toEqual([
      [2, '', '', '17'],
      [4, '', '', '017'],
      [5, '', '', 'b@x.org'],
    ])
    expect(file.cells).toEqual([
      ['7', '8'],
      ['9', ''],
      ['1', '2'],
    ])
  })

  test('names assignments by numbers when students come again', async () => {
    expect((await read('email,assignment,score\na@x.org,1,7\na@x.org,2,8\n')).assignments.map(({ title }) => title)).toEqual([
      '1',
      '2',
    ])
  })

  test('is none when a column called assignment holds scores', async () => {
    const file = await read('email,assignment,score\na@x.org,1,7\nb@x.org,2,8\n')
    expect(file.source).not.toBe('long-form')
    expect(file.assignments.map(({ title }) => title)).toEqual(['assignment', 'score'])
  })

  test('is none without titles, and none when the teacher says what the columns are', async () => {
    expect((await read('email,assignment,score\na@x.org,,7\nb@x.org,,8\n')).source).not.toBe('long-form')
    const columns = { 1: { use: 'ignore' as const } }
    expect((await read(long, { columns })).source).not.toBe('long-form')
  })

  test('takes any title for one, also a word of ours', async () => {
    const file = await read(
      'email,assignment,score\na@x.org,Total,7\na@x.org,Notes,8\na@x.org,Phone,9\na@x.org,email,1\na@x.org,__proto__,2\n',
    )
    expect(file.assignments.map(({ title }) => title)).toEqual(['Total', 'Notes', 'Phone', 'email', '__proto__'])
    expect(file.cells).toEqual([['7', '8', '9', '1', '2']])
  })

  test('says its category, and leaves comments and other columns out with their reasons', async () => {
    const file = await read(
      'email,assignment,score,category,comment,attempt,SSN\na@x.org,Quiz,7,Tests,fine,1,123-45-6789\nb@x.org,Quiz,8,,slow,2,987-65-4321\n',
    )
    expect(file.assignments).toMatchObject([{ title: 'Quiz', category: 'Tests' }])
    expect(file.ignored).toEqual([
      { kind: 'column', where: 'comment', reason: 'Text beside the scores; it is not imported.' },
      { kind: 'column', where: 'attempt', reason: 'Says nothing about a score.' },
      { kind: 'column', where: 'SSN', reason: expect.stringContaining('not stored') },
    ])
    expect(file.privateColumns).toEqual([6])
    expect(file.rowText(2)).toEqual(['a@x.org', 'Quiz', '7', 'Tests', 'fine', '1', ''])
    expect(JSON.stringify([file, file.rowText(3)])).not.toMatch(/\d{3}-\d{2}-\d{4}/)
  })

  test('says its status beside the score', async () => {
    const rows = [
      ...[
        '7,late',
        ',missing',
        ',Excused',
        '7,excused',
        '5,Incomplete',
        ',incomplete',
        ',late',
        '-,missing',
        '7,missing',
        '7,turned in',
        ',',
        '7,not submitted',
      ],
    ]
    const file = await read(`email,assignment,score,status\n${rows.map((row, at) => `a${at}@x.org,Quiz,${row}`).join('\n')}\n`)
    expect(file.cells.flat()).toEqual(['LATE 7', 'MI', 'EX', 'EX', 'INC 5', 'INC', 'LATE', 'MI', '7', '7', '', '7'])
  })

  test('holds the heading again without harm', async () => {
    const file = await read(long.replace('b@x.org,Quiz', 'email,assignment,score,max_points,date\nb@x.org,Quiz'))
    expect(file.ignored).toEqual([{ kind: 'row', where: 'Row 3', reason: 'The heading again.' }])
    expect(file.students.map(({ row }) => row)).toEqual([2, 4])
    expect(file.assignments.map(({ title }) => title)).toEqual(['Quiz', 'Essay'])
  })

  test('with lines above its heading says that they are not used', async () => {
    const file = await read('Scores of 5b\n\nstudent id,assignment,score\n17,Lab,5\n')
    expect(file).toMatchObject({
      headingRow: 3,
      describingRows: [3],
      ignored: [{ kind: 'row', where: 'Row 1', reason: 'No student and no heading.' }],
    })
  })
})

describe('a score that is given twice', () => {
  test('with the same value counts once', async () => {
    const file = await read(`${long}a@x.org,Quiz, 7 ,10,2025-06-01\n`)
    expect(file).toMatchObject({
      problems: [],
      cells: [
        ['7', 'EX'],
        ['8', '15.5'],
      ],
    })
  })

  test('with another value is left out, with both rows', async () => {
    const file = await read(`${long}a@x.org,Quiz,9,10,2025-06-01\na@x.org,Quiz,10,10,2025-06-01\n`)
    expect(file.cells).toEqual([
      ['!', 'EX'],
      ['8', '15.5'],
    ])
    expect(file.cellsRejected).toBe(1)
    expect(file.problems).toEqual([
      {
        row: 6,
        column: 'Quiz',
        value: '7, 9',
        code: 'two_scores',
        severity: 'reject',
        message: "Quiz: Row 2 gives this student '7', and Row 6 gives '9'. Neither was imported.",
        fix: 'Keep the right row, delete the other, and upload the file again.',
      },
    ])
  })

  test('is settled by the teacher, at any row of that student', async () => {
    const file = await read(`${long}a@x.org,Quiz,9,10,2025-06-01\n`, { cells: { '6:5': '9.5' } })
    expect(file).toMatchObject({
      problems: [],
      cellsRejected: 0,
      cells: [
        ['9.5', 'EX'],
        ['8', '15.5'],
      ],
    })
  })

  test('never clears a grade', async () => {
    const file = await read(`${long}a@x.org,Quiz,9,10,2025-06-01\n`, { blankClears: true })
    expect(file.cells[0]).toEqual(['!', 'EX'])
  })
})

describe('what is wrong stands at its own row', () => {
  test('a score', async () => {
    const file = await read(`${long}c@x.org,Quiz,9O,10,\na@x.org,Lab,-1,10,\n`)
    expect(file.problems.map(({ row, column, code, message }) => [row, column, code, message.split('.')[0]])).toEqual([
      [6, 'Quiz', 'not_a_number', "Row 6, Quiz: '9O' is not a score"],
      [7, 'Lab', 'negative_score', "Row 7, Lab: '-1' is below zero"],
    ])
  })

  test('a row without student or assignment', async () => {
    const file = await read(`${long},Quiz,9,10,\nc@x.org,,9,10,\n , , ,,\n,,8,,\n`)
    expect(file.problems).toEqual([
      {
        row: 6,
        column: 'Quiz',
        value: null,
        code: 'no_student',
        severity: 'reject',
        message: 'Row 6 has a score, but names no student.',
        fix: 'Write the name or the e-mail address, or delete the row.',
      },
      {
        row: 7,
        column: null,
        value: '9',
        code: 'no_assignment',
        severity: 'reject',
        message: 'Row 7 does not say which assignment its score is for.',
        fix: 'Write the title of the assignment, or delete the row.',
      },
      {
        row: 9,
        column: null,
        value: null,
        code: 'no_student',
        severity: 'reject',
        message: 'Row 9 has a score, but names no student.',
        fix: 'Write the name or the e-mail address, or delete the row.',
      },
    ])
  })

  test('an e-mail address', async () => {
    const file = await read(`${long}nobody,Quiz,9,10,2025-06-01\n`)
    expect(file.problems).toMatchObject([{ row: 6, code: 'bad_identifier' }])
    expect(file.rejectedRows).toEqual([6])
  })

  test('points that disagree are asked', async () => {
    const file = await read(`${long}c@x.org,Quiz,9,12,2025-06-01\nd@x.org,Quiz,9,13,2025-06-01\n`)
    expect(file.isBlocked).toBe(true)
    expect(file.problems).toEqual([
      {
        row: 6,
        column: 'Quiz',
        value: 'Quiz',
        code: 'points_disagree',
        severity: 'block',
        message: 'Quiz: Row 2 says it is out of 10, and Row 6 says 12.',
        fix: 'Give the assignment the same points in all of its rows.',
      },
    ])
  })

  test('points in some rows only are those of all', async () => {
    expect((await read('email,assignment,score,max points\na@x.org,Quiz,7,\nb@x.org,Quiz,8,10\n')).assignments).toMatchObject([
      { maxPoints: '10' },
    ])
  })

  test('a date nobody can read is of no row', async () => {
    const file = await read('email,assignment,score,max points,date\na@x.org,Quiz,7,10,2025-02-30\n')
    expect(file.problems).toMatchObject([{ row: null, column: 'Quiz', code: 'bad_date' }])
  })

  test('one title on two days is two assignments, told apart by the day or asked', async () => {
    const text = `${long}a@x.org,Quiz,3,10,2025-06-08\nb@x.org,Quiz,4,10,2025-06-08\n`
    expect((await read(text)).problems).toMatchObject([{ code: 'same_title', severity: 'block' }])
    const file = await read(text, { sameTitles: 'different' })
    expect(file.assignments.map(({ title, dueOn }) => [title, dueOn])).toEqual([
      ['Quiz', '2025-06-01'],
      ['Essay', '2025-06-03'],
      ['Quiz', '2025-06-08'],
    ])
    expect(file.cells).toEqual([
      ['7', 'EX', '3'],
      ['8', '15.5', '4'],
    ])
  })

  test('a row without the day of a title that has one is of that day', async () => {
    const file = await read(`${long}c@x.org,Quiz,3,10,\nd@x.org,Quiz,4,10,-\n`)
    expect(file.assignments).toHaveLength(2)
    expect(file.cells.map(([quiz]) => quiz)).toEqual(['7', '8', '3', '4'])
  })
})

describe('a file that says above its table which assignment it is', () => {
  const powerTeacher = `Teacher Name:,Ms X
Assignment Name:,Quiz 3
Due Date:,2025-06-01
Points Possible:,20

Student Num,Student Name,Score
0042,"Smith, Alice",18
0043,"Brown, Bob",ABS
0044,"Li, Cy",INC
0045,"Day, Dee",MIS
0046,"Ey, Eve",x
`
  test('is read with title, date and points of those lines', async () => {
    const file = await read(powerTeacher)
    expect(file).toMatchObject({
      source: 'powerteacher',
      sourceLabel: 'PowerTeacher score template',
      headingRow: 6,
      rowCount: 11,
    })
    expect(shown(file)).toEqual({
      students: [
        [7, 'Smith', 'Alice', '0042'],
        [8, 'Brown', 'Bob', '0043'],
        [9, 'Li', 'Cy', '0044'],
        [10, 'Day', 'Dee', '0045'],
        [11, 'Ey', 'Eve', '0046'],
      ],
      assignments: [['Quiz 3', '20', '2025-06-01']],
      cells: [['18'], [''], ['INC'], ['MI'], ['!']],
    })
    expect(file.problems).toMatchObject([
      { row: 11, column: 'Quiz 3', code: 'not_a_number', message: "Row 11, Quiz 3: 'x' is not a score." },
    ])
    expect(file.ignored).toEqual([
      { kind: 'cell', where: 'Row 8, Quiz 3', reason: 'Absent: there is no score, and the grade stays as it is.' },
      { kind: 'row', where: 'Row 1', reason: 'No student and no heading.' },
    ])
  })

  test('keeps those lines for the file of rejected rows', async () => {
    const file = await read(powerTeacher)
    expect(file.describingRows).toEqual([2, 3, 4, 6])
    expect(file.describingRows.map((row) => file.rowText(row)[0])).toEqual([
      'Assignment Name:',
      'Due Date:',
      'Points Possible:',
      'Student Num',
    ])
    expect(file.rowText(8)).toEqual(['0043', 'Brown, Bob', 'ABS'])
  })

  test('needs only the title, and does not mind a column before the score', async () => {
    const file = await read('Assignment Name:,Quiz 3\nStudent Num,Section,Score,Comment\n0042,A,18,good\n0043,B,17,well\n')
    expect(shown(file)).toMatchObject({ assignments: [['Quiz 3', null, null]], cells: [['18'], ['17']] })
  })

  test('is another file without a title, or with two columns of scores', async () => {
    expect((await read('Points Possible:,20\nStudent Num,Score\n0042,18\n')).source).not.toBe('powerteacher')
    expect((await read('Assignment Name:,Quiz 3\nStudent Num,Score,Points\n0042,18,20\n')).source).not.toBe('powerteacher')
    expect((await read('Assignment Name:,\nStudent Num,Score\n0042,18\n')).source).not.toBe('powerteacher')
  })
})
