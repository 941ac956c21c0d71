import { type Format, plainFormat } from './format'

const shown = '(?:real|percentage|letter|porcentaje|letra)'
const feedback = 'Feedback in words; it is not imported.'

/** Moodle, "Export as plain text file". One item may come in several kinds; the time of the export is in every row. */
export const moodle: Format = {
  ...plainFormat,
  source: 'moodle',
  label: 'Moodle grade export',
  identity: {
    lastName: ['last name', 'surname', 'apellido(s)', 'apellidos', 'прізвище', 'اسم العائلة'],
    firstName: ['first name', 'nombre', "ім'я", 'الاسم الأول'],
    fullName: ['full name', 'nombre completo'],
    email: ['email address', 'dirección de correo', 'correo electrónico', 'електронна пошта', 'عنوان البريد الإلكتروني'],
    number: ['id number', 'número de id', 'ідентифікаційний номер', 'رقم الهوية الجامعية'],
    username: ['username', 'nombre de usuario'],
    sis: [],
  },
  columns: {
    ...plainFormat.columns,
    exportedAt: ['last downloaded from this course', 'última descarga de este curso', 'descargado por última vez de este curso'],
    computed: ['course total', 'total del curso'],
    note: ['institution', 'department', 'institución', 'departamento', 'groups', 'grupos'],
  },
  headings: [
    { pattern: new RegExp(`^(?:course|category) total \\(${shown}\\)$`, 'i'), kind: 'computed' },
    { pattern: new RegExp(`^total (?:del curso|de la categoría) \\(${shown}\\)$`, 'i'), kind: 'computed' },
    // Items of activities are called "Quiz: Chapter 1"; totals of categories have no such colon.
    { pattern: new RegExp(`^[^:]+ total \\(${shown}\\)$`, 'i'), kind: 'computed' },
    { pattern: /^(?<title>.+) \(real\)$/i, kind: 'score' },
    { pattern: /^(?<title>.+) \((?:percentage|porcentaje)\)$/i, kind: 'percentage' },
    { pattern: /^(?<title>.+) \((?:letter|letra)\)$/i, kind: 'letter' },
    { pattern: /^(?<title>.+) \((?:feedback|retroalimentación)\)$/i, kind: 'beside', reason: feedback },
    { pattern: /^feedback: (?<title>.+)$/i, kind: 'beside', reason: feedback, needsScore: true, isSign: false },
  ],
  signs: {
    strong: ['last downloaded from this course', 'última descarga de este curso', 'descargado por última vez de este curso'],
    weak: ['id number', 'institution', 'department', 'course total', 'institución', 'departamento', 'total del curso'],
    needed: 2,
  },
}
