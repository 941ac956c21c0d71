/** Words for problems that need the same repair, and the answers that settle all of them at once. Pure. */
import type { FixGroup } from './wizard-views'

type Bulk = FixGroup['bulk']

const titles: Readonly<Record<string, string>> = {
  ask_numbers: 'Is the decimal mark a point or a comma?',
  ask_dates: 'Does the day or the month come first?',
  ask_part: 'Which sheet or file holds the grades?',
  ask_identity: 'Which column tells the students apart?',
  same_title: 'Are columns of one title the same assignment?',
  ambiguous_assignment: 'Which assignment is meant?',
  same_assignment: 'Two columns go to one assignment',
  chosen_assignment_gone: 'The chosen assignment is gone',
  chosen_student_gone: 'The chosen student is gone',
  values_not_kept: 'Values that were not kept',
  bad_points: 'Points that are no number',
  negative_score: 'Scores below zero',
  not_a_number: 'Cells that are no score',
  excel_error: 'Formulas that ended in an error',
  too_big: 'Scores too large to store',
  over_maximum: 'Scores above the maximum',
  rounded: 'Scores that were rounded',
  same_student: 'The same student more than once',
  no_student: 'Rows that name nobody',
  unknown_student: 'Students the school does not know',
  ambiguous_name: 'Names that several students have',
  identifiers_disagree: 'Rows that name two students at once',
  matched_by_name: 'Found by name alone',
  bad_identifier: 'E-mails or numbers that cannot be right',
  id_changed: 'Ids a spreadsheet may have changed',
  row_too_long: 'Rows with more cells than the heading',
  encoding_doubt: 'Letters that may be read wrong',
  nul_bytes: 'Bytes that are no text',
  other_sheets: 'Other sheets of the workbook',
}

const emptied: Bulk = [
  { field: 'cells', value: '-', label: 'Take them as empty' },
  { field: 'cells', value: 'MI', label: 'Mark them missing' },
  { field: 'cells', value: 'EX', label: 'Excuse them' },
]
const leftOut: Bulk = [{ field: 'students', value: 'skip', label: 'Leave these rows out' }]

const bulks: Readonly<Record<string, Bulk>> = {
  ask_numbers: [
    { field: 'numbers', value: '.', label: 'A point' },
    { field: 'numbers', value: ',', label: 'A comma' },
  ],
  ask_dates: [
    { field: 'dates', value: 'dmy', label: 'The day' },
    { field: 'dates', value: 'mdy', label: 'The month' },
  ],
  same_title: [
    { field: 'sameTitles', value: 'same', label: 'The same assignment' },
    { field: 'sameTitles', value: 'different', label: 'Different assignments' },
  ],
  negative_score: [
    { field: 'negatives', value: 'take', label: 'They are meant' },
    { field: 'negatives', value: 'leave_out', label: 'Leave them out' },
  ],
  not_a_number: emptied,
  excel_error: emptied,
  too_big: emptied,
  unknown_student: leftOut,
  ambiguous_name: [{ field: 'students', value: 'new', label: 'Add them as new students' }, ...leftOut],
  identifiers_disagree: leftOut,
  chosen_student_gone: [{ field: 'students', value: 'new', label: 'Add them as new students' }, ...leftOut],
}

/** What a kind of problem is called; null for a kind that has no words of its own. */
export function fixTitle(code: string): string | null {
  return titles[code] ?? null
}

/** The answers that settle every problem of a kind; none where each needs its own. */
export function fixBulk(code: string): Bulk {
  return bulks[code] ?? []
}
