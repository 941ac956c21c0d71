/** Which column of a table holds what. Pure. */
import { privacyOfHeading } from '@/lib/imports/formats/private'
import { foldHeading } from '@/lib/imports/text'

export const tableKinds = ['students', 'classes', 'enrolments', 'guardians', 'teachers'] as const
export type TableKind = (typeof tableKinds)[number]

/** What a column of a roster table may be. A reference's `studentId` may be a SIS id or a number: both are tried. */
export type RosterRole =
  | 'internalId'
  | 'sisId'
  | 'studentId'
  | 'number'
  | 'username'
  | 'email'
  | 'lastName'
  | 'firstName'
  | 'fullName'
  | 'className'
  | 'classId'
  | 'classInternalId'
  | 'subject'
  | 'teacherEmail'
  | 'teacherId'
  | 'teacherName'
  | 'guardianName'
  | 'guardianFirstName'
  | 'guardianLastName'
  | 'guardianEmail'
  | 'relationship'
  | 'schoolId'
  | 'status'

const studentAliases: Readonly<Partial<Record<RosterRole, readonly string[]>>> = {
  internalId: ['internal id', 'grade insight id', 'student internal id'],
  sisId: ['sis id', 'sourcedid', 'sourced id', 'sis user id', 'student sis id', 'student sourcedid', 'user sourcedid'],
  studentId: ['student id', 'pupil id', 'studentid'],
  number: ['student number', 'student no', 'student num', 'number', 'id number', 'local id', 'pupil number', 'studentnumber'],
  username: ['username', 'user name', 'login', 'sis login id', 'student username'],
  email: ['email', 'e-mail', 'email address', 'e-mail address', 'student email', 'student e-mail', 'mail'],
}
const nameAliases: Readonly<Partial<Record<RosterRole, readonly string[]>>> = {
  lastName: ['last name', 'lastname', 'surname', 'family name', 'familyname', 'student last name'],
  firstName: ['first name', 'firstname', 'given name', 'givenname', 'forename', 'student first name'],
  fullName: ['name', 'full name', 'fullname', 'student', 'student name', 'pupil'],
}
const classAliases: Readonly<Partial<Record<RosterRole, readonly string[]>>> = {
  className: ['class', 'class name', 'section', 'section name', 'course', 'course name', 'class title'],
  classId: ['class id', 'section id', 'class sis id', 'section sis id', 'class sourcedid', 'classid', 'course id'],
  classInternalId: ['class internal id'],
}
const guardianAliases: Readonly<Partial<Record<RosterRole, readonly string[]>>> = {
  guardianName: ['guardian', 'guardian name', 'parent', 'parent name', 'contact name', 'guardian full name'],
  guardianFirstName: ['guardian first name', 'parent first name', 'contact first name'],
  guardianLastName: ['guardian last name', 'parent last name', 'contact last name'],
  guardianEmail: ['guardian email', 'guardian e-mail', 'parent email', 'parent e-mail', 'contact email', 'contact e-mail'],
  relationship: ['relationship', 'relation', 'guardian relationship', 'contact relationship', 'guardian relation'],
}
const teacherAliases: Readonly<Partial<Record<RosterRole, readonly string[]>>> = {
  teacherEmail: ['teacher email', 'teacher e-mail', 'teachers', 'teacher'],
  teacherId: ['teacher id', 'teacher 2 id', 'teacher 3 id', 'teacher 4 id', 'teacher 5 id'],
}
const schoolAliases: Readonly<Partial<Record<RosterRole, readonly string[]>>> = { schoolId: ['school id', 'school sourcedid'] }

const aliasesOf: Readonly<Record<TableKind, readonly Readonly<Partial<Record<RosterRole, readonly string[]>>>[]>> = {
  students: [studentAliases, nameAliases, classAliases, guardianAliases, schoolAliases],
  classes: [
    {
      className: ['name', 'title', ...(classAliases.className ?? [])],
      classId: ['id', 'sis id', 'sourcedid', 'sourced id', ...(classAliases.classId ?? [])],
      classInternalId: ['internal id', 'class internal id', 'grade insight id'],
      subject: ['subject', 'subjects', 'department'],
    },
    teacherAliases,
    schoolAliases,
  ],
  enrolments: [studentAliases, classAliases, schoolAliases],
  guardians: [
    {
      guardianName: ['name', 'full name', ...(guardianAliases.guardianName ?? [])],
      guardianFirstName: ['first name', 'given name', 'firstname', ...(guardianAliases.guardianFirstName ?? [])],
      guardianLastName: ['last name', 'surname', 'family name', 'lastname', ...(guardianAliases.guardianLastName ?? [])],
      guardianEmail: ['email', 'e-mail', 'email address', 'mail', ...(guardianAliases.guardianEmail ?? [])],
      relationship: guardianAliases.relationship ?? [],
      email: ['student email', 'student e-mail', 'child email', 'child e-mail', 'pupil email'],
      number: ['student number', 'student no', 'child number', 'pupil number', 'number'],
      sisId: ['student sis id', 'child sis id', 'student sourcedid', 'sis id'],
      studentId: ['student id', 'child id', 'pupil id', 'child', 'student'],
      username: ['student username', 'child username'],
    },
    schoolAliases,
  ],
  teachers: [
    {
      teacherId: ['teacher id', 'id', 'sis id', 'sourcedid'],
      teacherEmail: ['teacher email', 'email', 'e-mail', 'email address'],
      lastName: nameAliases.lastName ?? [],
      firstName: nameAliases.firstName ?? [],
      teacherName: ['name', 'full name'],
    },
    schoolAliases,
  ],
}

const rolesByHeading = new Map(
  tableKinds.map((kind) => [
    kind,
    new Map(
      aliasesOf[kind].flatMap((aliases) => Object.entries(aliases).flatMap(([role, names]) => names.map((n) => [n, role]))),
    ),
  ]),
)

/** The role a heading has in a table of this kind, or null. Contacts may be numbered: 'Contact 2 Email', 'parent1_email'. */
export function roleOfHeading(kind: TableKind, heading: string): RosterRole | null {
  const folded = foldHeading(heading)
  const roles = rolesByHeading.get(kind)
  const role = roles?.get(folded) ?? roles?.get(folded.replace(/^(guardian|parent|contact) ?[1-4] /, '$1 '))
  // The keys of the alias tables are roles; Object.entries widens them to text.
  return (role as RosterRole | undefined) ?? null
}

/** Which contact of the row a numbered heading speaks of; 0 without a number. */
export function contactOfHeading(heading: string): number {
  return Number(/^(?:guardian|parent|contact) ?([1-4]) /.exec(foldHeading(heading))?.[1] ?? 0)
}

const privateWords =
  /\b(?:dob|birth\w*|ssn|social|passport|address\d?|street|city|zip\w*|postal|postcode|phone|mobile|cell|sms|fax|gender|sex|race|ethnic\w*|hispanic\w*|iep|ell|frl|lunch|disabilit\w*|medical\w*|medication\w*|health|allerg\w*|religion|nationality|citizenship|immigrant|migrant|homeless|language|password|credential\w*|pronouns|guardian notes)\b/

/** Whether a column is about the person in a way no roster needs. Its values are never read. */
export function isPrivateHeading(heading: string): boolean {
  const folded = foldHeading(heading.replace(/([a-z])([A-Z])/g, '$1 $2'))
  if (/\be-?mail\b/.test(folded)) return false
  return privacyOfHeading(folded) !== null || privateWords.test(folded)
}
