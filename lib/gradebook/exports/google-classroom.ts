import { csvBytes, guardText } from '../csv-cells'
import { studentKeyAddress } from '../student-key'
import { type ClassSheet, columnTitles, gradesOfRow } from './class-sheet'
import { csvMediaType, type ExportFormat, plainCell } from './format'

const words = { excused: 'Excused', missing: 'Missing', none: '' }

/** As Google Classroom writes "Download all grades as CSV": names, e-mail, a column an assignment, rows of dates and points. */
export const googleClassroom: ExportFormat = {
  id: 'google-classroom',
  label: 'Google Classroom (CSV)',
  purpose: 'For sheets and tools made for the file that Classroom downloads. Classroom itself takes in no file of grades.',
  cannotHold: [
    'that work was late or is incomplete (its score is there)',
    'incomplete work without a score',
    'student numbers and user names',
    'comments, categories and tags',
  ],
  ending: 'csv',
  mediaType: csvMediaType,
  write: (sheet) => csvBytes(rowsOf(sheet)),
}

function rowsOf(sheet: ClassSheet): string[][] {
  const { students, assignments } = sheet
  return [
    ['Last Name', 'First Name', 'Email Address', ...titlesOf(sheet).map(guardText)],
    ['Date', '', '', ...assignments.map(({ dueOn }) => dueOn ?? '')],
    ['Points', '', '', ...assignments.map(({ maxPoints }) => maxPoints)],
    ...students.map(({ id, lastName, firstName, email }, row) => [
      ...[lastName, firstName, email ?? studentKeyAddress(id)].map(guardText),
      ...gradesOfRow(sheet, row).map((grade) => plainCell(grade, words)),
    ]),
  ]
}

/** In these files `Quiz (20)` is a quiz of 20 points; a title that itself ends like that is followed by its points. */
function titlesOf({ assignments }: ClassSheet): string[] {
  return columnTitles(assignments).map((title, at) =>
    /\(\d+(?:[.,]\d+)?\)$/.test(title) ? `${title} (${assignments[at]?.maxPoints})` : title,
  )
}
