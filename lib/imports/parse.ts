/**
 * A whole file to what it says. What the bytes are becomes one table of rows (open.ts); what the rows mean is read-table.ts.
 * Pure but for pausing: long files are worked in slices.
 */
import { openTable } from './open'
import { refusalOfLength } from './row-limits'
import { type Parsed, type ParseOptions, readTable, refuse } from './read-table'

/** Reads an upload. `refused`: it holds nothing that can be imported, and says why; questions stand in `file.problems`. */
export async function parseFile(bytes: Uint8Array, options: ParseOptions): Promise<Parsed> {
  const opened = await openTable(bytes, options)
  if (opened.kind === 'refused') return refuse([opened.problem])
  const tooLong = refusalOfLength(opened.table.rows)
  if (tooLong) return refuse([tooLong])
  return readTable(opened.table, { ...options, fileName: opened.fileName })
}
