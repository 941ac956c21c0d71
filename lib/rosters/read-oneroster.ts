/** Rosters as OneRoster 1.1 and 1.2 write them, whole (bulk) or as changes (delta). Pure. */
import { cleanDigits } from '@/lib/imports/text'
import { flatMapInSlices } from './in-slices'
import { linksOf } from './oneroster-guardians'
import { openOneRoster, type OneRosterRow, type OneRosterTables } from './oneroster-tables'
import type { RosterTable } from './open-tables'
import { severalSchools } from './read-csv'
import { isEmail, nameParts, readIdentifiers, studentRef } from './read-person'
import type {
  ClassRef,
  Coverage,
  FileClass,
  FileEnrolment,
  FileStudent,
  FileTeaching,
  RosterFile,
  RosterIgnored,
  RosterKind,
} from './roster-file'
import type { RosterProblemList } from './roster-problems'

/** The roster of an archive. `today` (YYYY-MM-DD, at the school) ends enrolments whose last day is over. */
export async function readOneRoster(
  tables: readonly RosterTable[],
  { coverage, schoolName, today }: { coverage: Coverage; schoolName: string; today: string },
  problems: RosterProblemList,
): Promise<Omit<RosterFile, 'problems'>> {
  const opened = await openOneRoster(tables, coverage, problems)
  const isOurs = ownSchool(opened, schoolName, problems)
  const roles = rolesOfUsers(opened, isOurs)
  const people = opened.get('users').rows
  const users = new Map(people.map((user) => [user.of('sourcedId'), user]))
  const isRole = (user: OneRosterRow, wanted: RegExp) => (roles.get(user.of('sourcedId')) ?? []).some((role) => wanted.test(role))
  const students = people.filter((user) => isRole(user, /^student$/i))
  const guardians = people.filter((user) => isRole(user, /^(?:guardian|parent|relative)$/i))
  const ours = (name: 'classes' | 'enrollments') =>
    flatMapInSlices(opened.get(name).rows, (row) => (isOurs(row.of('schoolSourcedId')) ? row : []))
  const [classes, enrolments] = [await ours('classes'), await ours('enrollments')]
  const found = {
    students: await flatMapInSlices(students, (user) => studentOf(user, problems)),
    classes: classes.map((row) => classOf(row, opened, problems)),
    enrolments: await flatMapInSlices(enrolments, (row) => (/^student$/i.test(row.of('role')) ? enrolmentOf(row, today) : [])),
    guardians: linksOf(students, guardians, users, problems),
    teachings: enrolments.filter(({ of }) => /^teacher$/i.test(of('role'))).map((row) => teachingOf(row, users, today)),
  }
  const elsewhere = [
    leftOut('classes.csv', opened.get('classes').rows.length - classes.length, 'of another school'),
    leftOut('enrollments.csv', opened.get('enrollments').rows.length - enrolments.length, 'of another school'),
    leftOut('enrollments.csv', enrolments.length - found.enrolments.length - found.teachings.length, 'with another role'),
    leftOut('users.csv', people.filter((user) => !isRole(user, takenRoles)).length, 'of another school, or with another role'),
  ]
  return { source: 'oneroster', ...found, whole: wholeKinds(opened, found), ignored: [...opened.ignored, ...elsewhere.flat()] }
}

const takenRoles = /^(?:student|teacher|guardian|parent|relative)$/i

function leftOut(file: string, count: number, which: string): readonly RosterIgnored[] {
  if (count === 0) return []
  const reason = 'Only students, teachers and guardians of this school are taken.'
  return [{ file, where: `${count} ${count === 1 ? 'row' : 'rows'} ${which}`, reason, isPrivate: false }]
}

type Found = Pick<RosterFile, 'students' | 'classes' | 'enrolments' | 'guardians' | 'teachings'>

/** An empty table says nothing of its kind: it never means that everybody is gone. */
function wholeKinds(opened: OneRosterTables, found: Found): RosterKind[] {
  const tableOf = {
    students: 'users',
    guardians: 'users',
    classes: 'classes',
    enrolments: 'enrollments',
    teachers: 'enrollments',
  } as const
  const count = { ...found, teachers: found.teachings }
  const kinds: readonly RosterKind[] = ['students', 'classes', 'enrolments', 'guardians', 'teachers']
  return kinds.filter((kind) => opened.get(tableOf[kind]).isWhole && count[kind].length > 0)
}

/** Whether rows of a school are ours: all of them when the archive holds one school, else those of the school with our name. */
function ownSchool(opened: OneRosterTables, schoolName: string, problems: RosterProblemList): (sourcedId: string) => boolean {
  const named = [...opened.get('classes').rows, ...opened.get('enrollments').rows].map(({ of }) => of('schoolSourcedId'))
  const ids = new Set(named.filter((id) => id !== ''))
  if (ids.size < 2) return () => true
  const wanted = opened.get('orgs').rows.find(({ of }) => of('name').toLowerCase() === schoolName.trim().toLowerCase())
  const id = wanted?.of('sourcedId')
  if (id === undefined || !ids.has(id)) {
    problems.add(null, severalSchools(ids.size))
    return () => true
  }
  return (sourcedId) => sourcedId === id || sourcedId === ''
}

/** Roles by user: from the user's own row (1.1), and from roles.csv (1.2). Users of another school of the archive have none. */
function rolesOfUsers(opened: OneRosterTables, isOurs: (id: string) => boolean): ReadonlyMap<string, readonly string[]> {
  const roles = new Map<string, string[]>()
  const add = (user: string, role: string) => roles.set(user, [...(roles.get(user) ?? []), role])
  for (const { of } of opened.get('users').rows) {
    const orgs = of('orgSourcedIds')
      .split(',')
      .map((id) => id.trim())
    if (of('role') !== '' && orgs.some(isOurs)) add(of('sourcedId'), of('role'))
  }
  for (const { of, isRemoved } of opened.get('roles').rows) {
    if (!isRemoved && isOurs(of('orgSourcedId'))) add(of('userSourcedId'), of('role'))
  }
  return roles
}

function studentOf(user: OneRosterRow, problems: RosterProblemList): FileStudent {
  const { of, file, row, isRemoved } = user
  const identifiers = readIdentifiers(
    user,
    {
      sis: cleanDigits(of('sourcedId')),
      number: cleanDigits(of('identifier')),
      username: cleanDigits(of('username')),
      email: of('email'),
    },
    problems,
  )
  const name = nameParts(of('familyName'), of('givenName'), '')
  return { file, row, internalId: null, ...name, isNameSplit: false, identifiers, isRemoved }
}

function classOf(row: OneRosterRow, opened: OneRosterTables, problems: RosterProblemList): FileClass {
  const { of, file, isRemoved } = row
  const course = opened.get('courses').rows.find((each) => each.of('sourcedId') === of('courseSourcedId'))
  const name = of('title') || course?.of('title') || ''
  if (name === '' && !isRemoved) {
    problems.add(file, {
      ...{ row: row.row, column: 'title', code: 'class_without_name', severity: 'warn' },
      message: `Row ${row.row}: the class has no title, and neither has its course.`,
      fix: 'Give the class a title in the student information system.',
    })
  }
  const ref = { internalId: null, sisId: of('sourcedId'), name: null }
  return { file, row: row.row, ref, name, subject: of('subjects') || null, isRemoved }
}

const classRefOf = (row: OneRosterRow): ClassRef => ({ internalId: null, sisId: row.of('classSourcedId'), name: null })
/** The last day is the day after which somebody is no longer there. */
const isOver = (row: OneRosterRow, today: string) => row.isRemoved || (row.of('endDate') !== '' && row.of('endDate') < today)

function enrolmentOf(row: OneRosterRow, today: string): FileEnrolment {
  const student = studentRef({ sis: cleanDigits(row.of('userSourcedId')) })
  return { file: row.file, row: row.row, student, class: classRefOf(row), isRemoved: isOver(row, today) }
}

function teachingOf(row: OneRosterRow, users: ReadonlyMap<string, OneRosterRow>, today: string): FileTeaching {
  const user = users.get(row.of('userSourcedId'))
  const email = user?.of('email') ?? ''
  const who = [user?.of('givenName') ?? '', user?.of('familyName') ?? ''].filter((part) => part !== '').join(' ')
  return {
    ...{ file: row.file, row: row.row, class: classRefOf(row), isRemoved: isOver(row, today) },
    email: isEmail(email) ? email : null,
    who: who || row.of('userSourcedId'),
  }
}
