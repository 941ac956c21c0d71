import type { Arena, Camp } from './arena'

/**
 * Everything of the built application that answers a request, and how each of it is attacked. The manifest test holds this
 * list against the build in both directions: a new page, handler or action without an entry here fails the suite.
 */

/** Who, of a school, may open a route. `anyone` needs no session. */
export type Reader = 'teacher' | 'admin' | 'student' | 'anyone'

/** A page or handler below a school's host. `path` names only rows of the camp it is given. */
export type SchoolRoute = Readonly<{ route: string; reader: Reader; path: (camp: Camp) => string; namesRows: boolean }>

export const schoolRoutes: readonly SchoolRoute[] = [
  { route: '/t/[tenant]', reader: 'teacher', path: () => '/', namesRows: false },
  { route: '/t/[tenant]/account', reader: 'student', path: () => '/account', namesRows: false },
  { route: '/t/[tenant]/audit', reader: 'admin', path: () => '/audit', namesRows: false },
  { route: '/t/[tenant]/classes', reader: 'teacher', path: () => '/classes', namesRows: false },
  {
    route: '/t/[tenant]/classes/[classId]',
    reader: 'teacher',
    path: ({ school }) => `/classes/${school.classId}`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/classes/[classId]/export',
    reader: 'teacher',
    path: ({ school }) => `/classes/${school.classId}/export?format=canvas&term=${school.termId}`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/classes/[classId]/fill',
    reader: 'teacher',
    path: ({ school }) => `/classes/${school.classId}/fill?term=${school.termId}`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/classes/[classId]/template',
    reader: 'teacher',
    path: ({ school }) => `/classes/${school.classId}/template?grades=1&term=${school.termId}`,
    namesRows: true,
  },
  { route: '/t/[tenant]/imports', reader: 'teacher', path: () => '/imports', namesRows: false },
  {
    route: '/t/[tenant]/imports/new',
    reader: 'teacher',
    path: ({ school }) => `/imports/new?class=${school.classId}`,
    namesRows: false,
  },
  {
    route: '/t/[tenant]/imports/[importId]',
    reader: 'teacher',
    // Without a step it sends on to the first with something open.
    path: ({ importId }) => `/imports/${importId}?step=review`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/imports/[importId]/progress',
    reader: 'teacher',
    path: ({ importId }) => `/imports/${importId}/progress`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/imports/[importId]/original',
    reader: 'teacher',
    path: ({ importId }) => `/imports/${importId}/original`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/imports/[importId]/plan',
    reader: 'teacher',
    path: ({ importId }) => `/imports/${importId}/plan`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/imports/[importId]/receipt',
    reader: 'teacher',
    path: ({ committedId }) => `/imports/${committedId}/receipt`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/imports/[importId]/rejects',
    reader: 'teacher',
    path: ({ importId }) => `/imports/${importId}/rejects`,
    namesRows: true,
  },
  { route: '/t/[tenant]/people', reader: 'admin', path: () => '/people', namesRows: false },
  { route: '/t/[tenant]/people/import', reader: 'admin', path: () => '/people/import', namesRows: false },
  { route: '/t/[tenant]/people/import/new', reader: 'admin', path: () => '/people/import/new', namesRows: false },
  {
    route: '/t/[tenant]/people/import/[rosterId]',
    reader: 'admin',
    path: ({ roster }) => `/people/import/${roster.rosterId}`,
    namesRows: true,
  },
  {
    route: '/t/[tenant]/people/import/[rosterId]/confirm',
    reader: 'admin',
    path: ({ roster }) => `/people/import/${roster.rosterId}/confirm`,
    namesRows: true,
  },
  { route: '/t/[tenant]/sign-in', reader: 'anyone', path: () => '/sign-in', namesRows: false },
  { route: '/t/[tenant]/students', reader: 'teacher', path: () => '/students', namesRows: false },
  {
    route: '/t/[tenant]/students/[studentId]',
    reader: 'teacher',
    path: ({ school }) => `/students/${school.students[0].id}`,
    namesRows: true,
  },
]

/** Routes of the other hosts, and what a path of theirs looks like. */
export const consoleRoutes: Readonly<Record<string, string>> = { '/console': '/', '/console/sign-in': '/sign-in' }
export const apexRoutes: Readonly<Record<string, string>> = { '/apex': '/' }
export const apiRoutes: readonly string[] = [
  '/api/v1/[...rest]',
  '/api/v1/classes',
  '/api/v1/classes/[id]/export',
  '/api/v1/classes/[id]/grades',
  '/api/v1/imports',
  '/api/v1/imports/[id]',
  '/api/v1/imports/[id]/commit',
  '/api/v1/imports/[id]/undo',
  '/api/v1/openapi.json',
  '/api/v1/students',
]
/** Answer on every host, or for the machine alone; each has its own test. */
export const otherRoutes: readonly string[] = [
  '/_not-found',
  '/_global-error',
  '/api/auth/[...nextauth]',
  '/api/health/live',
  '/api/health/ready',
  '/api/metrics',
  '/icon.svg',
]

/** A server action and a call of it that aims at rows of the given camp. */
export type ActionAttack = Readonly<{
  name: string
  form: (camp: Camp) => Readonly<Record<string, string | File>>
  reader: Reader
}>

const gradeFile = (camp: Camp) =>
  new File(
    [`last_name,first_name,email,Attack\nDATE,-,-,2026-10-01\nPOINTS,-,-,10\nKoval,Mariya,${camp.school.students[0].email},3\n`],
    'attack.csv',
    {
      type: 'text/csv',
    },
  )

/** Aims at a pupil by an id of the other system, which a pupil of either school has. */
const rosterFile = () => new File(['sis id,last name,first name\nS0,Attacked,Name\n'], 'students.csv', { type: 'text/csv' })

export const actions: readonly ActionAttack[] = [
  {
    name: 'uploadGrades',
    reader: 'teacher',
    form: (camp) => ({ classId: camp.school.classId, termId: camp.school.termId, file: gradeFile(camp) }),
  },
  {
    name: 'fillGivenFile',
    reader: 'teacher',
    form: (camp) => ({ classId: camp.school.classId, termId: camp.school.termId, file: gradeFile(camp) }),
  },
  { name: 'commitReviewed', reader: 'teacher', form: ({ importId, planHash }) => ({ importId, planHash }) },
  { name: 'discardReviewed', reader: 'teacher', form: ({ importId }) => ({ importId }) },
  {
    name: 'answerWizard',
    reader: 'teacher',
    form: ({ importId }) => ({ importId, 'set.conflicts': 'take', 'student.4': 'skip', 'c3.use': 'ignore' }),
  },
  { name: 'rememberColumns', reader: 'teacher', form: ({ importId }) => ({ importId }) },
  { name: 'forgetColumns', reader: 'teacher', form: ({ importId }) => ({ importId }) },
  {
    name: 'undoPart',
    reader: 'teacher',
    form: ({ committedId, school }) => ({ importId: committedId, studentIds: school.students[0].id }),
  },
  { name: 'redoUndone', reader: 'teacher', form: ({ committedId }) => ({ importId: committedId }) },
  { name: 'cancelWaiting', reader: 'teacher', form: ({ importId }) => ({ importId }) },
  { name: 'undoCommitted', reader: 'teacher', form: ({ committedId }) => ({ importId: committedId }) },
  {
    name: 'uploadRoster',
    reader: 'admin',
    form: () => ({ coverage: 'additions', file: rosterFile() }),
  },
  { name: 'commitRosterPlan', reader: 'admin', form: ({ roster }) => ({ ...roster, repeated: '3' }) },
  { name: 'discardRosterPlan', reader: 'admin', form: ({ roster: { rosterId } }) => ({ rosterId }) },
  { name: 'undoRosterCommit', reader: 'admin', form: ({ writtenRosterId }) => ({ rosterId: writtenRosterId }) },
  {
    name: 'signIn',
    reader: 'anyone',
    form: ({ school }) => ({ email: school.teacher.member.email, password: 'wrong on purpose', next: '/' }),
  },
  { name: 'signOut', reader: 'student', form: () => ({}) },
  // The student's, because it really ends the caller's own sessions.
  { name: 'signOutEverywhere', reader: 'student', form: () => ({}) },
  {
    name: 'consoleSignIn',
    reader: 'anyone',
    form: () => ({ email: 'nobody@district.example', password: 'wrong on purpose', next: '/' }),
  },
  { name: 'consoleSignOut', reader: 'anyone', form: () => ({}) },
  { name: 'findSchool', reader: 'anyone', form: () => ({ school: 'riverside' }) },
]

/** The cookie of the person who may open this route in this camp, or none. */
export function cookiesOf(camp: Camp, reader: Reader): readonly string[] {
  return reader === 'anyone' ? [] : [camp.cookies[reader]]
}

/** Words that are Riverside's alone; none of them may ever come to anybody of Northside. */
export function marksOf(arena: Arena): readonly string[] {
  const { school, importId, committedId, roster, writtenRosterId } = arena.riverside
  return [
    'Riverside School',
    school.tenantId,
    school.classId,
    school.termId,
    importId,
    committedId,
    roster.rosterId,
    writtenRosterId,
    ...school.students.flatMap(({ id, email }) => [id, email]),
    ...school.assignments.map(({ id }) => id),
  ]
}
