import { type Format, plainFormat } from './format'

/** Sakai gradebook: `Quiz 1 [10]` holds points, `* Quiz 1` its comments, and what begins with `#` is not meant to be read. */
export const sakai: Format = {
  ...plainFormat,
  source: 'sakai',
  label: 'Sakai gradebook',
  identity: {
    ...plainFormat.identity,
    fullName: ['student name', 'name', 'nombre del estudiante', 'nombre'],
    number: ['student id', 'student number', 'id del estudiante'],
    email: ['email'],
  },
  columns: { ...plainFormat.columns, note: ['section', 'sections'] },
  headings: [
    { pattern: /^# ?.+$/, kind: 'beside', reason: 'Marked by # as not to be read.', isSign: false },
    { pattern: /^\* ?(?<title>.+)$/, kind: 'beside', reason: 'Comments on the scores; they are not imported.', isSign: false },
    { pattern: /^(?<title>.+?) ?\[(?<points>\d[\d.,]*)\]$/, kind: 'score' },
  ],
  signs: { strong: [], weak: [], needed: 2 },
}
