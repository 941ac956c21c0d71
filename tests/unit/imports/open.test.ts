import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type OpenOptions, openTable } from '@/lib/imports/open'
import { rowsXml, workbookOf, workbookParts, zipOf } from '../../support/xlsx'

const students = [
  ['last_name', 'first_name', 'Quiz'],
  ['Lee', 'Sam', '5'],
]
const grades = 'last_name,first_name,Quiz\nLee,Sam,5\n'
const utf8 = (text: string) => new TextEncoder().encode(text)
const sheets = (...parts: readonly (readonly [name: string, rows: readonly (readonly string[])[]])[]) =>
  workbookOf({ sheets: parts.map(([name, rows]) => ({ name, rows: rowsXml(rows) })) })

const open = (bytes: Uint8Array, options: Partial<OpenOptions> = {}) => openTable(bytes, { fileName: 'up.zip', ...options })

async function tableOf(bytes: Uint8Array, options: Partial<OpenOptions> = {}) {
  const opened = await open(bytes, options)
  if (opened.kind === 'refused') throw new Error(opened.problem.code)
  return { ...opened.table, fileName: opened.fileName }
}

async function refusalOf(bytes: Uint8Array, options: Partial<OpenOptions> = {}) {
  const opened = await open(bytes, options)
  if (opened.kind !== 'refused') throw new Error(`the file is ${opened.kind}`)
  return opened.problem
}

/** The word Quiz of an archive that is not packed, with a small q. */
function oneByteOff(archive: Uint8Array): Uint8Array {
  const changed = Buffer.from(archive)
  changed.write('q', changed.indexOf('Quiz'))
  return changed
}

const zipRefusal = (value: string, message: string) => ({
  ...{ row: null, column: null, value, code: 'zip', severity: 'block', message },
  fix: 'Upload the CSV or Excel file with the grades.',
})

describe('a text is opened', () => {
  it('as one table without parts', async () => {
    expect(await tableOf(utf8(grades), { fileName: 'grades.csv' })).toEqual({
      ...{ rows: students, delimiter: ',', encoding: 'utf-8', parts: [], part: null, made: null, ignored: [], problems: [] },
      fileName: 'grades.csv',
    })
  })

  it('with the encoding and the delimiter that the teacher says', async () => {
    const bytes = Buffer.from('last_name;a,b\nNúñez;1,2\n', 'latin1')
    expect(await tableOf(bytes, { encoding: 'windows-1252', delimiter: ',' })).toMatchObject({
      rows: [
        ['last_name;a', 'b'],
        ['Núñez;1', '2'],
      ],
      ...{ encoding: 'windows-1252', delimiter: ',' },
    })
  })

  it('by the delimiter that its first line names', async () => {
    expect(await tableOf(utf8('sep=|\na|b,c,d\n'))).toMatchObject({ delimiter: '|' })
    expect(await tableOf(utf8('sep=|\na|b,c,d\n'), { delimiter: ',' })).toMatchObject({ delimiter: ',' })
  })

  it('never when it cannot be told apart or is none', async () => {
    expect(await refusalOf(utf8('a,"b\n'))).toMatchObject({ code: 'unclosed_quote' })
    expect(await refusalOf(utf8(''))).toMatchObject({ code: 'empty' })
    expect(await refusalOf(new Uint8Array(20 * 1024 * 1024 + 1))).toMatchObject({ code: 'file_too_large' })
  })
})

describe('a workbook is opened', () => {
  const notes = [['note'], ['hello']]

  it('at its first sheet that names students, and says which it did not read', async () => {
    const bytes = sheets(['Notes', notes], ['Grades', students], ['More', notes])
    expect(await tableOf(bytes, { fileName: 'book.csv' })).toEqual({
      ...{ rows: students, delimiter: null, encoding: null, parts: ['Notes', 'Grades', 'More'], part: 'Grades', made: null },
      ignored: [
        { kind: 'part', where: 'Sheet Notes', reason: "Not read, because 'Grades' was." },
        { kind: 'part', where: 'Sheet More', reason: "Not read, because 'Grades' was." },
      ],
      problems: [],
      fileName: 'book.csv',
    })
  })

  it('at the sheet that is chosen, without a word on others, and at the first when that one is not there', async () => {
    const bytes = sheets(['Notes', notes], ['5a', students], ['5b', students])
    expect(await tableOf(bytes, { part: '5b' })).toMatchObject({ part: '5b', problems: [] })
    expect(await tableOf(bytes, { part: 'Notes' })).toMatchObject({ part: 'Notes', rows: notes, problems: [] })
    expect(await tableOf(bytes, { part: 'gone' })).toMatchObject({ part: '5a', problems: [{ code: 'other_sheets' }] })
    expect(await tableOf(sheets(['Notes', notes], ['More', notes]))).toMatchObject({ part: 'Notes' })
  })

  it('with a warning when several sheets name students', async () => {
    const bytes = sheets(['Notes', notes], ['5a', students], ['5b', students])
    expect((await tableOf(bytes)).problems).toEqual([
      {
        ...{ row: null, column: null, value: '5a', code: 'other_sheets', severity: 'warn' },
        message: "2 sheets of the workbook name students: 5a, 5b. Only '5a' was read.",
        fix: 'Choose another sheet if that one is meant, or upload the file once for each.',
      },
    ])
  })

  it('never when it or the sheet in question is damaged', async () => {
    const parts = workbookParts({ sheets: [{ name: '5a', rows: rowsXml(students) }] })
    const { 'xl/workbook.xml': _, ...headless } = parts
    expect(await refusalOf(zipOf(headless))).toMatchObject({ code: 'xlsx_damaged' })
    expect(await refusalOf(oneByteOff(zipOf(parts, 0)))).toMatchObject({ code: 'xlsx_damaged' })
  })

  it('by what its first rows say: a sheet whose students stand below is none', async () => {
    const low = [...Array.from({ length: 30 }, () => ['x']), ...students]
    expect(await tableOf(sheets(['Low', low], ['Grades', students]))).toMatchObject({ part: 'Grades', problems: [] })
  })
})

describe('an archive is opened', () => {
  it('at its one table, by that file’s own name, and says nothing of what is no table', async () => {
    const bytes = zipOf({ 'README.md': 'Hello.', '2026/5b/grades.csv': grades, 'photo.png': 'x' })
    expect(await tableOf(bytes)).toEqual({
      ...{ rows: students, delimiter: ',', encoding: 'utf-8', parts: ['2026/5b/grades.csv'], part: '2026/5b/grades.csv' },
      ...{ made: null, ignored: [], problems: [], fileName: 'grades.csv' },
    })
  })

  it.each(['a.csv', 'a.TSV', 'a.tab', 'a.txt', 'a.xls', 'a.xlsx', 'a.psv', 'a.ssv'])('at %s', async (name) => {
    expect(await tableOf(zipOf({ [name]: grades }))).toMatchObject({ part: name, rows: students })
  })

  it.each(['a.csvx', 'csv', 'a.csv.gz', 'acsv'])('never at %s', async (name) => {
    expect(await refusalOf(zipOf({ [name]: grades }))).toMatchObject({ code: 'zip', value: name })
  })

  it('at the one of several tables that names students', async () => {
    const bytes = zipOf({ 'a.txt': 'Hello.', 'b.csv': grades, 'c.csv': 'x,y\n1,2\n' })
    expect(await tableOf(bytes)).toMatchObject({
      ...{ part: 'b.csv', parts: ['a.txt', 'b.csv', 'c.csv'], fileName: 'b.csv', problems: [] },
      ignored: [
        { kind: 'part', where: 'File a.txt', reason: "Not read, because 'b.csv' was." },
        { kind: 'part', where: 'File c.csv', reason: "Not read, because 'b.csv' was." },
      ],
    })
  })

  it('with a question when several do, and without when one is chosen', async () => {
    const bytes = zipOf({ '5a.csv': grades, '5b.csv': grades.replace('5', '6') })
    const asked = await tableOf(bytes)
    expect(asked.part).toBe('5a.csv')
    expect(asked.problems).toEqual([
      {
        ...{ row: null, column: null, value: null, code: 'ask_part', severity: 'block' },
        message: 'The archive holds several tables: 5a.csv, 5b.csv. Which one holds the grades?',
        fix: 'Choose one of them, or upload that file alone.',
      },
    ])
    const chosen = await tableOf(bytes, { part: '5b.csv' })
    expect([chosen.part, chosen.rows[1]?.[2], chosen.problems]).toEqual(['5b.csv', '6', []])
    expect(await tableOf(bytes, { part: 'gone.csv' })).toMatchObject({ part: '5a.csv', problems: [{ code: 'ask_part' }] })
  })

  it('with a question beside what was noticed in the file itself', async () => {
    const bytes = zipOf({ '5a.csv': grades.replace('Quiz', 'Qu\0iz'), '5b.csv': grades })
    expect((await tableOf(bytes)).problems.map(({ code }) => code)).toEqual(['nul_bytes', 'ask_part'])
  })

  it('with a question when there are more than 20 tables, of which the last are not looked at', async () => {
    const many = (count: number) =>
      zipOf(Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at + 10}.csv`, at === 0 ? grades : 'x,y\n1,2\n'])))
    expect((await tableOf(many(20))).problems).toEqual([])
    const [asked] = (await tableOf(many(21))).problems
    expect(asked).toMatchObject({ code: 'ask_part' })
    expect(asked?.message).toContain('t10.csv, t11.csv, t12.csv, t13.csv, t14.csv and 16 more.')
    const late = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`t${at + 10}.csv`, at === 20 ? grades : 'x,y\n1,2\n']))
    expect(await refusalOf(zipOf(late))).toMatchObject({ code: 'zip' })
  })

  it('never when it holds no table, or none that names students', async () => {
    expect(await refusalOf(zipOf({}))).toEqual(zipRefusal('', 'The ZIP archive is empty.'))
    expect(await refusalOf(zipOf({ 'a.png': 'x', 'b.pdf': 'x' }))).toEqual(
      zipRefusal('a.png, b.pdf', 'No file of the ZIP archive is a table of students: it holds a.png, b.pdf.'),
    )
    expect(await refusalOf(zipOf({ 'a.txt': 'Hello.', 'b.txt': 'Bye.', 'c.png': 'x' }))).toEqual(
      zipRefusal('a.txt, b.txt', 'No file of the ZIP archive is a table of students: it holds a.txt, b.txt.'),
    )
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    expect(await refusalOf(zipOf(Object.fromEntries(names.map((name) => [`${name}.png`, 'x']))))).toMatchObject({
      value: 'a.png, b.png, c.png, d.png, e.png and 1 more',
    })
    expect(await refusalOf(zipOf(Object.fromEntries(names.slice(1).map((name) => [`${name}.png`, 'x']))))).toMatchObject({
      value: 'b.png, c.png, d.png, e.png, f.png',
    })
  })

  it('never when its one table cannot be', async () => {
    expect(await refusalOf(zipOf({ 'a.csv': '%PDF-1.7' }))).toMatchObject({ code: 'pdf' })
    expect(await refusalOf(zipOf({ 'a.csv': grades }).subarray(0, 60))).toMatchObject({ code: 'zip_damaged' })
    expect(await refusalOf(oneByteOff(zipOf({ 'a.csv': grades }, 0)))).toMatchObject({ code: 'zip_damaged' })
  })

  it('never when it is too large, or its one table is', async () => {
    const most = 20 * 1024 * 1024
    expect(await refusalOf(zipOf({ 'a.csv': grades, 'film.mp4': new Uint8Array(most) }, 0))).toMatchObject({
      code: 'file_too_large',
    })
    const table = new Uint8Array(most + 1)
    // They do not pack, so that the whole is no bomb.
    table.set(randomBytes(500_000))
    expect(await refusalOf(zipOf({ 'a.csv': table }))).toMatchObject({ code: 'file_too_large' })
  })

  it('never when it is a document of another office program', async () => {
    expect(await refusalOf(zipOf({ 'word/document.xml': '<w/>', 'grades.csv': grades }))).toMatchObject({ code: 'word' })
  })

  it('never when it is OneRoster without results', async () => {
    const roster = zipOf({ 'users.csv': 'sourcedId,status\nu1,\n', 'orgs.csv': 'sourcedId,status\no1,\n' })
    expect(await refusalOf(roster)).toMatchObject({ code: 'oneroster_no_results' })
  })

  it('at the table that names students past those that cannot be read', async () => {
    const opened = await tableOf(zipOf({ 'a.csv': '%PDF-1.7', 'b.csv': grades }))
    expect(opened).toMatchObject({ part: 'b.csv', rows: students, problems: [] })
  })

  it('with a workbook inside at its sheets, the other files and sheets named', async () => {
    const bytes = zipOf({ 'x/book.xlsx': sheets(['Notes', [['note']]], ['Grades', students]), 'list.txt': 'Hello.' })
    expect(await tableOf(bytes, { part: 'x/book.xlsx' })).toMatchObject({
      ...{ part: 'x/book.xlsx', parts: ['x/book.xlsx', 'list.txt'], rows: students, fileName: 'book.xlsx', encoding: null },
      ignored: [
        { kind: 'part', where: 'File list.txt', reason: "Not read, because 'x/book.xlsx' was." },
        { kind: 'part', where: 'Sheet Notes', reason: "Not read, because 'Grades' was." },
      ],
    })
  })

  it('never with a damaged archive inside', async () => {
    const cut = sheets(['Grades', students]).subarray(0, 200)
    expect(await refusalOf(zipOf({ 'book.xlsx': cut }))).toMatchObject({ code: 'zip_damaged' })
  })

  it('with the encoding and delimiter that the teacher says of the file inside', async () => {
    const bytes = zipOf({ 'a.csv': new Uint8Array(Buffer.from('last_name;Quiz\nNúñez;1,2\n', 'latin1')) })
    expect(await tableOf(bytes, { encoding: 'windows-1252', delimiter: ',' })).toMatchObject({
      rows: [['last_name;Quiz'], ['Núñez;1', '2']],
    })
  })
})
