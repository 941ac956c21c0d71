import writeExcelFile, { type Cell } from 'write-excel-file/node'
import { formatCell, type Grade } from '../cell'
import { type ClassSheet, columnTitles, gradesOfRow } from './class-sheet'
import type { ExportFormat } from './format'
import { studentKey } from '../student-key'

/** The template as a workbook: scores are numbers, dates are dates, and what names a student is text, leading zeros and all. */
export const xlsx: ExportFormat = {
  id: 'xlsx',
  label: 'Excel workbook (XLSX)',
  purpose: 'To look at or change grades in Excel, Numbers or Google Sheets and upload the file again. Holds every status.',
  cannotHold: ['comments', 'categories and tags', 'what is published and what is extra credit'],
  ending: 'xlsx',
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  write: async (sheet) => new Uint8Array(await writeExcelFile(rowsOf(sheet), { sheet: 'Grades', stickyRowsCount: 1 }).toBuffer()),
}

function rowsOf(sheet: ClassSheet): Cell[][] {
  const { students, assignments } = sheet
  const hasNumbers = students.some(({ email }) => email === null)
  const identity = ['last_name', 'first_name', 'email', ...(hasNumbers ? ['student_number'] : [])]
  const markers = identity.slice(1).map(() => text('-'))
  return [
    [...identity.map(text), ...columnTitles(assignments).map(text)],
    [text('DATE'), ...markers, ...assignments.map(({ dueOn }) => dateCell(dueOn))],
    [text('POINTS'), ...markers, ...assignments.map(({ maxPoints }) => number(maxPoints))],
    ...students.map(({ id, lastName, firstName, email, number: own }, row) => [
      ...[lastName, firstName, email ?? ''].map(text),
      ...(hasNumbers ? [text(own ?? (email === null ? studentKey(id) : ''))] : []),
      ...gradesOfRow(sheet, row).map(gradeCell),
    ]),
  ]
}

function gradeCell(grade: Grade | null): Cell {
  return grade?.status === 'graded' && grade.score !== null ? number(grade.score) : text(formatCell(grade))
}

// At most nine digits: exact in a double.
const number = (decimal: string): Cell => ({ type: Number, value: Number(decimal) })

function dateCell(on: string | null): Cell {
  return on === null ? null : { type: Date, value: new Date(`${on}T00:00:00Z`), format: 'yyyy-mm-dd' }
}

/**
 * A cell of text. Its type keeps a spreadsheet from running it, so `=1+1` needs no guard here; only what our importer would take for a
 * guard gets one more apostrophe. Characters XML cannot hold are written as Excel writes them: `_x0001_`.
 */
function text(value: string): Cell {
  if (value === '') return null
  const guarded = /^'+[=+\-@\t\r\n]|^="/.test(value) ? `'${value}` : value
  const whole = guarded.replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_').replace(notXml, escaped)
  return { type: String, value: isOfEveryObject(whole) ? escaped(whole) + whole.slice(1) : whole }
}

// The library keeps texts as keys of an object and loses those that every object has: `constructor`, `hasOwnProperty`.
const isOfEveryObject = (value: string) => value in Object.prototype

// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that are meant
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const escaped = (sign: string) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
