/** A file to what it says of a school's people and classes. Pure but for waiting: no school is looked at. */
import { isOneRoster } from './oneroster-tables'
import { openTables } from './open-tables'
import { readCsvRoster } from './read-csv'
import { readOneRoster } from './read-oneroster'
import type { Coverage, RosterFile, RosterKind } from './roster-file'
import { createRosterProblems } from './roster-problems'

export type ReadOptions = Readonly<{
  /** `file`: as the file says of itself; `whole`: who is missing is gone; `additions`: nobody goes. */
  coverage: Coverage
  /** The school's own name, to find it in a district's file. */
  schoolName: string
  /** YYYY-MM-DD at the school. */
  today: string
}>

/** Reads an upload: CSV, a ZIP of CSV files, a OneRoster or a Clever archive. Problems that block are among `problems`. */
export async function readRoster(file: { name: string; bytes: Uint8Array }, options: ReadOptions): Promise<RosterFile> {
  const opened = await openTables(file)
  const problems = createRosterProblems()
  for (const { file: table, ...found } of opened.problems) problems.add(table, found)
  const tables = opened.tables.map((table) => ({ ...table, name: table.name.replace(/\.(?:tsv|txt)$/, '.csv') }))
  const readTables = isOneRoster(tables) ? readOneRoster : readCsvRoster
  const read = await readTables(tables, options, problems)
  if (opened.problems.every(({ severity }) => severity !== 'block')) refuseEmpty(read, problems)
  if (read.source === 'csv' && options.coverage === 'file') askCoverage(problems)
  return { ...read, ignored: [...opened.ignored, ...read.ignored], problems: problems.list() }
}

type Read = Omit<RosterFile, 'problems'>
type Problems = ReturnType<typeof createRosterProblems>

function refuseEmpty(read: Read, problems: Problems): void {
  const kinds: readonly (readonly [RosterKind, number])[] = [
    ['students', read.students.length],
    ['classes', read.classes.length],
    ['enrolments', read.enrolments.length],
    ['guardians', read.guardians.length],
  ]
  if (kinds.some(([, count]) => count > 0)) return
  problems.add(null, {
    ...{ code: 'no_roster', severity: 'block' },
    message: 'The file names no students, classes, enrolments or guardians.',
    fix: 'Upload a OneRoster or Clever export, or tables with headings such as last name, first name and student number.',
  })
}

function askCoverage(problems: Problems): void {
  problems.add(null, {
    ...{ code: 'ask_coverage', severity: 'block' },
    message: 'A CSV file does not say whether it lists the whole school or only what is new.',
    fix: 'Choose below what it means when somebody is not in the file, and upload it again.',
  })
}
