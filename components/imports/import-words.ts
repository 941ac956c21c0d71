import { countOf, type Format } from '@/components/ui/format'
import type { BadgeTone } from '@/components/ui/badge'
import type { ImportCounts, ImportState, ImportSummary, ReviewCellKind } from '@/lib/imports/views'

const stateWords: Readonly<Record<ImportState, { word: string; tone: BadgeTone }>> = {
  reading: { word: 'Being read', tone: 'plain' },
  planned: { word: 'Waiting for you', tone: 'accent' },
  blocked: { word: 'Has a question', tone: 'watch' },
  committed: { word: 'Written', tone: 'good' },
  undone: { word: 'Undone', tone: 'plain' },
  discarded: { word: 'Discarded', tone: 'plain' },
}

/** The word and tone of how an import stands: one that would write nothing is nothing to wait for. */
export function stateWord({
  state,
  hasChanges,
  canRedo,
}: Pick<ImportSummary, 'state' | 'hasChanges' | 'canRedo'>): (typeof stateWords)[ImportState] {
  if (state === 'planned' && !hasChanges) return { word: 'Nothing to change', tone: 'plain' }
  if (state === 'committed' && canRedo) return { word: 'Undone in part', tone: 'plain' }
  return stateWords[state]
}

/** What happens to a cell, in a word. */
export const cellKindWords: Readonly<Record<ReviewCellKind, string>> = {
  same: 'same as now',
  new: 'new',
  changed: 'changed',
  cleared: 'cleared',
  kept: 'kept as it is',
  rejected: 'left out',
}

/** How many grades a commit writes: new, changed and cleared ones. */
export function writtenCells({ cellsNew, cellsChanged, cellsCleared }: ImportCounts): number {
  return cellsNew + cellsChanged + cellsCleared
}

/** True when committing would change nothing at all. */
export function changesNothing(counts: ImportCounts): boolean {
  const others = counts.studentsNew + counts.studentsEnrolled + counts.assignmentsNew + counts.assignmentsChanged
  return writtenCells(counts) + others === 0
}

/** The words on the commit button: exactly what it will do. */
export function commitWords(counts: ImportCounts, studentCount: number, format: Format): string {
  const { cellsNew, cellsChanged, cellsCleared } = counts
  const written = cellsNew + cellsChanged
  if (written + cellsCleared === 0) return 'Write these changes'
  const parts = [
    ...(written > 0 ? [`write ${countOf(written, 'grade', 'grades', format)}`] : []),
    ...(cellsCleared > 0 ? [`clear ${countOf(cellsCleared, 'grade', 'grades', format)}`] : []),
  ]
  const said = `${parts.join(' and ')} for ${countOf(studentCount, 'student', 'students', format)}`
  return said.charAt(0).toUpperCase() + said.slice(1)
}

/** One line that says what an import did or would do, without what did not happen. */
export function summaryWords(counts: ImportCounts, format: Format): string {
  const parts = [
    [counts.cellsNew, 'new grade', 'new grades'],
    [counts.cellsChanged, 'changed grade', 'changed grades'],
    [counts.cellsCleared, 'cleared grade', 'cleared grades'],
    [counts.assignmentsNew, 'new assignment', 'new assignments'],
    [counts.assignmentsChanged, 'changed assignment', 'changed assignments'],
    [counts.studentsNew, 'new student', 'new students'],
    [counts.studentsEnrolled, 'student added to the class', 'students added to the class'],
  ] as const
  const said = parts.flatMap(([count, one, many]) => (count === 0 ? [] : [countOf(count, one, many, format)]))
  return said.length === 0 ? 'No changes' : said.join(', ')
}
