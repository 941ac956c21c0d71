/** The students of a class by a file instead of a database, and which of them another file means. Pure but for pausing. */
import type { ImportChoices } from './choices'
import type { ClassStudent } from './class-state'
import { detectLayout } from './detect'
import { matchStudents, skipped } from './match'
import { openTable } from './open'
import type { ParsedFile } from './parsed'
import { createProblems, type Noted, problem } from './problems'
import { readStudents } from './roster'
import { rowRoles } from './row-roles'
import type { ImportProblem } from './views'

export type ClassRoster = Readonly<{
  kind: 'roster'
  students: readonly ClassStudent[]
  known: ReadonlyMap<string, ClassStudent>
}>

/** Reads a table of students; other columns of it do not matter. Students of rows that are refused are of no class. */
export async function readClassRoster(
  upload: Readonly<{ name: string; bytes: Uint8Array }>,
): Promise<ClassRoster | Readonly<{ kind: 'refused'; problem: ImportProblem }>> {
  const opened = await openTable(upload.bytes, { fileName: upload.name })
  if (opened.kind === 'refused') return refuse(opened.problem)
  const { rows, delimiter } = opened.table
  const detected = detectLayout(rows)
  if (detected.kind === 'refused') return refuse(detected.problem)
  const { layout } = detected
  const { students: read } = readStudents({ rows, roles: rowRoles(rows, layout), layout, delimiter }, createProblems(), new Set())
  if (read.length === 0) return refuse(nobody())
  const students = read.map(({ row, lastName, firstName }) => ({ id: `row ${row}`, lastName, firstName }))
  const known = new Map<string, ClassStudent>()
  for (const [at, { identifiers }] of read.entries()) {
    const student = students[at]
    if (student === undefined) continue
    for (const { kind, folded } of identifiers) known.set(`${kind}\t${folded}`, student)
  }
  return { kind: 'roster', students, known }
}

export type Compared = Readonly<{
  problems: readonly Noted[]
  /** Rows that an import would take. */
  importable: number
  counts: Readonly<{ matched: number; unmatched: number; absent: number }>
}>

/** Matches a file's students with the class as a plan does. */
export function compareWithClass(file: ParsedFile, { students, known }: ClassRoster, choices: ImportChoices): Compared {
  const chosen = new Map(students.map((student) => [student.id, student]))
  const matches = matchStudents(file, { students }, { known, chosen, choices: choices.students ?? {} })
  const rows = matches.found.flatMap((student) => (student === null || student === skipped ? [] : [student]))
  const matched = new Set(rows.flatMap(({ id }) => id ?? []))
  const unmatched = rows.filter(({ id }) => id === null)
  return {
    problems: [...matches.problems, ...unmatched.map(notInClass)],
    importable: rows.length,
    counts: { matched: matched.size, unmatched: unmatched.length, absent: students.length - matched.size },
  }
}

function notInClass({ row, lastName, firstName }: Readonly<{ row: number; lastName: string; firstName: string }>): Noted {
  return {
    row,
    value: `${lastName}, ${firstName}`,
    code: 'unmatched_student',
    severity: 'warn',
    message: `Row ${row}: the class has no student ${[firstName, lastName].filter((name) => name !== '').join(' ')}. An import would add one.`,
    fix: 'Mend the e-mail or number if the student is in the class under another one.',
  }
}

function nobody(): ImportProblem {
  return problem({
    code: 'no_students',
    severity: 'block',
    message: 'It names no student.',
    fix: 'Give a table with columns last_name, first_name, email.',
  })
}

function refuse(why: ImportProblem): Readonly<{ kind: 'refused'; problem: ImportProblem }> {
  return {
    kind: 'refused',
    problem: problem({ ...why, code: `class_file_${why.code}`, message: `The class file cannot be read. ${why.message}` }),
  }
}
