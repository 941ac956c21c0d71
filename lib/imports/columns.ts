/**
 * The columns that hold scores, with title, points and date, after the file's way of writing numbers and dates is decided. Pure.
 */
import { readCell } from './cells'
import { columnName, type Layout, type RowRole } from './detect'
import { defaultMaxPoints, scoreMax, titleCharsMax } from './limits'
import { createNumberEvidence, type DateOrder, type DecimalMark, decideDates, readDate, readNumber } from './locale'
import type { ParseAnswers } from './parsed'
import { cellsPerSlice, pause } from './pause'
import type { ProblemList } from './problems'
import { cleanDigits, cleanText, foldTitle, unguard } from './text'

export type Table = Readonly<{
  rows: readonly (readonly string[])[]
  roles: readonly RowRole[]
  layout: Layout
  /** Null for a workbook. */
  delimiter: string | null
}>

export type Column = Readonly<{
  /** Index in the row. */
  at: number
  title: string
  maxPoints: string | null
  pointsRead: string
  dueOn: string | null
}>

export type IgnoredColumn = Readonly<{ kind: 'column'; column: number; where: string; reason: string; isPrivate: boolean }>

type Options = ParseAnswers & Readonly<{ fileName: string; knownPoints?: ReadonlyMap<string, string> }>
type Candidate = Readonly<{ at: number; title: string; points: string; date: string }>
type Signs = { filled: number; scores: number; secrets: number; wholes: Set<string> }

/** Reads all assignment columns; what is open or wrong goes to `problems`. */
export async function readColumns(
  table: Table,
  options: Options,
  problems: ProblemList,
): Promise<{ columns: Column[]; decimal: DecimalMark; dateOrder: DateOrder; ignored: IgnoredColumn[] }> {
  const candidates = findCandidates(table, options.fileName)
  const { decimal, signs } = await readSigns(table, candidates, options, problems)
  const dateOrder = decideDateOrder(candidates, options, problems)
  const ignored: IgnoredColumn[] = ignoredByRole(table)
  const columns: Column[] = []
  for (const candidate of candidates) {
    const reason = reasonToIgnore(candidate, signs.get(candidate.at))
    if (reason) ignored.push({ kind: 'column', column: candidate.at, where: candidate.title, ...reason })
    else columns.push(readColumn(candidate, { table, decimal, dateOrder, signs: signs.get(candidate.at), options }, problems))
  }
  noteAssumedPoints(columns, options, problems)
  noteSameTitles(columns, options, problems)
  ignored.sort((a, b) => a.column - b.column)
  return { columns, decimal, dateOrder, ignored }
}

function findCandidates({ rows, roles, layout }: Table, fileName: string): Candidate[] {
  const textAt = (role: RowRole, column: number) => {
    const text = cleanDigits(rows[roles.indexOf(role)]?.[column] ?? '')
    return /^[-\u2013\u2014]+$/.test(text) ? '' : text
  }
  const isFilled = (column: number) => rows.some((row, at) => roles[at] === 'student' && cleanText(row[column] ?? '') !== '')
  return layout.columns.flatMap((role, at) => {
    const points = roles.includes('points') ? textAt('points', at) : ''
    const date = roles.includes('dates') ? textAt('dates', at) : ''
    if (role.kind === 'grade') return [{ at, title: titleOfFile(fileName), points, date }]
    if (role.kind === 'note') return points !== '' && isFilled(at) ? [{ at, title: role.title, points, date }] : []
    return role.kind === 'assignment' ? [{ at, title: role.title, points, date }] : []
  })
}

function titleOfFile(fileName: string): string {
  return cleanText(fileName.replace(/^.*[\\/]/, '').replace(/\.[a-z0-9]{1,5}$/i, '')) || 'Assignment'
}

/** One pass over all scores: the decimal mark of the file, and what kind of column each is. */
async function readSigns(
  { rows, roles, delimiter }: Table,
  candidates: readonly Candidate[],
  options: Options,
  problems: ProblemList,
): Promise<{ decimal: DecimalMark; signs: Map<number, Signs> }> {
  const evidence = createNumberEvidence()
  const signs = new Map<number, Signs>(candidates.map(({ at }) => [at, { filled: 0, scores: 0, secrets: 0, wholes: new Set() }]))
  for (const { points } of candidates) evidence.see(points)
  const signOf = createSignReader(evidence.see)
  let sincePause = 0
  for (const [index, row] of rows.entries()) {
    if (roles[index] !== 'student') continue
    for (const { at } of candidates) {
      const raw = row[at]
      if (raw === undefined || raw === '') continue
      const sign = signs.get(at)
      if (sign) addSign(sign, signOf(raw))
    }
    sincePause += candidates.length
    if (sincePause >= cellsPerSlice) {
      sincePause = 0
      await pause()
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
  return { decimal: options.numbers ?? decision.value, signs }
}

type CellSign = Readonly<{ isFilled: boolean; isScore: boolean; isSecret: boolean; whole: string | null }>

/** What one cell says about its column; cells repeat, so what was seen once is remembered. */
function createSignReader(seeNumber: (text: string) => void): (raw: string) => CellSign {
  const seen = new Map<string, CellSign>()
  return (raw) => {
    let sign = seen.get(raw)
    if (sign === undefined) {
      sign = readSign(raw, seeNumber)
      if (seen.size < 50_000) seen.set(raw, sign)
    }
    return sign
  }
}

const plainScore = /^\d{1,6}(?:[.,]\d{1,2})?$/

function readSign(raw: string, seeNumber: (text: string) => void): CellSign {
  const text = cleanDigits(raw)
  const isSecret = /^\d{3}-\d{2}-\d{4}$/.test(text)
  if (text === '' || isSecret) return { isFilled: text !== '', isScore: false, isSecret, whole: null }
  seeNumber(text)
  // Under either mark: here only text is told from scores.
  const isScore =
    plainScore.test(text) || (['.', ','] as const).some((mark) => readCell(text, mark, defaultMaxPoints).fault !== 'not_a_number')
  return { isFilled: true, isScore, isSecret, whole: /^[^/]+\/ ?([\d.,]+)$/.exec(text)?.[1] ?? null }
}

function addSign(signs: Signs, { isFilled, isScore, isSecret, whole }: CellSign): void {
  if (isFilled) signs.filled++
  if (isScore) signs.scores++
  if (isSecret) signs.secrets++
  if (whole !== null && signs.wholes.size < 3) signs.wholes.add(whole)
}

function reasonToIgnore(
  { points, date }: Candidate,
  signs: Signs | undefined,
): Readonly<{ reason: string; isPrivate: boolean }> | null {
  if (!signs) return null
  if (signs.secrets > 0 && signs.secrets * 2 >= signs.filled) {
    return { reason: 'Looks like social security numbers; it is not stored.', isPrivate: true }
  }
  if (points === '' && date === '' && signs.filled >= 2 && signs.scores === 0) {
    return { reason: 'Holds text and no score, points or date.', isPrivate: false }
  }
  return null
}

function ignoredByRole({ rows, roles, layout }: Table): IgnoredColumn[] {
  return layout.columns.flatMap((role, column): IgnoredColumn[] => {
    if (role.kind === 'ignored') {
      const isEmpty = role.title === '' && rows.every((row, at) => roles[at] !== 'student' || cleanText(row[column] ?? '') === '')
      return isEmpty
        ? []
        : [{ kind: 'column', column, where: role.title || columnName(column), reason: role.reason, isPrivate: role.isPrivate }]
    }
    const points = rows[roles.indexOf('points')]?.[column] ?? ''
    return role.kind === 'note' && cleanDigits(points) === ''
      ? [{ kind: 'column', column, where: role.title, reason: role.reason, isPrivate: false }]
      : []
  })
}

function decideDateOrder(candidates: readonly Candidate[], options: Options, problems: ProblemList): DateOrder {
  const decision = decideDates(candidates.map(({ date }) => date))
  if (!decision.isSure && options.dates === undefined) {
    problems.add({
      value: decision.example,
      code: 'ask_dates',
      severity: 'block',
      message: decision.reason,
      fix: 'Say whether the day or the month comes first, or write the dates as 2025-06-01.',
    })
  }
  return options.dates ?? decision.value
}

type ColumnContext = Readonly<{
  table: Table
  decimal: DecimalMark
  dateOrder: DateOrder
  signs: Signs | undefined
  options: Options
}>

function readColumn(candidate: Candidate, context: ColumnContext, problems: ProblemList): Column {
  const { format } = context.table.layout
  const pointsInTitle = format.hasPointsInTitles ? /^(.*\S) ?\((\d+(?:[.,]\d+)?)\)$/.exec(unguard(candidate.title)) : null
  const said = readPoints(candidate, context, problems)
  const inTitle = pointsInTitle?.[2] === undefined ? null : canonical(readNumber(pointsInTitle[2], context.decimal) ?? '')
  const isTitleOnly = pointsInTitle?.[1] !== undefined && inTitle !== null && (said === null || said === inTitle)
  const title = unguard(isTitleOnly ? (pointsInTitle?.[1] ?? '') : candidate.title).slice(0, titleCharsMax)
  const maxPoints = said ?? (isTitleOnly ? inTitle : null) ?? pointsOfFractions(context)
  return {
    at: candidate.at,
    title,
    maxPoints,
    pointsRead: maxPoints ?? context.options.knownPoints?.get(foldTitle(title)) ?? defaultMaxPoints,
    dueOn: readDueOn(candidate, context, problems),
  }
}

function canonical(number: string): string | null {
  if (number === '') return null
  const [whole = '', fraction = ''] = number.split('.')
  const rest = fraction.replace(/0+$/, '')
  return (whole.replace(/^0+(?=\d)/, '') || '0') + (rest === '' ? '' : `.${rest}`)
}

function pointsOfFractions({ signs, decimal }: ColumnContext): string | null {
  const [whole, other] = [...(signs?.wholes ?? [])]
  return whole === undefined || other !== undefined ? null : canonical(readNumber(whole, decimal) ?? '')
}

function readPoints({ points, title }: Candidate, { table, decimal }: ColumnContext, problems: ProblemList): string | null {
  if (points === '') return null
  const number = canonical(readNumber(points, decimal) ?? '')
  if (number !== null && Number(number) > 0 && Number(number) <= scoreMax && !/\.\d{4}/.test(number)) return number
  problems.add({
    row: table.roles.indexOf('points') + 1,
    column: title,
    value: points,
    code: 'bad_points',
    severity: 'block',
    message: `${title}: '${points}' is not a number of points above zero.`,
    fix: 'Type how many points the assignment is out of, or leave the cell empty.',
  })
  return null
}

function readDueOn({ date, title }: Candidate, { table, dateOrder }: ColumnContext, problems: ProblemList): string | null {
  if (date === '') return null
  const read = readDate(date, dateOrder)
  if (read.kind === 'date') return read.on
  problems.add({
    row: table.roles.indexOf('dates') + 1,
    column: title,
    value: date,
    code: read.kind === 'unknown_month' ? 'unknown_month' : 'bad_date',
    severity: 'warn',
    message:
      read.kind === 'unknown_month'
        ? `${title}: '${read.word}' is not a month we know. The date was left empty.`
        : `${title}: '${date}' is not a date. It was left empty.`,
    fix: 'Write the date as 2025-06-01.',
  })
  return null
}

function noteAssumedPoints(columns: readonly Column[], { knownPoints }: Options, problems: ProblemList): void {
  const assumed = columns.filter(({ maxPoints, title }) => maxPoints === null && !knownPoints?.has(foldTitle(title)))
  if (assumed.length === 0) return
  const names = assumed.slice(0, 5).map(({ title }) => title)
  problems.add({
    code: 'points_assumed',
    severity: 'warn',
    message: `The file does not say how many points these are out of: ${names.join(', ')}${assumed.length > 5 ? ` and ${assumed.length - 5} more` : ''}. ${defaultMaxPoints} was taken.`,
    fix: 'Add a row that begins with POINTS and gives the points of each assignment.',
  })
}

function noteSameTitles(columns: readonly Column[], { sameTitles }: Options, problems: ProblemList): void {
  const byTitle = new Map<string, Column[]>()
  for (const column of columns) {
    const title = foldTitle(column.title)
    byTitle.set(title, [...(byTitle.get(title) ?? []), column])
  }
  for (const same of byTitle.values()) {
    if (same.length < 2) continue
    const areDated = new Set(same.map(({ dueOn }) => dueOn ?? '')).size === same.length
    if (areDated && sameTitles === 'different') continue
    const [first] = same
    problems.add({
      column: first?.title ?? null,
      value: same.map(({ at }) => columnName(at)).join(', '),
      code: 'same_title',
      severity: 'block',
      message: `Columns ${same.map(({ at }) => columnName(at)).join(' and ')} are both called '${first?.title}'. Are they the same assignment or different ones?`,
      fix: areDated
        ? 'If they are different, say so (their dates tell them apart) or rename one; if they are the same, delete one.'
        : 'If they are different, give one another title; if they are the same, delete one.',
    })
  }
}
