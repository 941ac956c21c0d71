import { type Format, plainFormat } from './format'

/**
 * Canvas, "Export entire gradebook". Every assignment carries its id in parentheses; files that passed through other hands carry
 * points there. Columns of the teacher's own (Notes) have neither id nor points.
 */
export const canvas: Format = {
  ...plainFormat,
  source: 'canvas',
  label: 'Canvas gradebook',
  identity: {
    ...plainFormat.identity,
    fullName: ['student', 'student name', 'estudiante', 'студент', 'учень', 'الطالب'],
    lastName: ['lastname', 'last name'],
    firstName: ['firstname', 'first name'],
    email: ['email'],
    username: ['sis login id', 'id de inicio de sesión de sis'],
    sis: ['sis user id', 'id de usuario de sis'],
  },
  rows: {
    dates: [],
    points: ['points possible', 'puntos posibles', 'можливі бали', 'النقاط المحتملة', 'النقاط الممكنة'],
    settings: ['manual posting', 'muted', 'publicación manual', 'silenciado'],
  },
  columns: {
    ...plainFormat.columns,
    note: ['id', 'section', 'sección', 'root account', 'integration id', 'notes'],
  },
  headings: [
    {
      pattern: /^(?:.+ )?(?:unposted )?(?:current|final) (?:score|points|grade)(?: \((?!\d+\)$).+\))?$/i,
      kind: 'computed',
      isSign: false,
    },
    { pattern: /^override (?:score|grade|status)(?: \((?!\d+\)$).+\))?$/i, kind: 'computed' },
    { pattern: /^(?<title>.+\S) ?\((?<number>\d+(?:[.,]\d+)?)\)$/, kind: 'score', isSign: false },
  ],
  signs: {
    strong: [],
    weak: [
      ...['student', 'id', 'sis login id', 'sis user id', 'integration id', 'root account', 'section'],
      ...['estudiante', 'id de inicio de sesión de sis', 'id de usuario de sis', 'sección'],
    ],
    needed: 3,
  },
  parentheses: 'points_or_id',
}
