import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanText } from '@/lib/imports/text'
import { readDrawn } from '../../support/grade-files'
import { type Book, type Person, writers } from '../../support/grade-writers'

/** Text as a person could type it into a name, title or category, without the signs by which sources part headings and names. */
const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  .map((text) => cleanText(text.replace(/[()[\]<>|*#:,"=،，]/g, '')))
  .filter((text) => text !== '' && !/^['=+\-@–—]|^["\d]/.test(text))

const points = fc.oneof(
  fc.integer({ min: 100, max: 900 }).map(String),
  fc.integer({ min: 1001, max: 9999 }).map((thousandths) => `1${(thousandths / 10).toFixed(1)}`.replace(/\.0$/, '')),
)
const score = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 0, max: 100 }).map(String),
  fc.integer({ min: 1, max: 99 }).map((tenths) => String(tenths / 10)),
)
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const book: fc.Arbitrary<Book> = fc
  .record({
    names: fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 6 }),
    titles: fc.uniqueArray(word, { minLength: 1, maxLength: 5 }),
  })
  .chain(({ names, titles }) =>
    fc.record({
      people: fc.constant(
        names.map(([last, first], at) => ({
          ...{ last, first, number: `00${at}`, username: `pupil${at}`, email: `pupil${at}@school.example` },
        })),
      ),
      work: fc.tuple(
        ...titles.map((title, at) =>
          fc.record({
            title: fc.constant(`Task ${title}`),
            points,
            date: day,
            category: word,
            id: fc.integer({ min: 10_000 + at * 1000, max: 10_999 + at * 1000 }).map(String),
          }),
        ),
      ),
      scores: fc.array(fc.array(score, { minLength: titles.length, maxLength: titles.length }), {
        minLength: names.length,
        maxLength: names.length,
      }),
    }),
  )

const writing = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf-8' as const, 'utf-8-bom' as const, 'utf-16le-bom' as const, 'utf-16be-bom' as const),
  quotesAll: fc.boolean(),
})

const identifierOf = (person: Person, kind: 'number' | 'username' | 'email' | 'sis') => person[kind === 'sis' ? 'number' : kind]

test.each(writers.map((writer) => [writer.source, writer] as const))(
  'any class as %s is read back as itself',
  async (source, writer) => {
    await fc.assert(
      fc.asyncProperty(book, writing, async (data, how) => {
        // With a point for decimals and semicolons between cells, 1.234 alone would be a question.
        const file = await readDrawn(writer.rows(data), { writing: how, numbers: '.' })
        expect(file.source).toBe(source)
        expect(file.problems.filter(({ code }) => code !== 'points_assumed' && code !== 'over_maximum')).toEqual([])
        const says = (what: 'points' | 'date' | 'category' | 'id') => writer.says.includes(what)
        expect(
          file.assignments.map(({ title, maxPoints, dueOn, category, vendorId }) => [
            title,
            maxPoints,
            dueOn,
            category,
            vendorId,
          ]),
        ).toEqual(
          data.work.map((work) => [
            work.title,
            says('points') ? work.points : null,
            says('date') ? work.date : null,
            says('category') ? work.category : null,
            says('id') ? work.id : null,
          ]),
        )
        expect(
          file.students.map(({ lastName, firstName, identifiers }) => [
            lastName,
            firstName,
            ...identifiers.map(({ kind, value }) => `${kind} ${value}`).sort(),
          ]),
        ).toEqual(
          data.people.map((person) => [
            person.last,
            person.first,
            ...writer.identifiers.map((kind) => `${kind} ${identifierOf(person, kind)}`).sort(),
          ]),
        )
        expect(file.cells).toEqual(data.scores)
      }),
      { numRuns: 60 },
    )
  },
)

test('the words of every source are read as their own wherever the file is cut into lines', async () => {
  for (const writer of writers) {
    const data: Book = {
      people: [{ last: 'Doe', first: 'Jane', number: '1', username: 'jdoe', email: 'j@x.org' }],
      work: [{ title: 'Quiz', points: '10', date: '2025-06-01', category: 'Home', id: '12345' }],
      scores: [['7']],
    }
    const padded = [['Grades', ''], ['', ''], ...writer.rows(data)]
    const file = await readDrawn(padded)
    expect([file.source, file.assignments[0]?.title, file.cells]).toEqual([writer.source, 'Quiz', [['7']]])
  }
})
