import type { PeopledSchool } from '../../support/two-schools'
import { type OneRosterSchool, oneRosterTables, type Tables, zipFile } from '../../support/roster-files'
import type { World } from '../../support/world'
import { asAdmin } from '../imports/support'

/** The school as it stands in the database, as another system would export it. Guards of a spreadsheet stand before odd names. */

type Student = Readonly<{
  id: string
  last: string
  first: string
  sis: string | null
  number: string | null
  username: string | null
  email: string | null
}>

async function readSchool(world: World, school: PeopledSchool) {
  return asAdmin(world, school, async (sql) => {
    const identifier = (kind: string) =>
      `(select i.value from app.student_identifiers i where i.tenant_id = $1 and i.student_id = s.id and i.kind = '${kind}' and i.is_primary) as "${kind}"`
    const at = [school.tenantId]
    return {
      students: await sql<Student>(
        `select s.id, s.last_name as last, s.first_name as first, ${['sis', 'number', 'username', 'email'].map(identifier).join(', ')}
         from app.students s where s.tenant_id = $1 and s.left_at is null order by s.id`,
        at,
      ),
      classes: await sql<{ id: string; name: string; subject: string | null; sis: string | null }>(
        `select id, name, subject, sis_id as sis from app.classes where tenant_id = $1 and archived_at is null order by id`,
        at,
      ),
      enrolments: await sql<{ classId: string; studentId: string }>(
        `select e.class_id as "classId", e.student_id as "studentId" from app.enrolments e
         join app.classes c on c.tenant_id = $1 and c.id = e.class_id and c.archived_at is null
         where e.tenant_id = $1 and e.left_at is null order by 1, 2`,
        at,
      ),
      guardians: await sql<{ email: string; name: string; relationship: string; studentId: string }>(
        `select m.email, m.display_name as name, g.relationship, g.student_id as "studentId" from app.guardians g
         join app.members m on m.tenant_id = $1 and m.id = g.member_id
         join app.students s on s.tenant_id = $1 and s.id = g.student_id and s.left_at is null
         where g.tenant_id = $1 and g.revoked_at is null order by 1, 4`,
        at,
      ),
      teachers: await sql<{ email: string; classId: string }>(
        `select m.email, t.class_id as "classId" from app.class_teachers t
         join app.members m on m.tenant_id = $1 and m.id = t.member_id
         join app.classes c on c.tenant_id = $1 and c.id = t.class_id and c.archived_at is null
         where t.tenant_id = $1 order by 1, 2`,
        at,
      ),
    }
  })
}

const guarded = (text: string | null) => (text !== null && /^[=+\-@\t]/.test(text) ? `'${text}` : text)

/** As CSV tables with our own ids. */
export async function csvExport(world: World, school: PeopledSchool) {
  const { students, classes, enrolments, guardians, teachers } = await readSchool(world, school)
  const emailsOf = (classId: string) => teachers.filter((each) => each.classId === classId).map(({ email }) => email)
  const tables: Tables = {
    'students.csv': [
      ['internal id', 'last name', 'first name', 'sis id', 'student number', 'username', 'email'],
      ...students.map((each) => [
        each.id,
        guarded(each.last),
        guarded(each.first),
        each.sis,
        each.number,
        each.username,
        each.email,
      ]),
    ],
    'classes.csv': [
      ['internal id', 'name', 'class id', 'subject', 'teacher email'],
      ...classes.map(({ id, name, sis, subject }) => [id, guarded(name), sis, guarded(subject), emailsOf(id).join(';')]),
    ],
    'enrolments.csv': [
      ['student number', 'sis id', 'student email', 'class id', 'class'],
      ...enrolments.map(({ classId, studentId }) => {
        const student = students.find(({ id }) => id === studentId)
        const found = classes.find(({ id }) => id === classId)
        return [
          student?.number ?? null,
          student?.sis ?? null,
          student?.email ?? null,
          found?.sis ?? null,
          guarded(found?.name ?? null),
        ]
      }),
    ],
    'guardians.csv': [
      ['guardian name', 'guardian email', 'relationship', 'student number', 'student sis id', 'student email'],
      ...guardians.map(({ name, email, relationship, studentId }) => {
        const student = students.find(({ id }) => id === studentId)
        return [guarded(name), email, relationship, student?.number ?? null, student?.sis ?? null, student?.email ?? null]
      }),
    ],
  }
  return zipFile(tables, 'export.zip')
}

/** As a OneRoster archive; every student and class has an id of the other system by then. */
export async function oneRosterExport(world: World, school: PeopledSchool, version: '1.1' | '1.2') {
  const { students, classes, enrolments, guardians, teachers } = await readSchool(world, school)
  const sisOf = (studentId: string) => students.find(({ id }) => id === studentId)?.sis ?? ''
  const classSis = (classId: string) => classes.find(({ id }) => id === classId)?.sis ?? ''
  const people = (list: readonly Readonly<{ email: string }>[]) => [...new Set(list.map(({ email }) => email))]
  const all: OneRosterSchool = {
    users: [
      ...students.map(({ sis, last, first, email, number, username }) => ({
        ...{ id: sis ?? '', role: 'student', last: guarded(last) ?? '', first: guarded(first) ?? '' },
        ...{ email: email ?? '', number: number ?? '', username: username ?? '' },
      })),
      ...people(guardians).map((email) => ({
        ...{
          id: `G-${email}`,
          role: 'guardian',
          last: '',
          first: guarded(guardians.find((each) => each.email === email)?.name ?? '') ?? '',
          email,
        },
        agents: guardians.filter((each) => each.email === email).map(({ studentId }) => sisOf(studentId)),
      })),
      ...people(teachers).map((email) => ({ id: `T-${email}`, role: 'teacher', last: 'Teacher', first: '', email })),
    ],
    classes: classes.map(({ sis, name, subject }) => ({
      id: sis ?? '',
      title: guarded(name) ?? '',
      subject: guarded(subject) ?? '',
    })),
    enrolments: [
      ...enrolments.map(({ classId, studentId }) => ({ class: classSis(classId), user: sisOf(studentId) })),
      ...teachers.map(({ email, classId }) => ({ class: classSis(classId), user: `T-${email}`, role: 'teacher' })),
    ],
  }
  return zipFile(oneRosterTables(all, { version }), 'export.zip')
}
