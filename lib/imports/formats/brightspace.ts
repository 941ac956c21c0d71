import { type Format, plainFormat } from './format'

const details = '<[^>]*>'
const number = '[\\d.,]+'

/** Brightspace (D2L), "Export grades". Numbers and user names begin with `#`, and every row ends with one. */
export const brightspace: Format = {
  ...plainFormat,
  source: 'brightspace',
  label: 'Brightspace grade export',
  identity: {
    ...plainFormat.identity,
    lastName: ['last name'],
    firstName: ['first name'],
    number: ['orgdefinedid', 'org defined id'],
    username: ['username'],
    email: ['email'],
  },
  columns: { ...plainFormat.columns, note: ['end-of-line indicator', 'sections'] },
  headings: [
    { pattern: /^.+ (?:numerator|denominator)$/i, kind: 'computed', isSign: false },
    {
      pattern: new RegExp(
        `^(?<title>.+?) points grade <(?:[\\w/ ]+ )?maxpoints:(?<points>${number})(?: weight:${number})?` +
          `(?: category:(?<category>.*?))?(?: weight:${number})?(?: categoryweight:${number})?>$`,
        'i',
      ),
      kind: 'score',
    },
    { pattern: new RegExp(`^(?<title>.+?) points grade(?: ${details})?$`, 'i'), kind: 'score' },
    {
      pattern: new RegExp(`^(?<title>.+?) (?:weighted|scheme|symbol) grade(?: ${details})?$`, 'i'),
      kind: 'beside',
      reason: 'The same grade in another form; points are imported.',
      isSign: false,
    },
    {
      pattern: new RegExp(`^(?<title>.+?) (?:text|pass/fail) grade ${details}$`, 'i'),
      kind: 'beside',
      reason: 'Text beside the scores; it is not imported.',
    },
  ],
  signs: { strong: ['orgdefinedid', 'end-of-line indicator'], weak: [], needed: 2 },
  identifierMark: '#',
}
