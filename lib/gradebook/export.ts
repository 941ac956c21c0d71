import 'server-only'
import { auditRead } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { unpackCells } from './cell'
import { csvBytes, fileNameOf, guardText } from './csv-cells'
import { type GradebookRead, readGradebook } from './gradebook'

/**
 * The class as a file in our own template: with its grades (an export) or without (a list to fill in). Importing an export
 * again changes nothing. Null when the class or term does not exist or the viewer may not see or export it. The grades'
 * reader is recorded. Throws `conflict` when the school has no term at all.
 */
export async function exportTemplate(
  ctx: TenantContext,
  viewer: Viewer,
  { classId, termId = null, withGrades }: { classId: string; termId?: string | null; withGrades: boolean },
): Promise<Readonly<{ fileName: string; bytes: Uint8Array }> | null> {
  if (!viewer.rights.has('grades.export')) return null
  const found = await readGradebook(ctx, viewer, { classId, termId })
  if (found === null) return null
  const { view } = found
  await auditRead(ctx, {
    actor: viewer.actor,
    action: 'gradebook.export',
    subjectKind: 'class',
    subjectId: classId,
    detail: { term: view.term.id, students: view.students.length, grades: withGrades },
  })
  return {
    fileName: fileNameOf([withGrades ? 'grades' : 'template', view.class.name, view.term.name], 'csv'),
    bytes: csvBytes(templateRows(found, withGrades)),
  }
}

/**
 * Students stand under their e-mail. Where somebody has none, a column of student numbers comes with it, so that two
 * students of one name are still told apart when the file comes back.
 */
function templateRows({ view, people }: GradebookRead, withGrades: boolean): string[][] {
  const { students, assignments } = view
  const cells = withGrades ? unpackCells(view.cells, students.length, assignments.length) : null
  const hasNumbers = people.some(({ email, number }) => email === null && number !== null)
  const identity = ['last_name', 'first_name', 'email', ...(hasNumbers ? ['student_number'] : [])]
  const markers = identity.slice(1).map(() => '-')
  return [
    [...identity, ...assignments.map(({ title }) => guardText(title))],
    ['DATE', ...markers, ...assignments.map(({ dueOn }) => dueOn ?? '')],
    ['POINTS', ...markers, ...assignments.map(({ maxPoints }) => maxPoints)],
    ...people.map(({ lastName, firstName, email, number }, row) => [
      ...[lastName, firstName, email ?? '', ...(hasNumbers ? [number ?? ''] : [])].map(guardText),
      ...(cells?.[row] ?? assignments.map(() => '')),
    ]),
  ]
}
