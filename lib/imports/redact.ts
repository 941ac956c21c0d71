/**
 * What is kept of a file that holds personal data no gradebook needs: the same rows, in the same encoding and with the same delimiter,
 * the headings as they were and every cell of those columns blank. A workbook is kept as CSV. Pure but for pausing.
 */
import { encodeText } from './encode-text'
import type { ParsedFile } from './parsed'
import { pause } from './pause'

const rowsPerSlice = 2_000

/** The table that was read, without the values of its private columns. */
export async function redactFile(file: ParsedFile): Promise<Uint8Array> {
  const delimiter = file.delimiter ?? ','
  const lines: string[] = []
  for (let row = 1; row <= file.rowCount; row++) {
    lines.push(lineOf(row === file.headingRow ? headingsOf(file) : file.rowText(row), delimiter))
    if (row % rowsPerSlice === 0) await pause()
  }
  return encodeText(`${lines.join('\r\n')}\r\n`, file.encoding ?? 'utf-8')
}

function headingsOf(file: ParsedFile): readonly string[] {
  const hidden = new Set(file.privateColumns)
  const headings = new Map(file.columns.map(({ at, heading }) => [at, heading]))
  return file.rowText(file.headingRow).map((cell, at) => (hidden.has(at) ? (headings.get(at) ?? '') : cell))
}

/** One line of a CSV. */
export function lineOf(cells: readonly string[], delimiter: string): string {
  return cells
    .map((cell) => (cell.includes(delimiter) || /["\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(delimiter)
}
