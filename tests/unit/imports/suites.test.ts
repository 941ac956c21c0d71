import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseCell } from '@/lib/gradebook/cell'
import { checkFile } from '@/lib/imports/check'
import { parseFile } from '@/lib/imports/parse'
import { isRejected, type ParsedFile } from '@/lib/imports/parsed'
import { cleanText, unguard } from '@/lib/imports/text'
import { workbookOf } from '../../support/xlsx'

const folder = path.resolve(import.meta.dirname, '../../fixtures/csv-suites')
const bytesOf = (name: string) => fs.readFileSync(path.join(folder, name))

/** None is a gradebook, so nearly all are asked who their rows are; what counts is how they were opened on the way there. */
const suites: readonly (readonly [
  file: string,
  outcome: string,
  encoding: string | null,
  delimiter: string | null,
  codes: readonly string[],
])[] = [
  ['csvkit/bad.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['csvkit/blanks.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['csvkit/mac_newlines.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['csvkit/null_byte.csv', 'ask', 'utf-8', ',', ['nul_bytes', 'ask_identity']],
  ['csvkit/test_header_newline.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['csvkit/test_locale.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['csvkit/test_utf16_big.csv', 'ask', 'utf-16be', ',', ['ask_identity']],
  ['csvkit/test_utf16_little.csv', 'ask', 'utf-16le', ',', ['ask_identity']],
  ['messytables/begrotingsanalyse-2011.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  // Big5, with a column "id".
  [
    'messytables/characters.csv',
    'warn',
    'windows-1252',
    ',',
    ['encoding_doubt', 'points_assumed', 'over_maximum', 'rounded', 'more_over_maximum', 'more_rounded'],
  ],
  ['messytables/encrypted_no_password.xls', 'refuse', null, null, ['encrypted_workbook']],
  ['messytables/excel_pasting.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['messytables/html.html', 'refuse', null, null, ['html']],
  ['messytables/libreoffice.xlsx', 'refuse', null, null, ['no_identity_column']],
  ['messytables/mixedGLB.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['messytables/null.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['messytables/simple.psv', 'ask', 'utf-8', '|', ['ask_identity']],
  ['messytables/simple.ssv', 'ask', 'utf-8', ';', ['ask_identity']],
  ['messytables/simple.zip', 'ask', 'utf-8', ',', ['ask_identity']],
  ['messytables/skip_initials.csv', 'ask', 'utf-8', ',', ['ask_identity']],
  ['messytables/spanish_chars.csv', 'ask', 'windows-1252', ',', ['ask_identity']],
  ['messytables/sparse_with_column_errors.csv', 'ask', 'windows-1252', ',', ['ask_identity']],
  ['messytables/utf-16le_encoded.csv', 'ask', 'utf-16le', ',', ['ask_identity']],
  ['messytables/utf8bom.csv', 'refuse', null, null, ['no_identity_column']],
  ['messytables/weird_head_padding.csv', 'ask', 'utf-8', ';', ['ask_identity']],
]

describe('the files of others', () => {
  test.each(suites)('%s', async (name, ...recorded) => {
    const { outcome, encoding, delimiter, problems } = await checkFile({ name, bytes: bytesOf(name) }, null, {})
    expect([outcome, encoding, delimiter, [...new Set(problems.map(({ code }) => code))]]).toEqual(recorded)
  })

  test('are all in the table', () => {
    const files = ['csvkit', 'messytables'].flatMap((suite) =>
      fs.readdirSync(path.join(folder, suite)).map((name) => `${suite}/${name}`),
    )
    expect(suites.map(([name]) => name)).toEqual(files.toSorted())
  })

  test('say their columns under the right encoding, and shift no cell', async () => {
    const headings = async (name: string, options = {}) => {
      const parsed = await parseFile(bytesOf(name), { fileName: name, ...options })
      return parsed.kind === 'parsed' ? parsed.file.columns.map(({ heading }) => heading) : []
    }
    expect(await headings('messytables/spanish_chars.csv')).toEqual([
      'GF_ID',
      'FN_ID',
      'SF_ID',
      'GF',
      'F',
      'SF',
      'Gasto total 2011',
      'Descripción',
    ])
    expect((await headings('messytables/characters.csv', { encoding: 'big5' }))[1]).toBe('景點編號')
    expect(await headings('csvkit/test_utf16_big.csv')).toEqual(['a', 'b', 'c'])
    expect((await headings('messytables/utf-16le_encoded.csv')).slice(0, 2)).toEqual(['Organisation_code', 'Organisation_name'])
  })
})

const strings: readonly string[] = JSON.parse(fs.readFileSync(path.join(folder, 'naughty-strings/strings.json'), 'utf8'))
const naughty = [...strings, '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']
const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
const csvOf = (rows: readonly (readonly string[])[]) =>
  new TextEncoder().encode(rows.map((row) => row.map(quote).join(',')).join('\n'))
// What XML cannot hold a workbook writes as _x0001_.
const escapeSign = (sign: string) => {
  const code = sign.codePointAt(0) ?? 0
  const isHeld =
    (code >= 0x20 || code === 9 || code === 10) && (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff
  return isHeld ? `&#${code};` : `_x${code.toString(16).padStart(4, '0')}_`
}
const escapeSigns = (text: string) => [...text].map(escapeSign).join('')
const xlsxOf = (rows: readonly (readonly string[])[]) =>
  workbookOf({
    sheets: [
      {
        name: 'S',
        rows: rows
          .map((row) => `<row>${row.map((cell) => `<c t="inlineStr"><is><t>${escapeSigns(cell)}</t></is></c>`).join('')}</row>`)
          .join(''),
      },
    ],
  })

async function read(bytes: Uint8Array): Promise<ParsedFile> {
  const parsed = await parseFile(bytes, { fileName: 'naughty.csv', numbers: '.' })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join())
  return parsed.file
}

describe.each([
  ['CSV', csvOf],
  ['XLSX', xlsxOf],
])('strings that break software, in %s', (_, write) => {
  test('as names are the names', async () => {
    const rows = naughty.map((text, at) => [text, text, `p${at}@x.org`, '7'])
    const file = await read(write([['last_name', 'first_name', 'email', 'Quiz'], ['POINTS', '', '', '10'], ...rows]))
    const named = new Map(file.students.map(({ row, lastName, firstName }) => [row, [lastName, firstName]]))
    const expected = naughty.map((text) => cleanText(unguard(text)).slice(0, 200))
    expect(naughty.map((_text, at) => named.get(at + 3)?.[0])).toEqual(expected)
    expect(naughty.map((_text, at) => named.get(at + 3)?.[1])).toEqual(expected)
    expect(file.cells.flat()).toEqual(naughty.map(() => '7'))
  })

  test('as titles are titles, or are said to be left out', async () => {
    const titles = [...new Map(naughty.map((text) => [cleanText(unguard(text)), text] as const)).entries()].filter(
      ([title]) => title !== '',
    )
    const file = await read(
      write([
        ['last_name', 'first_name', 'email', ...titles.map(([, text]) => text)],
        ['POINTS', '', '', ...titles.map(() => '10')],
        ['Smith', 'Alice', 'a@x.org', ...titles.map(() => '7')],
      ]),
    )
    const named = new Set(file.assignments.map(({ columns }) => columns[0]))
    const left = new Set(file.ignored.filter(({ kind }) => kind === 'column').map(({ where }) => where))
    const lost = titles.filter(([title], at) => !named.has(at + 3) && !left.has(title))
    expect(lost).toEqual([])
    expect(named.size).toBeGreaterThan(titles.length - 15)
  })

  test('as cells are scores, or are listed with their reason', async () => {
    const texts = naughty.filter((text) => text !== '')
    for (let from = 0; from < texts.length; from += 100) {
      const part = texts.slice(from, from + 100)
      const file = await read(
        write([['email', 'Quiz', 'Other'], ['POINTS', '1000', '10'], ...part.map((text, at) => [`p${at}@x.org`, text, '7'])]),
      )
      expect(file.students).toHaveLength(part.length)
      const tokens = file.cells.map(([token = '']) => token)
      if (!file.assignments.some(({ title }) => title === 'Quiz')) continue
      const wrong = tokens.flatMap((token, at) => (isRejected(token) ? [at + 3] : []))
      expect(file.problems.filter(({ severity }) => severity !== 'warn').map(({ row }) => row)).toEqual(wrong)
      for (const token of tokens) if (!isRejected(token) && token !== 'CLEAR') expect(() => parseCell(token)).not.toThrow()
    }
  })

  test('as identifiers are identifiers, or refuse their row', async () => {
    const file = await read(
      write([['username', 'last_name', 'Quiz'], ['POINTS', '', '10'], ...naughty.map((text, at) => [text, `Name ${at}`, '7'])]),
    )
    const rows = new Set([...file.students.map(({ row }) => row), ...file.rejectedRows, ...file.describingRows])
    expect(naughty.flatMap((_text, at) => (rows.has(at + 3) ? [] : [at + 3]))).toEqual([])
  })
})
