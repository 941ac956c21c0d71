/**
 * A whole file to what it says. Bytes become text, text becomes rows (decode.ts, tokenize.ts); what the rows mean is read-table.ts.
 * Pure but for pausing: long files are worked in slices.
 */
import { decodeFile } from './decode'
import { scoreHeading } from './detect'
import { type Parsed, type ParseOptions, readTable, refuse } from './read-table'
import { tokenize } from './tokenize'

/** Reads an upload. `refused`: it holds nothing that can be imported, and says why; questions stand in `file.problems`. */
export async function parseFile(bytes: Uint8Array, options: ParseOptions): Promise<Parsed> {
  const decoded = decodeFile(bytes, options.encoding)
  if (decoded.kind === 'refused') return refuse([decoded.problem])
  const tokens = await tokenize(decoded.text, { delimiter: options.delimiter ?? decoded.delimiter, scoreHeading })
  if (tokens.kind === 'refused') return refuse([tokens.problem])
  const { encoding, problems } = decoded
  return readTable(
    { rows: tokens.rows, delimiter: tokens.delimiter, encoding, parts: [], part: null, made: null, problems },
    options,
  )
}
