/**
 * How text of files is made comparable. Pure.
 * Shown text keeps what the teacher wrote, without what cannot be seen; folded text is what is compared.
 */
import { titleCharsMax } from './limits'

// Clean as it stands, as most cells are: ASCII, one space between words.
const plain = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/
const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]/g
const controls = /\p{Cc}/gu

/** NFC, without zero-width and direction marks, every run of white space (also no-break) one space, trimmed. */
export function cleanText(text: string): string {
  if (plain.test(text)) return text
  return text.normalize('NFC').replace(invisible, '').replace(/\s+/g, ' ').replace(controls, '').trim()
}

/** `cleanText` with full-width, Arabic-Indic and Persian digits and separators as ASCII: for numbers, dates and ids. */
export function cleanDigits(text: string): string {
  const clean = cleanText(text)
  if (plain.test(clean)) return clean
  return clean
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\u066b/g, '.')
    .replace(/[\u066c\u2019](?=\d{3})/g, '')
    .replace(/\u066a/g, '%')
    .replace(/[\u2212\u2010\u2011]/g, '-')
}

// Most of what is looked at is folded already: scores and words of lower case.
const folded = /^[a-z0-9.-]*$/

/** A heading as aliases are written: lower case, one apostrophe, `_` as a space, no closing colon. What is too long for a title stays as it is. */
export function foldHeading(text: string): string {
  if (folded.test(text)) return text
  const word = text.trim()
  // Longer than any alias, so it is none; a file may be made of a thousand of them.
  if (word.length > titleCharsMax) return word
  return cleanDigits(word)
    .toLowerCase()
    .replace(/[\u2019\u02bc\u2018`\u00b4]/g, "'")
    .replace(/[_\s]+/g, ' ')
    .replace(/\s*:$/, '')
    .trim()
}

/** What two names are compared by: case and joiners do not count. */
export function foldName(text: string): string {
  return cleanText(text)
    .replace(/[\u200c\u200d]/g, '')
    .toLowerCase()
    .replace(/[\u2019\u02bc\u2018`\u00b4]/g, "'")
}

/** What two identifiers (e-mail, number, username) are compared by. Leading zeros stay. */
export function foldIdentifier(text: string): string {
  return cleanDigits(text).toLowerCase()
}

/** What two assignment titles of one class and term are compared by: NFC, white space folded. Case counts. */
export function foldTitle(text: string): string {
  return cleanText(text)
}

/** What two tags of a school are compared by: case does not count. */
export function foldTag(text: string): string {
  return cleanText(text).toLowerCase()
}

/**
 * Takes off the guard that keeps spreadsheets from running a cell: `'=x` (our exports) and `="=x"` (Canvas).
 * The text itself stays plain text, whatever it begins with.
 */
export function unguard(text: string): string {
  const canvas = /^="(.*)"$/s.exec(text)
  if (canvas?.[1] !== undefined) return canvas[1].replaceAll('""', '"')
  return /^'+[=+\-@\t\r\n]/.test(text) ? text.slice(1) : text
}
