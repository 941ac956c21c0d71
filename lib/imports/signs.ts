/** What the cells of columns say before they are read: the decimal mark of the file, and what kind of column each is. Pure. */

import type { Candidate } from './candidates'
import { readCell } from './cells'
import type { ColumnOptions, Table } from './columns'
import { defaultMaxPoints } from './limits'
import { createNumberEvidence, type DecimalMark } from './locale'
import { cellsPerSlice, pause } from './pause'
import type { ProblemList } from './problems'
import { cleanDigits } from './text'

/** Of one column: cells that hold something, those that can be scores, what fractions are of, and the largest number. */
export type Signs = { filled: number; scores: number; readonly wholes: Set<string>; largest: number }

/** One pass over all scores. Asks for the decimal mark when nothing in the file decides it. */
export async function readSigns(
  { rows, roles, delimiter }: Table,
  candidates: readonly Candidate[],
  options: ColumnOptions,
  problems: ProblemList,
): Promise<{ decimal: DecimalMark; signs: ReadonlyMap<number, Signs> }> {
  const evidence = createNumberEvidence()
  for (const { points } of candidates) evidence.see(points)
  const counted = candidates.map(({ at }) => ({ at, signs: { filled: 0, scores: 0, wholes: new Set<string>(), largest: 0 } }))
  const signOf = createSignReader(evidence.see, new Set(options.letters?.map(({ letter }) => letter.toLowerCase())))
  let sincePause = 0
  for (const [index, row] of rows.entries()) {
    if (roles[index] !== 'student') continue
    for (const { at, signs } of counted) {
      const raw = row[at]
      if (raw !== undefined && raw !== '') addSign(signs, signOf(raw))
    }
    sincePause += counted.length
    if (sincePause >= cellsPerSlice) {
      sincePause = 0
      await pause(options.signal)
    }
  }
  const decision = evidence.decide(delimiter)
  if (!decision.isSure && options.numbers === undefined) {
    problems.add({
      value: decision.example,
      code: 'ask_numbers',
      severity: 'block',
      message: `${decision.reason} Nothing else in the file says which is meant.`,
      fix: 'Say whether the decimal mark is a point or a comma, or write one score with its decimals.',
    })
  }
  return { decimal: options.numbers ?? decision.value, signs: new Map(counted.map(({ at, signs }) => [at, signs])) }
}

type CellSign = Readonly<{ isFilled: boolean; isScore: boolean; whole: string | null; number: number }>

const rememberedMax = 50_000

/** What one cell says about its column; cells repeat, so what was seen once is remembered. */
function createSignReader(seeNumber: (text: string) => void, letters: ReadonlySet<string>): (raw: string) => CellSign {
  const seen = new Map<string, CellSign>()
  return (raw) => {
    let sign = seen.get(raw)
    if (sign === undefined) {
      sign = readSign(raw, seeNumber, letters)
      if (seen.size < rememberedMax) seen.set(raw, sign)
    }
    return sign
  }
}

const plainScore = /^\d{1,6}(?:[.,]\d{1,2})?$/

function readSign(raw: string, seeNumber: (text: string) => void, letters: ReadonlySet<string>): CellSign {
  const text = cleanDigits(raw)
  if (text === '') return { isFilled: false, isScore: false, whole: null, number: 0 }
  seeNumber(text)
  const isPlain = plainScore.test(text)
  // Under either mark: here only text is told from scores.
  const isScore =
    isPlain ||
    letters.has(text.toLowerCase()) ||
    (['.', ','] as const).some((mark) => readCell(text, mark, defaultMaxPoints).fault !== 'not_a_number')
  const whole = /^[^/]+\/ ?([\d.,]+)$/.exec(text)?.[1] ?? null
  return { isFilled: true, isScore, whole, number: isPlain ? Number(text.replace(',', '.')) : 0 }
}

function addSign(signs: Signs, { isFilled, isScore, whole, number }: CellSign): void {
  if (isFilled) signs.filled++
  if (isScore) signs.scores++
  if (whole !== null && signs.wholes.size < 3) signs.wholes.add(whole)
  if (number > signs.largest) signs.largest = number
}
