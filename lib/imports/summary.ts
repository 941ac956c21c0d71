import 'server-only'
import type { ImportRow } from './import-row'
import { labelOfSource } from './source-label'
import { undoUntil } from './undo'
import type { ImportSummary } from './views'

/** The source of an upload that a worker has not read yet. */
export const unreadSource = 'unread'

/** An import as lists and pages show it, at this moment. */
export function summaryOf(row: ImportRow, canImport: boolean): ImportSummary {
  const until = undoUntil(row.committedAt)
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
    canUndo:
      canImport &&
      row.state === 'committed' &&
      until !== null &&
      until.getTime() >= Date.now() &&
      !row.isLocked &&
      !row.isArchived,
    undoUntil: row.state === 'committed' ? (until?.toISOString() ?? null) : null,
    counts: row.counts,
  }
}
