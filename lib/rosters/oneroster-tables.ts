/** The tables of a OneRoster 1.1 or 1.2 archive: which there are, whether each is the whole list, and rows by column name. Pure. */
import { cleanText, unguard } from '@/lib/imports/text'
import { isPrivateHeading } from './headings'
import { flatMapInSlices } from './in-slices'
import type { RosterTable } from './open-tables'
import type { Coverage, FilePlace, RosterIgnored } from './roster-file'
import type { RosterProblemList } from './roster-problems'

export const oneRosterNames = ['orgs', 'courses', 'classes', 'users', 'roles', 'enrollments'] as const
export type OneRosterName = (typeof oneRosterNames)[number]

/** One row; `of` gives a column's text, '' when there is none. */
export type OneRosterRow = Readonly<{ file: string; row: number; of: (column: string) => string; isRemoved: boolean }>
export type OneRosterTable = Readonly<{ rows: readonly OneRosterRow[]; isWhole: boolean }>
export type OneRosterTables = Readonly<{
  get: (name: OneRosterName) => OneRosterTable
  ignored: readonly RosterIgnored[]
}>

/** Whether an upload is a OneRoster export: a manifest, or tables that begin as all of OneRoster's do. */
export function isOneRoster(tables: readonly RosterTable[]): boolean {
  return tables.some(({ name, rows }) => name === 'manifest.csv' || (name === 'users.csv' && isHeading(rows[0] ?? [])))
}

const isHeading = (cells: readonly string[]) => cells.map(fold).slice(0, 3).join(',') === 'sourcedid,status,datelastmodified'
const fold = (heading: string) => cleanText(heading).toLowerCase()

/** Reads the manifest and the tables a roster needs. What the manifest promises and the archive lacks blocks. */
export async function openOneRoster(
  tables: readonly RosterTable[],
  coverage: Coverage,
  problems: RosterProblemList,
): Promise<OneRosterTables> {
  const manifest = readManifest(tables)
  const opened = new Map<OneRosterName, OneRosterTable>()
  for (const name of oneRosterNames) opened.set(name, await openOne(name, { tables, manifest, coverage }, problems))
  return {
    get: (name) => opened.get(name) ?? { rows: [], isWhole: false },
    ignored: tables.flatMap((table) => ignoredOf(table)),
  }
}

function readManifest(tables: readonly RosterTable[]): ReadonlyMap<string, string> {
  const rows = tables.find(({ name }) => name === 'manifest.csv')?.rows ?? []
  return new Map(rows.map(([property = '', value = '']) => [fold(property), cleanText(value).toLowerCase()]))
}

type Source = Readonly<{ tables: readonly RosterTable[]; manifest: ReadonlyMap<string, string>; coverage: Coverage }>

async function openOne(
  name: OneRosterName,
  { tables, manifest, coverage }: Source,
  problems: RosterProblemList,
): Promise<OneRosterTable> {
  const file = `${name}.csv`
  const table = tables.find((each) => each.name === file)
  const promised = manifest.get(`file.${name}`) ?? ''
  if (table === undefined) {
    if (promised === 'bulk' || promised === 'delta') {
      problems.add(file, {
        ...{ code: 'table_missing', severity: 'block' },
        message: `The manifest announces ${file}, but it is not in the archive.`,
        fix: 'Export again from the student information system, and upload the new archive unchanged.',
      })
    }
    return { rows: [], isWhole: false }
  }
  const [headings = [], ...rows] = table.rows
  if (!isHeading(headings)) {
    problems.add(file, {
      ...{ row: 1, code: 'bad_heading', severity: 'block' },
      message: `${file} does not begin with sourcedId, status and dateLastModified, as OneRoster tables do.`,
      fix: 'Export again, and do not change the tables in a spreadsheet.',
    })
    return { rows: [], isWhole: false }
  }
  const places = new Map(headings.map((heading, at) => [fold(heading), at]))
  const read = await flatMapInSlices(rows, (cells, index) => readRow({ file, row: index + 2 }, places, cells, problems))
  const hasStatus = read.some(({ of }) => of('status') !== '')
  const isBulk = promised === 'bulk' || (promised === '' && !hasStatus)
  return { rows: read, isWhole: coverage === 'whole' || (coverage === 'file' && isBulk) }
}

function readRow(
  { file, row }: FilePlace,
  places: ReadonlyMap<string, number>,
  cells: readonly string[],
  problems: RosterProblemList,
): OneRosterRow[] {
  if (cells.every((cell) => cleanText(cell) === '')) return []
  if (cells.slice(places.size).some((cell) => cleanText(cell) !== '')) {
    problems.add(file, {
      ...{ row, code: 'row_too_long', severity: 'block' },
      message: `Row ${row} has more cells than the heading row, so its cells may stand under the wrong headings.`,
      fix: 'Export again; a name with a comma needs quotation marks.',
    })
    return []
  }
  const of = (column: string) => {
    const at = places.get(column.toLowerCase())
    return at === undefined ? '' : cleanText(unguard(cells[at] ?? ''))
  }
  if (of('sourcedId') === '') {
    problems.add(file, {
      ...{ row, column: 'sourcedId', code: 'no_sourced_id', severity: 'block' },
      message: `Row ${row} has no sourcedId, so nothing can be told apart by it.`,
      fix: 'Export again from the student information system.',
    })
    return []
  }
  return [{ file, row, of, isRemoved: /^(?:tobedeleted|inactive)$/i.test(of('status')) }]
}

const known: readonly string[] = [...oneRosterNames.map((name) => `${name}.csv`), 'manifest.csv']

function ignoredOf({ name, rows: [headings = []] }: RosterTable): readonly RosterIgnored[] {
  if (!known.includes(name)) {
    return [
      { file: name, where: 'the whole file', reason: reasonByName.get(name) ?? 'A roster does not need it.', isPrivate: false },
    ]
  }
  const unused = name === 'manifest.csv' ? [] : headings.filter((heading) => !usedColumns.has(fold(heading)))
  return unused.map((heading) => {
    const isPrivate = isPrivateHeading(heading)
    const reason = isPrivate ? 'Personal data that no roster needs here; it was not read.' : 'Nothing here needs it.'
    return { file: name, where: cleanText(heading), reason, isPrivate }
  })
}

const usedColumns = new Set(
  [
    ...[
      'sourcedId',
      'status',
      'dateLastModified',
      'orgSourcedIds',
      'orgSourcedId',
      'role',
      'username',
      'givenName',
      'familyName',
    ],
    ...['identifier', 'email', 'agentSourcedIds', 'title', 'courseSourcedId', 'schoolSourcedId', 'subjects', 'name'],
    ...['classSourcedId', 'userSourcedId', 'endDate'],
  ].map((column) => column.toLowerCase()),
)

const reasonByName = new Map([
  ['academicsessions.csv', 'Terms are set up by hand under Classes; a roster does not change them.'],
  ['demographics.csv', 'Personal data that no roster needs here; it was not read.'],
  ['lineitems.csv', 'Grades come in by a grade import, class by class.'],
  ['results.csv', 'Grades come in by a grade import, class by class.'],
  ['categories.csv', 'Grades come in by a grade import, class by class.'],
  ['userprofiles.csv', 'Sign-in names of other systems are not kept.'],
])
