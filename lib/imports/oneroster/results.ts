/**
 * Results and line items of a OneRoster archive to a table of one class. Who a student is comes from users.csv, when it is there;
 * a delta without it names students by their sourcedId alone. Pure but for pausing.
 */
import { cellsPerSlice, pause } from '../pause'
import type { MadeTable, RawTable } from '../raw-table'
import { createScoreTable, type ScoreTableBuilder } from '../score-table'
import { shapes } from '../source-label'
import type { IgnoredPart, ImportProblem } from '../views'
import type { OneRoster, OneRosterRecord, OneRosterTable } from './archive'
import { askClass, deleted, noResults, otherClass, personal, unknown } from './sentences'

type Refused = Readonly<{ kind: 'refused'; problem: ImportProblem }>
export type OneRosterResults = Readonly<{ kind: 'table'; table: RawTable }> | Refused

const heading = ['sis_id', 'student_number', 'username', 'email', 'last_name', 'first_name'] as const

/** The class `part` of the archive, by the name it has among the table's parts; the first one, and a question, when not said. */
export async function readResults(roster: OneRoster, part: string | undefined): Promise<OneRosterResults> {
  if (!roster.has('results') || !roster.has('lineItems')) return { kind: 'refused', problem: noResults() }
  const tables = await readTables(roster)
  if ('problem' in tables) return tables
  const classes = classesOf(tables)
  const chosen = classes.find(({ name }) => name === part) ?? classes[0]
  if (chosen === undefined) return { kind: 'refused', problem: noResults() }
  const shape = roster.version === '1.2' ? shapes.oneRoster12 : shapes.oneRoster11
  const read = await readClass(tables, chosen, shape)
  if ('code' in read) return { kind: 'refused', problem: read }
  const parts = classes.map(({ name }) => name)
  const isOpen = classes.length > 1 && chosen.name !== part
  const others = classes.filter((each) => each !== chosen)
  return {
    kind: 'table',
    table: {
      ...read,
      parts,
      part: chosen.name,
      problems: isOpen ? [askClass(parts), ...read.problems] : read.problems,
      ignored: [...others.map(({ name }) => otherClass(name, chosen.name)), ...read.ignored],
    },
  }
}

type Tables = Readonly<Record<'results' | 'lineItems', OneRosterTable>> &
  Readonly<Record<'users' | 'classes' | 'categories', OneRosterTable | null>>

async function readTables(roster: OneRoster): Promise<Tables | Refused> {
  const read = new Map<string, OneRosterTable>()
  for (const name of ['lineItems', 'results', 'users', 'classes', 'categories']) {
    const table = await roster.table(name)
    if (table?.kind === 'refused') return table
    if (table !== null) read.set(name, table.table)
  }
  const [lineItems, results] = [read.get('lineItems'), read.get('results')]
  if (lineItems === undefined || results === undefined) return { kind: 'refused', problem: noResults() }
  const find = (name: string) => read.get(name) ?? null
  return { lineItems, results, users: find('users'), classes: find('classes'), categories: find('categories') }
}

type Class = Readonly<{ id: string; name: string }>

/** Classes that have line items, in their order; a title two classes share is told apart by code or id. */
function classesOf({ lineItems, classes }: Tables): Class[] {
  const ids = [...new Set(lineItems.records.filter(({ isDeleted }) => !isDeleted).map(({ get }) => get('classSourcedId')))]
  const records = new Map(classes?.records.map((record) => [record.get('sourcedId'), record]))
  const titles = ids.map((id) => records.get(id)?.get('title') || id)
  return ids.map((id, at) => {
    const title = titles[at] ?? id
    const isAlone = titles.filter((each) => each === title).length === 1
    const code = records.get(id)?.get('classCode')
    return { id, name: isAlone ? title : `${title} (${code || id})` }
  })
}

type Shape = Pick<MadeTable, 'source' | 'label'>

type Context = Readonly<{
  tables: Tables
  items: ReadonlyMap<string, OneRosterRecord>
  users: ReadonlyMap<string, OneRosterRecord>
  classId: string
  /** Indexes of rows of results.csv begin here, those of users.csv before. */
  resultsFrom: number
  builder: ScoreTableBuilder
  problems: ImportProblem[]
  ignored: IgnoredPart[]
}>

async function readClass(tables: Tables, { id }: Class, shape: Shape): Promise<RawTable | ImportProblem> {
  const resultsFrom = rowsOf(tables.users)
  const itemsFrom = resultsFrom + rowsOf(tables.results)
  const where = (at: number) => {
    if (at < resultsFrom) return placeIn('users.csv', at + 1)
    return at < itemsFrom ? placeIn('results.csv', at + 1 - resultsFrom) : placeIn('lineItems.csv', at + 1 - itemsFrom)
  }
  const context: Context = {
    tables,
    items: byId(tables.lineItems),
    users: byId(tables.users),
    classId: id,
    resultsFrom,
    builder: createScoreTable(heading, 0, where),
    problems: [],
    ignored: personalOf(tables).map(personal),
  }
  addItems(context, itemsFrom)
  for (const [at, result] of tables.results.records.entries()) {
    addResult(result, context)
    if (at % cellsPerSlice === 0) await pause()
  }
  noteComments(context)
  return finish(context, shape)
}

const placeIn = (file: string, row: number) => ({ row, text: `${file}, row ${row}` })
const rowsOf = (table: OneRosterTable | null) => Math.max(1, table?.records.at(-1)?.row ?? 0)
const byId = (table: OneRosterTable | null) => new Map(table?.records.map((record) => [record.get('sourcedId'), record]))

/**
 * Texts name file and row of what is wrong. As numbers all rows are those of the table, which are users.csv's: a result's own row
 * would be another student's there.
 */
function finish({ builder, problems, ignored }: Context, shape: Shape): RawTable | ImportProblem {
  const table = builder.finish()
  if ('code' in table) return table
  return {
    rows: table.rows,
    delimiter: null,
    encoding: null,
    parts: [],
    part: null,
    ignored,
    problems: [...problems, ...table.problems.map((each) => ({ ...each, row: null }))],
    made: {
      ...table.made,
      placeOf: (row, column) => ({ text: table.made.placeOf(row, column).text, row: row + 1 }),
      rowOf: (at) => at,
      twice: new Map([...table.made.twice].map(([place, each]) => [place, { ...each, row: Number.parseInt(place, 10) }])),
      ...shape,
      reasons: new Map(),
      file: null,
    },
  }
}

/** Fields of users.csv with personal data that no gradebook needs: they are never taken over. */
function personalOf({ users }: Tables): string[] {
  return ['phone', 'sms', 'password'].filter((field) => users?.records.some(({ get }) => get(field) !== ''))
}

function addItems({ tables, classId, builder, ignored }: Context, itemsFrom: number): void {
  const categories = byId(tables.categories)
  for (const item of tables.lineItems.records) {
    if (item.get('classSourcedId') !== classId) continue
    if (item.isDeleted) ignored.push(deleted('lineItems.csv', item.row))
    else {
      const said = {
        title: item.get('title') || item.get('sourcedId'),
        points: item.get('resultValueMax'),
        date: item.get('dueDate').slice(0, 10),
        category: categories.get(item.get('categorySourcedId'))?.get('title') ?? '',
      }
      builder.addAssignment(item.get('sourcedId'), said, itemsFrom + item.row - 1)
    }
  }
}

function addResult(result: OneRosterRecord, context: Context): void {
  const { items, users, tables, classId, resultsFrom, builder, problems, ignored } = context
  const itemId = result.get('lineItemSourcedId')
  const studentId = result.get('studentSourcedId')
  const item = items.get(itemId)
  if (item !== undefined && item.get('classSourcedId') !== classId) return
  if (item === undefined && result.get('classSourcedId') !== '' && result.get('classSourcedId') !== classId) return
  if (result.isDeleted || item?.isDeleted) {
    ignored.push(deleted('results.csv', result.row))
    return
  }
  if (item === undefined) {
    problems.push(unknown('lineItems.csv', 'unknown_line_item', itemId, result.row))
    return
  }
  const user = users.get(studentId)
  if (user?.isDeleted) {
    ignored.push(deleted('results.csv', result.row))
    return
  }
  if (user === undefined && (studentId === '' || tables.users?.mode === 'bulk')) {
    problems.push(unknown('users.csv', 'unknown_user', studentId, result.row))
    return
  }
  const at = resultsFrom + result.row - 1
  builder.addStudent(studentId, user === undefined ? at : user.row - 1, () => cellsOf(studentId, user))
  builder.addScore(studentId, itemId, scoreOf(result), at)
}

function cellsOf(id: string, user: OneRosterRecord | undefined): string[] {
  const textOf = (field: string) => user?.get(field) ?? ''
  const last = textOf('preferredFamilyName') || textOf('familyName')
  const first = textOf('preferredGivenName') || textOf('givenName')
  return [id, textOf('identifier'), textOf('username'), textOf('email'), last, first]
}

/** A result as a cell says it: what it is worth, and what is said about the work. */
function scoreOf({ get }: OneRosterRecord): string {
  const status = get('scoreStatus').toLowerCase()
  const score = get('score') || get('textScore')
  const isMarked = (mark: string) => get(mark).toLowerCase() === 'true'
  const join = (mark: string) => (score === '' ? mark : `${mark} ${score}`)
  if (status === 'exempt') return 'EX'
  if (isMarked('missing') || status === 'not submitted') return score || 'MI'
  if (isMarked('incomplete')) return join('INC')
  if (isMarked('late')) return join('LATE')
  return status === 'partially graded' ? join('INC') : score
}

function noteComments({ tables, ignored }: Context): void {
  if (!tables.results.records.some(({ get }) => get('comment') !== '')) return
  ignored.push({ kind: 'column', where: 'results.csv, comment', reason: 'Text beside the scores; it is not imported.' })
}
