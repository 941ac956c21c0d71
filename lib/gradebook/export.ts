import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { ProblemError } from '@/lib/errors'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { readClassSheet } from './class-sheet-read'
import { csvBytes, fileNameOf } from './csv-cells'
import type { ClassSheet } from './exports/class-sheet'
import { csvMediaType, type ExportFormatId } from './exports/format'
import { exportFormats } from './exports/formats'
import { templateRows } from './exports/template'

/** Students times assignments; as much as an import takes in, so that every export can come back. */
const exportCellsMax = 2_000_000

/** A file for download. */
export type ExportedFile = Readonly<{ fileName: string; mediaType: string; bytes: Uint8Array }>

type Place = Readonly<{ classId: string; termId?: string | null }>

/**
 * A class and term with its grades as a file of `format`. Importing it again changes nothing. Null when the class or term does not exist
 * or the viewer may not see its grades. The read is recorded. Throws `conflict` when the school has no term at all, `too_large` beyond
 * what a file can take.
 */
export async function exportClass(
  ctx: TenantContext,
  viewer: Viewer,
  { classId, termId = null, format: id }: Place & Readonly<{ format: ExportFormatId }>,
): Promise<ExportedFile | null> {
  const format = exportFormats.find((known) => known.id === id)
  const sheet = await readClassSheet(ctx, viewer, { classId, termId })
  if (format === undefined || sheet === null) return null
  refuseLarge(sheet)
  await recordExport(ctx, viewer, sheet, { format: id, grades: true })
  const day = sheet.at.toISOString().slice(0, 10)
  const fileName = fileNameOf([sheet.class.name, sheet.term.name, id, day], format.ending)
  return { fileName, mediaType: format.mediaType, bytes: await format.write(sheet) }
}

/**
 * The class as a file in our own template: with its grades (an export) or without (a list to fill in). Null and throws as `exportClass`,
 * and null without the right to export.
 */
export async function exportTemplate(
  ctx: TenantContext,
  viewer: Viewer,
  { classId, termId = null, withGrades }: Place & Readonly<{ withGrades: boolean }>,
): Promise<ExportedFile | null> {
  if (!viewer.rights.has('grades.export')) return null
  const sheet = await readClassSheet(ctx, viewer, { classId, termId })
  if (sheet === null) return null
  refuseLarge(sheet)
  await recordExport(ctx, viewer, sheet, { format: 'template', grades: withGrades })
  return {
    fileName: fileNameOf([withGrades ? 'grades' : 'template', sheet.class.name, sheet.term.name], 'csv'),
    mediaType: csvMediaType,
    bytes: csvBytes(templateRows(sheet, { withGrades })),
  }
}

/**
 * The class and term that would be exported, by name, for the page that asks for more. Null as `exportClass`; nothing of a student is
 * in it, so it is not recorded.
 */
export async function findExportPlace(
  ctx: TenantContext,
  viewer: Viewer,
  { classId, termId = null }: Place,
): Promise<Readonly<{ className: string; termId: string; termName: string }> | null> {
  const sheet = await readClassSheet(ctx, viewer, { classId, termId })
  return sheet && { className: sheet.class.name, termId: sheet.term.id, termName: sheet.term.name }
}

function refuseLarge({ students, assignments }: ClassSheet): void {
  if (students.length * assignments.length <= exportCellsMax) return
  throw new ProblemError(
    'too_large',
    `This class has more than ${exportCellsMax} grades in one term, which no file takes. Split it into sections.`,
  )
}

async function recordExport(
  ctx: TenantContext,
  viewer: Viewer,
  { class: { id }, term, students }: ClassSheet,
  what: Readonly<{ format: string; grades: boolean }>,
): Promise<void> {
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'gradebook.export',
    subjectKind: 'class',
    subjectId: id,
    detail: { term: term.id, students: students.length, ...what },
  })
}
