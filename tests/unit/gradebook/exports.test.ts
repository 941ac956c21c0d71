import { readFileSync } from 'node:fs'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { Grade } from '@/lib/gradebook/cell'
import type { ClassSheet, SheetStudent } from '@/lib/gradebook/exports/class-sheet'
import type { ExportFormatId } from '@/lib/gradebook/exports/format'
import { exportFormats } from '@/lib/gradebook/exports/formats'
import { studentKey } from '@/lib/gradebook/student-key'
import { parseFile } from '@/lib/imports/parse'
import { cleanText, foldName, foldTitle } from '@/lib/imports/text'

const id = (number: number) => `01a2203e-0000-7000-8000-${String(number).padStart(12, '0')}`

function student(at: number, more: Partial<SheetStudent> = {}): SheetStudent {
  const nobody = { section: null, email: null, number: null, username: null, sis: null }
  return { id: id(at), lastName: 'Koval', firstName: 'Mariya', ...nobody, ...more }
}

function sheetOf(given: Partial<ClassSheet>): ClassSheet {
  return {
    tenantId: id(901),
    schoolName: 'Northside School',
    class: { id: id(902), name: 'Biology 9A', subject: 'Biology' },
    term: { id: id(903), name: 'Autumn', startsOn: '2026-09-01', endsOn: '2026-12-20' },
    at: new Date('2026-11-28T04:00:00Z'),
    students: [],
    assignments: [],
    grades: [],
    comments: new Map(),
    ...given,
  }
}

const work = (at: number, title: string, more = {}) => ({
  ...{ id: id(100 + at), title, maxPoints: '10', dueOn: null, category: null, links: {} },
  ...more,
})
const graded = (score: string): Grade => ({ score, status: 'graded' })

async function textOf(format: ExportFormatId, sheet: ClassSheet): Promise<string> {
  const bytes = await exportFormats.find((known) => known.id === format)?.write(sheet)
  return new TextDecoder().decode(bytes)
}

const small = sheetOf({
  students: [
    student(1, { email: 'mariya@school.example', number: '0012', username: 'mkoval', sis: 'S-1', section: 'B' }),
    student(2, { lastName: 'Lee, Jr.', firstName: '=SUM(A1)' }),
  ],
  assignments: [
    work(1, 'Lab', { dueOn: '2026-09-30', category: 'Labs <1>', links: { canvas: '7701' } }),
    work(2, 'Quiz (20)', { maxPoints: '20' }),
    work(3, 'Talk'),
    work(4, 'Talk', { dueOn: '2026-10-01' }),
  ],
  grades: [
    [graded('-5'), { score: '8.5', status: 'late' }, { score: null, status: 'excused' }, null],
    [
      { score: null, status: 'missing' },
      { score: null, status: 'incomplete' },
      { score: '3', status: 'incomplete' },
      graded('0'),
    ],
  ],
  comments: new Map([[`${id(1)} ${id(101)}`, 'see, me']]),
})

describe('the shape of each file', () => {
  test('our template holds every status, and tells those without an e-mail apart by number or key', async () => {
    expect((await textOf('template', small)).split('\r\n')).toEqual([
      'last_name,first_name,email,student_number,Lab,Quiz (20),Talk [no date],Talk [2026-10-01]',
      'DATE,-,-,-,2026-09-30,,,2026-10-01',
      'POINTS,-,-,-,10,20,10,10',
      'Koval,Mariya,mariya@school.example,0012,-5,LATE 8.5,EX,',
      `"Lee, Jr.",'=SUM(A1),,${studentKey(id(2))},MI,INC,INC 3,0`,
      '',
    ])
  })

  test('Canvas gets its own ids where they are known, and no made-up one but behind a title that looks like an id', async () => {
    expect((await textOf('canvas', small)).split('\r\n')).toEqual([
      'Student,ID,SIS User ID,SIS Login ID,Section,Lab (7701),Quiz (20) (1000000000000258),Talk [no date],Talk [2026-10-01]',
      '"    Points Possible",,,,,10,20,10,10',
      '"Koval, Mariya",,S-1,mkoval,B,-5,8.5,EX,',
      `"Lee, Jr., =SUM(A1)",,${studentKey(id(2))},,Biology 9A,,,3,0`,
      '',
    ])
  })

  test('Google Classroom gets its words', async () => {
    expect((await textOf('google-classroom', small)).split('\r\n')).toEqual([
      'Last Name,First Name,Email Address,Lab,Quiz (20) (20),Talk [no date],Talk [2026-10-01]',
      'Date,,,2026-09-30,,,2026-10-01',
      'Points,,,10,20,10,10',
      'Koval,Mariya,mariya@school.example,-5,8.5,Excused,',
      `"Lee, Jr.",'=SUM(A1),${studentKey(id(2))}@grade-insight.invalid,Missing,,3,0`,
      '',
    ])
  })

  test('Moodle gets dashes and the time of the download', async () => {
    expect((await textOf('moodle', small)).split('\r\n')).toEqual([
      'First name,Last name,ID number,Institution,Department,Email address,Lab (Real),Quiz (20) (Real),Talk [no date] (Real),Talk [2026-10-01] (Real),Last downloaded from this course',
      'Mariya,Koval,0012,,,mariya@school.example,-5,8.5,-,-,1795838400',
      `'=SUM(A1),"Lee, Jr.",${studentKey(id(2))},,,,-,-,3,0,1795838400`,
      '',
    ])
  })

  test('Brightspace gets its marks, points and categories', async () => {
    const text = await textOf('brightspace', small)
    expect(text).toContain(
      'Lab Points Grade <Numeric MaxPoints:10 Category:Labs  1 >,Quiz (20) Points Grade <Numeric MaxPoints:20>',
    )
    expect(text).toContain('\r\n#0012,#mkoval,Koval,Mariya,mariya@school.example,-5,8.5,,,#\r\n')
  })

  test.each(['1.1', '1.2'] as const)('OneRoster %s names in its manifest exactly the files it holds', async (version) => {
    const bytes = await exportFormats.find((known) => known.id === `oneroster-${version}`)?.write(small)
    const files = unzipSync(bytes ?? new Uint8Array())
    const text = (name: string) => strFromU8(files[`${name}.csv`] ?? new Uint8Array())
    const bulk = [...text('manifest').matchAll(/^file\.(\w+),bulk\r$/gm)].map(([, name]) => `${name}.csv`)
    expect(['manifest.csv', ...bulk].sort()).toEqual(Object.keys(files).sort())
    expect(text('manifest')).toContain(`oneroster.version,${version}\r\n`)
    for (const [name, content] of Object.entries(files)) {
      const lines = strFromU8(content).trimEnd().split('\r\n')
      if (name !== 'manifest.csv') expect(lines[0]).toMatch(/^sourcedId,status,dateLastModified,/)
      const width = (line = '') => line.replace(/"[^"]*"/g, '').split(',').length
      for (const line of lines) expect(width(line), `${name}: ${line}`).toBe(width(lines[0]))
    }
    expect(text('results')).toContain(`${id(101)},S-1,fully graded,-5,2026-11-28,"see, me"`)
    expect(text('results')).toContain(`${id(103)},S-1,exempt,,`)
    expect(text('users')).toContain(studentKey(id(2)))
  })
})

describe('what a spreadsheet could run', () => {
  test.each(exportFormats.filter(({ ending }) => ending === 'csv').map(({ id: format }) => format))(
    'is guarded in %s, and numbers are not',
    async (format) => {
      for (const text of ['=1+1', '+1+1', '-1+1', '@SUM(A1)', "'=x", '\t=1', '\r=1']) {
        const sheet = sheetOf({
          students: [student(1, { lastName: text, firstName: text, email: 'a@b.example' })],
          assignments: [work(1, text)],
          grades: [[graded('-5')]],
        })
        const rows = (await textOf(format, sheet)).split('\r\n').map((line) => line.replaceAll('"', ''))
        for (const cell of rows.flatMap((line) => line.split(',')))
          expect(/^[=+@\t\r]|^-(?!$|5$)/.test(cell), `${format}: ${cell}`).toBe(false)
        expect(rows.join()).toContain('-5')
      }
    },
  )
})

const naughty = JSON.parse(readFileSync('tests/fixtures/csv-suites/naughty-strings/strings.json', 'utf8')) as string[]

describe('strings that break things', () => {
  // As an import would have stored them: nobody can have a name that cannot be seen.
  const names = [...new Set(naughty.map(cleanText))].filter((text) => text !== '' && foldName(text) !== '' && text.length <= 200)

  test.each(exportFormats.map(({ id: format }) => format))(
    'come back from %s as the names and titles they were',
    async (format) => {
      expect(names.length).toBeGreaterThan(400)
      for (let from = 0; from < names.length; from += 100) {
        const some = names.slice(from, from + 100)
        const sheet = sheetOf({
          students: some.map((name, at) => student(at, { lastName: name, firstName: name, email: `p${at}@school.example` })),
          assignments: some.map((title, at) => work(at, `${title} .`)),
          grades: some.map((_, at) => some.map((_title, column) => (at === column ? graded('7') : null))),
        })
        const file = exportFormats.find((known) => known.id === format)
        const parsed = await parseFile((await file?.write(sheet)) ?? new Uint8Array(), { fileName: 'x.csv' })
        if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join())
        expect(parsed.file.assignments.map(({ title }) => foldTitle(title))).toEqual(
          sheet.assignments.map(({ title }) => foldTitle(title)),
        )
        // Canvas has one column for both parts of a name.
        if (format === 'canvas') expect(parsed.file.students).toHaveLength(some.length)
        else
          expect(parsed.file.students.map(({ lastName, firstName }) => [lastName, firstName])).toEqual(
            some.map((name) => [name, name]),
          )
        expect(
          parsed.file.cells.flatMap((cells, at) => cells.filter((cell, column) => (cell === '7') !== (at === column))),
        ).toEqual([])
      }
    },
  )
})
