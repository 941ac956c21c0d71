import 'server-only'
import type { ImportRow } from './import-row'
import { labelOfSource } from './source-label'
import { undoUntil } from './undo'
import type { ImportCounts, ImportSummary } from './views'

/** The source of an upload that a worker has not read yet. */
export const unreadSource = 'unread'

/** An import as lists and pages show it, at this moment. */
export function summaryOf(row: ImportRow, canImport: boolean): ImportSummary {
  const until = undoUntil(row.committedAt)
  const isInTime = until !== null && until.getTime() >= Date.now()
  const isOpen = canImport && isInTime && !row.isLocked && !row.isArchived
  return {
    id: row.id,
    classId: row.classId,
    className: row.className,
    termName: row.termName,
    state: row.state,
    fileName: row.fileName,
    fileSha256: row.fileSha256,
    source: row.source,
    sourceLabel: row.source === unreadSource ? 'Not read yet' : labelOfSource(row.source),
    actorName: row.actorName ?? (row.actor.startsWith('token:') ? 'API' : 'Former member'),
    createdAt: row.createdAt.toISOString(),
    committedAt: row.committedAt?.toISOString() ?? null,
    undoneAt: row.undoneAt?.toISOString() ?? null,
    canUndo: isOpen && row.state === 'committed',
    canRedo: isOpen && (row.state === 'undone' || row.receipt?.undone !== undefined),
    hasChanges: changesAnything(row.counts),
    undoUntil: row.state === 'committed' ? (until?.toISOString() ?? null) : null,
    counts: row.counts,
  }
}

/** False when a plan would write nothing at all: no grade, no student, no assignment. */
function changesAnything(counts: ImportCounts): boolean {
  const { cellsNew, cellsChanged, cellsCleared, studentsNew, studentsEnrolled, assignmentsNew, assignmentsChanged } = counts
  return cellsNew + cellsChanged + cellsCleared + studentsNew + studentsEnrolled + assignmentsNew + assignmentsChanged > 0
}
