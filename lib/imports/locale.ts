/**
 * How a file writes numbers and dates: decided once for the whole file from all that stands in it, never cell by cell,
 * and asked when nothing in the file decides it. Pure.
 */

export type DecimalMark = '.' | ','
export type DateOrder = 'dmy' | 'mdy'
export type Decision<Value> = Readonly<
  { value: Value; isSure: true } | { value: Value; isSure: false; example: string; reason: string }
>

/** Collects what cells say about the decimal mark. */
export function createNumberEvidence(): Readonly<{
  see: (text: string) => void
  decide: (delimiter: string | null) => Decision<DecimalMark>
}> {
  let point: string | null = null
  let comma: string | null = null
  let openPoint: string | null = null
  let openComma: string | null = null
  return {
    see(text) {
      const number = text.replaceAll(' ', '').replace(/^[+-]|%$/g, '')
      if (/^\d{1,3}(?:,\d{3})+$/.test(number)) {
        // 1,234,567 can only group; 1,234 can be either.
        if (/,.*,/.test(number)) point ??= text
        else openComma ??= text
      } else if (/^\d{1,3}(?:\.\d{3})+$/.test(number)) {
        if (/\..*\./.test(number)) comma ??= text
        else openPoint ??= text
      } else if (/^(?:\d{1,3}(?:,\d{3})+|\d*)\.\d+$/.test(number)) point ??= text
      else if (/^(?:\d{1,3}(?:\.\d{3})+|\d*),\d+$/.test(number)) comma ??= text
    },
    decide(delimiter) {
      if (point !== null && comma !== null) {
        return { value: '.', isSure: false, example: comma, reason: `'${point}' and '${comma}' use different decimal marks.` }
      }
      if (point !== null) return { value: '.', isSure: true }
      if (comma !== null) return { value: ',', isSure: true }
      if (openComma !== null) {
        return {
          value: '.',
          isSure: false,
          example: openComma,
          reason: `'${openComma}' can mean ${asDecimal(openComma)} or ${asWhole(openComma)}.`,
        }
      }
      // Where commas part the cells, a point is the decimal mark; under a semicolon 1.234 can be either.
      if (openPoint !== null && delimiter === ';') {
        return {
          value: '.',
          isSure: false,
          example: openPoint,
          reason: `'${openPoint}' can mean ${asDecimal(openPoint)} or ${asWhole(openPoint)}.`,
        }
      }
      return { value: '.', isSure: true }
    },
  }
}

const asDecimal = (text: string) => text.replace(',', '.')
const asWhole = (text: string) => text.replace(/[.,]/, '')

/** A number as an exact decimal string ('-1090.25'), or null when it is none under this mark. Not yet canonical. */
export function readNumber(text: string, decimal: DecimalMark): string | null {
  const compact = text.replace(/(?<=\d) (?=\d{3}(?!\d))/g, '')
  const match =
    decimal === '.'
      ? /^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d+))?\.?$/.exec(compact)
      : /^([+-]?)(\d{1,3}(?:\.\d{3})+|\d*)(?:,(\d+))?,?$/.exec(compact)
  const [, sign = '', whole = '', fraction = ''] = match ?? []
  if (whole === '' && fraction === '') return null
  return `${sign === '-' ? '-' : ''}${whole.replace(/[.,]/g, '') || '0'}${fraction === '' ? '' : `.${fraction}`}`
}

const months = new Map<string, number>()
const monthWords: readonly (readonly string[])[] = [
  ['january', 'jan', 'січня', 'січень', 'січ', 'enero', 'ene', 'يناير'],
  ['february', 'feb', 'лютого', 'лютий', 'лют', 'febrero', 'فبراير'],
  ['march', 'mar', 'березня', 'березень', 'бер', 'marzo', 'مارس'],
  ['april', 'apr', 'квітня', 'квітень', 'квіт', 'кві', 'abril', 'abr', 'أبريل', 'ابريل'],
  ['may', 'травня', 'травень', 'трав', 'тра', 'mayo', 'مايو'],
  ['june', 'jun', 'червня', 'червень', 'черв', 'чер', 'junio', 'يونيو', 'يونيه'],
  ['july', 'jul', 'липня', 'липень', 'лип', 'julio', 'يوليو', 'يوليه'],
  ['august', 'aug', 'серпня', 'серпень', 'серп', 'сер', 'agosto', 'ago', 'أغسطس', 'اغسطس'],
  ['september', 'sep', 'sept', 'вересня', 'вересень', 'вер', 'septiembre', 'setiembre', 'set', 'سبتمبر'],
  ['october', 'oct', 'жовтня', 'жовтень', 'жовт', 'жов', 'octubre', 'أكتوبر', 'اكتوبر'],
  ['november', 'nov', 'листопада', 'листопад', 'лист', 'лис', 'noviembre', 'نوفمبر'],
  ['december', 'dec', 'грудня', 'грудень', 'груд', 'гру', 'diciembre', 'dic', 'ديسمبر'],
]
for (const [index, words] of monthWords.entries()) for (const word of words) months.set(word, index + 1)

export type ReadDate = Readonly<{ kind: 'date'; on: string } | { kind: 'unknown_month'; word: string } | { kind: 'no_date' }>

/** A calendar date ('YYYY-MM-DD') in any of the ways of writing we know; `text` is folded by `cleanDigits`. */
export function readDate(text: string, order: DateOrder): ReadDate {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/.exec(text)
  if (iso) return dateOf(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const numeric = readNumericDate(text)
  if (numeric) {
    const [first, second, year] = numeric.parts
    const isDayFirst = numeric.isDotted || order === 'dmy'
    const straight = isDayFirst ? dateOf(year, second, first) : dateOf(year, first, second)
    return straight.kind === 'date' || !numeric.isDotted ? straight : dateOf(year, first, second)
  }
  if (/^\d{5}$/.test(text)) return dateOfSerial(Number(text))
  return readWrittenDate(text)
}

function readNumericDate(text: string): Readonly<{ parts: readonly [number, number, number]; isDotted: boolean }> | null {
  const match = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})\.?(?: р\.?| г\.?)?(?:,? \d{1,2}:\d{2}.*)?$/.exec(text)
  if (!match) return null
  return { parts: [Number(match[1]), Number(match[3]), fullYear(match[4] ?? '')], isDotted: match[2] === '.' }
}

// '29 вер. 2025 р.', 'Nov 1, 2024', '2-Jul-25', '1 de noviembre de 2024'
function readWrittenDate(text: string): ReadDate {
  const parts = text.toLowerCase().match(/\d+|\p{L}+/gu) ?? []
  const numbers = parts.filter(isNumber)
  const words = parts.filter((part) => !isNumber(part) && !dateFillers.has(part))
  if (numbers.length < 2) return { kind: 'no_date' }
  const word = words.find((candidate) => months.has(candidate))
  const yearFirst = numbers[0]?.length === 4
  const [day, year] = yearFirst ? [numbers[1], numbers[0]] : [numbers[0], numbers[1]]
  const [only, other] = words
  if (word === undefined)
    return only !== undefined && other === undefined ? { kind: 'unknown_month', word: only } : { kind: 'no_date' }
  return dateOf(fullYear(year ?? ''), months.get(word) ?? 0, Number(day))
}

const isNumber = (part: string) => /\d/.test(part)

const dateFillers = new Set([
  'de',
  'del',
  'р',
  'року',
  'г',
  'st',
  'nd',
  'rd',
  'th',
  'at',
  'mon',
  'tue',
  'wed',
  'thu',
  'fri',
  'sat',
  'sun',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
])

const fullYear = (text: string) => (text.length <= 2 ? 2000 + Number(text) : Number(text))

// Spreadsheets count days from 1899-12-30.
function dateOfSerial(serial: number): ReadDate {
  const at = new Date(Date.UTC(1899, 11, 30) + serial * 86_400_000)
  return dateOf(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate())
}

function dateOf(year: number, month: number, day: number): ReadDate {
  const at = new Date(Date.UTC(year, month - 1, day))
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day
  if (!isReal || year < 1990 || year > 2100) return { kind: 'no_date' }
  return { kind: 'date', on: at.toISOString().slice(0, 10) }
}

/** Which of day and month stands first, from all dates of the file. Dates with dots always begin with the day. */
export function decideDates(texts: readonly string[]): Decision<DateOrder> {
  let dayFirst: string | null = null
  let monthFirst: string | null = null
  let open: string | null = null
  for (const text of texts) {
    const numeric = readNumericDate(text)
    if (!numeric || numeric.isDotted) continue
    const [first, second] = numeric.parts
    if (first > 12 && second <= 12) dayFirst ??= text
    else if (second > 12 && first <= 12) monthFirst ??= text
    else if (first !== second) open ??= text
  }
  if (dayFirst !== null && monthFirst !== null) {
    return {
      value: 'dmy',
      isSure: false,
      example: dayFirst,
      reason: `'${dayFirst}' and '${monthFirst}' put day and month in different orders.`,
    }
  }
  if (dayFirst !== null) return { value: 'dmy', isSure: true }
  if (monthFirst !== null) return { value: 'mdy', isSure: true }
  if (open !== null)
    return { value: 'mdy', isSure: false, example: open, reason: `In '${open}' the day and the month cannot be told apart.` }
  return { value: 'mdy', isSure: true }
}
