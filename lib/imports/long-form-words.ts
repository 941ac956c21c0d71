/** The words of files with one row a score. Plain data. */
import type { IdentityRole } from './formats/format'

/** What a column says of a score. */
export type Part = 'assignment' | 'score' | 'points' | 'date' | 'category' | 'status' | 'comment'

/** Whole headings, folded; of two columns for the same part the earlier word counts. */
export const words: Readonly<Record<Part, readonly string[]>> = {
  assignment: [
    ...['assignment', 'assignment name', 'assignment title', 'assessment', 'assessment name', 'assessment title'],
    ...['task', 'task name', 'activity', 'activity name', 'item', 'item name', 'homework', 'title'],
    ...['завдання', 'назва завдання', 'робота', 'tarea', 'actividad', 'evaluación', 'nombre de la tarea', 'الواجب', 'المهمة'],
  ],
  score: [
    ...['score', 'grade', 'points earned', 'earned points', 'points', 'mark', 'marks', 'result', 'value'],
    ...['оцінка', 'бал', 'бали', 'результат', 'calificación', 'nota', 'puntuación', 'puntos', 'الدرجة', 'النتيجة', 'العلامة'],
  ],
  points: [
    ...['max points', 'maximum points', 'max score', 'maximum score', 'points possible', 'possible points', 'total points'],
    ...['out of', 'maximum', 'max', 'possible', 'points', 'макс. бали', 'максимум балів', 'максимальний бал'],
    ...['puntos máximos', 'puntuación máxima', 'الدرجة القصوى', 'الحد الأقصى للدرجات'],
  ],
  date: [
    ...['due date', 'due', 'due on', 'date', 'assignment date', 'термін здавання', 'дата', 'fecha de entrega', 'fecha'],
    ...['تاريخ التسليم', 'التاريخ'],
  ],
  category: ['category', 'assignment category', 'assignment type', 'type', 'категорія', 'тип', 'categoría', 'tipo', 'الفئة'],
  status: ['status', 'state', 'assignment state', 'submission status', 'flag', 'стан', 'статус', 'estado', 'الحالة'],
  comment: [
    ...['comment', 'comments', 'note', 'notes', 'feedback', 'remark', 'remarks', 'коментар', 'коментарі', 'примітка'],
    ...['comentario', 'comentarios', 'observaciones', 'التعليق', 'ملاحظات'],
  ],
}

/** What identity columns are called in the table, whatever the file calls them. */
export const names: Readonly<Record<IdentityRole, string>> = {
  lastName: 'last_name',
  firstName: 'first_name',
  fullName: 'student_name',
  email: 'email',
  number: 'student_number',
  username: 'username',
  sis: 'sis_id',
}

/** What a status says of the work, as a cell says it. */
export const statusMarks: Readonly<Record<string, string>> = {
  missing: 'MI',
  'not submitted': 'MI',
  excused: 'EX',
  exempt: 'EX',
  incomplete: 'INC',
  late: 'LATE',
  'done late': 'LATE',
  'turned in late': 'LATE',
}
