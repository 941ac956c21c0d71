import { type Band, type BandLimits, bandOf, bandWords, percentOf } from '@/components/gradebook/bands'
import { type Format, formatNumber } from '@/components/ui/format'
import { formatCell, type Grade, type GradeStatus, parseCell } from '@/lib/gradebook/cell'

/** How a cell is shown: a short text, the words a screen reader says, its band, and the status if it is not a plain score. */
export type CellWords = Readonly<{ text: string; words: string; band: Band | null; status: GradeStatus | null }>

const statusWords: Readonly<Record<GradeStatus, string>> = {
  graded: 'Graded',
  late: 'Late',
  excused: 'Excused',
  missing: 'Missing',
  incomplete: 'Incomplete',
}

/** The name of a status as people read it. */
export function statusWord(status: GradeStatus): string {
  return statusWords[status]
}

/** A packed cell as a short text, without a meaning: 'Missing', '85 late', '–'. For before and after in a review. */
export function textOfCell(cell: string, format: Format): string {
  const grade = parseCell(cell)
  if (grade === null) return '–'
  const number = grade.score === null ? [] : [formatNumber(grade.score, format)]
  if (grade.status === 'graded') return number.join('')
  const word = statusWord(grade.status)
  return [...number, number.length === 0 ? word : word.toLowerCase()].join(' ')
}

/** What to show for a packed cell of an assignment worth `maxPoints`. Nothing graded is a dash, never a zero. */
export function wordsOfCell(cell: string, maxPoints: string, limits: BandLimits, format: Format): CellWords {
  return wordsOfGrade(parseCell(cell), maxPoints, limits, format)
}

/** As `wordsOfCell`, for a grade that is already apart. */
export function wordsOfGrade(grade: Grade | null, maxPoints: string, limits: BandLimits, format: Format): CellWords {
  if (grade === null) return { text: '–', words: 'not graded', band: null, status: null }
  const { score, status } = grade
  if (score === null) return { text: statusWord(status), words: statusWord(status).toLowerCase(), band: null, status }
  const band = status === 'excused' || status === 'missing' ? null : bandOf(percentOf(score, maxPoints), limits)
  const meaning = band === null ? '' : `, ${bandWords[band]}`
  const text = textOfCell(formatCell(grade), format)
  return {
    text,
    // Begins with what is seen, so that people who speak to their computer can say it.
    words: `${text} of ${formatNumber(maxPoints, format)}${meaning}`,
    band,
    status: status === 'graded' ? null : status,
  }
}
