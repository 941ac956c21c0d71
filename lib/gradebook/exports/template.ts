import { formatCell } from '../cell'
import { csvBytes, guardText } from '../csv-cells'
import { type ClassSheet, columnTitles, gradesOfRow } from './class-sheet'
import { csvMediaType, type ExportFormat } from './format'
import { studentKey } from '../student-key'

/** Our own template, filled: the one file that holds every status. */
export const template: ExportFormat = {
  id: 'template',
  label: 'Grade Insight template (CSV)',
  purpose: 'To change many grades in a spreadsheet and upload the file again. Holds every status.',
  cannotHold: ['comments', 'categories and tags', 'what is published and what is extra credit'],
  ending: 'csv',
  mediaType: csvMediaType,
  write: (sheet) => csvBytes(templateRows(sheet, { withGrades: true })),
}

/**
 * Rows of the template. Students stand under their e-mail. Where somebody has none, a column of student numbers comes with it, and who
 * has neither stands there under our own key, so that two students of one name are still told apart when the file comes back.
 */
export function templateRows(sheet: ClassSheet, { withGrades }: { withGrades: boolean }): string[][] {
  const { students, assignments } = sheet
  const hasNumbers = students.some(({ email }) => email === null)
  const identity = ['last_name', 'first_name', 'email', ...(hasNumbers ? ['student_number'] : [])]
  const markers = identity.slice(1).map(() => '-')
  return [
    [...identity, ...columnTitles(assignments).map(guardText)],
    ['DATE', ...markers, ...assignments.map(({ dueOn }) => dueOn ?? '')],
    ['POINTS', ...markers, ...assignments.map(({ maxPoints }) => maxPoints)],
    ...students.map(({ id, lastName, firstName, email, number }, row) => [
      ...[lastName, firstName, email ?? ''].map(guardText),
      ...(hasNumbers ? [guardText(number ?? (email === null ? studentKey(id) : ''))] : []),
      ...(withGrades ? gradesOfRow(sheet, row).map(formatCell) : assignments.map(() => '')),
    ]),
  ]
}
