/**
 * The fields of the wizard's forms and what they say. Names and reading stand in one place, so that a form without scripts and one
 * with them send the same. Pure.
 *
 * `set.numbers` sets that choice (empty: takes it back); `c3.use`, `c3.title`... are column 3; `cell.7:3` is a text for that cell and
 * `student.7` a student for that row; `conflict.7:3` keeps or takes. `was.` before a name holds what the form showed: what was not
 * touched stays as it was and does not become the teacher's word.
 */
import type { ColumnChoice, StudentChoice } from '@/lib/imports/choices'

/** The fields of one column in the step Map, by their plain names. */
export const columnFields = ['use', 'to', 'title', 'points', 'due', 'category', 'tags'] as const
export type ColumnFields = Readonly<Record<(typeof columnFields)[number], string>>

/** Name of a column's field, such as `c3.title`. */
export function columnField(at: number, field: keyof ColumnFields | 'was'): string {
  return `c${at}.${field}`
}

/** The fields of a column as one text, to tell whether somebody touched them. */
export function columnMark(fields: ColumnFields): string {
  return columnFields.map((field) => fields[field].trim()).join('\u001f')
}

/**
 * What a form says, as a patch of the import's choices, not yet checked by the schema: null takes back, what is absent stays. A
 * button's bulk answer (`all.cells`, `all.students`) stands for each cell or row of its form.
 */
export function patchFromForm(form: FormData): Readonly<Record<string, unknown>> {
  const fields = new Map([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])))
  const set = singleChoices(fields)
  const many = {
    columns: columnChoices(fields),
    cells: cellTexts(fields),
    students: studentChoices(fields),
    conflictCells: conflictChoices(fields),
  }
  return {
    ...set,
    // One answer for all conflicts takes back those given one by one.
    ...('conflicts' in set ? { conflictCells: null } : {}),
    ...Object.fromEntries(Object.entries(many).filter(([, parts]) => Object.keys(parts).length > 0)),
  }
}

const singles = [
  ...(['encoding', 'delimiter', 'headingRow', 'part', 'numbers', 'dates'] as const),
  ...(['negatives', 'sameTitles', 'blankClears', 'conflicts'] as const),
]

type Fields = ReadonlyMap<string, string>

function singleChoices(fields: Fields): Partial<Record<(typeof singles)[number], unknown>> {
  return Object.fromEntries(
    singles.flatMap((name) => {
      const value = fields.get(`set.${name}`)
      return value === undefined || value === fields.get(`was.${name}`) ? [] : [[name, typed(name, value)]]
    }),
  )
}

function typed(name: (typeof singles)[number], value: string): unknown {
  if (value === '') return null
  if (name === 'headingRow') return Number(value)
  return name === 'blankClears' ? value === 'true' : value
}

function columnChoices(fields: Fields): Record<string, ColumnChoice | null> {
  const ats = [...fields.keys()].flatMap((name) => /^c(\d{1,4})\.use$/.exec(name)?.[1] ?? [])
  return Object.fromEntries(
    ats.flatMap((at) => {
      const read = (field: keyof ColumnFields) => fields.get(columnField(Number(at), field)) ?? ''
      const said: ColumnFields = {
        ...{ use: read('use'), to: read('to'), title: read('title'), points: read('points') },
        ...{ due: read('due'), category: read('category'), tags: read('tags') },
      }
      return columnMark(said) === fields.get(columnField(Number(at), 'was')) ? [] : [[at, columnChoice(said)]]
    }),
  )
}

/** What the fields of a column mean; null lets the file decide again. Checked by the schema afterwards. */
function columnChoice({ use, to, title, points, due, category, tags }: ColumnFields): ColumnChoice | null {
  const [kind, role] = use.split(':')
  // The role is a name of the form's own list; the schema refuses any other.
  if (kind === 'identity') return { use: 'identity', role } as ColumnChoice
  if (kind === 'ignore') return { use: 'ignore' }
  if (kind !== 'assignment') return null
  return {
    use: 'assignment',
    ...(to === '' ? {} : { assignmentId: to === 'new' ? null : to }),
    ...(title.trim() === '' ? {} : { title: title.trim() }),
    ...(points.trim() === '' ? {} : { maxPoints: points.trim() }),
    dueOn: due.trim() === '' ? null : due.trim(),
    category: category.trim() === '' ? null : category.trim(),
    tags: tagsOf(tags),
  }
}

/** Tags out of a text with commas: each once, trimmed. */
export function tagsOf(text: string): string[] {
  const tags = text.split(/[,،;]/).map((tag) => tag.trim())
  return [...new Set(tags.filter((tag) => tag !== ''))]
}

function cellTexts(fields: Fields): Record<string, string | null> {
  const all = fields.get('all.cells')
  return Object.fromEntries(
    [...fields].flatMap(([name, text]) => {
      const key = /^cell\.(.+)$/.exec(name)?.[1]
      if (key === undefined) return []
      if (all !== undefined) return [[key, all]]
      // Typed back to what the file says: no longer a text of its own.
      return [[key, text === fields.get(`was.cell.${key}`) ? null : text]]
    }),
  )
}

function studentChoices(fields: Fields): Record<string, StudentChoice | null> {
  const all = fields.get('all.students')
  const rows = [...fields.keys()].flatMap((name) => /^(?:row|student)\.(\d+)$/.exec(name)?.[1] ?? [])
  return Object.fromEntries(
    rows.flatMap((row) => {
      const value = all ?? fields.get(`student.${row}`)
      return value === undefined ? [] : [[row, studentChoice(value)]]
    }),
  )
}

function studentChoice(value: string): StudentChoice | null {
  if (value === 'new' || value === 'skip') return { use: value }
  return value === '' ? null : { use: 'student', studentId: value }
}

function conflictChoices(fields: Fields): Record<string, 'keep' | 'take'> {
  return Object.fromEntries(
    [...fields].flatMap(([name, value]) => {
      const key = /^conflict\.(.+)$/.exec(name)?.[1]
      return key === undefined || (value !== 'keep' && value !== 'take') ? [] : [[key, value]]
    }),
  )
}
