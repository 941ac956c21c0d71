import type { z } from 'zod'
import { unpackCells, parseCell } from '@/lib/gradebook/cell'
import type { GradebookView } from '@/lib/gradebook/views'
import { fieldProblem, RequestProblem } from './problem'
import type { classGrades } from './schemas'

type ClassGrades = z.input<typeof classGrades>

/** A page of a gradebook's students with their grades; the cursor inside is the last student's id. */
export function classGradesPage(
  view: GradebookView,
  slice: Readonly<{ limit: number; cursor?: string | undefined }>,
): ClassGrades {
  const from = slice.cursor === undefined ? 0 : placeAfter(view, slice.cursor)
  const cells = unpackCells(view.cells, view.students.length, view.assignments.length)
  const students = view.students.slice(from, from + slice.limit)
  const items = students.map(({ id, name, section, totals }, offset) => ({
    studentId: id,
    name,
    section,
    totals,
    grades: gradesOf(view, cells[from + offset] ?? []),
  }))
  const isEnd = from + slice.limit >= view.students.length
  const assignments = view.assignments.map((assignment) => ({ ...assignment, tags: [...assignment.tags] }))
  return { class: view.class, term: view.term, assignments, items, nextCursor: isEnd ? null : (students.at(-1)?.id ?? null) }
}

function gradesOf({ assignments }: GradebookView, texts: readonly string[]): ClassGrades['items'][number]['grades'] {
  return assignments.flatMap(({ id }, column) => {
    const grade = parseCell(texts[column] ?? '')
    return grade === null ? [] : [{ assignmentId: id, ...grade }]
  })
}

/** Somebody who left the class between two pages would make the place a guess: then the list starts again. */
function placeAfter({ students }: GradebookView, studentId: string): number {
  const at = students.findIndex(({ id }) => id === studentId)
  if (at >= 0) return at + 1
  throw new RequestProblem('invalid_input', 'The class changed while you were reading. Start again without a cursor.', [
    fieldProblem('query.cursor', 'No longer a place in this list.'),
  ])
}
