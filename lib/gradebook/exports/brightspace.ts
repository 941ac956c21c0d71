import { csvBytes, guardText } from '../csv-cells'
import { type ClassSheet, columnTitles, gradesOfRow, identifierCells, type SheetAssignment } from './class-sheet'
import { csvMediaType, type ExportFormat, plainCell } from './format'

const words = { excused: '', missing: '', none: '' }

/** A Brightspace grade export: `#` before what names a student, the points in each heading, and `#` at the end of every row. */
export const brightspace: ExportFormat = {
  id: 'brightspace',
  label: 'Brightspace (CSV)',
  purpose: 'For Grades, Enter Grades, Import in a Brightspace course. Items of the same name and kind take the grades.',
  cannotHold: [
    'excused, missing and incomplete work without a score (left empty)',
    'that work was late or is incomplete (its score is there)',
    'dates and tags',
    'comments',
  ],
  ending: 'csv',
  mediaType: csvMediaType,
  write: (sheet) => csvBytes(rowsOf(sheet)),
}

function rowsOf(sheet: ClassSheet): string[][] {
  const titles = columnTitles(sheet.assignments)
  const headings = sheet.assignments.map((assignment, at) => guardText(headingOf(assignment, titles[at] ?? assignment.title)))
  return [
    ['OrgDefinedId', 'Username', 'Last Name', 'First Name', 'Email', ...headings, 'End-of-Line Indicator'],
    ...sheet.students.map((student, row) => {
      const [number = '', username = '', email = ''] = identifierCells(student, [['number'], ['username'], ['email']])
      return [
        ...[number, username].map((value) => (value === '' ? '' : `#${value}`)),
        ...[student.lastName, student.firstName, email].map(guardText),
        ...gradesOfRow(sheet, row).map((grade) => plainCell(grade, words)),
        '#',
      ]
    }),
  ]
}

function headingOf({ maxPoints, category }: SheetAssignment, title: string): string {
  const place = category === null ? '' : ` Category:${category.replaceAll(/[<>]/g, ' ')}`
  return `${title} Points Grade <Numeric MaxPoints:${maxPoints}${place}>`
}
