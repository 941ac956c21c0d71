import { describe, expect, test } from 'vitest'
import { type Decoded, decodeFile, type Encoding, refusalOfSize } from '@/lib/imports/decode'
import { importBytesMax } from '@/lib/imports/limits'

const utf8 = (text: string) => new TextEncoder().encode(text)
const latin = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const bytesOf = (...bytes: number[]) => new Uint8Array(bytes)
const joined = (...parts: (string | readonly number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))))
function utf16(text: string, order: 'le' | 'be' = 'le'): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le')
  return new Uint8Array(order === 'le' ? bytes : bytes.swap16())
}

function textOf(decoded: Decoded): Extract<Decoded, { kind: 'text' }> {
  if (decoded.kind === 'refused') throw new Error(`refused: ${decoded.problem.code}`)
  return decoded
}
const read = (bytes: Uint8Array, encoding?: Encoding) => textOf(decodeFile(bytes, encoding))
const refusalOf = (bytes: Uint8Array) => {
  const decoded = decodeFile(bytes)
  if (decoded.kind === 'text') throw new Error(`read as ${decoded.encoding}`)
  const { code, message, fix, severity } = decoded.problem
  expect(severity).toBe('block')
  return [code, message, fix]
}

const table = 'last_name,Quiz\nSmith,10\nLee,9\n'

describe('the encoding of a file', () => {
  test.each<[string, Uint8Array, Encoding, string]>([
    ['plain ASCII', utf8('a,b\n'), 'utf-8', 'a,b\n'],
    ['UTF-8', utf8('Núñez,كوفال,8\n'), 'utf-8', 'Núñez,كوفال,8\n'],
    ['UTF-8 with its mark', joined([0xef, 0xbb, 0xbf], 'a\n'), 'utf-8', 'a\n'],
    ['UTF-16 little end first, with its mark', joined([0xff, 0xfe], [...utf16('é')]), 'utf-16le', 'é'],
    ['UTF-16 big end first, with its mark', joined([0xfe, 0xff], [...utf16('é', 'be')]), 'utf-16be', 'é'],
    ['UTF-16 little end first, unmarked', utf16(table), 'utf-16le', table],
    ['UTF-16 big end first, unmarked', utf16(table, 'be'), 'utf-16be', table],
    ['half a mark of UTF-16 (ff)', latin('\xffa,b\n'), 'windows-1252', 'ÿa,b\n'],
    ['half a mark of UTF-16 (fe)', latin('\xfea,b\n'), 'windows-1252', 'þa,b\n'],
    ['the second half of a mark alone', latin('a\xfe,b\n'), 'windows-1252', 'aþ,b\n'],
    ['the other second half alone', latin('a\xff,b\n'), 'windows-1252', 'aÿ,b\n'],
    ['what is not UTF-8', latin('N\xfa\xf1ez,8\n'), 'windows-1252', 'Núñez,8\n'],
  ])('%s', (_, bytes, encoding, text) => {
    expect(read(bytes)).toMatchObject({ encoding, text, delimiter: null })
  })

  test('is what the teacher says, whatever it looks like', () => {
    expect(read(utf8('é'), 'windows-1252')).toMatchObject({ encoding: 'windows-1252', text: 'Ã©', problems: [] })
    expect(read(latin('\xcf'), 'windows-1251')).toMatchObject({ encoding: 'windows-1251', text: 'П' })
    expect(read(utf16(table), 'utf-16be').text).not.toBe(table)
  })

  test('of UTF-16 shows in NUL bytes that are many and all on one side', () => {
    // In 40 bytes: two suffice, one does not.
    const withNuls = (...places: number[]) => bytesOf(...Array.from({ length: 40 }, (_, at) => (places.includes(at) ? 0 : 0x61)))
    expect(read(withNuls(1, 3)).encoding).toBe('utf-16le')
    expect(read(withNuls(0, 2)).encoding).toBe('utf-16be')
    expect(read(withNuls(1)).encoding).toBe('utf-8')
    expect(read(withNuls(0)).encoding).toBe('utf-8')
    expect(read(withNuls(0, 1, 2, 3)).encoding).toBe('utf-8')
    // In 400 bytes a twentieth are 20.
    const many = (count: number, start: number, others: readonly number[] = []) => {
      const bytes = new Uint8Array(400).fill(0x61)
      for (let at = 0; at < count; at++) bytes[start + at * 2] = 0
      for (const at of others) bytes[at] = 0
      return read(bytes).encoding
    }
    expect([many(20, 1), many(19, 1), many(20, 0), many(19, 0)]).toEqual(['utf-16le', 'utf-8', 'utf-16be', 'utf-8'])
    // One in twenty may stand on the other side, as some letters do.
    expect([many(20, 1, [0]), many(20, 0, [1])]).toEqual(['utf-16le', 'utf-16be'])
    expect([many(20, 1, [0, 2]), many(20, 0, [1, 3])]).toEqual(['utf-8', 'utf-8'])
  })

  test('is looked for in the first 8,192 bytes', () => {
    const late = new Uint8Array(20_000).fill(0x61)
    for (let at = 8193; at < late.length; at += 2) late[at] = 0
    expect(read(late).encoding).toBe('utf-8')
  })
})

describe('the text of a file', () => {
  test.each([
    ['every line end is one sign', 'a\r\nb\rc\nd\r\n', 'a\nb\nc\nd\n'],
    ['two line ends stay two', 'a\r\r\nb', 'a\n\nb'],
    ['white space at its ends stays', '  a \n\n', '  a \n\n'],
  ])('%s', (_, text, expected) => {
    expect(read(utf8(text))).toMatchObject({ text: expected, problems: [] })
  })

  test('holds no NUL, and says so', () => {
    expect(read(utf8('last_name,first_name,Quiz\nSmi\0th,\0\0,8\n'))).toMatchObject({
      text: 'last_name,first_name,Quiz\nSmith,,8\n',
      encoding: 'utf-8',
      problems: [
        {
          ...{ code: 'nul_bytes', severity: 'warn', row: null, column: null, value: null },
          message: 'The file holds NUL bytes, which are not text. They were left out.',
          fix: 'Check the names and titles below; if they look right, nothing is to be done.',
        },
      ],
    })
  })

  test.each([
    ['sep=;\na;b\n', ';', 'a;b\n'],
    ['"sep=\t"\na\tb\n', '\t', 'a\tb\n'],
    ['SEP=|\r\na|b', '|', 'a|b'],
    ['"sep=,\na,b', ',', 'a,b'],
    ['sep=;;\na;b\n', null, 'sep=;;\na;b\n'],
    ['a\nsep=;\nb\n', null, 'a\nsep=;\nb\n'],
    ['sep=;', null, 'sep=;'],
  ])('%j asks for a delimiter with its first line alone', (text, delimiter, rest) => {
    expect(read(utf8(text))).toMatchObject({ delimiter, text: rest })
  })

  test('has a mark taken off, also one that a program wrote before another', () => {
    expect(read(joined([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], 'a')).text).toBe('a')
    expect(read(utf16('\ufeffa,1\nb,2\n', 'be')).text).toBe('a,1\nb,2\n')
  })
})

describe('a file is refused that is', () => {
  const asCsv = 'Download the grades as CSV and upload that file.'
  const kind = (word: string) => `This is ${word}, not a table of grades.`
  test.each<[string, Uint8Array, string, string]>([
    ['a ZIP archive that nobody opened', joined('PK', [3, 4], 'x'), 'archive', 'an archive'],
    ['an empty ZIP archive', joined('PK', [5, 6], 'x'), 'archive', 'an archive'],
    ['a gzip archive', bytesOf(0x1f, 0x8b, 8), 'archive', 'an archive'],
    ['a 7z archive', bytesOf(0x37, 0x7a, 0xbc, 0xaf, 0x27), 'archive', 'an archive'],
    ['a PDF', joined('%PDF-1.7\n'), 'pdf', 'a PDF'],
    ['a PNG', joined([0x89], 'PNG\r\n'), 'picture', 'a picture'],
    ['a JPEG', bytesOf(0xff, 0xd8, 0xff, 0xe0), 'picture', 'a picture'],
    ['a GIF', joined('GIF89a'), 'picture', 'a picture'],
  ])('%s', (_, bytes, code, word) => {
    expect(refusalOf(bytes)).toEqual([code, kind(word), asCsv])
  })

  test('nothing of these but begins like them', () => {
    for (const text of ['PK,Quiz\n', '%PD,Quiz\n', 'GIF,Quiz\n', '7z,Quiz\n']) expect(read(utf8(text)).text).toBe(text)
  })

  const ole = [0xd0, 0xcf, 0x11, 0xe0]
  const old = [
    'legacy_xls',
    'This is an old Excel workbook (.xls).',
    'Open it, choose Save As, "CSV UTF-8", and upload that file.',
  ]
  const locked = [
    'encrypted_workbook',
    'This workbook is locked with a password.',
    'Open it with the password, choose Save As, "CSV UTF-8", and upload that file.',
  ]
  const begin = [9, 8, 0x10, 0, 0, 6]
  const between = new Array<number>(14).fill(1)
  test.each<[string, Uint8Array, readonly string[]]>([
    ['an old workbook', joined(ole, 'Workbook'), old],
    ['a new one with a password', joined(ole, 'xx', [...'EncryptedPackage'].join('\0')), locked],
    ['an old one with a password', joined(ole, begin, between, [0x2f, 0]), locked],
    ['an old one that goes on with another record', joined(ole, begin, between, [0x2e, 0]), old],
    ['an old one with a record of a larger number', joined(ole, begin, between, [0x2f, 1]), old],
    ['an old one with the bytes of a password elsewhere', joined(ole, new Array<number>(15).fill(1), [0x2f, 0]), old],
  ])('%s', (_, bytes, expected) => {
    expect(refusalOf(bytes)).toEqual(expected)
  })

  const again = 'Choose the file again; it may not have been saved fully.'
  test.each([
    ['empty', '', 'The file is empty.'],
    ['only white space', ' \n\t\r\n', 'The file holds only white space.'],
    ['only a mark', '\ufeff', 'The file is empty.'],
    ['more white space than is looked at first', ' '.repeat(3000), 'The file holds only white space.'],
  ])('%s', (_, text, message) => {
    expect(refusalOf(utf8(text))).toEqual(['empty', message, again])
  })

  test('not what has a table behind much white space', () => {
    expect(read(utf8(`${' '.repeat(3000)}a,b`)).text).toContain('a,b')
  })

  const page = [
    'html',
    'This is a web page, not a table. It is often a sign-in page that was saved instead of the file.',
    'Sign in to the other system again, then download the grades as CSV.',
  ]
  test.each([
    '<!DOCTYPE html><p>',
    '\n  <html lang="en">',
    '<head>',
    '<BODY>',
    '<table><tr>',
    '<meta charset>',
    '<?xml version="1.0"?>\n <html xmlns="x">',
    '<?xml version="1.0"?><html>',
  ])('a web page: %j', (text) => {
    expect(refusalOf(utf8(`${text} ${'x'.repeat(3000)}`))).toEqual(page)
  })

  test('another XML file, or a pointer to the file', () => {
    expect(refusalOf(utf8('<?xml version="1.0"?><Workbook><html>'))).toEqual([
      'xml',
      'This is an XML file, not a table.',
      'If it is a spreadsheet, open it, choose Save As, "CSV UTF-8", and upload that file.',
    ])
    expect(refusalOf(utf8('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'))).toEqual([
      'lfs_pointer',
      'This is only a Git LFS pointer to a file, not the file itself.',
      'Fetch the real file with "git lfs pull".',
    ])
  })

  test('not a table that speaks of web pages', () => {
    for (const text of ['Title,<html>\n', 'a <table>,b\n', 'version,https\n', 'x<?xml?>\n'])
      expect(read(utf8(text)).text).toBe(text)
  })

  test('larger than what is read', () => {
    expect(refusalOfSize(importBytesMax)).toBeNull()
    const megabytes = importBytesMax / 1024 / 1024
    expect(refusalOfSize(importBytesMax + 1)).toMatchObject({
      ...{ code: 'file_too_large', severity: 'block', fix: 'Upload one class and term at a time.' },
      message: `The file has ${megabytes + 1} MB; at most ${megabytes} MB can be read.`,
    })
    const large = new Uint8Array(importBytesMax + 1)
    large.set(utf8('%PDF'))
    expect(decodeFile(large)).toMatchObject({ kind: 'refused', problem: { code: 'file_too_large' } })
  })
})

describe('a file that does not say how its letters are written', () => {
  const doubt = (bytes: Uint8Array) => read(bytes).problems.map(({ value }) => value)

  test('shows a word under each reading where the bytes speak against the last guess', () => {
    expect(read(latin('\xca\xee\xe2\xe0\xbb\xfc,8\n')).problems).toEqual([
      {
        ...{ row: null, column: null, value: 'Êîâà»ü', code: 'encoding_doubt', severity: 'warn' },
        message:
          'The file does not say how its letters are written. One word can be read as: Êîâà»ü (windows-1252),  Ó‚‡ª¸ (macintosh), Кова»ь (windows-1251), 扻瘔儉 (big5). It was read as windows-1252.',
        fix: 'If names look wrong, save the file as "CSV UTF-8" and upload it again.',
      },
    ])
  })

  test('is believed when all its signs are letters of names', () => {
    for (const name of ['Núñez', 'Žižek', 'Šime', 'Œuvre', 'D’Ângelo', 'Élise…', 'a·b', '1º', '2ª', 'O´Neil'])
      expect(doubt(joined([...Buffer.from(cp1252(name))]))).toEqual([])
  })

  test.each([0x81, 0x80, 0x8d, 0x8f, 0x90, 0x9d, 0xa1, 0xbf, 0xa9])('doubts the byte %i', (byte) => {
    expect(doubt(joined('Sm', [byte], 'th,8\n'))).toHaveLength(1)
  })

  test.each([0x85, 0x8a, 0x8c, 0x8e, 0x91, 0x9c, 0x9e, 0xa0, 0xaa, 0xb4, 0xb7, 0xba, 0xc0, 0xff])(
    'does not doubt the byte %i',
    (byte) => {
      expect(doubt(joined('Sm', [byte], 'th,8\n'))).toEqual([])
    },
  )

  test('is a Mac’s when its lines end in a way only old Macs wrote, and shows its first such word', () => {
    expect(doubt(joined('name,Quiz\rJos', [0x8e], ',8\r'))).toEqual(['JosŽ'])
    expect(doubt(joined('name,Quiz\nJos', [0x8e], ',8\n'))).toEqual([])
    expect(doubt(joined('name,Quiz\r\nJos', [0x8e], ',8\r\n'))).toEqual([])
    expect(doubt(joined('name,Jos', [0x8e]))).toEqual([])
  })

  test.each<[string, Uint8Array, string]>([
    ['ends at delimiters, digits and line ends', joined('1,ab', [0xa9], 'cd;2\n'), 'ab©cd'],
    ['ends at a bar', joined('x|ab', [0xa9], 'cd|y\n'), 'ab©cd'],
    ['begins with the file', joined('ab', [0xa9]), 'ab©'],
    ['may be one sign', joined([0xa9], ',8\n'), '©'],
    [
      'has at most twenty signs on each side',
      joined('a'.repeat(30), [0xa9], 'b'.repeat(30), '\n'),
      `${'a'.repeat(20)}©${'b'.repeat(20)}`,
    ],
    ['goes over letters beyond ASCII', joined('x,', [0xe9, 0xa9, 0xe9], ',y\n'), 'é©é'],
    ['takes capitals for letters', joined('x,A', [0xa9], 'Z@\n'), 'A©Z'],
  ])('the word %s', (_, bytes, word) => {
    expect(doubt(bytes)).toEqual([word])
  })

  test('is not doubted once the teacher has chosen', () => {
    expect(read(joined('Sm', [0x81], 'th,8\n'), 'windows-1252').problems).toEqual([])
  })
})

/** A text of Windows-1252 as its bytes. */
function cp1252(text: string): number[] {
  const high: Readonly<Record<string, number>> = { Ž: 0x8e, ž: 0x9e, Š: 0x8a, Œ: 0x8c, '’': 0x92, '…': 0x85 }
  return [...text].map((sign) => high[sign] ?? sign.charCodeAt(0))
}
