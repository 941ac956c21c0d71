/**
 * Rosters as plain CSV tables and as Clever writes them: students, classes (sections), enrolments, guardians (contacts) and
 * teachers, each in a table of its own or inside the students' table. Pure.
 */
import { type ReadTable, readTable, rowReader } from './csv-tables'
import { eachInSlices } from './in-slices'
import type { RosterTable } from './open-tables'
import { type Found, type Reading, readers } from './read-csv-rows'
import { isEmail } from './read-person'
import { type Coverage, type RosterFile, type RosterIgnored, type RosterKind, rosterKinds } from './roster-file'
import type { RosterProblemList } from './roster-problems'

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
  return read.map((table) => {
    const rows = table.rows.filter(({ cells }) => ['', wanted].includes(idOf(table, cells)))
    const others = table.rows.length - rows.length
    const where = `${others} ${others === 1 ? 'row' : 'rows'} of another school`
    const left = { file: table.file, where, reason: 'Only this school is taken.', isPrivate: false }
    return { ...table, rows, ignored: others === 0 ? table.ignored : [...table.ignored, left] }
  })
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
