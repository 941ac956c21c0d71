/** What one row of a CSV or Clever table says. Pure. */
import type { ReadTable, RowReader } from './csv-tables'
import type { TableKind } from './headings'
import { isEmail, nameParts, readIdentifiers, studentRef } from './read-person'
import type { ClassRef, FileClass, FileEnrolment, FileGuardian, FilePlace, FileStudent, FileTeaching } from './roster-file'
import type { RosterProblemList } from './roster-problems'

/** What was read so far; readers of rows add to it. */
export type Found = {
  students: FileStudent[]
  classes: FileClass[]
  enrolments: FileEnrolment[]
  guardians: FileGuardian[]
  teachings: FileTeaching[]
}
export type Reading = Readonly<{
  isClever: boolean
  teacherEmails: ReadonlyMap<string, Readonly<{ email: string | null; who: string }>>
  problems: RosterProblemList
  found: Found
}>

/** One row with the table it stands in. */
export type Row = RowReader & Readonly<{ table: ReadTable }>
type ReadRow = (place: FilePlace, row: Row, reading: Reading) => void

/** How a row of each kind of table is read. */
export const readers: Readonly<Record<TableKind, ReadRow>> = {
  students: readStudentRow,
  classes: readClassRow,
  enrolments: readEnrolmentRow,
  guardians: readGuardianRow,
  teachers: () => {},
}

function readStudentRow(place: FilePlace, row: Row, reading: Reading): void {
  const { problems, found } = reading
  // Beside a number, or at Clever, "student id" is the id of the SIS; alone it is what schools call the number.
  const isSis = reading.isClever || row.table.columns.some(({ role }) => role === 'number')
  const studentId = row.id('studentId')
  const identifiers = readIdentifiers(
    place,
    {
      sis: row.id('sisId') || (isSis ? studentId : ''),
      number: row.id('number') || (isSis ? '' : studentId),
      username: row.id('username'),
      email: row.text('email'),
    },
    problems,
  )
  const name = nameParts(row.text('lastName'), row.text('firstName'), row.text('fullName'))
  const internalId = row.id('internalId') || null
  if (identifiers.length === 0 && internalId === null && name.lastName + name.firstName === '') {
    problems.add(place.file, {
      ...{ row: place.row, code: 'no_student', severity: 'reject' },
      message: `Row ${place.row} names no student.`,
      fix: 'Write the name, number or e-mail address, or delete the row.',
    })
    return
  }
  const isNameSplit = row.text('lastName') + row.text('firstName') === ''
  found.students.push({ ...place, internalId, ...name, isNameSplit, identifiers, isRemoved: false })
  const ref = classRef(row)
  if (ref !== null) found.enrolments.push({ ...place, student: identifiers, class: ref, isRemoved: false })
  for (const contact of [0, 1, 2, 3, 4]) addGuardian(place, row, contact, identifiers, reading)
}

function readClassRow(place: FilePlace, row: Row, { found, problems, teacherEmails }: Reading): void {
  const ref = classRef(row)
  if (ref === null) {
    problems.add(place.file, {
      ...{ row: place.row, code: 'no_class', severity: 'reject' },
      message: `Row ${place.row} has neither a name nor an id of a class.`,
      fix: 'Write the name of the class, or delete the row.',
    })
    return
  }
  found.classes.push({ ...place, ref, name: ref.name ?? '', subject: row.text('subject') || null, isRemoved: false })
  const teaching = (email: string | null, who: string) =>
    found.teachings.push({ ...place, class: ref, email, who, isRemoved: false })
  for (const cell of row.all('teacherEmail')) {
    for (const who of cell.split(/[;,|]/).map((part) => part.trim())) if (who !== '') teaching(isEmail(who) ? who : null, who)
  }
  for (const id of row.all('teacherId')) teaching(teacherEmails.get(id)?.email ?? null, teacherEmails.get(id)?.who ?? id)
}

function readEnrolmentRow(place: FilePlace, row: Row, { found, problems }: Reading): void {
  const student = refOf(row)
  const ref = classRef(row)
  if (student.length > 0 && ref !== null) {
    found.enrolments.push({ ...place, student, class: ref, isRemoved: false })
    return
  }
  problems.add(place.file, {
    ...{ row: place.row, code: 'half_enrolment', severity: 'reject' },
    message: `Row ${place.row} names ${student.length === 0 ? 'no student' : 'no class'}, so nobody can be enrolled by it.`,
    fix: 'Fill in what is missing, or delete the row.',
  })
}

function readGuardianRow(place: FilePlace, row: Row, reading: Reading): void {
  const child = refOf(row)
  if (child.length > 0) addGuardian(place, row, 0, child, reading)
  else
    reading.problems.add(place.file, {
      ...{ row: place.row, code: 'no_child', severity: 'reject' },
      message: `Row ${place.row} does not say whose guardian this is.`,
      fix: 'Write the number or e-mail address of the student, or delete the row.',
    })
}

function addGuardian(
  place: FilePlace,
  row: Row,
  contact: number,
  child: FileGuardian['child'],
  { found, problems }: Reading,
): void {
  const email = row.text('guardianEmail', contact)
  const parts = [row.text('guardianFirstName', contact), row.text('guardianLastName', contact)].filter((part) => part !== '')
  const name = parts.join(' ') || row.text('guardianName', contact)
  if (email === '' && name === '') return
  if (isEmail(email)) {
    const relationship = row.text('relationship', contact).toLowerCase() || 'guardian'
    found.guardians.push({ ...place, email, name: name || email, relationship, child, isRemoved: false })
    return
  }
  problems.add(place.file, {
    ...{ row: place.row, column: 'guardian e-mail', value: email || null, code: 'guardian_without_email', severity: 'reject' },
    message: `Row ${place.row}: the guardian ${email === '' ? 'has no e-mail address' : `has '${email}', which is no e-mail address`}, so they could not be invited.`,
    fix: 'Add the e-mail address where the file comes from.',
  })
}

function refOf(row: Row) {
  const [sis, number, username] = [row.id('sisId'), row.id('number'), row.id('username')]
  return studentRef({ sis, number, username, email: row.text('email'), studentId: row.id('studentId') })
}

function classRef(row: Row): ClassRef | null {
  const ref = {
    internalId: row.id('classInternalId') || null,
    sisId: row.id('classId') || null,
    name: row.all('className')[0] ?? null,
  }
  return ref.internalId === null && ref.sisId === null && ref.name === null ? null : ref
}
