/**
 * Cells of the files we write. Pure.
 *
 * A spreadsheet runs a text cell that begins with = + - @ or a control character as a formula. Such text goes out with an
 * apostrophe before it, which spreadsheets take as "this is text" and our importer takes off again (`unguard` in
 * lib/imports/text.ts). Text that already begins with apostrophes and then such a character gets one more, so that what
 * comes back is exactly what went out. Scores are numbers and are never guarded: -5 stays a number.
 */
const dangerous = /^'*[=+\-@\t\r\n]/

/** A text as a spreadsheet will not run it. */
export function guardText(text: string): string {
  return dangerous.test(text) ? `'${text}` : text
}

/** Rows to the bytes of a CSV file: UTF-8 with a BOM, without which Excel reads it as something else, and CRLF line ends. */
export function csvBytes(rows: readonly (readonly string[])[]): Uint8Array {
  return new TextEncoder().encode(`\ufeff${csvText(rows)}`)
}

/** Rows to the text of a CSV file: commas, CRLF line ends, quotation marks where a cell needs them. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`
}

/** A file name that every system takes: letters and digits of any script, hyphens, 100 characters before the ending. */
export function fileNameOf(parts: readonly string[], ending: string): string {
  const words = parts.map((part) =>
    part
      .normalize('NFC')
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, ''),
  )
  const name = words.filter((word) => word !== '').join('-')
  return `${[...name].slice(0, 100).join('').replace(/-+$/, '')}.${ending}`
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
