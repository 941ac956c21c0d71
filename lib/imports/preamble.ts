/**
 * A file of one assignment that says what it is in lines above the table (`Assignment Name:,Quiz 3`), as PowerTeacher's score
 * template does. The lines become title, date and points of the one column of scores. Pure.
 */
import { detectLayout } from './detect'
import type { MadeTable, RawTable } from './raw-table'
import { shapes } from './source-label'
import { cleanDigits, cleanText, foldHeading, unguard } from './text'
import type { IgnoredPart } from './views'

type Row = readonly string[]
type Said = Readonly<{ headingRow?: number | undefined }>
type Part = 'title' | 'date' | 'points'

const words: Readonly<Record<Part, readonly string[]>> = {
  title: ['assignment name', 'assignment', 'assignment title'],
  date: ['due date', 'date due', 'date'],
  points: ['points possible', 'max points', 'maximum points', 'score points', 'total points'],
}
const scoreWords: readonly string[] = ['score', 'scores', 'grade', 'points', 'points earned']

/** The table under such lines; null when the file has none, or more than one column of scores. */
export function readPreamble(raw: RawTable, said: Said): RawTable | null {
  const detected = detectLayout(raw.rows, said)
  if (detected.kind === 'refused' || detected.layout.identity.size === 0) return null
  const { headingAt, identity } = detected.layout
  const lines = findLines(raw.rows.slice(0, headingAt))
  const headings = raw.rows[headingAt] ?? []
  const scored = headings.flatMap((heading, at) => (scoreWords.includes(foldHeading(heading)) ? [at] : []))
  const [column, other] = scored
  const title = lines.get('title')
  if (title === undefined || column === undefined || other !== undefined || [...identity.values()].includes(column)) return null
  const rows = raw.rows.map((row, at): Row => {
    if (at === headingAt) return headings.with(column, title.text)
    return [...lines.values()].some((line) => line.at === at) ? [] : row
  })
  const describe = (label: string, part: Part) => {
    const text = lines.get(part)?.text ?? ''
    if (text !== '') rows.push([label, ...headings.slice(1).map((_, at) => (at + 1 === column ? text : ''))])
  }
  describe('DATE', 'date')
  describe('POINTS', 'points')
  const absent = takeAbsent(rows, { headingAt, column, title: title.text })
  return {
    ...raw,
    rows: absent.rows,
    ignored: [...raw.ignored, ...absent.ignored],
    made: madeOf(raw.rows, { headingAt, column, title: title.text, lines: [...lines.values()].map(({ at }) => at) }),
  }
}

type Lines = ReadonlyMap<Part, Readonly<{ text: string; at: number }>>

function findLines(rows: readonly Row[]): Lines {
  const lines = new Map<Part, Readonly<{ text: string; at: number }>>()
  for (const [at, row] of rows.entries()) {
    const [key = '', ...rest] = row
    const text = cleanText(unguard(rest.find((cell) => cleanText(cell) !== '') ?? ''))
    const part = (['title', 'date', 'points'] as const).find((each) => words[each].includes(foldHeading(key)))
    if (part !== undefined && text !== '' && !lines.has(part)) lines.set(part, { text, at })
  }
  return lines
}

type Place = Readonly<{ headingAt: number; column: number; title: string }>

/** ABS says that a student was not there, and nothing about a score: the grade stays as it is, and that is said. */
function takeAbsent(
  rows: readonly Row[],
  { headingAt, column, title }: Place,
): Readonly<{ rows: Row[]; ignored: IgnoredPart[] }> {
  const ignored: IgnoredPart[] = []
  const taken = rows.map((row, at) => {
    if (at <= headingAt || !/^abs(?:ent)?$/i.test(cleanDigits(row[column] ?? ''))) return row
    ignored.push({
      kind: 'cell',
      where: `Row ${at + 1}, ${title}`,
      reason: 'Absent: there is no score, and the grade stays as it is.',
    })
    return row.with(column, '')
  })
  return { rows: taken, ignored }
}

function madeOf(
  rows: readonly Row[],
  { headingAt, column, title, lines }: Place & Readonly<{ lines: readonly number[] }>,
): MadeTable {
  return {
    ...shapes.powerTeacher,
    columns: { [column]: { use: 'assignment', title } },
    reasons: new Map(),
    placeOf: (row) => ({ row: row + 1, text: `Row ${row + 1}` }),
    rowOf: (at) => at,
    twice: new Map(),
    file: { rows, describing: [...lines, headingAt].map((at) => at + 1) },
  }
}
