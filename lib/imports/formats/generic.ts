import { blackboard } from './blackboard'
import { brightspace } from './brightspace'
import { canvas } from './canvas'
import { type Format, type IdentityRole, plainFormat } from './format'
import { googleClassroom } from './google-classroom'
import { gradeInsight } from './grade-insight'
import { gradescope } from './gradescope'
import { moodle } from './moodle'
import { sakai } from './sakai'

/** Sources with words of their own, the likeliest first: where two fit equally, the first wins. */
export const sources: readonly Format[] = [
  gradeInsight,
  googleClassroom,
  canvas,
  moodle,
  blackboard,
  brightspace,
  gradescope,
  sakai,
]

const more: Readonly<Record<IdentityRole, readonly string[]>> = {
  lastName: ['last', 'family', 'student last name', 'second name', 'прізвище учня'],
  firstName: ['first', 'given', 'given names', 'forename', 'forenames', 'student first name', 'preferred name', 'імя'],
  fullName: [
    ...['name', 'full name', 'fullname', 'student', 'student name', 'pupil', 'pupil name', 'learner', 'learner name'],
    ...['піб', 'учень', 'учениця', "прізвище та ім'я", "прізвище, ім'я", 'студент', "повне ім'я"],
    ...['alumno', 'alumna', 'estudiante', 'nombre completo', 'nombre y apellidos', 'apellidos y nombre', 'nombre del alumno'],
    ...['اسم الطالب', 'الاسم الكامل', 'الطالب'],
  ],
  email: ['mail', 'email id', 'school email', 'пошта', 'correo', 'البريد'],
  number: [
    ...['id', 'student num', 'student #', 'pupil number', 'pupil id', 'learner id', 'roll no', 'roll no.', 'roll number'],
    ...['admission number', 'matriculation number', 'номер учня', 'matrícula', 'رقم الطالب'],
  ],
  username: ['login', 'login id', 'user id', 'userid', 'user', 'логін', 'usuario', 'اسم المستخدم'],
  sis: ['sis number', 'state id'],
}

const wordsOf = (role: IdentityRole) => [...new Set([...sources.flatMap(({ identity }) => identity[role]), ...more[role]])]

/** Any other table: every word of every source for who a row is, and the commonest ones for what is no assignment. */
export const generic: Format = {
  ...plainFormat,
  source: 'generic',
  label: 'a table of another kind',
  identity: {
    lastName: wordsOf('lastName'),
    firstName: wordsOf('firstName'),
    fullName: wordsOf('fullName'),
    email: wordsOf('email'),
    number: wordsOf('number'),
    username: wordsOf('username'),
    sis: wordsOf('sis'),
  },
  rows: {
    dates: [...gradeInsight.rows.dates, ...googleClassroom.rows.dates],
    points: [...gradeInsight.rows.points, ...googleClassroom.rows.points, ...canvas.rows.points, 'max', 'maximum'],
    settings: canvas.rows.settings,
  },
  columns: {
    ...plainFormat.columns,
    computed: [...gradeInsight.columns.computed, ...googleClassroom.columns.computed, 'average', 'gpa', 'percentage', '%'],
    note: [
      ...['section', 'sections', 'notes', 'note', 'comment', 'comments', 'remarks', 'class', 'course', 'teacher', 'school'],
      ...['grade level', 'year', 'year group', 'homeroom', 'period', 'group', 'team', 'status', 'last access', 'institution'],
      // A running number tells nobody apart in another file.
      ...['no', 'no.', 'nr', '#', '№', 'row'],
      ...['department', 'клас', 'група', 'примітки', 'коментарі', 'clase', 'grupo', 'observaciones', 'الصف', 'ملاحظات'],
    ],
  },
  needsSigns: false,
  parentheses: 'points',
}
