import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCell, type Grade } from '@/lib/gradebook/cell'
import { parseFile } from '@/lib/imports/parse'
import { cleanText } from '@/lib/imports/text'
import { tokenize } from '@/lib/imports/tokenize'

/** Text as a person could type it into a name or title; begins and ends with something that can be seen. */
const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((text) => cleanText(text))
  .filter((text) => text !== '' && !/^['=+\-@–—]|^["\d]/.test(text))

const score = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map(String),
  fc
    .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 999 }))
    .map(([whole, thousandths]) => `${whole}.${String(thousandths).padStart(3, '0').replace(/0+$/, '')}`),
)
const grade: fc.Arbitrary<Grade | null> = fc.oneof(
  fc.constant(null),
  score.map((text) => ({ score: text, status: 'graded' as const })),
  score.map((text) => ({ score: text, status: 'late' as const })),
  fc.constantFrom('excused' as const, 'missing' as const, 'incomplete' as const).map((status) => ({ score: null, status })),
)
const points = fc.integer({ min: 100, max: 1000 }).map(String)
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const table = fc
  .record({
    titles: fc.uniqueArray(
      word.map((text) => `Task ${text}`),
      { minLength: 1, maxLength: 6 },
    ),
    people: fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 8 }),
  })
  .chain(({ titles, people }) =>
    fc.record({
      titles: fc.constant(titles),
      people: fc.constant(people),
      points: fc.array(points, { minLength: titles.length, maxLength: titles.length }),
      dates: fc.array(day, { minLength: titles.length, maxLength: titles.length }),
      cells: fc.array(fc.array(grade.map(formatCell), { minLength: titles.length, maxLength: titles.length }), {
        minLength: people.length,
        maxLength: people.length,
      }),
    }),
  )

const delimiter = fc.constantFrom(',', ';', '\t', '|')
const newline = fc.constantFrom('\n', '\r\n', '\r')
const encode = fc.constantFrom(
  (text: string) => new TextEncoder().encode(text),
  (text: string) => new TextEncoder().encode(`\ufeff${text}`),
  (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le')),
  (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le').swap16()),
)

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`

test('any table of students and scores, written in any way, is read back as itself', async () => {
  await fc.assert(
    fc.asyncProperty(table, delimiter, newline, encode, async (data, separator, lineEnd, toBytes) => {
      // With a point for decimals and semicolons between cells, 1.234 alone would be a question.
      const numbers = '.' as const
      const rows = [
        ['last_name', 'first_name', 'email', ...data.titles],
        ['DATE', '-', '-', ...data.dates],
        ['POINTS', '-', '-', ...data.points],
        ...data.people.map(([last, first], at) => [last, first, `pupil${at}@school.example`, ...(data.cells[at] ?? [])]),
      ]
      const text = rows.map((row) => row.map(quote).join(separator)).join(lineEnd)
      const parsed = await parseFile(toBytes(text), { fileName: 'x.csv', numbers })
      if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join())
      const { file } = parsed
      expect(file.problems.filter(({ severity }) => severity !== 'warn')).toEqual([])
      expect(file.assignments.map(({ title, maxPoints, dueOn }) => [title, maxPoints, dueOn])).toEqual(
        data.titles.map((title, at) => [title, data.points[at], data.dates[at]]),
      )
      expect(file.students.map(({ lastName, firstName }) => [lastName, firstName])).toEqual(
        data.people.map(([last, first]) => [last, first]),
      )
      expect(file.cells).toEqual(data.cells)
    }),
    { numRuns: 100 },
  )
})

test('no file makes the reader crash, and what it refuses has a sentence and a fix', async () => {
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .array(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.constantFrom('last_name', 'email', 'POINTS', 'DATE', '=1', '"', '__proto__', 'a@b.c', '1,234', '#N/A'),
          ),
          { maxLength: 6 },
        ),
        { maxLength: 8 },
      )
      .map((rows) => new TextEncoder().encode(rows.map((row) => row.join(',')).join('\n'))),
  )
  await fc.assert(
    fc.asyncProperty(junk, async (bytes) => {
      const parsed = await parseFile(bytes, { fileName: 'junk.csv' })
      const problems = parsed.kind === 'refused' ? parsed.problems : parsed.file.problems
      if (parsed.kind === 'refused') expect(problems.length).toBeGreaterThan(0)
      for (const { message, fix, code } of problems) expect([message, fix, code].every((text) => text.length > 3)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('rows are the same however the text falls into slices', async () => {
  const cell = 'x'.repeat(900)
  const rows = Array.from({ length: 900 }, (_, at) => [`${at}`, at % 3 === 0 ? `a "quoted", ${cell}\nline` : cell, ''])
  const text = rows.map((row) => row.map((value) => (/[",\n]/.test(value) ? quote(value) : value)).join(',')).join('\n')
  const tokens = await tokenize(text, { scoreHeading: () => 0 })
  expect(tokens).toMatchObject({ kind: 'rows', delimiter: ',' })
  expect(tokens.kind === 'rows' && tokens.rows).toEqual(rows)
})

test('a large file never holds the event loop for long', async () => {
  const titles = Array.from({ length: 100 }, (_, at) => `Task ${at}`)
  const rows = Array.from(
    { length: 5000 },
    (_, at) => `Family${at},Given,p${at}@x.org,${titles.map((_, column) => ((at * 31 + column * 17) % 200) / 2).join(',')}`,
  )
  const bytes = new TextEncoder().encode(`last_name,first_name,email,${titles.join(',')}\n${rows.join('\n')}\n`)
  let turns = 0
  const count = () => {
    turns++
    handle = setImmediate(count)
  }
  let handle = setImmediate(count)
  const parsed = await parseFile(bytes, { fileName: 'x.csv' })
  clearImmediate(handle)
  expect(parsed.kind === 'parsed' && parsed.file.students.length).toBe(5000)
  // 500,000 cells in slices of 20,000, twice, and the slices of the tokenizer.
  expect(turns).toBeGreaterThan(40)
})
