/** What is said of a OneRoster archive. Pure. */
import { problem } from '../problems'
import type { IgnoredPart, ImportProblem } from '../views'

/** A row that the other system marked as deleted. */
export function deleted(file: string, row: number): IgnoredPart {
  return { kind: 'row', where: `${file}, row ${row}`, reason: 'Marked as deleted in the other system; nothing is deleted here.' }
}

/** A field of users.csv with personal data. */
export function personal(field: string): IgnoredPart {
  return { kind: 'column', where: `users.csv, ${field}`, reason: 'Personal data that no gradebook needs; it is not stored.' }
}

/** A class of the archive that was not read. */
export function otherClass(name: string, read: string): IgnoredPart {
  return { kind: 'part', where: `Class ${name}`, reason: `Not read, because '${read}' was.` }
}

/** A result of somebody or something the archive does not have. */
export function unknown(file: string, code: string, id: string, row: number): ImportProblem {
  return problem({
    value: id,
    code,
    severity: 'reject',
    message: `results.csv, row ${row}: ${file} has no '${id}', so nobody can tell whose score this is.`,
    fix: `Export ${file} and results.csv of the same day, or add the row to ${file}.`,
  })
}

/** The question which of several classes is meant. */
export function askClass(names: readonly string[]): ImportProblem {
  return problem({
    code: 'ask_part',
    severity: 'block',
    message: `The archive holds results of ${names.length} classes: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}. Which one is meant?`,
    fix: 'Choose the class.',
  })
}

/** The refusal of an archive without results. */
export function noResults(): ImportProblem {
  return problem({
    code: 'oneroster_no_results',
    severity: 'block',
    message: 'This OneRoster archive holds no results: it says who is in which class, not how they did.',
    fix: 'Export line items and results as well, or upload the archive where people are imported.',
  })
}
