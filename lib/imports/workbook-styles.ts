/**
 * A number of a workbook as the teacher sees it. A sheet stores 0.52 and a style says that it is shown as 52%, or that 45809 is a
 * day. What is read is what is shown, but with all decimals there are. Pure.
 */
import { Decimal } from 'decimal.js'
import { attribute, elements } from './xml'

export type NumberStyle = Readonly<{ kind: 'plain' | 'percent' | 'date' } | { kind: 'padded'; digits: number }>

const plain: NumberStyle = { kind: 'plain' }

/** The styles of a workbook's cells, by the number a cell gives. */
export function readStyles(xml: string): NumberStyle[] {
  const formats = new Map<string, string>()
  for (const { attributes } of elements(xml, 'numFmt')) {
    formats.set(attribute(attributes, 'numFmtId') ?? '', attribute(attributes, 'formatCode') ?? '')
  }
  const [cells] = [...elements(xml, 'cellXfs')]
  return [...elements(cells?.inner ?? '', 'xf')].map(({ attributes }) => {
    const id = attribute(attributes, 'numFmtId') ?? '0'
    return styleOf(formats.get(id) ?? builtIn(Number(id)))
  })
}

// The formats every workbook has without saying so. Those of East Asian calendars (27 to 36, 50 to 58) are days as well.
function builtIn(id: number): string {
  if (id === 9 || id === 10) return '0%'
  const isDay = (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)
  return isDay ? 'yyyy-mm-dd' : ''
}

function styleOf(format: string): NumberStyle {
  // Of a format for positive, negative and zero numbers the first part counts; quoted and escaped text is only text.
  const code = (format.split(';')[0] ?? '').replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').toLowerCase()
  if (code.includes('%')) return { kind: 'percent' }
  if (/^0{2,}$/.test(code)) return { kind: 'padded', digits: code.length }
  return /[yd]/.test(code) ? { kind: 'date' } : plain
}

/** The text of a number under a style. `is1904`: the workbook counts days from 1904, as old ones of the Macintosh do. */
export function showNumber(value: string, style: NumberStyle = plain, is1904 = false): string {
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number)) return value
  if (style.kind === 'date') return showDay(number, is1904) ?? showPlain(number)
  if (style.kind === 'percent') return `${new Decimal(rounded(number)).times(100).toFixed()}%`
  if (style.kind === 'padded' && Number.isInteger(number) && number >= 0) return showPlain(number).padStart(style.digits, '0')
  return showPlain(number)
}

// Spreadsheets show fifteen digits; the ones behind are what binary fractions leave (8.0999999999999996 is 8.1).
const rounded = (number: number) => number.toPrecision(15)

function showPlain(number: number): string {
  const text = String(Number(rounded(number)))
  return text.includes('e') ? new Decimal(text).toFixed() : text
}

const millisecondsOfDay = 86_400_000

function showDay(serial: number, is1904: boolean): string | null {
  const from = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)
  const at = new Date(from + Math.round(serial * 86_400) * 1000)
  // Below one day it is a time, and a score someone gave the style of a day to.
  if (serial < 1 || Number.isNaN(at.getTime()) || at.getTime() - from > 200 * 366 * millisecondsOfDay) return null
  const text = at.toISOString()
  return text.slice(11, 19) === '00:00:00' ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ')
}
