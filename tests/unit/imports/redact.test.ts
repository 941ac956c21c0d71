import fc from 'fast-check'
import { unzipSync, zipSync } from 'fflate'
import writeXlsxFile from 'write-excel-file/node'
import { describe, expect, it } from 'vitest'
import { type Encoding, decodeFile, encodings } from '@/lib/imports/decode'
import { encodeText } from '@/lib/imports/encode-text'
import { parseFile } from '@/lib/imports/parse'
import { keptOf } from '@/lib/imports/keep'
import { lineOf, redactFile } from '@/lib/imports/redact'
import { readDrawn } from '../../support/grade-files'

const texts: Readonly<Record<Encoding, string>> = {
  'utf-8': 'Ґалаґан 王 é',
  'utf-16le': 'Ґалаґан 王 é',
  'utf-16be': 'Ґалаґан 王 é',
  'windows-1252': 'Núñez “x” €',
  'windows-1251': 'Шевченко Ґ',
  macintosh: 'Núñez Å',
  big5: '王小明 abc',
}

describe('text written in an encoding', () => {
  it.each(encodings)('%s is read again as it was', (encoding) => {
    const decoded = decodeFile(encodeText(`name,x\n${texts[encoding]},1\n`, encoding), encoding)
    expect(decoded).toMatchObject({ kind: 'text', text: `name,x\n${texts[encoding]},1\n` })
  })

  it('has a question mark for what the encoding cannot write', () => {
    expect(Buffer.from(encodeText('a王b', 'windows-1252')).toString('latin1')).toBe('a?b')
  })
})

async function keep(bytes: Uint8Array) {
  const parsed = await parseFile(bytes, { fileName: 'x' })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join(' '))
  return keptOf(bytes, parsed.file)
}

const zipOf = (files: Readonly<Record<string, string>>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)])))

const textOf = (bytes: Uint8Array) => {
  const files = bytes[0] === 0x50 ? Object.values(unzipSync(bytes)) : [bytes]
  return files.map((file) => new TextDecoder().decode(file)).join('\n')
}

describe('an archive', () => {
  const grades = 'last_name,first_name,Quiz\nLee,Sam,5\n'

  it('of harmless tables is kept as it is', async () => {
    const bytes = zipOf({ 'grades.csv': grades, 'list.csv': 'last_name,first_name\nLee,Sam\n' })
    expect(await keep(bytes)).toMatchObject({ bytes, isRedacted: false })
  })

  it.each([
    ['a table with private data that was not read', { 'contacts.csv': 'name,Birth date\nLee,SECRET\n' }],
    ['a table of social security numbers', { 'x.csv': 'name,code\nLee,078-05-1120\n' }],
    ['what is no table', { 'letter.pdf': '%PDF-1.7 SECRET' }],
  ])('with %s is kept as the part that was read', async (_what, more) => {
    const kept = await keep(zipOf({ 'grades.csv': grades, ...more }))
    expect(kept.isRedacted).toBe(true)
    expect(textOf(kept.bytes)).toContain('Lee,Sam,5')
    expect(textOf(kept.bytes)).not.toMatch(/SECRET|078-05/)
  })

  it('of OneRoster is kept as one that reads alike, without demographics, phones and passwords', async () => {
    const head = 'sourcedId,status,dateLastModified'
    const bytes = zipOf({
      'manifest.csv':
        'propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,bulk\nfile.lineItems,bulk\nfile.results,bulk\n',
      'users.csv': `${head},enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\nu1,active,,true,o1,student,lee,,Sam,Lee,,s1,sam@x.example,SECRET1,SECRET2,,,SECRET3\n`,
      'lineItems.csv': `${head},title,description,assignDate,dueDate,classSourcedId,categorySourcedId,gradingPeriodSourcedId,resultValueMin,resultValueMax\nl1,active,,Quiz,,2026-09-01,2026-10-01,c1,k1,g1,0,20\n`,
      'results.csv': `${head},lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment\nr1,active,,l1,u1,fully graded,15,2026-10-02,SECRET4\n`,
      'demographics.csv': `${head},birthDate\nu1,active,,SECRET5\n`,
    })
    const kept = await keep(bytes)
    expect(kept.isRedacted).toBe(true)
    expect(textOf(kept.bytes)).not.toContain('SECRET')
    const [before, after] = [await parseFile(bytes, { fileName: 'x' }), await parseFile(kept.bytes, { fileName: 'x' })]
    if (before.kind === 'refused' || after.kind === 'refused') throw new Error('refused')
    expect(before.file.cells).toEqual([['15']])
    expect([after.file.students, after.file.cells]).toEqual([before.file.students, before.file.cells])
  })
})

describe('a workbook', () => {
  const sheets = (second: readonly (readonly string[])[]) =>
    writeXlsxFile([
      {
        sheet: 'Grades',
        data: [
          ['last_name', 'first_name', 'Quiz'],
          ['Lee', 'Sam', 5],
        ],
      },
      { sheet: 'Second', data: second.map((row) => [...row]) },
    ]).toBuffer()

  it('without anything private is kept as it is', async () => {
    const bytes = new Uint8Array(await sheets([['note'], ['hello']]))
    expect((await keep(bytes)).isRedacted).toBe(false)
  })

  it('is kept as the sheet that was read when another one holds private data', async () => {
    const kept = await keep(
      new Uint8Array(
        await sheets([
          ['Name', 'Date of birth'],
          ['Lee', 'SECRET'],
        ]),
      ),
    )
    expect(kept).toMatchObject({ isRedacted: true, privateColumns: [] })
    expect(textOf(kept.bytes).replace('\ufeff', '')).toBe('last_name,first_name,Quiz\r\nLee,Sam,5\r\n')
  })
})

const cell = fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map((text) => text.trim())
const rows = fc.array(
  fc.tuple(fc.constantFrom('Koval', "O'Neil", 'Núñez', 'Smith, Jr.'), cell, fc.integer({ min: 0, max: 100 })),
  {
    minLength: 1,
    maxLength: 8,
  },
)
const quote = (text: string, delimiter: string) =>
  text.includes(delimiter) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

describe('a file with a private column', () => {
  it('keeps every other cell and every row, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(',', ';', '\t'), async (data, delimiter) => {
        const lines = [
          ['last_name', 'email', 'Home address', 'Quiz'],
          ...data.map(([name, address, score], at) => [name, `p${at}@x.example`, `SECRET ${address}`, String(score)]),
        ]
        const bytes = encodeText(
          lines.map((line) => line.map((text) => quote(text, delimiter)).join(delimiter)).join('\n'),
          'utf-8',
        )
        const whole = await parseFile(bytes, { fileName: 'x.csv' })
        if (whole.kind === 'refused') throw new Error('refused')
        expect(whole.file.privateColumns).toEqual([2])
        const kept = await keptOf(bytes, whole.file)
        expect(kept).toMatchObject({ isRedacted: true, privateColumns: [2] })
        expect(new TextDecoder().decode(kept.bytes)).not.toContain('SECRET')
        const again = await parseFile(kept.bytes, { fileName: 'x.csv' })
        if (again.kind === 'refused') throw new Error('refused again')
        expect(again.file.students).toEqual(whole.file.students)
        expect(again.file.cells).toEqual(whole.file.cells)
        expect(again.file.columns.map(({ heading }) => heading)).toEqual(['last_name', 'email', 'Home address', 'Quiz'])
      }),
      { numRuns: 60 },
    )
  })

  it('is kept as it is when nothing in it is private', async () => {
    const bytes = new TextEncoder().encode('last_name,first_name,Quiz\nLee,Sam,5\n')
    const kept = await keep(bytes)
    expect(kept).toEqual({ bytes, isRedacted: false, privateColumns: [] })
  })
})

describe('a Windows-1252 file', () => {
  it('keeps the letters that Node 20 loses: Šimić, curly quotes, the euro', async () => {
    const bytes = Uint8Array.from(Buffer.from('last_name,first_name,Quiz\n\x8aimi\xe6,\x93Zo\xeb\x94 \x80,5\n', 'latin1'))
    const parsed = await parseFile(bytes, { fileName: 'x.csv' })
    expect(parsed.kind === 'parsed' && parsed.file.students[0]).toMatchObject({ lastName: 'Šimiæ', firstName: '“Zoë” €' })
  })
})

describe('a table is written without its private columns', () => {
  const drawing = `
    last_name | Home address | Quiz
    POINTS    |              | 10
    Lee       | SECRET 1     | "a,b"
    "Ko\\"val" | SECRET 2     | "c\\nd"
    Day       | SECRET 3     | "e;f"
  `
  const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

  it('line by line, the heading as it was, quoted where it must be', async () => {
    const file = await readDrawn(drawing)
    const text = 'last_name,Home address,Quiz\r\nPOINTS,,10\r\nLee,,"a,b"\r\n"Ko""val",,"c\nd"\r\nDay,,e;f\r\n'
    expect(textOf(await redactFile(file))).toBe(text)
    expect(textOf(await redactFile({ ...file, delimiter: null, encoding: null }))).toBe(text)
  })

  it('with its own delimiter, in its own encoding', async () => {
    const file = await readDrawn(drawing, { writing: { delimiter: ';', encoding: 'utf-16le-bom' } })
    const bytes = await redactFile(file)
    expect(Buffer.from(bytes).toString('utf16le').replace('\ufeff', '')).toContain(
      'Lee;;a,b\r\n"Ko""val";;"c\nd"\r\nDay;;"e;f"\r\n',
    )
  })

  it('in lines that carriage returns do not break', () => {
    expect(lineOf(['a\rb', 'c', 'd"e', ''], ',')).toBe('"a\rb",c,"d""e",')
  })
})
