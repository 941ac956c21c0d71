/**
 * Files that are known but hold no grades: each is refused by its name, so that nobody searches for a fault
 * in their file. `marks` are whole headings; `needed` of them must stand in one row.
 */
export type OtherFile = Readonly<{
  code: string
  message: string
  marks: readonly string[]
  needed: number
  /** How one of the first lines begins. */
  lines: readonly string[]
  fix: string
}>

/** In order: the first that matches gives the name. */
export const otherFiles: readonly OtherFile[] = [
  {
    code: 'meet_report',
    message: 'This is a Google Meet attendance report, not a gradebook.',
    marks: [
      'time joined',
      'time exited',
      'duration',
      'час приєднання',
      'час виходу',
      'тривалість',
      'hora de entrada',
      'hora de salida',
      'duración',
      'وقت الانضمام',
      'وقت الخروج',
      'المدة',
    ],
    needed: 2,
    lines: ['* meeting code', '* код зустрічі', '* код наради', '* código de la reunión', '* رمز الاجتماع'],
    fix: 'Download the grades from the Classroom page "Grades" instead; a Meet report holds attendance only.',
  },
]
