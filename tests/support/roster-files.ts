import { strToU8, zipSync } from 'fflate'

/** Tables by file name, each as rows of cells. */
export type Tables = Readonly<Record<string, readonly (readonly (string | null)[])[]>>

/** Rows as CSV, quoted where it has to be. */
export function csvText(rows: readonly (readonly (string | null)[])[]): string {
  const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return `${rows.map((row) => row.map((cell) => quote(cell ?? '')).join(',')).join('\n')}\n`
}

export function csvFile(rows: readonly (readonly (string | null)[])[], name = 'students.csv') {
  return { name, bytes: new TextEncoder().encode(csvText(rows)) }
}

/** A ZIP archive of CSV tables. */
export function zipFile(tables: Tables, name = 'roster.zip') {
  return {
    name,
    bytes: zipSync(Object.fromEntries(Object.entries(tables).map(([file, rows]) => [file, strToU8(csvText(rows))]))),
  }
}

type User = Readonly<{
  id: string
  role: string
  last: string
  first: string
  email?: string
  number?: string
  username?: string
  agents?: readonly string[]
  status?: string
}>

/** What a small student information system holds; written as OneRoster 1.1 or 1.2. */
export type OneRosterSchool = Readonly<{
  users: readonly User[]
  classes: readonly Readonly<{ id: string; title: string; status?: string; subject?: string }>[]
  enrolments: readonly Readonly<{ class: string; user: string; role?: string; status?: string; endDate?: string }>[]
}>

/** A OneRoster archive with every column the standard has, private ones filled, so that a test can look for them. */
export function oneRosterTables(
  school: OneRosterSchool,
  { version = '1.1', mode = 'bulk' }: { version?: '1.1' | '1.2'; mode?: 'bulk' | 'delta' } = {},
): Tables {
  const meta = (status?: string) => (mode === 'bulk' ? ['', ''] : [status ?? 'active', '2026-11-01T00:00:00Z'])
  const users11 = [
    ...['sourcedId', 'status', 'dateLastModified', 'enabledUser', 'orgSourcedIds', 'role', 'username', 'userIds'],
    ...['givenName', 'familyName', 'middleName', 'identifier', 'email', 'sms', 'phone', 'agentSourcedIds', 'grades', 'password'],
  ]
  const users12 = users11.filter((heading) => heading !== 'orgSourcedIds' && heading !== 'role')
  const userRow = (user: User, headings: readonly string[]) => {
    const cells: Readonly<Record<string, string>> = {
      ...{ sourcedId: user.id, enabledUser: 'true', orgSourcedIds: 'org1', role: user.role, username: user.username ?? '' },
      ...{ givenName: user.first, familyName: user.last, identifier: user.number ?? '', email: user.email ?? '' },
      ...{
        sms: '555-0001',
        phone: '555-0002',
        agentSourcedIds: (user.agents ?? []).join(','),
        grades: '09',
        password: 'hunter2',
      },
    }
    const [status = '', modified = ''] = meta(user.status)
    return headings.map((heading) =>
      heading === 'status' ? status : heading === 'dateLastModified' ? modified : (cells[heading] ?? ''),
    )
  }
  const headings = version === '1.1' ? users11 : users12
  return {
    'manifest.csv': [
      ['propertyName', 'value'],
      ['manifest.version', '1.0'],
      ['oneroster.version', version],
      ...['orgs', 'users', 'classes', 'enrollments', 'courses', ...(version === '1.2' ? ['roles'] : [])].map((name) => [
        `file.${name}`,
        mode,
      ]),
      ['file.results', 'absent'],
    ],
    'orgs.csv': [
      ['sourcedId', 'status', 'dateLastModified', 'name', 'type', 'identifier', 'parentSourcedId'],
      ['org1', ...meta(), 'Northside School', 'school', '', ''],
    ],
    'courses.csv': [
      ['sourcedId', 'status', 'dateLastModified', 'schoolYearSourcedId', 'title', 'courseCode', 'grades', 'orgSourcedId'],
    ],
    'academicSessions.csv': [
      ['sourcedId', 'status', 'dateLastModified', 'title', 'type', 'startDate', 'endDate', 'parentSourcedId', 'schoolYear'],
      ['t1', ...meta(), 'Autumn', 'term', '2026-09-01', '2026-12-20', '', '2027'],
    ],
    'users.csv': [headings, ...school.users.map((user) => userRow(user, headings))],
    ...(version === '1.2'
      ? {
          'roles.csv': [
            [
              'sourcedId',
              'status',
              'dateLastModified',
              'userSourcedId',
              'roleType',
              'role',
              'beginDate',
              'endDate',
              'orgSourcedId',
            ],
            ...school.users.map((user) => [`r-${user.id}`, ...meta(), user.id, 'primary', user.role, '', '', 'org1']),
          ],
        }
      : {}),
    'classes.csv': [
      [
        'sourcedId',
        'status',
        'dateLastModified',
        'title',
        'grades',
        'courseSourcedId',
        'classCode',
        'classType',
        'location',
        'schoolSourcedId',
        'termSourcedIds',
        'subjects',
      ],
      ...school.classes.map(({ id, title, status, subject }) => [
        ...[id, ...meta(status), title, '09', '', '', 'scheduled', '', 'org1', 't1', subject ?? ''],
      ]),
    ],
    'enrollments.csv': [
      [
        'sourcedId',
        'status',
        'dateLastModified',
        'classSourcedId',
        'schoolSourcedId',
        'userSourcedId',
        'role',
        'primary',
        'beginDate',
        'endDate',
      ],
      ...school.enrolments.map((each, at) => [
        ...[`e${at}`, ...meta(each.status), each.class, 'org1', each.user, each.role ?? 'student', '', '', each.endDate ?? ''],
      ]),
    ],
  }
}
