import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvBytes, fileNameOf, guardText } from '@/lib/gradebook/csv-cells'
import { unguard } from '@/lib/imports/text'

test.each(['=HYPERLINK("x")', '+1+1', '-5', '@SUM(A1)', '\tx', '\rx', "'=x", "''=x"])(
  '%j goes out as text and comes back',
  (text) => {
    expect(guardText(text)).toBe(`'${text}`)
    expect(unguard(guardText(text))).toBe(text)
  },
)

test.each(['Smith', "O'Brien", "'quoted'", '85', 'a=b', "'", ''])('%j needs no guard', (text) => {
  expect(guardText(text)).toBe(text)
  expect(unguard(text)).toBe(text)
})

test('whatever a text begins with, it comes back exactly', () => {
  const text = fc.string({ unit: fc.constantFrom("'", '=', '-', '+', '@', '"', 'a', '\t') })
  fc.assert(
    fc.property(text, (value) => {
      // A whole cell `="..."` is how Canvas guards a name; the importer takes it for that.
      fc.pre(!/^="(.*)"$/s.test(value))
      expect(unguard(guardText(value))).toBe(value)
    }),
  )
})

test('a file is UTF-8 with a BOM, CRLF, and quotes what needs it', () => {
  const bytes = csvBytes([
    ['Ім’я', 'a,b', 'say "hi"', ' x'],
    ['', 'two\nlines', '-5', 'ليلى'],
  ])
  expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)).toBe(
    '\ufeffІм’я,"a,b","say ""hi"""," x"\r\n,"two\nlines",-5,ليلى\r\n',
  )
})

test.each([
  [['grades', 'Biology 9A', 'Autumn 2026'], 'grades-Biology-9A-Autumn-2026.csv'],
  [['grades', '../../etc/passwd', 'a\0b'], 'grades-etc-passwd-a-b.csv'],
  [['grades', 'Алгебра: 7-Б', '«осінь»'], 'grades-Алгебра-7-Б-осінь.csv'],
  [['grades', '???', 'Autumn'], 'grades-Autumn.csv'],
  [['grades', 'x'.repeat(300)], `grades-${'x'.repeat(93)}.csv`],
])('the file of %j is %s', (parts, name) => {
  expect(fileNameOf(parts, 'csv')).toBe(name)
})
