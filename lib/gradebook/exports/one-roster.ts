import { strToU8, type Zippable, zipSync } from 'fflate'
import type { Grade } from '../cell'
import { csvText, guardText } from '../csv-cells'
import { type ClassSheet, columnTitles, gradesOfRow, type SheetAssignment, type SheetStudent } from './class-sheet'
import type { ExportFormat } from './format'
import { studentKey } from '../student-key'

type Version = '1.1' | '1.2'

const shared = {
  purpose: 'For student information systems that take grades by the 1EdTech OneRoster standard.',
  ending: 'zip',
  mediaType: 'application/zip',
} as const

/** OneRoster 1.1: line items and results, with the rows they refer to. */
export const oneRoster11: ExportFormat = {
  ...shared,
  id: 'oneroster-1.1',
  label: 'OneRoster 1.1 (ZIP)',
  cannotHold: ['that work was late', 'tags, what is published and what is extra credit'],
  write: (sheet) => zipOf(sheet, '1.1'),
}

/** OneRoster 1.2: as 1.1, and each result says whether it is late, missing or incomplete. */
export const oneRoster12: ExportFormat = {
  ...shared,
  id: 'oneroster-1.2',
  label: 'OneRoster 1.2 (ZIP)',
  cannotHold: ['tags, what is published and what is extra credit'],
  write: (sheet) => zipOf(sheet, '1.2'),
}

/** A table of the archive: the headings after `sourcedId,status,dateLastModified`, and rows that begin with their sourcedId. */
type Table = Readonly<{ headings: readonly string[]; rows: readonly (readonly [id: string, ...cells: string[]])[] }>

function zipOf(sheet: ClassSheet, version: Version): Uint8Array {
  const tables = tablesOf(sheet, version)
  const files: Zippable = { 'manifest.csv': strToU8(manifestOf(Object.keys(tables), version)) }
  for (const [name, table] of Object.entries(tables)) files[`${name}.csv`] = strToU8(tableText(table))
  // The time inside an archive has no zone; a fixed one keeps the bytes the same wherever they are made.
  return zipSync(files, { mtime: new Date(1980, 0, 2), level: 6 })
}

/** Bulk files have no status and no date of change: they say what is, not what happened. */
function tableText({ headings, rows }: Table): string {
  return csvText([
    ['sourcedId', 'status', 'dateLastModified', ...headings],
    ...rows.map(([id, ...cells]) => [id, '', '', ...cells].map(guarded)),
  ])
}

/** Scores, points and dates are told from text by what they look like: -5 stays a number. */
function guarded(cell: string): string {
  return /^-?\d+(?:\.\d+)?$/.test(cell) ? cell : guardText(cell)
}

const allFiles: Readonly<Record<Version, readonly string[]>> = {
  '1.1': [
    ...['academicSessions', 'categories', 'classes', 'classResources', 'courses', 'courseResources', 'demographics'],
    ...['enrollments', 'lineItems', 'orgs', 'resources', 'results', 'users'],
  ],
  '1.2': [
    ...['academicSessions', 'categories', 'classes', 'classResources', 'courses', 'courseResources', 'demographics'],
    ...['enrollments', 'lineItemLearningObjectiveIds', 'lineItems', 'lineItemScoreScales', 'orgs', 'resources'],
    ...[
      'resultLearningObjectiveIds',
      'results',
      'resultScoreScales',
      'roles',
      'scoreScales',
      'userProfiles',
      'userResources',
      'users',
    ],
  ],
}

function manifestOf(present: readonly string[], version: Version): string {
  const mode = (name: string) => (present.includes(name) ? 'bulk' : 'absent')
  return csvText([
    ['propertyName', 'value'],
    ['manifest.version', '1.0'],
    ['oneroster.version', version],
    ...allFiles[version].map((name) => [`file.${name}`, mode(name)]),
    ['source.systemName', 'Grade Insight'],
    ['source.systemCode', 'grade-insight'],
  ])
}

function tablesOf(sheet: ClassSheet, version: Version): Readonly<Record<string, Table>> {
  const { tenantId, schoolName, term, students } = sheet
  const userIds = new Map(students.map((student) => [student.id, student.sis ?? studentKey(student.id)]))
  const idOf = ({ id }: SheetStudent) => userIds.get(id) ?? ''
  return {
    academicSessions: {
      headings: ['title', 'type', 'startDate', 'endDate', 'parentSourcedId', 'schoolYear'],
      rows: [[term.id, term.name, 'term', term.startsOn, term.endsOn, '', term.endsOn.slice(0, 4)]],
    },
    categories: { headings: ['title'], rows: categoriesOf(sheet).map(({ id, title }) => [id, title]) },
    classes: classesTable(sheet),
    courses: {
      headings: ['schoolYearSourcedId', 'title', 'courseCode', 'grades', 'orgSourcedId', 'subjects', 'subjectCodes'],
      rows: [[courseId(sheet), '', sheet.class.name, '', '', tenantId, sheet.class.subject ?? '', '']],
    },
    enrollments: {
      headings: ['classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role', 'primary', 'beginDate', 'endDate'],
      rows: students.map((student) => [
        `${sheet.class.id}.${student.id}`,
        ...[sheet.class.id, tenantId, idOf(student), 'student', 'false', '', ''],
      ]),
    },
    lineItems: lineItemsTable(sheet, version),
    orgs: { headings: ['name', 'type', 'identifier', 'parentSourcedId'], rows: [[tenantId, schoolName, 'school', '', '']] },
    results: resultsTable(sheet, version, idOf),
    ...(version === '1.2' ? { roles: rolesTable(sheet, idOf) } : {}),
    users: usersTable(sheet, version, idOf),
  }
}

const courseId = ({ class: { id } }: ClassSheet) => `${id}.course`

function classesTable(sheet: ClassSheet): Table {
  const { id, name, subject } = sheet.class
  const place = [sheet.tenantId, sheet.term.id]
  return {
    headings: [
      ...['title', 'grades', 'courseSourcedId', 'classCode', 'classType', 'location', 'schoolSourcedId', 'termSourcedIds'],
      ...['subjects', 'subjectCodes', 'periods'],
    ],
    rows: [[id, name, '', courseId(sheet), '', 'scheduled', '', ...place, subject ?? '', '', '']],
  }
}

type Category = Readonly<{ id: string; title: string }>

/** The standard wants a category for every line item. */
function categoriesOf({ class: { id }, assignments }: ClassSheet): Category[] {
  const titles = [...new Set(assignments.map(({ category }) => category ?? 'Assignments'))]
  return titles.map((title, at) => ({ id: `${id}.category.${at + 1}`, title }))
}

function lineItemsTable(sheet: ClassSheet, version: Version): Table {
  const categories = new Map(categoriesOf(sheet).map(({ id, title }) => [title, id]))
  const titles = columnTitles(sheet.assignments)
  const { term, tenantId } = sheet
  const dateOf = ({ dueOn }: SheetAssignment) => dueOn ?? ''
  return {
    headings: [
      ...['title', 'description', 'assignDate', 'dueDate', 'classSourcedId', 'categorySourcedId', 'gradingPeriodSourcedId'],
      ...['resultValueMin', 'resultValueMax', ...(version === '1.2' ? ['academicSessionSourcedId', 'schoolSourcedId'] : [])],
    ],
    rows: sheet.assignments.map((assignment, at) => [
      assignment.id,
      ...[titles[at] ?? assignment.title, '', dateOf(assignment), dateOf(assignment), sheet.class.id],
      ...[categories.get(assignment.category ?? 'Assignments') ?? '', term.id, '0', assignment.maxPoints],
      ...(version === '1.2' ? [term.id, tenantId] : []),
    ]),
  }
}

function resultsTable(sheet: ClassSheet, version: Version, idOf: (student: SheetStudent) => string): Table {
  const scoredOn = sheet.at.toISOString().slice(0, 10)
  return {
    headings: [
      ...['lineItemSourcedId', 'studentSourcedId', 'scoreStatus', 'score', 'scoreDate', 'comment'],
      ...(version === '1.2' ? ['textScore', 'classSourcedId', 'inProgress', 'incomplete', 'late', 'missing'] : []),
    ],
    rows: sheet.students.flatMap((student, row) =>
      gradesOfRow(sheet, row).flatMap((grade, column) => {
        const assignment = sheet.assignments[column]
        if (grade === null || assignment === undefined) return []
        const comment = sheet.comments.get(`${student.id} ${assignment.id}`) ?? ''
        return [
          [
            `${assignment.id}.${student.id}`,
            ...[assignment.id, idOf(student), scoreStatus(grade), grade.score ?? '', scoredOn, comment],
            ...(version === '1.2' ? ['', sheet.class.id, ...marksOf(grade)] : []),
          ] as const,
        ]
      }),
    ),
  }
}

function scoreStatus({ status, score }: Grade): string {
  if (status === 'excused') return 'exempt'
  if (status === 'missing') return 'not submitted'
  if (status === 'incomplete') return 'partially graded'
  return score === null ? 'submitted' : 'fully graded'
}

const marksOf = ({ status }: Grade) => [
  'false',
  ...(['incomplete', 'late', 'missing'] as const).map((mark) => String(status === mark)),
]

function rolesTable({ tenantId, students }: ClassSheet, idOf: (student: SheetStudent) => string): Table {
  return {
    headings: ['userSourcedId', 'roleType', 'role', 'beginDate', 'endDate', 'orgSourcedId', 'userProfileSourcedId'],
    rows: students.map((student) => [`${student.id}.role`, idOf(student), 'primary', 'student', '', '', tenantId, '']),
  }
}

function usersTable({ tenantId, students }: ClassSheet, version: Version, idOf: (student: SheetStudent) => string): Table {
  const isOld = version === '1.1'
  return {
    headings: [
      ...['enabledUser', ...(isOld ? ['orgSourcedIds', 'role'] : []), 'username', 'userIds', 'givenName', 'familyName'],
      ...['middleName', 'identifier', 'email', 'sms', 'phone', 'agentSourcedIds', 'grades', 'password'],
      ...(isOld ? [] : ['primaryOrgSourcedId']),
    ],
    rows: students.map((student) => [
      idOf(student),
      ...['true', ...(isOld ? [tenantId, 'student'] : []), student.username ?? '', '', student.firstName, student.lastName],
      ...['', student.number ?? '', student.email ?? '', '', '', '', '', ''],
      ...(isOld ? [] : [tenantId]),
    ]),
  }
}
