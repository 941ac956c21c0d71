import { type Format, plainFormat } from './format'

const ukrainian = {
  lastName: ['прізвище'],
  firstName: ["ім'я"],
  email: ['електронна адреса', 'адреса електронної пошти', 'електронна пошта', 'ел. адреса', 'ел. пошта'],
}
const spanish = {
  lastName: ['apellido', 'apellidos'],
  firstName: ['nombre', 'nombres'],
  email: ['dirección de correo electrónico', 'correo electrónico', 'dirección de correo'],
}
const arabic = {
  lastName: ['اسم العائلة', 'الاسم الأخير', 'اللقب'],
  firstName: ['الاسم الأول', 'الاسم'],
  email: ['عنوان البريد الإلكتروني', 'البريد الإلكتروني', 'عنوان البريد الالكتروني'],
}

/**
 * Google Classroom, "Download all grades as CSV" and "Download these grades as CSV" (one assignment). There is no official
 * header; the words follow the language of the page, names stand in either order, and rows of dates and points may be missing.
 */
export const googleClassroom: Format = {
  ...plainFormat,
  source: 'google-classroom',
  label: 'Google Classroom',
  identity: {
    lastName: ['last name', ...ukrainian.lastName, ...spanish.lastName, ...arabic.lastName],
    firstName: ['first name', ...ukrainian.firstName, ...spanish.firstName, ...arabic.firstName],
    fullName: [],
    email: ['email address', 'e-mail address', ...ukrainian.email, ...spanish.email, ...arabic.email],
    number: [],
    username: [],
    sis: [],
  },
  rows: {
    dates: ['date', 'due date', 'дата', 'термін здавання', 'fecha', 'fecha de entrega', 'التاريخ', 'تاريخ التسليم'],
    points: [
      'points',
      'max points',
      'maximum points',
      'points possible',
      'бали',
      'макс. бали',
      'максимум балів',
      'максимальна кількість балів',
      'максимальний бал',
      'puntos',
      'puntuación máxima',
      'النقاط',
      'الدرجات',
      'الحد الأقصى للدرجات',
      'الدرجة القصوى',
      'الحد الأقصى للنقاط',
    ],
    settings: [],
  },
  columns: {
    ...plainFormat.columns,
    grade: ['grade', 'оцінка', 'calificación', 'الدرجة'],
    state: ['assignment state', 'стан завдання', 'estado de la tarea', 'حالة الواجب'],
    computed: ['overall grade', 'загальна оцінка', 'calificación general', 'الدرجة الإجمالية'],
    note: ['comments', 'private comments', 'коментарі', 'приватні коментарі', 'comentarios', 'التعليقات'],
  },
  signs: {
    strong: [],
    weak: [
      'email address',
      'assignment state',
      'overall grade',
      ...Object.values(ukrainian).flat(),
      ...Object.values(spanish).flat(),
      ...Object.values(arabic).flat(),
    ],
    needed: 2,
  },
  needsSigns: false,
  parentheses: 'points',
}
