import { type Format, plainFormat } from './format'

/** Our own template, in every shape it ever had: with and without DATE and POINTS rows, e-mail or student number first or last. */
export const gradeInsight: Format = {
  ...plainFormat,
  source: 'grade-insight',
  label: 'Grade Insight template',
  identity: {
    lastName: ['last name', 'lastname', 'surname', 'family name'],
    firstName: ['first name', 'firstname', 'given name'],
    fullName: [],
    email: ['email', 'e-mail', 'student email', 'student e-mail'],
    number: ['student number', 'student id', 'student no', 'student no.'],
    username: ['username', 'user name'],
    sis: ['sis id', 'sis user id'],
  },
  rows: {
    dates: ['date', 'dates', 'due', 'due date'],
    points: ['points', 'max points', 'maximum points', 'points possible', 'out of'],
    settings: [],
  },
  columns: {
    ...plainFormat.columns,
    computed: ['total', 'percent', 'letter', 'current grade'],
    note: ['section', 'notes'],
  },
  signs: { strong: [], weak: ['email', 'student email', 'student number'], needed: 2 },
  needsSigns: false,
}
