/** How a file was read, kept with the plan so that the steps of the wizard need not read the file again. Pure. */
import { readDate, readNumber } from './locale'
import { type Encoding, encodings } from './decode'
import { decodeBytes } from './decode-bytes'
import type { FileColumn, ParsedFile } from './parsed'
import { cleanDigits } from './text'

/** A word, number or date of the file under each way of reading it; null when the file holds none that would differ. */
export type ReadingSamples = Readonly<{
  encodings: Readonly<Record<string, string>> | null
  numbers: Readonly<Record<'.' | ',', string>> | null
  dates: Readonly<Record<'dmy' | 'mdy', string>> | null
}>

export type PreviewRow = Readonly<{ row: number; role: string; cells: readonly string[] }>

/** A row that became no student: who it names, so that it can be matched by hand. */
export type RefusedRow = Readonly<{ row: number; name: string; identifiers: readonly string[] }>

export type StoredReading = Readonly<{
  encoding: Encoding | null
  delimiter: string | null
  parts: readonly string[]
  part: string | null
  headingRow: number
  decimal: '.' | ','
  dateOrder: 'dmy' | 'mdy'
  exportedAt: string | null
  columns: readonly FileColumn[]
  preview: readonly PreviewRow[]
  samples: ReadingSamples
  refused: readonly RefusedRow[]
}>

const previewRowsMax = 25
const previewColumnsMax = 60
const previewCharsMax = 40
const sampleRowsMax = 200
const refusedMax = 100

/** What of a reading is kept. `bytes` are the file's, for how its words look in another encoding. */
export function readingOf(file: ParsedFile, bytes: Uint8Array, refusedRows: readonly number[]): StoredReading {
  const { encoding, delimiter, parts, part, headingRow, decimal, dateOrder, exportedAt, columns } = file
  const refused = new Set(refusedRows)
  return {
    ...{ encoding, delimiter, parts, part, headingRow, decimal, dateOrder, exportedAt, columns },
    preview: previewOf(file),
    samples: { encodings: encoding === null ? null : encodingSamples(bytes, encoding), ...valueSamples(file) },
    refused: file.students
      .flatMap(({ row, lastName, firstName, identifiers }) =>
        refused.has(row)
          ? [{ row, name: [lastName, firstName].filter(Boolean).join(', '), identifiers: identifiers.map(({ value }) => value) }]
          : [],
      )
      .slice(0, refusedMax),
  }
}

function previewOf(file: ParsedFile): PreviewRow[] {
  const students = new Set(file.students.map(({ row }) => row))
  const describing = new Set(file.describingRows)
  const roleOf = (row: number) => {
    if (row === file.headingRow) return 'heading'
    if (describing.has(row)) return 'describing'
    return students.has(row) ? 'student' : 'skipped'
  }
  const last = Math.min(file.rowCount, previewRowsMax, Math.max(file.headingRow + 8, 12))
  const hidden = new Set(file.privateColumns)
  const headings = new Map(file.columns.map(({ at, heading }) => [at, heading]))
  return Array.from({ length: last }, (_, at) => {
    const row = at + 1
    const cells = file
      .rowText(row)
      .slice(0, previewColumnsMax)
      .map((cell, column) => (row === file.headingRow && hidden.has(column) ? (headings.get(column) ?? '') : cell))
    return { row, role: roleOf(row), cells: cells.map((cell) => shorten(cell)) }
  })
}

function shorten(text: string): string {
  return text.length > previewCharsMax ? `${text.slice(0, previewCharsMax)}...` : text
}

/** The first word that is not plain ASCII, as each encoding reads it. */
function encodingSamples(bytes: Uint8Array, current: Encoding): Record<string, string> | null {
  const word = current.startsWith('utf-16') ? bytes.subarray(0, 48) : highWord(bytes)
  if (word === null) return null
  return Object.fromEntries(
    encodings.map((encoding) => [
      encoding,
      shorten(
        decodeBytes(word, encoding)
          .replace(/[\p{Cc}\ufeff]/gu, '')
          .trim(),
      ),
    ]),
  )
}

function highWord(bytes: Uint8Array): Uint8Array | null {
  const at = bytes.findIndex((byte, index) => byte >= 0x80 && !(index < 3 && isMark(bytes)))
  if (at < 0) return null
  const isLetter = (byte: number | undefined) => byte !== undefined && (byte >= 0x80 || (byte | 0x20) >= 0x61) && byte !== 0x7c
  let from = at
  let to = at
  while (at - from < 20 && isLetter(bytes[from - 1])) from--
  while (to - at < 20 && isLetter(bytes[to + 1])) to++
  return bytes.slice(from, to + 1)
}

const isMark = (bytes: Uint8Array) => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

function valueSamples(file: ParsedFile): Pick<ReadingSamples, 'numbers' | 'dates'> {
  const columns = file.columns.flatMap(({ role, at }) => (role === 'assignment' ? [at] : []))
  const textsOf = (rows: readonly number[]) =>
    rows.flatMap((row) => {
      const cells = file.rowText(row)
      return columns.map((at) => cleanDigits(cells[at] ?? ''))
    })
  const scores = textsOf(file.students.slice(0, sampleRowsMax).map(({ row }) => row))
  const dates = textsOf(file.describingRows)
  return {
    numbers: differing(scores, ['.', ','] as const, (text, decimal) =>
      /\d[.,]\d/.test(text) ? readNumber(text, decimal) : null,
    ),
    dates: differing(dates, ['dmy', 'mdy'] as const, (text, order) => {
      const read = readDate(text, order)
      return read.kind === 'date' ? read.on : null
    }),
  }
}

/** The first text that reads differently, under each way; else the first that reads at all. */
function differing<Way extends string>(
  texts: readonly string[],
  ways: readonly [Way, Way],
  read: (text: string, way: Way) => string | null,
): Record<Way, string> | null {
  const [one, other] = ways
  const readings = texts.flatMap((text) => {
    const both = [read(text, one), read(text, other)] as const
    return both[0] === null && both[1] === null ? [] : [both]
  })
  const [first, second] = readings.find(([a, b]) => a !== b) ?? readings[0] ?? [null, null]
  if (first === null && second === null) return null
  // Exactly the two ways are keys here.
  return { [one]: first ?? '', [other]: second ?? '' } as Record<Way, string>
}
