import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFile, type Encoding } from '@/lib/imports/decode'
import { type CellEdit, fillText } from '@/lib/imports/fill-text'
import { tokenize } from '@/lib/imports/tokenize'

const encoders: Readonly<Record<string, Readonly<{ encoding: Encoding; bytes: (text: string) => Uint8Array; letters: string }>>> =
  {
    'utf-8': { encoding: 'utf-8', bytes: (text) => Buffer.from(text), letters: 'aé王😀"' },
    'utf-8 with mark': { encoding: 'utf-8', bytes: (text) => Buffer.from(`\ufeff${text}`), letters: 'aé王😀"' },
    'utf-16le': { encoding: 'utf-16le', bytes: (text) => Buffer.from(`\ufeff${text}`, 'utf16le'), letters: 'aé王😀"' },
    'utf-16be': { encoding: 'utf-16be', bytes: (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), letters: 'aé王😀"' },
    'windows-1252': { encoding: 'windows-1252', bytes: (text) => Buffer.from(text, 'latin1'), letters: 'aéñ"' },
  }

const parts = fc.record({
  encoder: fc.constantFrom(...Object.keys(encoders)),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
  separatorLine: fc.boolean(),
  lastNewline: fc.boolean(),
})
const cell = fc.record({
  kind: fc.integer({ min: 0, max: 5 }),
  text: fc.string({ unit: 'grapheme-ascii', maxLength: 5 }),
  letter: fc.nat(),
})
const table = fc.record({
  parts,
  rows: fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
  edits: fc.array(
    fc.record({
      row: fc.nat(),
      column: fc.integer({ min: 0, max: 7 }),
      text: fc.constantFrom('85', '8,5', '-3.25', 'EX', 'Missing'),
    }),
    { maxLength: 6 },
  ),
})
type Table = typeof table extends fc.Arbitrary<infer Value> ? Value : never

/** Cells as a file would write them: plain, quoted, quoted with line ends and delimiters inside, or empty. */
function fileOf({ parts: { encoder, delimiter, newline, separatorLine, lastNewline }, rows }: Table) {
  const used = encoders[encoder]
  if (used === undefined) throw new Error('no such encoder')
  const written = rows.map((row) =>
    row.map(({ kind, text, letter }) => {
      const letters = [...used.letters]
      const plain = text.replace(/["\r\n,;|\t]/g, '') + (letters[letter % (letters.length - 1)] ?? '')
      if (kind === 0) return ''
      if (kind === 1) return '""'
      if (kind === 2) return `"${plain}${delimiter}${newline}""x"""`
      return kind === 3 ? `"${plain}" ` : plain
    }),
  )
  const text =
    (separatorLine ? `sep=${delimiter}${newline}` : '') +
    written.map((row) => row.join(delimiter)).join(newline) +
    (lastNewline ? newline : '')
  const bytes = new Uint8Array(used.bytes(text))
  const mark = new TextDecoder(used.encoding, { ignoreBOM: true }).decode(bytes).startsWith('\ufeff') ? '\ufeff' : ''
  return { bytes, encoding: used.encoding, delimiter, written, mark }
}

async function readAs(bytes: Uint8Array, encoding: Encoding, delimiter: string) {
  const decoded = decodeFile(bytes, encoding)
  if (decoded.kind !== 'text') return null
  const tokens = await tokenize(decoded.text, { delimiter, scoreHeading: () => 0 })
  return tokens.kind === 'rows' ? { encoding, delimiter, rows: tokens.rows } : null
}

describe('a file is filled in place', () => {
  test('only the cells that were set read differently, and every other byte is the file’s own', async () => {
    let filledCount = 0
    await fc.assert(
      fc.asyncProperty(table, async (data) => {
        const { bytes, encoding, delimiter, written, mark } = fileOf(data)
        const read = await readAs(bytes, encoding, delimiter)
        fc.pre(read !== null && read.rows.length > 0)
        if (read === null) return
        const edits = new Map<string, CellEdit>()
        for (const { row, column, text } of data.edits) {
          const at = (row % read.rows.length) + 1
          edits.set(`${at} ${column}`, { row: at, column, text })
        }
        const filled = fillText(bytes, read, [...edits.values()])
        expect(filled).not.toBeNull()
        if (filled === null) return
        filledCount++
        const again = await readAs(filled, encoding, delimiter)
        for (const [at, row] of read.rows.entries()) {
          const width = Math.max(
            row.length,
            ...[...edits.values()].filter((edit) => edit.row === at + 1).map(({ column }) => column + 1),
          )
          const wanted = Array.from({ length: width }, (_, column) => edits.get(`${at + 1} ${column}`)?.text ?? row[column] ?? '')
          expect(again?.rows[at]).toEqual(wanted)
        }
        expect(new TextDecoder(encoding, { ignoreBOM: true }).decode(filled)).toMatch(patternOf(written, data.parts, mark, edits))
        expect(fillText(bytes, read, [])).toEqual(bytes)
      }),
      { numRuns: 400 },
    )
    expect(filledCount).toBeGreaterThan(200)
  })

  test.each([
    ['a quoted cell stays quoted', 'a,"b"\n"x",""\n', { row: 2, column: 1, text: '85' }, 'a,"b"\n"x","85"\n'],
    ['an empty cell takes the marks of its column', '"a","b"\n"x",\n', { row: 2, column: 1, text: '85' }, '"a","b"\n"x","85"\n'],
    ['a comma inside is kept inside', 'a,b\nx,\n', { row: 2, column: 1, text: '8,5' }, 'a,b\nx,"8,5"\n'],
    ['a short row gets its delimiters', 'a;b;c;d\r\nx\r\n', { row: 2, column: 3, text: '7' }, 'a;b;c;d\r\nx;;;7\r\n'],
    ['a dash is replaced', 'a\tb\nx\t-', { row: 2, column: 1, text: '7' }, 'a\tb\nx\t7'],
  ])('%s', async (_name, before, edit, after) => {
    const delimiter = before.includes(';') ? ';' : before.includes('\t') ? '\t' : ','
    const bytes = new TextEncoder().encode(before)
    const read = await readAs(bytes, 'utf-8', delimiter)
    expect(read && new TextDecoder().decode(fillText(bytes, read, [edit]) ?? new Uint8Array())).toBe(after)
  })

  test('a file whose cells are not where they were read is not touched', async () => {
    const bytes = new TextEncoder().encode('a,b\nx,\n')
    const read = {
      encoding: 'utf-8',
      delimiter: ',',
      rows: [
        ['a', 'b'],
        ['y', ''],
      ],
    } as const
    expect(fillText(bytes, read, [{ row: 2, column: 1, text: '1' }])).toBeNull()
    expect(fillText(bytes, { ...read, encoding: 'big5' }, [])).toBeNull()
  })
})

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** The whole file to its last character, with nothing open but the quotation marks around what was set. */
function patternOf(
  written: readonly (readonly string[])[],
  { delimiter, newline, separatorLine, lastNewline }: Table['parts'],
  mark: string,
  edits: ReadonlyMap<string, CellEdit>,
): RegExp {
  const rows = written.map((row, at) => {
    const own = [...edits.values()].filter((edit) => edit.row === at + 1)
    const width = Math.max(row.length, ...own.map(({ column }) => column + 1))
    const cells = Array.from({ length: width }, (_, column) => {
      const edit = own.find((candidate) => candidate.column === column)
      if (edit === undefined) return literally(row[column] ?? '')
      // White space behind a closing quotation mark stays as well.
      return `(?:"${literally(edit.text)}"|${literally(edit.text)})${row[column]?.endsWith('" ') ? ' ' : ''}`
    })
    return cells.join(literally(delimiter))
  })
  const first = separatorLine ? literally(`sep=${delimiter}${newline}`) : ''
  return new RegExp(`^${mark}${first}${rows.join(newline)}${lastNewline ? newline : ''}$`)
}
