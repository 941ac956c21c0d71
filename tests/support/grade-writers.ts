/** A class as every source of files would write it, for tests that read it back. */
import type { Rows } from './grade-files'

export type Person = Readonly<{ last: string; first: string; number: string; username: string; email: string }>
export type Work = Readonly<{ title: string; points: string; date: string; category: string; id: string }>
/** Scores of people x work; '' where there is none. */
export type Book = Readonly<{ people: readonly Person[]; work: readonly Work[]; scores: readonly (readonly string[])[] }>

/** What a file of a source can say beside names, titles and scores. */
export type Writer = Readonly<{
  source: string
  identifiers: readonly ('number' | 'username' | 'email' | 'sis')[]
  says: readonly ('points' | 'date' | 'category' | 'id')[]
  rows: (book: Book) => Rows
}>

const scored = (book: Book, cells: (person: Person, scores: readonly string[]) => readonly string[]) =>
  book.people.map((person, at) => cells(person, book.scores[at] ?? []))
const blanks = (count: number) => new Array<string>(count).fill('')

export const writers: readonly Writer[] = [
  {
    source: 'grade-insight',
    identifiers: ['number', 'email'],
    says: ['points', 'date'],
    rows: (book) => [
      ['last_name', 'first_name', 'email', 'student_number', ...book.work.map(({ title }) => title)],
      ['DATE', '-', '-', '-', ...book.work.map(({ date }) => date)],
      ['POINTS', '-', '-', '-', ...book.work.map(({ points }) => points)],
      ...scored(book, ({ last, first, email, number }, scores) => [last, first, email, number, ...scores]),
    ],
  },
  {
    source: 'google-classroom',
    identifiers: ['email'],
    says: ['points', 'date'],
    rows: (book) => [
      [
        'First Name',
        'Last Name',
        'Email Address',
        'Overall Grade',
        ...book.work.map(({ title, points }) => `${title} (${points})`),
      ],
      ['Date', ...blanks(3), ...book.work.map(({ date }) => date)],
      ['Points', ...blanks(3), ...book.work.map(({ points }) => points)],
      ...scored(book, ({ last, first, email }, scores) => [first, last, email, '91%', ...scores]),
    ],
  },
  {
    source: 'canvas',
    identifiers: ['sis', 'username'],
    says: ['points', 'id'],
    rows: (book) => [
      [
        ...['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Notes'],
        ...book.work.map(({ title, id }) => `${title} (${id})`),
        ...['Current Score', 'Override Score'],
      ],
      [...blanks(6), ...book.work.map(() => 'Manual Posting'), ...blanks(2)],
      ['    Points Possible', ...blanks(5), ...book.work.map(({ points }) => points), '(read only)', ''],
      ...scored(book, ({ last, first, number, username }, scores) => [
        ...[`="${last}, ${first}"`, '77', number, username, 'A', 'kind'],
        ...scores,
        ...['50', ''],
      ]),
      ['Student, Test', '78', '', 'test', ...blanks(book.work.length + 4)],
    ],
  },
  {
    source: 'moodle',
    identifiers: ['number', 'email'],
    says: [],
    rows: (book) => [
      [
        ...['First name', 'Surname', 'ID number', 'Institution', 'Department', 'Email address'],
        ...book.work.flatMap(({ title }) => [`${title} (Percentage)`, `${title} (Real)`, `${title} (Feedback)`]),
        ...['Course total (Real)', 'Last downloaded from this course'],
      ],
      ...scored(book, ({ last, first, number, email }, scores) => [
        ...[first, last, number, 'HQ', '', email],
        ...scores.flatMap((score) => ['50.00 %', score === '' ? '-' : score, 'good']),
        ...['5', '1718000000'],
      ]),
    ],
  },
  {
    source: 'blackboard',
    identifiers: ['number', 'username'],
    says: ['points', 'id'],
    rows: (book) => [
      [
        ...[
          'Last Name',
          'First Name',
          'Username',
          'Student ID',
          'Last Access',
          'Availability',
          'Total [Total Pts: up to 99 Score] |1',
        ],
        ...book.work.map(({ title, points, id }) => `${title} [Total Pts: ${points} Score] |${id}`),
      ],
      ...scored(book, ({ last, first, number, username }, scores) => [last, first, username, number, '', 'Yes', '9', ...scores]),
    ],
  },
  {
    source: 'brightspace',
    identifiers: ['number', 'username', 'email'],
    says: ['points', 'category'],
    rows: (book) => [
      [
        ...['OrgDefinedId', 'Username', 'Last Name', 'First Name', 'Email'],
        ...book.work.map(
          ({ title, points, category }) =>
            `${title} Points Grade <Numeric MaxPoints:${points} Weight:5 Category:${category} CategoryWeight:9>`,
        ),
        ...['Calculated Final Grade Numerator', 'Calculated Final Grade Denominator', 'End-of-Line Indicator'],
      ],
      ...scored(book, ({ last, first, number, username, email }, scores) => [
        ...[`#${number}`, `#${username}`, last, first, email],
        ...scores,
        ...['1', '2', '#'],
      ]),
    ],
  },
  {
    source: 'gradescope',
    identifiers: ['number', 'email'],
    says: ['points'],
    rows: (book) => [
      [
        ...['First Name', 'Last Name', 'SID', 'Email', 'Sections'],
        ...book.work.flatMap(({ title }) => [
          title,
          `${title} - Max Points`,
          `${title} - Submission Time`,
          `${title} - Lateness (H:M:S)`,
        ]),
        'Total Lateness (H:M:S)',
      ],
      ...scored(book, ({ last, first, number, email }, scores) => [
        ...[first, last, number, email, 'A'],
        ...scores.flatMap((score, at) => [score, book.work[at]?.points ?? '', '2025-01-01 10:00:00 -0800', '00:00:00']),
        '00:00:00',
      ]),
    ],
  },
  {
    source: 'sakai',
    identifiers: ['number'],
    says: ['points'],
    rows: (book) => [
      [
        'Student ID',
        'Student Name',
        ...book.work.flatMap(({ title, points }) => [`${title} [${points}]`, `* ${title}`]),
        '# Course Grade',
      ],
      ...scored(book, ({ last, first, number }, scores) => [
        number,
        `${last}, ${first}`,
        ...scores.flatMap((score) => [score, 'nice']),
        'A',
      ]),
    ],
  },
  {
    source: 'generic',
    identifiers: ['number'],
    says: ['points', 'date'],
    rows: (book) => [
      ['Class list', ...blanks(book.work.length + 1)],
      ['Pupil', 'Admission number', ...book.work.map(({ title }) => title)],
      ['Date', '', ...book.work.map(({ date }) => date)],
      ['Max points', '', ...book.work.map(({ points }) => points)],
      ...scored(book, ({ last, first, number }, scores) => [`${last}, ${first}`, number, ...scores]),
    ],
  },
]
