/**
 * What an assignment is out of, and what the number in its heading means. `Quiz (20)` is out of 20 in some files and has the id
 * 20 in others: the row of points decides it, column by column, and where it is silent the numbers and scores together. Pure.
 */
import type { Candidate } from './candidates'
import type { Table } from './columns'
import { scoreMax } from './limits'
import { type DecimalMark, readNumber } from './locale'
import type { ProblemList } from './problems'
import type { Signs } from './signs'
import { cleanDigits } from './text'

export type ReadPoints = Readonly<{ title: string; maxPoints: string | null; vendorId: string | null }>
type Context = Readonly<{ candidates: readonly Candidate[]; signs: ReadonlyMap<number, Signs>; decimal: DecimalMark }>

/** Reads title, points and vendor id of each candidate; points that cannot be read are asked. */
export function createPointsReader(
  table: Table,
  { candidates, signs, decimal }: Context,
  problems: ProblemList,
): (candidate: Candidate) => ReadPoints {
  const { parentheses } = table.layout.format
  const areIds = parentheses === 'points_or_id' && areNumbersIds({ candidates, signs, decimal })
  return (candidate) => {
    const { choice, parts, heading, pointsAt, at } = candidate
    const said = pointsOf(choice?.maxPoints ?? '', '.') ?? readSaid(candidate, table, decimal, problems)
    const number = pointsOf(parts.number, decimal)
    const isPoints = number !== null && (said === null ? !areIds : said === number)
    // Under Classroom, a number that is not the points belongs to the title.
    const title = number === null || isPoints || parentheses === 'points_or_id' ? candidate.title : heading
    return {
      title,
      maxPoints:
        said ??
        (isPoints ? number : null) ??
        pointsOf(parts.points, decimal) ??
        pointsOfColumn(table, pointsAt, decimal) ??
        pointsOfFractions(signs.get(at), decimal),
      vendorId: parts.id || (number !== null && !isPoints && parentheses === 'points_or_id' ? parts.number : null),
    }
  }
}

/** Ids differ from each other, are larger than what a quiz is out of, or are passed by scores. */
function areNumbersIds({ candidates, signs, decimal }: Context): boolean {
  const numbered = candidates.filter(({ parts }) => parts.number !== '')
  const isOther = ({ points, parts }: Candidate) => points !== '' && pointsOf(points, decimal) !== pointsOf(parts.number, decimal)
  if (numbered.some(isOther)) return true
  if (new Set(numbered.map(({ parts }) => parts.number)).size < numbered.length) return false
  return numbered.some(({ at, parts }) => {
    const number = Number(parts.number.replace(',', '.'))
    return number > largestUsual || (signs.get(at)?.largest ?? 0) > number
  })
}

const largestUsual = 1000

function readSaid({ points, title }: Candidate, { roles }: Table, decimal: DecimalMark, problems: ProblemList): string | null {
  if (points === '') return null
  const said = pointsOf(points, decimal)
  if (said !== null) return said
  problems.add({
    row: roles.indexOf('points') + 1 || null,
    column: title,
    value: points,
    code: 'bad_points',
    severity: 'block',
    message: `${title}: '${points}' is not a number of points above zero.`,
    fix: 'Type how many points the assignment is out of, or leave the cell empty.',
  })
  return null
}

/** A canonical number of points above zero that can be stored, or null. */
function pointsOf(text: string, decimal: DecimalMark): string | null {
  const number = readNumber(text, decimal)
  if (number === null || /\.\d{3}0*[1-9]/.test(number)) return null
  return Number(number) > 0 && Number(number) <= scoreMax ? canonical(number) : null
}

function canonical(number: string): string {
  const [whole = '', fraction = ''] = number.split('.')
  const rest = fraction.replace(/0+$/, '')
  return whole.replace(/^0+(?=\d)/, '') + (rest === '' ? '' : `.${rest}`)
}

function pointsOfColumn({ rows, roles }: Table, column: number | null, decimal: DecimalMark): string | null {
  if (column === null) return null
  const texts = new Set(rows.flatMap((row, at) => (roles[at] === 'student' ? [cleanDigits(row[column] ?? '')] : [])))
  texts.delete('')
  const [only] = texts
  return texts.size === 1 && only !== undefined ? pointsOf(only, decimal) : null
}

function pointsOfFractions(signs: Signs | undefined, decimal: DecimalMark): string | null {
  const [whole, other] = [...(signs?.wholes ?? [])]
  return whole === undefined || other !== undefined ? null : pointsOf(whole, decimal)
}
