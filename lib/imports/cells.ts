/**
 * One cell of a file to one grade, exactly. Pure. What comes out is a token: '' (blank, keeps what is there), `clear`,
 * or a text of lib/gradebook/cell.ts ('85', 'EX', 'LATE 85').
 */
import { Decimal } from 'decimal.js'
import type { LetterScale } from '@/lib/gradebook/totals'
import { scoreMax } from './limits'
import { type DecimalMark, readNumber } from './locale'
import { cleanDigits } from './text'

/** Token of a cell that asks for its grade to be taken away. */
export const clear = 'CLEAR'

export type ReadCell = Readonly<{
  token: string
  /** Imported, but worth a word. */
  warning?: 'over_maximum' | 'rounded' | 'letter_read'
  /** Not imported. `negative` becomes a question; its token is what the cell says when it is meant. */
  fault?: 'not_a_number' | 'excel_error' | 'too_big' | 'negative' | 'lowest_letter'
}>

const blanks = new Set([
  '',
  '-',
  '--',
  '\u2013',
  '\u2014',
  'null',
  'n/a',
  'na',
  'none',
  'no score',
  'no grade',
  'not graded',
  'not applicable',
  'ungraded',
  'без оцінки',
  'sin calificación',
])
const words = new Map<string, string>([
  ...['ex', 'exc', 'excused', 'exempt', 'звільнено', 'exento', 'معفى'].map((word) => [word, 'EX'] as const),
  ...['m', 'mi', 'mis', 'missing', 'відсутнє', 'пропущено', 'не здано', 'falta', 'sin entregar', 'مفقود'].map(
    (word) => [word, 'MI'] as const,
  ),
  ...['inc', 'incomplete', 'не завершено', 'incompleto', 'غير مكتمل'].map((word) => [word, 'INC'] as const),
  ...['late', 'запізнення', 'здано із запізненням', 'tarde', 'متأخر'].map((word) => [word, 'LATE'] as const),
  ['clear', clear],
])
const marked = /^(late|inc|incomplete)[ :]+(.+)$|^(.+?) \(?(late|inc|incomplete)\)?$/i
const excelError = /^#(?:N\/A|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|ERROR!)/i
const smallInteger = /^(?:0|[1-9]\d{0,4})$/
// Canonical under a decimal point: nothing is to be rounded and no zero to be dropped.
const smallDecimal = /^(?:0|[1-9]\d{0,4})\.\d{0,2}[1-9]$/

const rememberedMax = 20_000

/** What a source and a school add to the cells everybody writes. */
export type CellWords = Readonly<{
  /** Words of the source, lower case, and the token of each. */
  words?: Readonly<Record<string, string>>
  /** The school's letters. */
  letters?: LetterScale
}>

/**
 * `readCell` for a whole column, which remembers what it has read: scores repeat, and half a million of them are read in
 * the time of a few thousand.
 */
export function createCellReader(
  decimal: DecimalMark,
  maxPoints: string,
  { words: ofSource = {}, letters = [] }: CellWords = {},
): (raw: string) => ReadCell {
  const own = new Map(Object.entries(ofSource))
  const percents = new Map(letters.map(({ letter, fromPercent }) => [letter.toLowerCase(), fromPercent]))
  const readFresh = (raw: string): ReadCell => {
    const folded = cleanDigits(raw).toLowerCase()
    const token = own.get(folded)
    if (token !== undefined) return { token }
    const percent = percents.get(folded)
    const cell = readCell(raw, decimal, maxPoints)
    return cell.fault === 'not_a_number' && percent !== undefined ? readLetter(percent, maxPoints) : cell
  }
  const read = new Map<string, ReadCell>()
  return (raw) => {
    let cell = read.get(raw)
    if (cell === undefined) {
      cell = readFresh(raw)
      if (read.size < rememberedMax) read.set(raw, cell)
    }
    return cell
  }
}

// The least a letter stands for. The lowest one stands for anything down to nothing, and is not made a zero.
function readLetter(fromPercent: string, maxPoints: string): ReadCell {
  if (Number(fromPercent) <= 0) return { token: '', fault: 'lowest_letter' }
  const { token } = finish(new Decimal(fromPercent).times(maxPoints).dividedBy(100), Number(maxPoints))
  return { token, warning: 'letter_read' }
}

/** Reads one cell. Percents and fractions are turned into points of `maxPoints`; scores keep three decimals, half up. */
export function readCell(raw: string, decimal: DecimalMark, maxPoints: string): ReadCell {
  if (raw === '') return { token: '' }
  const max = Number(maxPoints)
  if (smallInteger.test(raw) || (decimal === '.' && smallDecimal.test(raw)))
    return Number(raw) > max ? { token: raw, warning: 'over_maximum' } : { token: raw }
  const text = cleanDigits(raw)
  const folded = text.toLowerCase()
  if (blanks.has(folded)) return { token: '' }
  const word = words.get(folded)
  if (word !== undefined) return { token: word }
  if (excelError.test(text)) return { token: '', fault: 'excel_error' }
  const mark = marked.exec(text)
  if (mark) {
    const status = (mark[1] ?? mark[4] ?? '').toLowerCase() === 'late' ? 'LATE' : 'INC'
    const score = readScore(mark[2] ?? mark[3] ?? '', decimal, maxPoints, max)
    return score.token === '' ? score : { ...score, token: `${status} ${score.token}` }
  }
  return readScore(text, decimal, maxPoints, max)
}

function readScore(text: string, decimal: DecimalMark, maxPoints: string, max: number): ReadCell {
  const plain = readNumber(text, decimal)
  if (plain !== null) return finish(new Decimal(plain), max)
  const percent = /^(.+?) ?%$/.exec(text)?.[1]
  if (percent !== undefined) {
    const number = readNumber(percent, decimal)
    if (number === null) return { token: '', fault: 'not_a_number' }
    return finish(new Decimal(number).times(maxPoints).dividedBy(100), max)
  }
  const [, part = '', whole = ''] = /^([^/]+?) ?\/ ?([^/]+)$/.exec(text) ?? []
  const [over, under] = [readNumber(part, decimal), readNumber(whole, decimal)]
  if (over === null || under === null || Number(under) <= 0) return { token: '', fault: 'not_a_number' }
  return finish(new Decimal(over).times(maxPoints).dividedBy(under), max)
}

function finish(exact: Decimal, max: number): ReadCell {
  const score = exact.toDecimalPlaces(3, Decimal.ROUND_HALF_UP)
  if (score.abs().greaterThan(scoreMax)) return { token: '', fault: 'too_big' }
  const token = score.isZero() ? '0' : score.toFixed()
  if (score.isNegative() && !score.isZero()) return { token, fault: 'negative' }
  if (score.greaterThan(max)) return { token, warning: 'over_maximum' }
  return score.equals(exact) ? { token } : { token, warning: 'rounded' }
}
