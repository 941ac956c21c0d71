import { csvBytes, guardText } from '../csv-cells'
import { type ClassSheet, columnTitles, gradesOfRow, identifierCells } from './class-sheet'
import { csvMediaType, type ExportFormat, plainCell } from './format'

const words = { excused: '-', missing: '-', none: '-' }

/** A Moodle grade export in real grades, with the time of the download, by which an import knows what was graded since. */
export const moodle: ExportFormat = {
  id: 'moodle',
  label: 'Moodle (CSV)',
  purpose: 'For Grades, Import, CSV file in a Moodle course. Map students by "Email address" or "ID number".',
  cannotHold: [
    'excused and missing work (Moodle reads "-" as no grade)',
    'that work was late or is incomplete (its score is there)',
    'points, dates, categories and tags',
    'comments',
  ],
  ending: 'csv',
  mediaType: csvMediaType,
  write: (sheet) => csvBytes(rowsOf(sheet)),
}

function rowsOf(sheet: ClassSheet): string[][] {
  const downloaded = String(Math.floor(sheet.at.getTime() / 1000))
  const people = ['First name', 'Last name', 'ID number', 'Institution', 'Department', 'Email address']
  return [
    [
      ...people,
      ...columnTitles(sheet.assignments).map((title) => guardText(`${title} (Real)`)),
      'Last downloaded from this course',
    ],
    ...sheet.students.map((student, row) => {
      const [number = '', email = ''] = identifierCells(student, [['number'], ['email']])
      return [
        ...[student.firstName, student.lastName, number, '', '', email].map(guardText),
        ...gradesOfRow(sheet, row).map((grade) => plainCell(grade, words)),
        downloaded,
      ]
    }),
  ]
}
