import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { isArchive, openArchive } from '@/lib/imports/archive'

const text = (value: string) => new TextEncoder().encode(value)
const zip = (files: Readonly<Record<string, string | Uint8Array>>) =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([name, value]) => [name, typeof value === 'string' ? text(value) : value])),
  )

function namesOf(bytes: Uint8Array): string[] {
  const archive = openArchive(bytes)
  if (archive.kind === 'refused') throw new Error(archive.problem.message)
  return archive.files.map(({ name }) => name)
}

async function readAll(bytes: Uint8Array): Promise<Record<string, string>> {
  const archive = openArchive(bytes)
  if (archive.kind === 'refused') return { refused: archive.problem.code }
  const read: Record<string, string> = {}
  for (const file of archive.files) {
    const content = await file.read()
    read[file.name] = content.kind === 'bytes' ? new TextDecoder().decode(content.bytes) : content.problem.code
  }
  return read
}

const codeOf = (bytes: Uint8Array) => {
  const archive = openArchive(bytes)
  return archive.kind === 'refused' ? archive.problem.code : 'opened'
}

/** Writes into a field of the first entry of the directory; fields are counted from its start. */
function mend(bytes: Uint8Array, field: number, value: number, size: 2 | 4 = 4): Uint8Array {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  const directory = view.getUint32(copy.length - 22 + 16, true)
  if (size === 2) view.setUint16(directory + field, value, true)
  else view.setUint32(directory + field, value, true)
  return copy
}

describe('an archive is opened', () => {
  test('with its files by name, and each is unpacked as it was', async () => {
    const files = { 'results.csv': 'a,b\n1,2\n', 'deep/down/users.csv': 'x'.repeat(5000), 'empty.csv': '' }
    expect(await readAll(zip(files))).toEqual(files)
  })

  test('when its files are not packed, and when a comment ends it', async () => {
    expect(await readAll(zipSync({ 'a.csv': text('stored') }, { level: 0 }))).toEqual({ 'a.csv': 'stored' })
    const commented = Buffer.concat([zip({ 'a.csv': 'x' }), Buffer.from('note')])
    commented.writeUInt16LE(4, commented.length - 4 - 2)
    expect(namesOf(commented)).toEqual(['a.csv'])
  })

  test('without folders and what systems add for themselves', () => {
    const archive = zip({
      'grades/': '',
      'grades/a.csv': 'x',
      '__MACOSX/grades/._a.csv': 'x',
      '.DS_Store': 'x',
      'grades/._b.csv': 'x',
      'grades/Thumbs.db': 'x',
    })
    expect(namesOf(archive)).toEqual(['grades/a.csv'])
  })

  test('with names in UTF-8 and in the writing of old Windows', () => {
    expect(namesOf(zip({ 'Оцінки.csv': 'x' }))).toEqual(['Оцінки.csv'])
    const old = zip({ 'Noten_.csv': 'x' })
    for (let at = 0; at < old.length; at++) if (old[at] === 0x5f) old[at] = 0xfc
    expect(namesOf(old)).toEqual(['Notenü.csv'])
  })

  test('any files go in and come out', async () => {
    const name = fc.stringMatching(/^[a-z]{1,8}\.csv$/)
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.string(), { noNullPrototype: true }), async (files) => {
        expect(await readAll(zip(files))).toEqual(files)
      }),
      { numRuns: 50 },
    )
  })
})

describe('an archive is refused', () => {
  const one = zip({ 'a.csv': 'name,score\nA,1\n' })
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['with a password', mend(one, 8, 1, 2), 'encrypted_zip'],
    ['that names a path upwards', zip({ '../a.csv': 'x' }), 'zip_path'],
    ['that names a path upwards in the middle', zip({ 'x/../../a.csv': 'x' }), 'zip_path'],
    ['that names an absolute path', zip({ '/etc/a.csv': 'x' }), 'zip_path'],
    ['that names a drive', zip({ 'C:a.csv': 'x' }), 'zip_path'],
    ['that names a path upwards as Windows does', zip({ '..\\a.csv': 'x' }), 'zip_path'],
    ['packed in an unknown way', mend(one, 10, 12, 2), 'zip_method'],
    ['that says it is far larger than it is packed', mend(one, 24, 50 * 1024 * 1024), 'zip_too_large'],
    [
      'of 1,001 files',
      zip(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`${at}.csv`, 'x']))),
      'zip_too_many_files',
    ],
    ['whose file starts behind its end', mend(one, 42, one.length), 'zip_damaged'],
    ['of 64-bit sizes', mend(one, 20, 0xffffffff), 'zip_damaged'],
    ['that was cut short', one.subarray(0, one.length - 30), 'zip_damaged'],
    ['that is only a signature', Uint8Array.of(0x50, 0x4b, 3, 4), 'zip_damaged'],
    ['whose directory is none', mend(one, 0, 0), 'zip_damaged'],
  ]
  test.each(cases)('%s', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code)
  })

  test('a megabyte of zeros is a table like others, a bomb is not', () => {
    expect(codeOf(zip({ 'a.csv': new Uint8Array(1024 * 1024) }))).toBe('opened')
    expect(codeOf(zip({ 'a.csv': new Uint8Array(1024 * 1024 + 1) }))).toBe('zip_too_large')
  })

  test('of two files of one name, because readers would differ in which they mean', () => {
    const twice = zip({ 'a.csv': 'x', 'b.csv': 'y' })
    for (let at = 0; at < twice.length; at++) if (twice[at] === 0x62) twice[at] = 0x61
    expect(codeOf(twice)).toBe('zip_damaged')
  })

  test('file by file, when a file holds more, less or other bytes than it said', async () => {
    expect(await readAll(mend(one, 24, 3))).toEqual({ 'a.csv': 'zip_damaged' })
    expect(await readAll(mend(one, 24, 300))).toEqual({ 'a.csv': 'zip_damaged' })
    expect(await readAll(mend(one, 16, 1))).toEqual({ 'a.csv': 'zip_damaged' })
    expect(await readAll(mend(one, 42, 1))).toEqual({ 'a.csv': 'zip_damaged' })
  })

  test('whatever its bytes are, it never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(one.length - 1), fc.nat(255)), { maxLength: 6 }), async (changes) => {
        const copy = one.slice()
        for (const [at, value] of changes) copy[at] = value
        expect(Object.keys(await readAll(copy)).length).toBeLessThan(3)
      }),
      { numRuns: 300 },
    )
  })
})

test('a ZIP is told by its first bytes', () => {
  expect(isArchive(zip({ 'a.csv': 'x' }))).toBe(true)
  expect(isArchive(zip({}))).toBe(true)
  expect(isArchive(text('PK, a name\n'))).toBe(false)
  expect(isArchive(Uint8Array.of(0x50, 0x4b, 3, 6))).toBe(false)
  expect(isArchive(new Uint8Array())).toBe(false)
})
