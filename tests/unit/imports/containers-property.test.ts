import fc from 'fast-check'
import writeXlsx from 'write-excel-file/node'
import { expect, test } from 'vitest'
import { parseFile } from '@/lib/imports/parse'
import { rowsXml, workbookOf, zipOf } from '../../support/xlsx'

/** Words as Windows-1252 can write them. */
const word = fc.stringMatching(/^[A-ZÄÖÜÉÑ][a-zäöüßéñ]{1,7}$/)
const score = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map(String),
  fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 9 })).map(([whole, tenth]) => `${whole}.${tenth}`),
)
const cell = fc.oneof(fc.constant(''), score, fc.constantFrom('EX', 'MI', 'INC', 'LATE', 'LATE 7.5', 'x'))

type Data = Readonly<{ titles: string[]; people: (readonly [string, string])[]; cells: string[][]; points: number[] }>
const table: fc.Arbitrary<Data> = fc
  .record({
    titles: fc.uniqueArray(
      word.map((text) => `Task ${text}`),
      { minLength: 1, maxLength: 5 },
    ),
    people: fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 6 }),
  })
  .chain(({ titles, people }) => {
    const ofTitles = { minLength: titles.length, maxLength: titles.length }
    return fc.record({
      titles: fc.constant(titles),
      people: fc.constant(people),
      points: fc.array(fc.integer({ min: 100, max: 500 }), ofTitles),
      cells: fc.array(fc.array(cell, ofTitles), { minLength: people.length, maxLength: people.length }),
    })
  })

const emailOf = (at: number) => `pupil${at}@school.example`

function rowsOf({ titles, people, cells, points }: Data): string[][] {
  return [
    ['last_name', 'first_name', 'email', ...titles],
    ['DATE', '-', '-', ...titles.map(() => '2025-06-01')],
    ['POINTS', '-', '-', ...points.map(String)],
    ...people.map(([last, first], at) => [last, first, emailOf(at), ...(cells[at] ?? [])]),
  ]
}

const csvText = (rows: readonly (readonly string[])[]) => rows.map((row) => row.join(',')).join('\r\n')
const csv = (data: Data) => new TextEncoder().encode(csvText(rowsOf(data)))
const isNumber = (text: string) => /^\d+(?:\.\d+)?$/.test(text)

/** One row a score, assignment after assignment. */
function longForm({ titles, people, cells, points }: Data): string[][] {
  const rows = titles.flatMap((title, column) =>
    people.map(([last, first], at) => [
      last,
      first,
      emailOf(at),
      title,
      cells[at]?.[column] ?? '',
      String(points[column]),
      '2025-06-01',
    ]),
  )
  return [['last_name', 'first_name', 'email', 'assignment', 'score', 'max_points', 'date'], ...rows]
}

function oneRoster({ titles, people, cells, points }: Data): Record<string, string> {
  const results = people.flatMap((_, at) =>
    titles.flatMap((_title, column) => {
      const text = cells[at]?.[column] ?? ''
      const late = text.startsWith('LATE')
      const status =
        text === 'EX' ? 'exempt' : text === 'MI' ? 'not submitted' : text === 'INC' ? 'partially graded' : 'fully graded'
      const value = status === 'fully graded' ? text.replace(/^LATE ?/, '') : ''
      return [`r${at}.${column},,,l${column},u${at},${status},${value},c1,${late}`]
    }),
  )
  return {
    'manifest.csv': 'propertyName,value\noneroster.version,1.2\n',
    'users.csv': `sourcedId,status,dateLastModified,givenName,familyName,email\n${people.map(([last, first], at) => `u${at},,,${first},${last},${emailOf(at)}`).join('\n')}`,
    'lineItems.csv': `sourcedId,status,dateLastModified,title,dueDate,classSourcedId,resultValueMax\n${titles.map((title, at) => `l${at},,,${title},2025-06-01,c1,${points[at]}`).join('\n')}`,
    'results.csv': `sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,classSourcedId,late\n${results.join('\n')}`,
  }
}

async function shown(bytes: Uint8Array) {
  const parsed = await parseFile(bytes, { fileName: 'x.csv' })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join())
  const { students, assignments, cells, problems, cellsRejected } = parsed.file
  return {
    students: students.map(({ lastName, firstName, identifiers }) => [
      lastName,
      firstName,
      identifiers.find(({ kind }) => kind === 'email')?.value,
    ]),
    assignments: assignments.map(({ title, maxPoints, dueOn }) => [title, maxPoints, dueOn]),
    cells,
    cellsRejected,
    problems: problems.map(({ code, column, value }) => `${code} ${column} ${value}`).toSorted(),
  }
}

/** A column without any score is left out of a table, and named; in a list of scores its title is a title all the same. */
const isPlain = ({ titles, cells }: Data) =>
  titles.every((_, column) => cells.some((row) => !['', 'x'].includes(row[column] ?? '')))
const plain = table.filter(isPlain)

const ways: readonly (readonly [string, (data: Data) => Uint8Array | Promise<Uint8Array>])[] = [
  ['UTF-16 with BOM', (data) => new Uint8Array(Buffer.from(`\ufeff${csvText(rowsOf(data))}`, 'utf16le'))],
  ['UTF-16 big-endian without BOM', (data) => new Uint8Array(Buffer.from(csvText(rowsOf(data)), 'utf16le').swap16())],
  ['Windows-1252', (data) => new Uint8Array(Buffer.from(csvText(rowsOf(data)), 'latin1'))],
  ['ZIP', (data) => zipOf({ 'class/grades.csv': csv(data), 'class/readme.md': 'x' })],
  ['XLSX of texts', (data) => workbookOf({ sheets: [{ name: 'S', rows: rowsXml(rowsOf(data)) }] })],
  [
    'XLSX of a well-known writer',
    async (data) => {
      const rows = rowsOf(data).map((row) =>
        row.map((text) => (text === '' ? null : { value: isNumber(text) ? Number(text) : text })),
      )
      return new Uint8Array(await writeXlsx(rows).toBuffer())
    },
  ],
  ['XLSX in a ZIP', (data) => zipOf({ 'grades.xlsx': workbookOf({ sheets: [{ name: 'S', rows: rowsXml(rowsOf(data)) }] }) })],
  ['one row a score', (data) => new TextEncoder().encode(csvText(longForm(data)))],
  ['one row a score in XLSX', (data) => workbookOf({ sheets: [{ name: 'S', rows: rowsXml(longForm(data)) }] })],
  ['OneRoster', (data) => zipOf(oneRoster(data))],
]

test.each(ways)('a table is the same through %s as through CSV', async (_, write) => {
  await fc.assert(
    fc.asyncProperty(plain, async (data) => {
      expect(await shown(await write(data))).toEqual(await shown(csv(data)))
    }),
    { numRuns: 40 },
  )
})

test('no bytes make the reader crash or hang, also not those of a broken archive or workbook', async () => {
  const rows = [
    ['last_name', 'email', 'Quiz'],
    ['Smith', 'a@x.org', '7'],
  ]
  const whole = [
    workbookOf({ sheets: [{ name: 'S', rows: rowsXml(rows) }] }, 0),
    workbookOf({ sheets: [{ name: 'S', rows: rowsXml(rows) }] }),
    zipOf({ 'a.csv': csvText(rows), 'b.csv': 'x' }, 0),
  ]
  const broken = fc
    .tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat(40))
    .map(([bytes, changes, cut]) => {
      const copy = bytes.slice(0, bytes.length - (cut > 20 ? 0 : cut))
      for (const [at, value] of changes) copy[at % copy.length] = value
      return copy
    })
  const anything = fc.oneof(
    broken,
    fc.uint8Array({ maxLength: 2000 }),
    fc.uint8Array({ maxLength: 200 }).map((tail) => Uint8Array.of(0x50, 0x4b, 3, 4, ...tail)),
  )
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      const began = performance.now()
      const parsed = await parseFile(bytes, { fileName: 'x.csv' })
      if (parsed.kind === 'refused') expect(parsed.problems.length).toBeGreaterThan(0)
      expect(performance.now() - began).toBeLessThan(5000)
    }),
    { numRuns: 400 },
  )
})
