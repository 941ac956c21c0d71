/**
 * One cell of a file to one grade, exactly. Pure. What comes out is a token: '' (blank, keeps what is there), `clear`,
 * or a text of lib/gradebook/cell.ts ('85', 'EX', 'LATE 85').
 */
import { Decimal } from 'decimal.js'
import { scoreMax } from './limits'
import { type DecimalMark, readNumber } from './locale'
import { cleanDigits } from './text'

/** Token of a cell that asks for its grade to be taken away. */
export const clear = 'CLEAR'

export type ReadCell = Readonly<{
  token: string
  /** Imported, but worth a word. */
  warning?: 'over_maximum' | 'rounded'
  /** Not imported. `negative` becomes a question. */
  fault?: 'not_a_number' | 'excel_error' | 'too_big' | 'negative'
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

/** Words of one source and the token of each, by lower case. */
export type CellWords = Readonly<Record<string, string>>

/**
 * `readCell` for a whole column, which remembers what it has read: scores repeat, and half a million of them are read in
 * the time of a few thousand.
 */
export function createCellReader(decimal: DecimalMark, maxPoints: string, ofSource: CellWords = {}): (raw: string) => ReadCell {
  const own = new Map(Object.entries(ofSource))
  const read = new Map<string, ReadCell>()
  return (raw) => {
    let cell = read.get(raw)
    if (cell === undefined) {
      const token = own.get(cleanDigits(raw).toLowerCase())
      cell = token === undefined ? readCell(raw, decimal, maxPoints) : { token }
      if (read.size < rememberedMax) read.set(raw, cell)
    }
    return cell
  }
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
    return score.fault === undefined ? { ...score, token: `${status} ${score.token}` } : score
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
  const [, part, whole] = /^([^/]+?) ?\/ ?([^/]+)$/.exec(text) ?? []
  if (part === undefined || whole === undefined) return { token: '', fault: 'not_a_number' }
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
