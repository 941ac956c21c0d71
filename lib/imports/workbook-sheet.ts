/** The rows of one sheet of a workbook, and the texts its cells share, read piece by piece. Pure but for waiting. */
import { type ArchiveFile, DamagedFile } from './archive'
import { importColumnsMax } from './limits'
import { createRowLimits } from './row-limits'
import type { ImportProblem } from './views'
import { type NumberStyle, showNumber } from './workbook-styles'
import { attribute, decodeXml, elements, hasEnd, nextElement } from './xml'

export type SheetContext = Readonly<{ texts: readonly string[]; styles: readonly NumberStyle[]; is1904: boolean }>

export type SheetRow =
  | Readonly<{ kind: 'row'; number: number; cells: readonly string[] }>
  | Readonly<{ kind: 'refused'; problem: ImportProblem }>

/** Rows that hold anything, with their numbers from 1; ends with a refusal when the sheet is too large. */
export async function* readRows(file: ArchiveFile, context: SheetContext): AsyncIterable<SheetRow> {
  const limit = createRowLimits()
  let last = 0
  for await (const { attributes, inner } of streamElements(file, 'worksheet', 'row')) {
    const number = Number(attribute(attributes, 'r') ?? last + 1)
    // Rows stand in order and are at most a million; whatever else is said was not written by a spreadsheet.
    if (!Number.isInteger(number) || number <= last || number > 1_048_576) throw new DamagedFile()
    last = number
    const cells = readCells(inner, context)
    if (cells.length === 0) continue
    const refusal = limit(cells, number)
    if (refusal) {
      yield { kind: 'refused', problem: refusal }
      return
    }
    yield { kind: 'row', number, cells }
  }
}

/** The texts cells refer to by number; none without such a file. */
export async function readSharedStrings(file: ArchiveFile | undefined): Promise<string[]> {
  const texts: string[] = []
  if (file === undefined) return texts
  for await (const { inner } of streamElements(file, 'sst', 'si')) texts.push(richText(inner))
  return texts
}

function readCells(row: string, context: SheetContext): string[] {
  const cells: string[] = []
  let next = 0
  for (const { attributes, inner } of elements(row, 'c')) {
    const column = columnOf(attribute(attributes, 'r')) ?? next
    next = column + 1
    const text = inner === '' ? '' : readCell(attributes, inner, context)
    if (text === '') continue
    // Twice the limit is enough to be refused by it.
    const at = Math.min(column, importColumnsMax * 2)
    while (cells.length < at) cells.push('')
    cells[at] = text
  }
  return cells
}

function readCell(attributes: string, inner: string, { texts, styles, is1904 }: SheetContext): string {
  const type = attribute(attributes, 't')
  if (type === 'inlineStr') return richText(inner)
  const value = valueIn(inner)
  if (type === 's') return texts[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : value === '0' ? 'FALSE' : value
  // An error is its text (#N/A), a formula's text is text, and a day may be written as one.
  if (type === 'str' || type === 'e') return ownText(unescapeText(value))
  if (type === 'd') return value.replace(/T00:00(?::00(?:\.0+)?)?Z?$/, '')
  return showNumber(value, styles[Number(attribute(attributes, 's') ?? 0)], is1904)
}

function valueIn(inner: string): string {
  const found = nextElement(inner, 'v', 0)
  return found === null || 'open' in found ? '' : decodeXml(found.inner)
}

/** Text of one look or several; what is only how to pronounce it is left out. */
function richText(inner: string): string {
  let text = ''
  let from = 0
  for (const spoken of elements(inner, 'rPh')) {
    text += textsOf(inner.slice(from, spoken.at))
    from = spoken.end
  }
  return ownText(unescapeText(text + textsOf(inner.slice(from))))
}

const textsOf = (inner: string) => [...elements(inner, 't')].map((part) => decodeXml(part.inner)).join('')

// A long text cut out of another keeps all of the other in memory.
const ownText = (text: string) => (text.length < 13 ? text : Buffer.from(text).toString())

// Signs XML cannot hold are written as _x000D_.
const unescapeText = (text: string) =>
  text.includes('_x') ? text.replace(/_x([0-9a-f]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))) : text

/** The column of 'BC12' from 0, or null when the cell does not say. */
export function columnOf(reference: string | null): number | null {
  const letters = /^\$?([a-z]{1,3})\$?\d+$/i.exec(reference ?? '')?.[1]
  if (letters === undefined) return null
  let column = 0
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

/**
 * Whole elements of one name as they come; more than `elementCharsMax` without an end is no sheet. Throws `DamagedFile` at the end
 * when the element around them was never closed: a program that stopped while it saved leaves a sheet that reads well as far as it goes.
 */
async function* streamElements(
  file: ArchiveFile,
  around: string,
  name: string,
): AsyncIterable<Readonly<{ attributes: string; inner: string }>> {
  let rest = ''
  let tail = ''
  for await (const piece of decodePieces(file)) {
    rest += piece
    tail = `${tail}${piece}`.slice(-tailChars)
    let from = 0
    for (;;) {
      const found = nextElement(rest, name, from)
      if (found === null || 'open' in found) {
        rest = found === null ? '' : rest.slice(found.at)
        break
      }
      yield found
      from = found.end
    }
    if (rest.length > elementCharsMax) throw new DamagedFile()
  }
  if (!hasEnd(tail, around)) throw new DamagedFile()
}

const elementCharsMax = 8 * 1024 * 1024
// Room for the end of an element, and for the blanks or the comment of its writer behind it.
const tailChars = 1024

async function* decodePieces(file: ArchiveFile): AsyncIterable<string> {
  let decoder: TextDecoder | null = null
  for await (const chunk of file.chunks()) {
    decoder ??= new TextDecoder(chunk[0] === 0xff ? 'utf-16le' : chunk[0] === 0xfe ? 'utf-16be' : 'utf-8')
    yield decoder.decode(chunk, { stream: true })
  }
}
