import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Encoding, decodeFile, encodings } from '@/lib/imports/decode'
import { encodeText } from '@/lib/imports/encode-text'
import { parseFile } from '@/lib/imports/parse'
import { redactFile } from '@/lib/imports/redact'

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
        const kept = await redactFile(whole.file)
        expect(new TextDecoder().decode(kept ?? undefined)).not.toContain('SECRET')
        const again = await parseFile(kept ?? new Uint8Array(), { fileName: 'x.csv' })
        if (again.kind === 'refused') throw new Error('refused again')
        expect(again.file.students).toEqual(whole.file.students)
        expect(again.file.cells).toEqual(whole.file.cells)
        expect(again.file.columns.map(({ heading }) => heading)).toEqual(['last_name', 'email', 'Home address', 'Quiz'])
      }),
      { numRuns: 60 },
    )
  })

  it('is kept as it is when nothing in it is private', async () => {
    const parsed = await parseFile(new TextEncoder().encode('last_name,first_name,Quiz\nLee,Sam,5\n'), { fileName: 'x.csv' })
    expect(parsed.kind === 'parsed' && (await redactFile(parsed.file))).toBeNull()
  })
})

describe('a Windows-1252 file', () => {
  it('keeps the letters that Node 20 loses: Šimić, curly quotes, the euro', async () => {
    const bytes = Uint8Array.from(Buffer.from('last_name,first_name,Quiz\n\x8aimi\xe6,\x93Zo\xeb\x94 \x80,5\n', 'latin1'))
    const parsed = await parseFile(bytes, { fileName: 'x.csv' })
    expect(parsed.kind === 'parsed' && parsed.file.students[0]).toMatchObject({ lastName: 'Šimiæ', firstName: '“Zoë” €' })
  })
})
