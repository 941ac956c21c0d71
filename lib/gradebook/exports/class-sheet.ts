/**
 * A class and term as every export format is given it: plain rows of students, columns of assignments and the grades between.
 * A format only arranges them. Pure.
 */
import type { Grade } from '../cell'
import { studentKey } from '../student-key'

/** How files know a student; null what the school does not know. */
export type SheetIdentifiers = Readonly<{
  email: string | null
  number: string | null
  username: string | null
  sis: string | null
}>

export type SheetStudent = Readonly<{ id: string; lastName: string; firstName: string; section: string | null }> &
  SheetIdentifiers

export type SheetAssignment = Readonly<{
  id: string
  title: string
  maxPoints: string
  dueOn: string | null
  category: string | null
  /** What other systems are known to call it, by source. */
  links: Readonly<Record<string, string>>
}>

export type ClassSheet = Readonly<{
  tenantId: string
  schoolName: string
  class: Readonly<{ id: string; name: string; subject: string | null }>
  term: Readonly<{ id: string; name: string; startsOn: string; endsOn: string }>
  /** When it was read; formats that carry the time of their download write it. */
  at: Date
  students: readonly SheetStudent[]
  assignments: readonly SheetAssignment[]
  /** Students x assignments in the order of both. */
  grades: readonly (readonly (Grade | null)[])[]
  /** `studentId assignmentId` -> what the teacher wrote beside the grade. */
  comments: ReadonlyMap<string, string>
}>

/**
 * What a column of identifiers says about each student: the first of `kinds` the student has. Who has none of them at all gets our own
 * key, by which an import finds that one student, so that people of one name are never mixed up.
 */
export function identifierCells(
  student: SheetStudent,
  columns: readonly (readonly (keyof SheetIdentifiers)[])[],
): readonly string[] {
  const cells = columns.map((kinds) => kinds.map((kind) => student[kind]).find((value) => value !== null) ?? '')
  return cells.every((cell) => cell === '') ? [studentKey(student.id), ...cells.slice(1)] : cells
}

/**
 * Titles as columns of a file tell them apart: assignments of one title carry their date, `Essay [2026-10-01]`, which an import reads
 * back as that one assignment. A title that stands alone stays as it is.
 */
export function columnTitles(assignments: readonly SheetAssignment[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { title } of assignments) counts.set(title, (counts.get(title) ?? 0) + 1)
  return assignments.map(({ title, dueOn }) => ((counts.get(title) ?? 0) > 1 ? `${title} [${dueOn ?? 'no date'}]` : title))
}

/** The grades of one student, in the order of the assignments. */
export function gradesOfRow({ grades, assignments }: ClassSheet, row: number): readonly (Grade | null)[] {
  return grades[row] ?? assignments.map(() => null)
}
