/** What an export format is: how it is called, what it is for, what it cannot hold, and how it is written. */
import type { Grade } from '../cell'
import type { ClassSheet } from './class-sheet'

export const exportFormatIds = [
  'template',
  'xlsx',
  'canvas',
  'google-classroom',
  'moodle',
  'brightspace',
  'oneroster-1.1',
  'oneroster-1.2',
] as const
export type ExportFormatId = (typeof exportFormatIds)[number]

/** The format of this id, or null. */
export function exportFormatOf(id: string): ExportFormatId | null {
  return exportFormatIds.find((known) => known === id) ?? null
}

export type ExportFormat = Readonly<{
  id: ExportFormatId
  label: string
  /** For the teacher who chooses: what to do with the file. */
  purpose: string
  /** What of the gradebook such a file has no place for, each as a short sentence; nothing is left out in silence. */
  cannotHold: readonly string[]
  ending: 'csv' | 'xlsx' | 'zip'
  mediaType: string
  /** The whole file. Pure: the same sheet gives the same bytes, but for workbooks, which hold the time they were made. */
  write: (sheet: ClassSheet) => Uint8Array | Promise<Uint8Array>
}>

export const csvMediaType = 'text/csv; charset=utf-8'

/**
 * A grade where a cell holds a number, one word for excused, one for missing and nothing else. Late and incomplete work keeps its score;
 * our importer knows of these files that they cannot say more, and leaves the mark as it is.
 */
export function plainCell(grade: Grade | null, words: Readonly<{ excused: string; missing: string; none: string }>): string {
  if (grade === null) return words.none
  if (grade.status === 'excused') return words.excused
  if (grade.status === 'missing' && grade.score === null) return words.missing
  return grade.score ?? words.none
}
