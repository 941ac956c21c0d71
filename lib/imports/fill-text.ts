/**
 * Cells of a text file set in place: every byte that is not of a set cell stays what and where it was, so that delimiter, line ends,
 * quotation marks, byte order mark and all the other cells are the file's own. Pure.
 *
 * The places of cells are found by a scan of the untouched text and held against what the importer read; where the two disagree in a
 * single cell, the file is not one that can be filled in place, and null says so.
 */
import type { Encoding } from './decode'
import { decodeBytes } from './decode-bytes'

/** A cell to set: row from 1, column from 0. The text is plain ASCII, which every encoding here writes alike. */
export type CellEdit = Readonly<{ row: number; column: number; text: string }>

/** How the file was read: what the scan must find again. */
export type ReadAs = Readonly<{ encoding: Encoding; delimiter: string; rows: readonly (readonly string[])[] }>

/** The file with its cells set, or null when this file cannot be set cell by cell. */
export function fillText(bytes: Uint8Array, read: ReadAs, edits: readonly CellEdit[]): Uint8Array | null {
  const scale = scaleOf(bytes, read.encoding)
  if (scale === null) return null
  const text = decodeBytes(bytes, read.encoding, { ignoreBOM: true })
  const rows = scanRows(text, read.delimiter)
  if (!isSame(text, rows, read.rows)) return null
  const pieces = piecesOf(text, rows, { delimiter: read.delimiter, edits })
  return pieces === null ? null : splice(bytes, pieces, scale(text), read.encoding)
}

/** A stretch of the text, by its first and last position, and what takes its place. */
type Piece = Readonly<{ from: number; to: number; text: string }>
/** Where a cell stands: quotation marks are inside. */
type Span = Readonly<{ from: number; to: number; value: string; isQuoted: boolean }>
type ScannedRow = Readonly<{ cells: readonly Span[]; end: number }>

/**
 * How a position in the text becomes one in the bytes; positions must be asked for in rising order. Null where that cannot be said:
 * Big5, and text that is not valid in its own encoding.
 */
function scaleOf(bytes: Uint8Array, encoding: Encoding): ((text: string) => (at: number) => number) | null {
  if (encoding === 'big5') return null
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return () => (at) => at * 2
  if (encoding !== 'utf-8') return () => (at) => at
  if (!isWholeUtf8(bytes)) return null
  return (text) => {
    let [char, byte] = [0, 0]
    return (at) => {
      byte += Buffer.byteLength(text.slice(char, at), 'utf8')
      char = at
      return byte
    }
  }
}

function isWholeUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function scanRows(text: string, delimiter: string): ScannedRow[] {
  const rows: ScannedRow[] = []
  for (let at = startOf(text); at < text.length; ) {
    const row = scanRow(text, at, delimiter)
    rows.push(row)
    at = row.end + (text[row.end] === '\r' && text[row.end + 1] === '\n' ? 2 : 1)
  }
  return rows
}

/** After the byte order mark and a first line `sep=;`. */
function startOf(text: string): number {
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0
  const separator = /^"?sep=."?(?:\r\n|\r|\n)/i.exec(text.slice(mark, mark + 12))
  return mark + (separator?.[0].length ?? 0)
}

function scanRow(text: string, start: number, delimiter: string): ScannedRow {
  const cells: Span[] = []
  for (let at = start; ; ) {
    const { span, next } = scanCell(text, at, delimiter)
    cells.push(span)
    if (text[next] !== delimiter) return { cells, end: next }
    at = next + 1
  }
}

function scanCell(text: string, from: number, delimiter: string): Readonly<{ span: Span; next: number }> {
  if (text[from] === '"') {
    const quoted = scanQuoted(text, from, delimiter)
    if (quoted !== null) return quoted
  }
  const next = endOfCell(text, from, delimiter)
  return { span: { from, to: next, value: text.slice(from, next), isQuoted: false }, next }
}

function scanQuoted(text: string, from: number, delimiter: string): Readonly<{ span: Span; next: number }> | null {
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return null
    if (text[quote + 1] === '"') {
      at = quote + 2
      continue
    }
    const next = endOfCell(text, quote + 1, delimiter)
    if (text.slice(quote + 1, next).trim() === '') {
      const value = text.slice(from + 1, quote).replaceAll('""', '"')
      return { span: { from, to: quote + 1, value, isQuoted: true }, next }
    }
    at = quote + 1
  }
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let at = from
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++
  return at
}

/** The scan must have found exactly the cells that were read, but for blank rows at the end. */
function isSame(text: string, scanned: readonly ScannedRow[], read: readonly (readonly string[])[]): boolean {
  if (text.length === 0 || scanned.length < read.length) return false
  return scanned.every(({ cells }, row) => {
    const own = read[row]
    if (own === undefined) return cells.every(({ value }) => value.trim() === '')
    return cells.length === own.length && cells.every(({ value }, column) => asRead(value) === own[column])
  })
}

const asRead = (value: string) => value.replaceAll('\0', '').replace(/\r\n?/g, '\n')

type Work = Readonly<{ delimiter: string; edits: readonly CellEdit[] }>

function piecesOf(text: string, rows: readonly ScannedRow[], { delimiter, edits }: Work): Piece[] | null {
  const pieces: Piece[] = []
  const columnIsQuoted = quotedColumns(rows)
  const write = (value: string, column: number, isQuoted: boolean) =>
    isQuoted || columnIsQuoted(column) || value.includes(delimiter) ? `"${value}"` : value
  for (const [row, own] of byRow(edits)) {
    const scanned = rows[row - 1]
    if (scanned === undefined) return null
    let width = scanned.cells.length
    let behind = ''
    for (const { column, text: value } of own) {
      const span = scanned.cells[column]
      if (span !== undefined) {
        pieces.push({ from: span.from, to: span.to, text: write(value, column, span.isQuoted) })
        continue
      }
      // The row ends before this column: as many delimiters as it needs.
      behind += delimiter.repeat(column - width + 1) + write(value, column, false)
      width = column + 1
    }
    if (behind !== '') pieces.push({ from: scanned.end, to: scanned.end, text: behind })
  }
  return text.length === 0 ? null : pieces.sort((a, b) => a.from - b.from)
}

function byRow(edits: readonly CellEdit[]): Map<number, CellEdit[]> {
  const rows = new Map<number, CellEdit[]>()
  for (const edit of [...edits].sort((a, b) => a.row - b.row || a.column - b.column)) {
    const own = rows.get(edit.row)
    if (own === undefined) rows.set(edit.row, [edit])
    else own.push(edit)
  }
  return rows
}

/** Columns whose filled cells all stand in quotation marks: an empty one is filled the same way. */
function quotedColumns(rows: readonly ScannedRow[]): (column: number) => boolean {
  const known = new Map<number, boolean>()
  return (column) => {
    const seen = known.get(column)
    if (seen !== undefined) return seen
    const filled = rows.flatMap(({ cells }) => (cells[column] !== undefined && cells[column].value !== '' ? [cells[column]] : []))
    const isQuoted = filled.length > 0 && filled.every((cell) => cell.isQuoted)
    known.set(column, isQuoted)
    return isQuoted
  }
}

function splice(bytes: Uint8Array, pieces: readonly Piece[], byteAt: (at: number) => number, encoding: Encoding): Uint8Array {
  const parts: Uint8Array[] = []
  let done = 0
  for (const { from, to, text } of pieces) {
    const start = byteAt(from)
    parts.push(bytes.subarray(done, start), encode(text, encoding))
    done = byteAt(to)
  }
  parts.push(bytes.subarray(done))
  return new Uint8Array(Buffer.concat(parts))
}

function encode(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  return Buffer.from(text, 'latin1')
}
