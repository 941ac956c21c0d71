/** The students a file names, and the rows that name nobody or somebody twice. Pure. */
import type { Table } from './columns'
import type { IdentityRole } from './formats/format'
import { type IdentityColumns, nameOf } from './names'
import type { IdentifierKind, ParsedIdentifier, ParsedStudent } from './parsed'
import { isEmail } from './private-columns'
import type { ProblemList } from './problems'
import { cleanDigits, cleanText, foldIdentifier, foldName, unguard } from './text'

const identifierKinds: readonly IdentifierKind[] = ['sis', 'number', 'username', 'email']
const kindNames: Readonly<Record<IdentifierKind, string>> = {
  email: 'e-mail',
  number: 'student number',
  username: 'user name',
  sis: 'SIS id',
}
const nameCharsMax = 200

/** Students in row order. Rows of the same student are refused side by side; rows too long or without anybody are refused. */
export function readStudents(
  table: Table,
  problems: ProblemList,
  hidden: ReadonlySet<number>,
): { students: ParsedStudent[]; rejectedRows: number[] } {
  const refused = new Set<number>()
  const read: ParsedStudent[] = []
  for (const [at, row] of table.rows.entries()) {
    if (table.roles[at] !== 'student') continue
    const student = readStudent(row, { number: at + 1, table, hidden }, problems)
    if (student) read.push(student)
    else refused.add(at + 1)
  }
  for (const same of findSame(read)) {
    const rows = same.students.map(({ row }) => row)
    for (const student of same.students) {
      if (refused.has(student.row)) continue
      refused.add(student.row)
      problems.add({
        row: student.row,
        column: same.what,
        value: same.value(student),
        code: 'same_student',
        severity: 'reject',
        message: `Rows ${listOf(rows)} are the same student (${same.value(student)}). None of them was imported.`,
        fix: 'Keep the right row, delete the others, and upload the file again.',
      })
    }
  }
  return { students: read.filter(({ row }) => !refused.has(row)), rejectedRows: [...refused].sort((a, b) => a - b) }
}

const listOf = (rows: readonly number[]) =>
  rows.length > 6 ? `${rows.slice(0, 6).join(', ')} and more` : `${rows.slice(0, -1).join(', ')} and ${rows.at(-1)}`

function readStudent(
  row: readonly string[],
  { number, table, hidden }: Readonly<{ number: number; table: Table; hidden: ReadonlySet<number> }>,
  problems: ProblemList,
): ParsedStudent | null {
  const { format, identity, columns } = table.layout
  const textOf = (role: IdentityRole) => {
    const column = identity.get(role)
    return column === undefined ? '' : cleanText(unguard(row[column] ?? ''))
  }
  const extra = row.slice(columns.length).find((cell) => cleanText(cell) !== '')
  if (extra !== undefined) {
    problems.add({
      row: number,
      // Where cells stand in the wrong columns, any of them may be personal data.
      value: hidden.size > 0 ? null : cleanText(extra),
      code: 'row_too_long',
      severity: 'reject',
      message: `Row ${number} has more cells than the heading row, so its scores may stand under the wrong titles.`,
      fix: 'Often a name or note with a comma needs quotation marks. Mend the row and upload the file again.',
    })
    return null
  }
  const identifiers: ParsedIdentifier[] = []
  for (const kind of identifierKinds) {
    const text = cleanDigits(textOf(kind))
    const value = kind !== 'email' && text.startsWith(format.identifierMark) ? text.slice(format.identifierMark.length) : text
    if (value === '' || /^[-\u2013\u2014]+$/.test(value)) continue
    if (!isIdentifier(kind, value, number, problems)) return null
    identifiers.push({ kind: kindOf(kind, value, identity), value, folded: foldIdentifier(value) })
  }
  const names = nameOf(row, identity)
  const lastName = names.lastName.slice(0, nameCharsMax)
  const firstName = names.firstName.slice(0, nameCharsMax)
  if (identifiers.length === 0 && lastName === '' && firstName === '') {
    problems.add({
      row: number,
      code: 'no_student',
      severity: 'reject',
      message: `Row ${number} has scores, but names no student.`,
      fix: 'Write the name or the e-mail address, or delete the row.',
    })
    return null
  }
  return { row: number, lastName, firstName, identifiers }
}

// Many schools sign in with the e-mail address: then the user name is one.
const kindOf = (kind: IdentifierKind, value: string, identity: IdentityColumns): IdentifierKind =>
  kind === 'username' && isEmail(value) && !identity.has('email') ? 'email' : kind

function isIdentifier(kind: IdentifierKind, value: string, row: number, problems: ProblemList): boolean {
  const column = kindNames[kind]
  if (
    /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!)/i.test(value) ||
    value.length > nameCharsMax ||
    (kind === 'email' && !isEmail(value))
  ) {
    problems.add({
      row,
      column,
      value,
      code: 'bad_identifier',
      severity: 'reject',
      message: `Row ${row}: '${value}' is not ${kind === 'email' ? 'an e-mail address' : `a ${column}`}.`,
      fix: 'Mend it, or leave it empty so that the student is found by name.',
    })
    return false
  }
  if (kind !== 'email' && (/^\d{1,2}-[a-z]{3}(?:-\d{2,4})?$/i.test(value) || /^\d(?:[.,]\d+)?e\+?\d+$/i.test(value))) {
    problems.add({
      row,
      column,
      value,
      code: 'id_changed',
      severity: 'warn',
      message: `Row ${row}: a spreadsheet may have changed this ${column} to '${value}'.`,
      fix: 'Compare it with the original; format the column as text before typing the numbers again.',
    })
  }
  return true
}

type Same = Readonly<{ what: string; value: (student: ParsedStudent) => string; students: readonly ParsedStudent[] }>

function findSame(students: readonly ParsedStudent[]): Same[] {
  const byIdentifier = new Map<string, ParsedStudent[]>()
  const byName = new Map<string, ParsedStudent[]>()
  for (const student of students) {
    for (const { kind, folded } of student.identifiers) push(byIdentifier, `${kind}\t${folded}`, student)
    push(byName, `${foldName(student.lastName)}\t${foldName(student.firstName)}`, student)
  }
  const same: Same[] = []
  for (const [key, found] of byIdentifier) {
    const kind = identifierKinds.find((candidate) => key.startsWith(`${candidate}\t`))
    if (found.length < 2 || kind === undefined) continue
    same.push({
      what: kindNames[kind],
      students: found,
      value: (student) => student.identifiers.find((own) => own.kind === kind)?.value ?? '',
    })
  }
  for (const found of byName.values()) {
    // Two people may share a name when something else tells them apart.
    if (found.length < 2 || found.every(({ identifiers }) => identifiers.length > 0)) continue
    same.push({ what: 'name', students: found, value: ({ lastName, firstName }) => `${lastName}, ${firstName}` })
  }
  return same
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
}
