import { type Format, plainFormat } from './format'

/** Blackboard, "Download grades", as CSV or as the ".xls" that is UTF-16 text with tabs. "up to" marks what it computes itself. */
export const blackboard: Format = {
  ...plainFormat,
  source: 'blackboard',
  label: 'Blackboard grade export',
  identity: {
    ...plainFormat.identity,
    lastName: ['last name', 'apellidos', 'apellido'],
    firstName: ['first name', 'nombre'],
    username: ['username', 'user name', 'nombre de usuario'],
    number: ['student id', 'id de alumno'],
    email: ['email'],
  },
  columns: {
    ...plainFormat.columns,
    note: ['last access', 'availability', 'child course id', 'último acceso', 'disponibilidad'],
  },
  headings: [
    { pattern: /^(?<title>.+?) ?\[total pts: up to [^\]]*\](?: ?\|\d+)?$/i, kind: 'computed' },
    {
      pattern: /^(?<title>.+?) ?\[total pts: [\d.,]+ (?:text|complete\/incomplete)\](?: ?\|\d+)?$/i,
      kind: 'beside',
      reason: 'Holds words instead of points.',
    },
    {
      pattern: /^(?<title>.+?) ?\[total pts: (?<points>[\d.,]+) letter\](?: ?\|(?<id>\d+))?$/i,
      kind: 'letter',
    },
    { pattern: /^(?<title>.+?) ?\[total pts: (?<points>[\d.,]+)(?: [^\]]+)?\](?: ?\|(?<id>\d+))?$/i, kind: 'score' },
  ],
  signs: { strong: [], weak: ['last access', 'availability', 'child course id'], needed: 2 },
  cells: { 'needs grading': '', 'in progress': '' },
}
