import type { Format } from './format'

/** Our own template, in every shape it ever had: with and without DATE and POINTS rows, e-mail or student number first or last. */
export const gradeInsight: Format = {
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
  },
  columns: { grade: [], state: [], computed: ['total', 'percent', 'letter', 'current grade'], note: ['section', 'notes'] },
  marks: ['last_name', 'first_name', 'student_email', 'student_number', 'email'],
  hasPointsInTitles: false,
}
