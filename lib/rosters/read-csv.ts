/**
 * Rosters as plain CSV tables and as Clever writes them: students, classes (sections), enrolments, guardians (contacts) and
 * teachers, each in a table of its own or inside the students' table. Pure.
 */
import { type ReadTable, readTable, type RowReader, rowReader } from './csv-tables'
import type { TableKind } from './headings'
import { eachInSlices } from './in-slices'
import type { RosterTable } from './open-tables'
import { isEmail, nameParts, readIdentifiers, studentRef } from './read-person'
import {
  type ClassRef,
  type Coverage,
  type FileClass,
  type FileEnrolment,
  type FileGuardian,
  type FilePlace,
  type FileStudent,
  type FileTeaching,
  type RosterFile,
  type RosterIgnored,
  type RosterKind,
  rosterKinds,
} from './roster-file'
import type { RosterProblemList } from './roster-problems'

type Found = {
  students: FileStudent[]
  classes: FileClass[]
  enrolments: FileEnrolment[]
  guardians: FileGuardian[]
  teachings: FileTeaching[]
}
type Reading = Readonly<{
  isClever: boolean
  teacherEmails: ReadonlyMap<string, Readonly<{ email: string | null; who: string }>>
  problems: RosterProblemList
  found: Found
}>

/** The roster that some tables hold. `schoolName` says which school is meant when a file holds several. */
export async function readCsvRoster(
  tables: readonly RosterTable[],
  { coverage, schoolName }: { coverage: Coverage; schoolName: string },
  problems: RosterProblemList,
): Promise<Omit<RosterFile, 'problems'>> {
  const { read, ignored } = recognise(tables)
  const isClever = read.some(isCleverTable)
  const kept = onlyOneSchool(read, tables, schoolName, problems)
  const reading: Reading = {
    isClever,
    teacherEmails: teachersById(kept),
    problems,
    found: { students: [], classes: [], enrolments: [], guardians: [], teachings: [] },
  }
  for (const table of kept) {
    await eachInSlices(table.rows, ({ row, cells }) => {
      if (!isTooLong(table, row, cells, problems))
        readers[table.kind]({ file: table.file, row }, { ...rowReader(table, cells), table }, reading)
    })
  }
  const { found } = reading
  const isWhole = coverage === 'whole' || (coverage === 'file' && isClever)
  return {
    source: isClever ? 'clever' : 'csv',
    ...found,
    whole: isWhole ? rosterKinds.filter((kind) => namesOf(kind, found) > 0) : [],
    ignored: [...ignored, ...kept.flatMap((table) => table.ignored)],
  }
}

/** An empty table says nothing of its kind: it never means that everybody is gone. */
function namesOf(kind: RosterKind, found: Found): number {
  return kind === 'teachers' ? found.teachings.length : found[kind].length
}

function recognise(tables: readonly RosterTable[]): { read: ReadTable[]; ignored: RosterIgnored[] } {
  const read: ReadTable[] = []
  const ignored: RosterIgnored[] = []
  for (const table of tables) {
    const found = /^schools?\./.test(table.name) ? null : readTable(table)
    if (found !== null) read.push(found)
    else
      ignored.push({
        file: table.name,
        where: 'the whole file',
        reason: 'It names no students, classes, enrolments or guardians.',
        isPrivate: false,
      })
  }
  return { read, ignored }
}

function isCleverTable({ headings }: ReadTable): boolean {
  return (
    headings.includes('school id') && ['student id', 'section id', 'teacher id'].some((heading) => headings.includes(heading))
  )
}

function onlyOneSchool(
  read: readonly ReadTable[],
  tables: readonly RosterTable[],
  schoolName: string,
  problems: RosterProblemList,
): readonly ReadTable[] {
  const idOf = (table: ReadTable, cells: readonly string[]) => rowReader(table, cells).id('schoolId')
  const ids = new Set(read.flatMap((table) => table.rows.flatMap(({ cells }) => idOf(table, cells) || [])))
  if (ids.size < 2) return read
  const wanted = schoolIdOf(tables, schoolName)
  if (wanted === null || !ids.has(wanted)) {
    problems.add(null, severalSchools(ids.size))
    return read
  }
  const ofSchool = (table: ReadTable, cells: readonly string[]) => ['', wanted].includes(idOf(table, cells))
  return read.map((table) => ({ ...table, rows: table.rows.filter(({ cells }) => ofSchool(table, cells)) }))
}

/** What is said of a file with more than one school, none of which is called as this one is. */
export function severalSchools(count: number) {
  return {
    code: 'several_schools',
    severity: 'block' as const,
    message: `This file holds ${count} schools, and none of them is called exactly as yours is here.`,
    fix: 'Export your school alone and upload that file.',
  }
}

function schoolIdOf(tables: readonly RosterTable[], schoolName: string): string | null {
  const table = tables.find(({ name }) => /^schools?\./.test(name))
  const [headings = [], ...rows] = table?.rows ?? []
  const folded = headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[_\s]+/g, ' ')
      .trim(),
  )
  const [id, name] = [folded.indexOf('school id'), folded.indexOf('school name')]
  const row = rows.find((cells) => name >= 0 && (cells[name] ?? '').trim().toLowerCase() === schoolName.trim().toLowerCase())
  return row?.[id]?.trim() ?? null
}

function teachersById(tables: readonly ReadTable[]): Reading['teacherEmails'] {
  return new Map(
    tables
      .filter(({ kind }) => kind === 'teachers')
      .flatMap((table) => table.rows.map(({ cells }) => rowReader(table, cells)))
      .map((read) => {
        const email = read.text('teacherEmail')
        const who =
          [read.text('firstName'), read.text('lastName')].filter((part) => part !== '').join(' ') || read.text('teacherName')
        return [read.id('teacherId'), { email: isEmail(email) ? email : null, who: who || email || read.id('teacherId') }]
      }),
  )
}

function isTooLong(table: ReadTable, row: number, cells: readonly string[], problems: RosterProblemList): boolean {
  const extra = cells.slice(table.width).find((cell) => cell.trim() !== '')
  if (extra === undefined) return false
  // It blocks, because a row that cannot be read must not look like somebody who left.
  problems.add(table.file, {
    ...{ row, code: 'row_too_long', severity: 'block' },
    message: `Row ${row} has more cells than the heading row, so its cells may stand under the wrong headings.`,
    fix: 'Often a name with a comma needs quotation marks. Mend the row and upload the file again.',
  })
  return true
}

type Row = RowReader & Readonly<{ table: ReadTable }>
type ReadRow = (place: FilePlace, row: Row, reading: Reading) => void

const readers: Readonly<Record<TableKind, ReadRow>> = {
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
