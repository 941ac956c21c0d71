import { listName } from '@/lib/people/names'
import { csvBytes, guardText } from '../csv-cells'
import { type ClassSheet, columnTitles, gradesOfRow, identifierCells } from './class-sheet'
import { csvMediaType, type ExportFormat, plainCell } from './format'

const words = { excused: 'EX', missing: '', none: '' }

/**
 * A Canvas gradebook file. `ID` and the number behind a title are given out by Canvas. The number is written where an import has told it;
 * a made-up one would keep Canvas from finding the assignment by its title. `ID` stays empty: Canvas finds students by `SIS User ID`,
 * `SIS Login ID` or name.
 */
export const canvas: ExportFormat = {
  id: 'canvas',
  label: 'Canvas (CSV)',
  purpose: 'To upload on the page Grades of a Canvas course. Canvas shows what will change before it takes anything.',
  cannotHold: [
    'that work is missing, late or incomplete (a score is there; missing work without one is left empty)',
    'dates, categories and tags',
    'comments',
  ],
  ending: 'csv',
  mediaType: csvMediaType,
  write: (sheet) => csvBytes(rowsOf(sheet)),
}

function rowsOf(sheet: ClassSheet): string[][] {
  const { students, assignments } = sheet
  return [
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', ...titlesOf(sheet).map(guardText)],
    ['    Points Possible', '', '', '', '', ...assignments.map(({ maxPoints }) => maxPoints)],
    ...students.map((student, row) => [
      guardText(listName(student)),
      '',
      ...identifierCells(student, [['sis'], ['username', 'email']]).map(guardText),
      guardText(student.section ?? sheet.class.name),
      ...gradesOfRow(sheet, row).map((grade) => plainCell(grade, words)),
    ]),
  ]
}

/**
 * A number in parentheses at the end of a heading is an id to Canvas, or points in files that went through other hands. A title that
 * itself ends like that and has no id is followed by a number of our own, far beyond those that Canvas gives out.
 */
function titlesOf({ assignments }: ClassSheet): string[] {
  const titles = columnTitles(assignments)
  return assignments.map(({ id, links }, at) => {
    const title = titles[at] ?? ''
    const known = links.canvas
    if (known !== undefined && !isOurs(known)) return `${title} (${known})`
    return /\(\d+(?:[.,]\d+)?\)$/.test(title) ? `${title} (${numberOf(id)})` : title
  })
}

const ourNumbers = 1_000_000_000_000_000

/** The random end of an id as a decimal number of 16 digits. */
function numberOf(id: string): number {
  return ourNumbers + Number.parseInt(id.slice(-12), 16)
}

/** An import of our own file tells us our own number back. */
function isOurs(number: string): boolean {
  return Number(number) >= ourNumbers && Number(number) < ourNumbers * 2
}
