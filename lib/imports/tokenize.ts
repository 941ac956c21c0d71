/**
 * Text to rows of cells by papaparse's own parser, slice by slice, so that a large file never holds the event loop.
 * The delimiter is our choice: the one under which the first rows show known headings and an even number of cells.
 */
import Papa from 'papaparse'
import { headerSearchRows } from './limits'
import { pause } from './pause'
import { problem } from './problems'
import { createRowLimits } from './row-limits'
import type { ImportProblem } from './views'

export const delimiters = [',', ';', '\t', '|', ':'] as const

export type Tokens =
  | Readonly<{ kind: 'rows'; rows: readonly (readonly string[])[]; delimiter: string }>
  | Readonly<{ kind: 'refused'; problem: ImportProblem }>

const sliceChars = 256 * 1024
const sampleChars = 64 * 1024

/** Rows of cells as a spreadsheet would count them (row 1 is index 0), or the one reason why there are none. */
export async function tokenize(
  text: string,
  options: {
    delimiter?: string | null
    scoreHeading: (cells: readonly string[]) => number
    /** What a table of another kind than grades may hold. */
    limits?: Readonly<{ rows: number; cells: number }>
  },
): Promise<Tokens> {
  const delimiter = options.delimiter ?? chooseDelimiter(text, options.scoreHeading)
  const rows: string[][] = []
  const limit = createRowLimits(options.limits)
  let at = 0
  let size = sliceChars
  while (at < text.length) {
    const isLast = at + size >= text.length
    const parsed = parseSlice(text.slice(at, at + size), delimiter, !isLast)
    if (isLast && parsed.unclosedAt !== null) return refuseUnclosed(text, at + parsed.unclosedAt)
    if (parsed.cursor === 0 && !isLast) {
      // A row longer than the slice: look at twice as much, so that the whole work stays linear.
      size *= 2
      continue
    }
    for (const row of parsed.rows) {
      const refusal = limit(row, rows.length + 1)
      if (refusal) return { kind: 'refused', problem: refusal }
      rows.push(row)
    }
    at = isLast ? text.length : at + parsed.cursor
    size = sliceChars
    await pause()
  }
  dropBlankEnd(rows)
  return { kind: 'rows', rows, delimiter }
}

/** Takes the rows without text off a table's end. */
export function dropBlankEnd(rows: (readonly string[])[]): void {
  while (rows.length > 0 && (rows.at(-1) ?? []).every((cell) => cell.trim() === '')) rows.pop()
}

type Slice = Readonly<{ rows: string[][]; cursor: number; unclosedAt: number | null }>

function parseSlice(text: string, delimiter: string, isCut: boolean): Slice {
  const result = runParser(text, delimiter, isCut)
  const unclosed = result.errors.find((error) => error.code === 'MissingQuotes')
  return { rows: result.data, cursor: result.meta.cursor, unclosedAt: unclosed ? (unclosed.index ?? 0) : null }
}

// papaparse types its low-level parser's answer as `any`.
function runParser(text: string, delimiter: string, ignoreLastRow: boolean): Papa.ParseResult<string[]> {
  return new Papa.Parser({ delimiter, newline: '\n', quoteChar: '"' }).parse(text, 0, ignoreLastRow)
}

function refuseUnclosed(text: string, at: number): Tokens {
  let line = 1
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++
  return {
    kind: 'refused',
    problem: problem({
      row: line,
      value: text.slice(at, at + 40),
      code: 'unclosed_quote',
      severity: 'block',
      message: `Line ${line} opens a quotation mark that is never closed, so the rest of the file cannot be told apart.`,
      fix: `Close or delete the quotation mark in line ${line} and upload the file again.`,
    }),
  }
}

function chooseDelimiter(text: string, scoreHeading: (cells: readonly string[]) => number): string {
  const sample = text.slice(0, sampleChars)
  const ranked = delimiters.flatMap((delimiter) => {
    const rows = runParser(sample, delimiter, sample.length < text.length).data.slice(0, headerSearchRows)
    const widths = rows.filter((row) => row.some((cell) => cell.trim() !== '')).map((row) => row.length)
    const commonest = mostCommon(widths)
    const headings = Math.max(0, ...rows.map(scoreHeading))
    // Colons stand in times, titles and preambles: only a whole row of known headings makes them a delimiter.
    if (delimiter === ':' && headings < 3) return []
    const evenness = commonest > 1 ? widths.filter((width) => width === commonest).length / widths.length : 0
    return [{ delimiter, headings, evenness, width: commonest }]
  })
  ranked.sort((a, b) => b.headings - a.headings || b.evenness - a.evenness || b.width - a.width)
  return ranked[0]?.delimiter ?? ','
}

function mostCommon(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}
