/** What sources are called in pages. Pure. */
import { formats } from './formats/known'

/** Shapes of files that are no formats of a table, but are made into one. */
export const shapes = {
  longForm: { source: 'long-form', label: 'Table with one row a score' },
  powerTeacher: { source: 'powerteacher', label: 'PowerTeacher score template' },
  oneRoster11: { source: 'oneroster-1.1', label: 'OneRoster 1.1' },
  oneRoster12: { source: 'oneroster-1.2', label: 'OneRoster 1.2' },
} as const

/** The label of a stored source; the source itself when nobody knows it any more. */
export function labelOfSource(source: string): string {
  return [...formats, ...Object.values(shapes)].find((each) => each.source === source)?.label ?? source
}
