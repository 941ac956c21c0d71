import type { Grade, GradeStatus } from './cell'

/**
 * Grades by student out of what a query gathers: a line a student, the id, then 'column status score' for each grade, by tabs. Each
 * student's list is as long as there are columns. Pure.
 */
export function parseGradeLines(text: string, columnCount: number): ReadonlyMap<string, (Grade | null)[]> {
  const lines = text === '' ? [] : text.split('\n')
  return new Map(
    lines.map((line) => {
      const [studentId = '', ...cells] = line.split('\t')
      const grades = new Array<Grade | null>(columnCount).fill(null)
      for (const cell of cells) {
        const [place, status, score] = cell.split(' ')
        // The table's check allows these five words only.
        grades[Number(place)] = { score: score === undefined || score === '' ? null : score, status: status as GradeStatus }
      }
      return [studentId, grades]
    }),
  )
}
