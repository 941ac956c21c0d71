import { percentOf } from '@/components/gradebook/bands'
import { parseCell, unpackCells } from '@/lib/gradebook/cell'
import type { AssignmentView, GradebookStudent, GradebookView } from '@/lib/gradebook/views'

/** One student of the grid with their packed cells, in the order of `GradebookView.assignments`. */
export type GridRow = Readonly<{ student: GradebookStudent; cells: readonly string[]; missingCount: number }>

/** The rows of a gradebook, in the order it came. */
export function rowsOf({ students, assignments, cells }: Pick<GradebookView, 'students' | 'assignments' | 'cells'>): GridRow[] {
  const table = unpackCells(cells, students.length, assignments.length)
  return students.map((student, index) => {
    const own = table[index] ?? []
    return { student, cells: own, missingCount: own.filter((cell) => cell === 'MI').length }
  })
}

/** Assignments whose title holds `title` and which carry `tag`; empty texts keep all. Positions are those in the gradebook. */
export function shownAssignments(
  assignments: readonly AssignmentView[],
  { title, tag }: Readonly<{ title: string; tag: string }>,
): readonly Readonly<{ position: number; assignment: AssignmentView }>[] {
  const wanted = fold(title)
  return assignments.flatMap((assignment, position) => {
    const matches = fold(assignment.title).includes(wanted) && (tag === '' || assignment.tags.includes(tag))
    return matches ? [{ position, assignment }] : []
  })
}

/** All tags of a gradebook, once each, in alphabetical order. */
export function tagsOf(assignments: readonly AssignmentView[], locale: string): readonly string[] {
  return [...new Set(assignments.flatMap(({ tags }) => tags))].sort(new Intl.Collator(locale).compare)
}

/** The percent a cell sorts by; undefined (always last) when there is no score: ungraded is not zero. */
export function sortValue(cell: string | undefined, maxPoints: string): number | undefined {
  return percentOf(parseCell(cell ?? '')?.score ?? null, maxPoints) ?? undefined
}

/** Case, accents and surrounding spaces do not matter to someone who searches. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
