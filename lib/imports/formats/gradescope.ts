import { type Format, plainFormat } from './format'

const timeReason = 'When work was handed in; it is not imported.'

/** Gradescope: "Download grades" of a course, and the scores of one assignment with its questions. */
export const gradescope: Format = {
  ...plainFormat,
  source: 'gradescope',
  label: 'Gradescope grade export',
  identity: {
    ...plainFormat.identity,
    lastName: ['last name'],
    firstName: ['first name'],
    fullName: ['name'],
    number: ['sid'],
    email: ['email'],
  },
  columns: {
    ...plainFormat.columns,
    grade: ['total score'],
    points: ['max points'],
    state: ['status'],
    computed: ['total lateness (h:m:s)'],
    note: [
      'sections',
      'section',
      'submission id',
      'submission time',
      'lateness (h:m:s)',
      'lateness',
      'view count',
      'submission count',
    ],
  },
  headings: [
    { pattern: /^(?<title>.+) - max points$/i, kind: 'points', needsScore: true },
    { pattern: /^(?<title>.+) - submission time$/i, kind: 'beside', reason: timeReason, needsScore: true },
    { pattern: /^(?<title>.+) - lateness \(h:m:s\)$/i, kind: 'beside', reason: timeReason, needsScore: true },
    {
      pattern: /^(?<title>\d+(?:\.\d+)*: .*) ?\([\d.,]+ pts\)$/i,
      kind: 'beside',
      reason: 'A question of the assignment; its total is imported.',
    },
  ],
  signs: {
    strong: ['total lateness (h:m:s)'],
    weak: ['sid', 'sections', 'total score', 'max points', 'submission id', 'submission count', 'view count'],
    needed: 2,
  },
  cells: { ungraded: '' },
}
