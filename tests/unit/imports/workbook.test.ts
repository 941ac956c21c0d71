import readXlsx from 'read-excel-file/node'
import writeXlsx from 'write-excel-file/node'
import { describe, expect, test } from 'vitest'
import { openArchive } from '@/lib/imports/archive'
import { parseFile } from '@/lib/imports/parse'
import { openWorkbook } from '@/lib/imports/workbook'
import { showNumber } from '@/lib/imports/workbook-styles'
import { rowsXml, workbookOf, workbookParts, type WorkbookXml, zipOf } from '../../support/xlsx'

async function sheetsOf(bytes: Uint8Array) {
  const archive = openArchive(bytes)
  if (archive.kind === 'refused') throw new Error(archive.problem.message)
  return openWorkbook(archive.files)
}

/** Rows of the first sheet, or the code of the refusal. */
async function rowsOf(bytes: Uint8Array, rowsMax?: number): Promise<readonly (readonly string[])[] | string> {
  const workbook = await sheetsOf(bytes)
  if (workbook.kind === 'refused') return workbook.problem.code
  const read = await workbook.sheets[0]?.read(rowsMax)
  return read === undefined ? 'no sheet' : read.kind === 'refused' ? read.problem.code : read.rows
}

const cellOf = async (cell: string, workbook: Partial<WorkbookXml> = {}) => {
  const rows = await rowsOf(workbookOf({ ...workbook, sheets: [{ name: 'S', rows: `<row r="1">${cell}</row>` }] }))
  return typeof rows === 'string' ? rows : (rows[0]?.[0] ?? '')
}

const styles = [0, 9, 10, 14, 22, 164, 165, 166, 167, 168, 49, 2, 169, 21]
const formats = {
  164: 'yyyy\\-mm\\-dd',
  165: '0.0%;[Red]-0.0%',
  166: '00000',
  167: '[$-409]d\\-mmm\\-yy;@',
  168: '"days" 0',
  169: '0.0"%"',
}

describe('a cell is read as the teacher sees it', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a number', '<c r="A1"><v>85</v></c>', '85'],
    ['a number with type', '<c r="A1" t="n"><v>8.5</v></c>', '8.5'],
    ['8.1, stored by its binary fraction', '<c r="A1"><v>8.0999999999999996</v></c>', '8.1'],
    ['the sum of 0.1 and 0.2', '<c r="A1"><v>0.30000000000000004</v></c>', '0.3'],
    ['a large whole number', '<c r="A1"><v>123456789012345</v></c>', '123456789012345'],
    ['a number with an exponent', '<c r="A1"><v>1.5E-7</v></c>', '0.00000015'],
    ['a larger one', '<c r="A1"><v>1.23E+11</v></c>', '123000000000'],
    ['zero', '<c r="A1"><v>0</v></c>', '0'],
    ['below zero', '<c r="A1"><v>-5</v></c>', '-5'],
    ['a percent', '<c r="A1" s="1"><v>0.52</v></c>', '52%'],
    ['a percent with decimals', '<c r="A1" s="2"><v>0.5251</v></c>', '52.51%'],
    ['a percent of an own format', '<c r="A1" s="6"><v>0.07</v></c>', '7%'],
    ['a percent sign that is only text', '<c r="A1" s="12"><v>0.5</v></c>', '0.5'],
    ['a day', '<c r="A1" s="3"><v>45809</v></c>', '2025-06-01'],
    ['a day of an own format', '<c r="A1" s="5"><v>45811</v></c>', '2025-06-03'],
    ['a day with its month as a word', '<c r="A1" s="8"><v>45811</v></c>', '2025-06-03'],
    ['a day and a time', '<c r="A1" s="4"><v>45809.5625</v></c>', '2025-06-01 13:30'],
    ['a time alone', '<c r="A1" s="3"><v>0.5</v></c>', '0.5'],
    ['a number with a word that has a d', '<c r="A1" s="9"><v>45809</v></c>', '45809'],
    ['a time of hours', '<c r="A1" s="13"><v>2.5</v></c>', '2.5'],
    ['a day written as one', '<c r="A1" t="d"><v>2025-06-01T00:00:00Z</v></c>', '2025-06-01'],
    ['a student number with leading zeros', '<c r="A1" s="7"><v>42</v></c>', '00042'],
    ['a number of a text style', '<c r="A1" s="10"><v>42</v></c>', '42'],
    ['a style that is not there', '<c r="A1" s="99"><v>42</v></c>', '42'],
    ['yes', '<c r="A1" t="b"><v>1</v></c>', 'TRUE'],
    ['no', '<c r="A1" t="b"><v>0</v></c>', 'FALSE'],
    ['an error', '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', '#DIV/0!'],
    ['no value', '<c r="A1" t="e"><v>#N/A</v></c>', '#N/A'],
    ['a formula with a number', '<c r="A1"><f>SUM(B1:C1)</f><v>12</v></c>', '12'],
    ['a formula with a text', '<c r="A1" t="str"><f>A2&amp;"x"</f><v>a &amp; b</v></c>', 'a & b'],
    ['a formula that was never computed', '<c r="A1" t="str"><f>A2</f></c>', ''],
    ['text in the cell', '<c r="A1" t="inlineStr"><is><t>Alice</t></is></c>', 'Alice'],
    [
      'text of several looks',
      '<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t xml:space="preserve">Al</t></r><r><t>ice</t></r></is></c>',
      'Alice',
    ],
    ['shared text', '<c r="A1" t="s"><v>0</v></c>', '0042'],
    ['shared text of several looks', '<c r="A1" t="s"><v>1</v></c>', 'Müller & <Söhne>'],
    ['shared text without how it is spoken', '<c r="A1" t="s"><v>2</v></c>', '東京'],
    ['shared text with signs XML cannot hold', '<c r="A1" t="s"><v>3</v></c>', 'a\rb'],
    ['shared text of character data', '<c r="A1" t="s"><v>4</v></c>', 'x < y & z'],
    ['shared text that is not there', '<c r="A1" t="s"><v>9</v></c>', ''],
    ['a style and nothing else', '<c r="A1" s="1"/>', ''],
    ['a cell with a prefix', '<x:c r="A1"><x:v>7</x:v></x:c>', '7'],
    ['an entity of its own, left as it is', '<c r="A1" t="str"><v>&xxe;&#65;&#x42;&#x110000;</v></c>', '&xxe;AB&#x110000;'],
  ]
  const texts =
    '<si><t>0042</t></si><si><r><t xml:space="preserve">Müller &amp; </t></r><r><t>&lt;Söhne&gt;</t></r></si>' +
    '<si><t>東</t><rPh sb="0" eb="1"><t>トウ</t></rPh><t>京</t><phoneticPr fontId="1"/></si><si><t>a_x000D_b</t></si><si><t><![CDATA[x < y]]> &amp; z</t></si>'
  test.each(cases)('%s', async (_, cell, shown) => {
    expect(await cellOf(cell, { texts, styles, formats })).toBe(shown)
  })

  test('days of the Macintosh count from 1904', async () => {
    expect(await cellOf('<c s="3"><v>44347</v></c>', { styles, is1904: true })).toBe('2025-06-01')
  })

  test('a number that is none stays as it is written', () => {
    expect(showNumber('abc')).toBe('abc')
    expect(showNumber('')).toBe('')
    expect(showNumber('99999999', { kind: 'date' })).toBe('99999999')
    expect(showNumber('-3', { kind: 'padded', digits: 5 })).toBe('-3')
    expect(showNumber('1.5', { kind: 'padded', digits: 5 })).toBe('1.5')
  })
})

describe('rows stand where the sheet has them', () => {
  const read = (rows: string) => rowsOf(workbookOf({ sheets: [{ name: 'S', rows }] }, 0))

  test('rows and cells that hold nothing are not in the file, but count', async () => {
    const rows =
      '<row r="2"><c r="B2"><v>1</v></c><c r="AA2"><v>2</v></c></row><row r="4"><c r="A4"><v>3</v></c></row><row r="9"><c r="A9"/></row>'
    expect(await read(rows)).toEqual([[], ['', '1', ...Array(24).fill(''), '2'], [], ['3']])
  })

  test('without references they follow one another, also past an empty cell', async () => {
    expect(await read('<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>')).toEqual([['1', '', '2'], ['3']])
  })

  test('a self-closed row is a row', async () => {
    expect(await read('<row/><row><c><v>3</v></c></row>')).toEqual([[], ['3']])
  })

  test('only the first rows are read when only they are wanted', async () => {
    const bytes = workbookOf({ sheets: [{ name: 'S', rows: rowsXml([['a'], ['b'], ['c']]) }] })
    expect(await rowsOf(bytes, 2)).toEqual([['a'], ['b']])
  })

  test('a sheet longer than a piece is read to its end', async () => {
    const rows = Array.from({ length: 9000 }, (_, at) => [`pupil${at}@school.example`, at, at / 4])
    const read = await rowsOf(workbookOf({ sheets: [{ name: 'S', rows: rowsXml(rows) }] }))
    expect(read).toEqual(rows.map((row) => row.map(String)))
  })

  test.each([
    ['rows backwards', '<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>', 'xlsx_damaged'],
    ['a row beyond all rows', '<row r="1048577"><c><v>1</v></c></row>', 'xlsx_damaged'],
    ['a row without a number', '<row r="x"><c><v>1</v></c></row>', 'xlsx_damaged'],
    ['a filled cell far to the right', '<row><c r="XFD1"><v>1</v></c></row>', 'too_many_columns'],
    ['a cell of 10,001 characters', `<row><c t="str"><v>${'x'.repeat(10_001)}</v></c></row>`, 'cell_too_long'],
    ['200,001 rows', '<row><c><v>1</v></c></row>'.repeat(200_001), 'too_many_rows'],
    ['a row that never ends', `<row>${'<c><v>1</v></c>'.repeat(600_000)}`, 'xlsx_damaged'],
  ])('%s: refused', async (_, rows, code) => {
    expect(await read(rows)).toBe(code)
  })
})

describe('a workbook', () => {
  const students = rowsXml([
    ['last_name', 'first_name', 'email', 'Quiz'],
    ['POINTS', '', '', 10],
    ['Smith', 'Alice', 'a@x.org', 7.5],
  ])
  const notes = rowsXml([['How to use this file'], ['Type the scores.']])

  async function parse(bytes: Uint8Array, part?: string) {
    return parseFile(bytes, { fileName: 'grades.csv', ...(part === undefined ? {} : { part }) })
  }

  test('is read at its first sheet with students, whatever the file is called, and says which sheets there are', async () => {
    const parsed = await parse(
      workbookOf({
        sheets: [
          { name: 'Read me', rows: notes },
          { name: 'Klasse 5b', rows: students },
        ],
      }),
    )
    expect(parsed).toMatchObject({
      kind: 'parsed',
      file: {
        encoding: null,
        delimiter: null,
        parts: ['Read me', 'Klasse 5b'],
        part: 'Klasse 5b',
        headingRow: 1,
        cells: [['7.5']],
        problems: [],
        ignored: [{ kind: 'part', where: 'Sheet Read me', reason: "Not read, because 'Klasse 5b' was." }],
      },
    })
  })

  test('with several sheets of students says so, and reads the one that is chosen', async () => {
    const other = rowsXml([
      ['last_name', 'first_name', 'email', 'Essay'],
      ['POINTS', '', '', 10],
      ['Smith', 'Alice', 'a@x.org', 3],
    ])
    const bytes = workbookOf({
      sheets: [
        { name: 'A', rows: students },
        { name: 'B', rows: other },
      ],
    })
    expect(await parse(bytes)).toMatchObject({
      file: {
        part: 'A',
        problems: [
          {
            code: 'other_sheets',
            severity: 'warn',
            value: 'A',
            message: "2 sheets of the workbook name students: A, B. Only 'A' was read.",
          },
        ],
      },
    })
    expect(await parse(bytes, 'A')).toMatchObject({ file: { part: 'A', problems: [], cells: [['7.5']] } })
    expect(await parse(bytes, 'B')).toMatchObject({ file: { part: 'B', problems: [], cells: [['3']] } })
    expect(await parse(bytes, 'C')).toMatchObject({ file: { part: 'A', problems: [{ code: 'other_sheets' }] } })
  })

  test('does not show hidden sheets and charts', async () => {
    const bytes = workbookOf({
      sheets: [
        { name: 'Old', rows: students, state: 'hidden' },
        { name: 'Older', rows: students, state: 'veryHidden' },
        { name: 'Now', rows: students },
      ],
    })
    const workbook = await sheetsOf(bytes)
    expect(workbook.kind === 'workbook' && workbook.sheets.map(({ name }) => name)).toEqual(['Now'])
    expect(await rowsOf(workbookOf({ sheets: [{ name: 'Old', rows: students, state: 'hidden' }] }))).toBe('xlsx_no_sheet')
  })

  test('without students is refused as a table without them is', async () => {
    expect(await parse(workbookOf({ sheets: [{ name: 'Read me', rows: notes }] }))).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'no_identity_column' }],
    })
    expect(await parse(workbookOf({ sheets: [{ name: 'Read me', rows: '' }] }))).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'no_identity_column' }],
    })
  })

  test('with parts in other places and other writings is found', async () => {
    const parts = workbookParts({ sheets: [{ name: 'Ä & B', rows: students }] })
    const moved: Record<string, string | Uint8Array> = {}
    for (const [name, text] of Object.entries(parts))
      moved[name.replace('xl/worksheets/sheet1.xml', 'xl/sheets/One.XML')] = text.replace(
        'worksheets/sheet1.xml',
        '/xl/sheets/one.xml',
      )
    moved['xl/workbook.xml'] = new Uint8Array(Buffer.from(`\ufeff${parts['xl/workbook.xml']}`, 'utf16le'))
    expect(await parse(zipOf(moved))).toMatchObject({ file: { part: 'Ä & B', cells: [['7.5']] } })
  })

  test.each([
    ['without its list of sheets', 'xl/workbook.xml'],
    ['without its links', 'xl/_rels/workbook.xml.rels'],
  ])('%s is refused', async (_, name) => {
    const parts = workbookParts({ sheets: [{ name: 'A', rows: students }] })
    delete parts[name]
    const parsed = await parse(zipOf({ ...parts, 'xl/theme/theme1.xml': '<x/>' }))
    expect(parsed).toMatchObject({
      kind: 'refused',
      problems: [{ code: name.endsWith('rels') ? 'xlsx_no_sheet' : 'xlsx_damaged' }],
    })
  })

  test('whose sheet is cut off is refused', async () => {
    const bytes = Buffer.from(
      workbookOf({ sheets: [{ name: 'A', rows: rowsXml(Array.from({ length: 500 }, (_, at) => [`x${at * 7919}`])) }] }),
    )
    const at = bytes.indexOf('xl/worksheets/sheet1.xml')
    bytes.fill(0x55, at + 200, at + 260)
    expect(await rowsOf(bytes)).toBe('xlsx_damaged')
  })

  describe('that a program stopped saving, in an archive that is whole', () => {
    const parts = workbookParts({ sheets: [{ name: 'A', rows: students }], texts: '<si><t>one</t></si><si><t>two</t></si>' })
    const cutAt = (name: string, at: string) => zipOf({ ...parts, [name]: parts[name]?.slice(0, parts[name].indexOf(at)) ?? '' })

    test.each([
      ['between two rows', 'xl/worksheets/sheet1.xml', '<row><c t="inlineStr"><is><t>Smith'],
      ['inside of a row', 'xl/worksheets/sheet1.xml', 'Alice'],
      ['after the last row', 'xl/worksheets/sheet1.xml', '</sheetData>'],
      ['before its own end', 'xl/worksheets/sheet1.xml', '</worksheet>'],
      ['in its list of sheets', 'xl/workbook.xml', '</sheets>'],
      ['in its links', 'xl/_rels/workbook.xml.rels', '<Relationship Id="rId91"'],
      ['in its styles', 'xl/styles.xml', '<cellXfs>'],
      ['in the texts that cells share', 'xl/sharedStrings.xml', '<si><t>two'],
    ])('%s: refused, and no row of it is taken', async (_, name, at) => {
      expect(parts[name]).toContain(at)
      expect(await rowsOf(cutAt(name, at))).toBe('xlsx_damaged')
    })

    test('its first rows can still be looked at', async () => {
      expect(await rowsOf(cutAt('xl/worksheets/sheet1.xml', '<row><c t="inlineStr"><is><t>Smith'), 2)).toHaveLength(2)
    })
  })

  test.each([
    ['with a prefix', (xml: string) => xml.replace('<worksheet', '<x:worksheet').replace('</worksheet>', '</x:worksheet>')],
    ['with blanks in its last tag', (xml: string) => xml.replace('</worksheet>', '</worksheet\n>')],
    ['with a comment of its writer behind it', (xml: string) => `${xml}\n<!-- written by a program -->\n`],
  ])('whose sheet ends %s is read', async (_, change) => {
    const parts = workbookParts({ sheets: [{ name: 'A', rows: students }] })
    const sheet = parts['xl/worksheets/sheet1.xml'] ?? ''
    expect(change(sheet)).not.toBe(sheet)
    expect(await rowsOf(zipOf({ ...parts, 'xl/worksheets/sheet1.xml': change(sheet) }))).toHaveLength(3)
  })

  test('whose cells share no text may say so in one tag', async () => {
    const parts = workbookParts({ sheets: [{ name: 'A', rows: students }], texts: '' })
    const sheet = { ...parts, 'xl/sharedStrings.xml': '<sst xmlns="x" count="0" uniqueCount="0"/>' }
    expect(await rowsOf(zipOf(sheet))).toHaveLength(3)
  })
})

describe('beside the programs of others', () => {
  test('what a well-known writer writes is read as it was given', async () => {
    const day = new Date('2025-06-01T00:00:00Z')
    const data = [
      [{ value: 'last_name' }, { value: 'id' }, { value: 'Quiz' }, { value: 'When' }, { value: 'Part' }, { value: 'Is it' }],
      [
        { value: 'Núñez <b>' },
        { value: '0042' },
        { value: 8.1 },
        { value: day, format: 'dd.mm.yyyy' },
        { value: 0.52, format: '0%' },
        { value: true },
      ],
    ]
    const bytes = await writeXlsx(data).toBuffer()
    expect(await rowsOf(bytes)).toEqual([
      ['last_name', 'id', 'Quiz', 'When', 'Part', 'Is it'],
      ['Núñez <b>', '0042', '8.1', '2025-06-01', '52%', 'TRUE'],
    ])
  })

  test('a well-known reader reads the same texts and numbers from what our tests write', async () => {
    const rows =
      '<row r="1"><c r="A1" t="str"><v>a &amp; b</v></c><c r="C1"><v>3</v></c></row><row r="3"><c r="B3" t="inlineStr"><is><t>é</t></is></c></row>'
    const bytes = workbookOf({ sheets: [{ name: 'S', rows }] })
    const [sheet] = await readXlsx(Buffer.from(bytes))
    const theirs = sheet?.data.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))
    expect(theirs).toEqual([
      ['a & b', '', '3'],
      ['', '', ''],
      ['', 'é', ''],
    ])
    expect(await rowsOf(bytes)).toEqual([['a & b', '', '3'], [], ['', 'é']])
  })
})
