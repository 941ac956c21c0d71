/**
 * A whole file to what it says, step by step: bytes are opened to one table of rows (open.ts), a table of another shape is put
 * into ours (long-form.ts, preamble.ts), what the rows mean is read (read-table.ts), and said in the words of the file
 * (made-table.ts). Pure but for pausing: long files are worked in slices.
 */
import { readLongForm } from './long-form'
import { editsOfTable, nameByFile } from './made-table'
import { openTable } from './open'
import { readPreamble } from './preamble'
import type { RawTable } from './raw-table'
import { type Parsed, type ParseOptions, readTable, refuse } from './read-table'
import { refusalOfLength } from './row-limits'
import type { ImportProblem } from './views'

/** Reads an upload. `refused`: it holds nothing that can be imported, and says why; questions stand in `file.problems`. */
export async function parseFile(bytes: Uint8Array, options: ParseOptions): Promise<Parsed> {
  const opened = await openTable(bytes, options)
  if (opened.kind === 'refused') return refuse([opened.problem])
  const table = await putInShape(opened.table, options)
  if ('code' in table) return refuse([table])
  const tooLong = refusalOfLength(table.rows)
  if (tooLong) return refuse([tooLong])
  return readMade(table, { ...options, fileName: opened.fileName })
}

async function putInShape(table: RawTable, options: ParseOptions): Promise<RawTable | ImportProblem> {
  if (table.made) return table
  return (await readLongForm(table, options)) ?? readPreamble(table, options) ?? table
}

async function readMade(table: RawTable, options: ParseOptions): Promise<Parsed> {
  const { made } = table
  if (made === null) return readTable(table, options)
  const edits = editsOfTable(options.cells, made)
  const columns = { ...made.columns, ...options.columns }
  const parsed = await readTable({ ...table, problems: [] }, { ...options, cells: edits, columns })
  if (parsed.kind === 'refused') return refuse([...table.problems, ...parsed.problems])
  return { kind: 'parsed', file: nameByFile(parsed.file, { made, noticed: table.problems, edits }) }
}
