/** What a file would say if it were uploaded, without a school to compare it with: for checks of the engine. Pure but for pausing. */
import { parseCell } from '@/lib/gradebook/cell'
import { clear } from './cells'
import { type ClassRoster, compareWithClass, readClassRoster } from './check-class'
import type { ImportChoices } from './choices'
import { parseFile } from './parse'
import { isRejected, type ParsedFile } from './parsed'
import { createProblems } from './problems'
import type { IgnoredPart, ImportProblem } from './views'

const cellKinds = ['scores', 'blanks', 'excused', 'missing', 'late', 'incomplete', 'cleared', 'rejected'] as const
export type CellCounts = Readonly<Record<(typeof cellKinds)[number], number>>

/** `ok`, `warn`: can be imported; `ask`: once the questions are answered; `refuse`: not at all. Null where a refused file says nothing. */
export type FileCheck = Readonly<{
  outcome: 'ok' | 'warn' | 'ask' | 'refuse'
  source: string | null
  encoding: string | null
  delimiter: string | null
  headerRow: number | null
  numbers: string | null
  dates: string | null
  students: number
  assignments: readonly Readonly<{ title: string; points: string | null; date: string | null }>[]
  cells: CellCounts
  /** Sheets or files to choose from. */
  parts: readonly string[]
  questions: readonly Readonly<{ code: string; message: string; fix: string }>[]
  problems: readonly ImportProblem[]
  ignored: readonly IgnoredPart[]
  /** How the file's students compare with those of a class; null without one. */
  class: Readonly<{ matched: number; unmatched: number; absent: number }> | null
}>

type Upload = Readonly<{ name: string; bytes: Uint8Array }>

/** Reads a file as an upload would be read. With a roster, its students are matched as in a class of these students. */
export async function checkFile(upload: Upload, roster: Upload | null, answers: ImportChoices): Promise<FileCheck> {
  const students = roster === null ? null : await readClassRoster(roster)
  if (students?.kind === 'refused') return refusedCheck([students.problem])
  const parsed = await parseFile(upload.bytes, { ...answers, fileName: upload.name })
  return parsed.kind === 'refused' ? refusedCheck(parsed.problems) : describe(parsed.file, students, answers)
}

/** The check of a file of which nothing can be imported. */
export function refusedCheck(problems: readonly ImportProblem[]): FileCheck {
  return {
    outcome: 'refuse',
    source: null,
    encoding: null,
    delimiter: null,
    headerRow: null,
    numbers: null,
    dates: null,
    students: 0,
    assignments: [],
    cells: countCells([]),
    parts: [],
    questions: [],
    problems,
    ignored: [],
    class: null,
  }
}

function describe(file: ParsedFile, roster: ClassRoster | null, answers: ImportChoices): FileCheck {
  const compared = roster === null ? null : compareWithClass(file, roster, answers)
  const problems = createProblems()
  for (const each of [...file.problems, ...(compared?.problems ?? [])]) problems.add(each)
  const all = problems.list()
  const blocking = all.filter(({ severity }) => severity === 'block')
  return {
    outcome: outcomeOf(all, blocking, file, compared?.importable ?? file.students.length),
    source: file.source,
    encoding: file.encoding,
    delimiter: file.delimiter,
    headerRow: file.headingRow,
    numbers: file.decimal,
    dates: file.dateOrder,
    students: file.students.length,
    assignments: file.assignments.map(({ title, maxPoints, dueOn }) => ({ title, points: maxPoints, date: dueOn })),
    cells: countCells(file.cells),
    parts: file.parts,
    questions: blocking.map(({ code, message, fix }) => ({ code, message, fix })),
    problems: all,
    ignored: file.ignored,
    class: compared?.counts ?? null,
  }
}

function outcomeOf(
  problems: readonly ImportProblem[],
  blocking: readonly ImportProblem[],
  { isBlocked }: ParsedFile,
  importable: number,
): FileCheck['outcome'] {
  if (isBlocked || blocking.length > 0) return 'ask'
  if (importable === 0) return 'refuse'
  return problems.length > 0 ? 'warn' : 'ok'
}

const kindOfStatus = { graded: 'scores', late: 'late', excused: 'excused', missing: 'missing', incomplete: 'incomplete' } as const

function countCells(cells: readonly (readonly string[])[]): CellCounts {
  const counts: Record<(typeof cellKinds)[number], number> = {
    scores: 0,
    blanks: 0,
    excused: 0,
    missing: 0,
    late: 0,
    incomplete: 0,
    cleared: 0,
    rejected: 0,
  }
  for (const row of cells) for (const token of row) counts[kindOf(token)]++
  return counts
}

function kindOf(token: string): (typeof cellKinds)[number] {
  if (token === clear) return 'cleared'
  if (isRejected(token)) return 'rejected'
  const grade = parseCell(token)
  return grade === null ? 'blanks' : kindOfStatus[grade.status]
}
