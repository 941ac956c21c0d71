/**
 * Cells of a workbook set in place: only the cells themselves are written anew in the XML of their sheet. Every other part of the
 * workbook (styles, other sheets, pictures, macros) comes out as it went in; the archive around them is packed again. Pure.
 */
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate'
import { columnName } from './column-name'
import type { CellEdit } from './fill-text'
import { columnOf } from './workbook-sheet'
import { attribute, elements, type XmlElement } from './xml'

/** The workbook with cells of one sheet set, or null when the sheet is not written in a way that can be set cell by cell. */
export function fillWorkbook(bytes: Uint8Array, sheetFile: string, edits: readonly CellEdit[]): Uint8Array | null {
  const parts = unzipSync(bytes)
  const sheet = parts[sheetFile]
  if (sheet === undefined || sheet[0] === 0xff || sheet[0] === 0xfe) return null
  const xml = fillSheet(strFromU8(sheet), edits)
  if (xml === null) return null
  const files: Zippable = {}
  for (const [name, content] of Object.entries(parts)) files[name] = name === sheetFile ? strToU8(xml) : content
  if (formula.test(xml)) for (const [name, content] of reckonedAnew(parts)) files[name] = content
  return zipSync(files, { level: 6 })
}

const formula = /<(?:[\w-]+:)?f[\s/>]/

/**
 * Sums that look at a set cell hold what they were before: where the sheet has formulas the workbook asks whoever opens it to work them
 * out again. A workbook that says nothing of how it reckons is worked out by its reader anyway.
 */
function reckonedAnew(parts: Readonly<Record<string, Uint8Array>>): [string, Uint8Array][] {
  return Object.entries(parts).flatMap(([name, content]): [string, Uint8Array][] => {
    if (!/(?:^|\/)workbook\.xml$/.test(name)) return []
    const xml = strFromU8(content)
    const tag = /<(?:[\w-]+:)?calcPr\b[^>]*>/.exec(xml)?.[0]
    if (tag === undefined || tag.includes('fullCalcOnLoad')) return []
    return [[name, strToU8(xml.replace(tag, tag.replace(/calcPr\b/, 'calcPr fullCalcOnLoad="1"')))]]
  })
}

function fillSheet(xml: string, edits: readonly CellEdit[]): string | null {
  const wanted = new Map<number, CellEdit[]>()
  for (const edit of edits) wanted.set(edit.row, [...(wanted.get(edit.row) ?? []), edit])
  let filled = ''
  let done = 0
  let last = 0
  for (const row of elements(xml, 'row')) {
    last = Number(attribute(row.attributes, 'r') ?? last + 1)
    const own = wanted.get(last)
    if (own === undefined) continue
    const { from, to } = innerOf(xml, row)
    if (to < from) return null
    filled += xml.slice(done, from) + fillRow(row.inner, last, own)
    done = to
    wanted.delete(last)
  }
  return wanted.size === 0 ? filled + xml.slice(done) : null
}

/** Where the inside of an element stands; a row without an inside names nobody and is never set. */
function innerOf(xml: string, { inner, end, at }: XmlElement): Readonly<{ from: number; to: number }> {
  const to = xml.lastIndexOf('</', end - 1)
  return inner === '' || to < at ? { from: 1, to: 0 } : { from: to - inner.length, to }
}

type Placed = Readonly<{ column: number; xml: string; gap: string }>

function fillRow(inner: string, row: number, edits: readonly CellEdit[]): string {
  const prefix = /<([\w-]+:)?c[\s/>]/.exec(inner)?.[1] ?? ''
  const cells: Placed[] = []
  let done = 0
  let next = 0
  for (const cell of elements(inner, 'c')) {
    const column = columnOf(attribute(cell.attributes, 'r')) ?? next
    next = column + 1
    const edit = edits.find((candidate) => candidate.column === column)
    // A formula is the school's own reckoning: it stays, and the page says that the cell could not be set.
    const isKept = edit === undefined || formula.test(cell.inner)
    const xml = isKept ? inner.slice(cell.at, cell.end) : cellXml(edit, { row, prefix, attributes: cell.attributes })
    cells.push({ column, xml, gap: inner.slice(done, cell.at) })
    done = cell.end
  }
  const known = new Set(cells.map(({ column }) => column))
  const added = edits.flatMap((edit) =>
    known.has(edit.column) ? [] : [{ column: edit.column, xml: cellXml(edit, { row, prefix, attributes: '' }), gap: '' }],
  )
  const all = [...cells, ...added].sort((a, b) => a.column - b.column)
  return all.map(({ gap, xml }) => gap + xml).join('') + inner.slice(done)
}

function cellXml(
  { column, text }: CellEdit,
  { row, prefix, attributes }: Readonly<{ row: number; prefix: string; attributes: string }>,
): string {
  const style = attribute(attributes, 's')
  const head = `<${prefix}c r="${columnName(column)}${row}"${style === null ? '' : ` s="${style}"`}`
  return /^-?\d+(?:\.\d+)?$/.test(text)
    ? `${head}><${prefix}v>${text}</${prefix}v></${prefix}c>`
    : `${head} t="inlineStr"><${prefix}is><${prefix}t>${text}</${prefix}t></${prefix}is></${prefix}c>`
}
