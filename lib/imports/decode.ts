/**
 * Bytes of an upload to text. A fixed chain instead of a charset guesser, which did worse on real class lists:
 * signature of another file type -> byte order mark -> UTF-16 by the parity of its NUL bytes -> strict UTF-8 -> Windows-1252.
 */
import { decodeBytes } from './decode-bytes'
import { importBytesMax } from './limits'
import { problem } from './problems'
import type { ImportProblem } from './views'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'windows-1251', 'macintosh', 'big5'] as const
export type Encoding = (typeof encodings)[number]

export type Decoded =
  | Readonly<{
      kind: 'text'
      /** No byte order mark, no NUL, no `sep=` line; every line end is '\n'. */
      text: string
      encoding: Encoding
      /** What a `sep=;` first line asked for. */
      delimiter: string | null
      problems: readonly ImportProblem[]
    }>
  | Readonly<{ kind: 'refused'; problem: ImportProblem }>

/** Decodes a whole upload. `encoding` is the teacher's own choice, when the guess was wrong. */
export function decodeFile(bytes: Uint8Array, encoding?: Encoding): Decoded {
  const tooLarge = refusalOfSize(bytes.length)
  if (tooLarge) return { kind: 'refused', problem: tooLarge }
  const refusal = refusalOfBytes(bytes)
  if (refusal) return refusal
  const found = encoding ?? findEncoding(bytes)
  const problems: ImportProblem[] = found === 'windows-1252' && encoding === undefined ? doubtsOfEncoding(bytes) : []
  let text = decodeBytes(bytes, found)
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
  const refusalByText = refusalOfText(text)
  if (refusalByText) return refusalByText
  if (text.includes('\0')) {
    text = text.replaceAll('\0', '')
    problems.push(
      problem({
        code: 'nul_bytes',
        severity: 'warn',
        message: 'The file holds NUL bytes, which are not text. They were left out.',
        fix: 'Check the names and titles below; if they look right, nothing is to be done.',
      }),
    )
  }
  if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n')
  const separator = /^"?sep=(.)"?\n/i.exec(text)
  return {
    kind: 'text',
    text: separator ? text.slice(separator[0].length) : text,
    encoding: found,
    delimiter: separator?.[1] ?? null,
    problems,
  }
}

function findEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return findUtf16(bytes) ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252')
}

// Delimiters, digits and line ends of UTF-16 have one NUL byte, always on the same side.
function findUtf16(bytes: Uint8Array): Encoding | null {
  const sample = bytes.subarray(0, 8192)
  const nuls = [0, 0]
  for (let at = 0; at < sample.length; at++) if (sample[at] === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = nuls
  const wanted = Math.max(2, sample.length / 20)
  if (odd >= wanted && even * 20 <= odd) return 'utf-16le'
  if (even >= wanted && odd * 20 <= even) return 'utf-16be'
  return null
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

const signatures: readonly (readonly [string, readonly number[]])[] = [
  ['archive', [0x50, 0x4b, 0x03, 0x04]],
  ['archive', [0x50, 0x4b, 0x05, 0x06]],
  ['ole', [0xd0, 0xcf, 0x11, 0xe0]],
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
  ['picture', [0x89, 0x50, 0x4e, 0x47]],
  ['picture', [0xff, 0xd8, 0xff]],
  ['picture', [0x47, 0x49, 0x46, 0x38]],
  ['archive', [0x1f, 0x8b]],
  ['archive', [0x37, 0x7a, 0xbc, 0xaf]],
]

const wordsOfKind: Readonly<Record<string, string>> = { pdf: 'a PDF', picture: 'a picture', archive: 'an archive' }

/** The refusal of a file that is larger than what is read, or null. */
export function refusalOfSize(bytes: number): ImportProblem | null {
  if (bytes <= importBytesMax) return null
  return problem({
    code: 'file_too_large',
    severity: 'block',
    message: `The file has ${Math.ceil(bytes / 1024 / 1024)} MB; at most ${importBytesMax / 1024 / 1024} MB can be read.`,
    fix: 'Upload one class and term at a time.',
  })
}

function refusalOfBytes(bytes: Uint8Array): Decoded | null {
  const kind = signatures.find(([, start]) => start.every((byte, at) => bytes[at] === byte))?.[0]
  if (kind === 'ole' && (contains(bytes, [...'EncryptedPackage'].join('\0')) || isLockedXls(bytes))) {
    return refuse(
      'encrypted_workbook',
      'This workbook is locked with a password.',
      'Open it with the password, choose Save As, "CSV UTF-8", and upload that file.',
    )
  }
  if (kind === 'ole') {
    return refuse(
      'legacy_xls',
      'This is an old Excel workbook (.xls).',
      'Open it, choose Save As, "CSV UTF-8", and upload that file.',
    )
  }
  if (kind !== undefined)
    return refuse(
      kind,
      `This is ${wordsOfKind[kind] ?? 'another kind of file'}, not a table of grades.`,
      'Download the grades as CSV and upload that file.',
    )
  return null
}

// An old workbook begins with a record that says so (BOF), and a locked one goes on with one for the password (FILEPASS).
function isLockedXls(bytes: Uint8Array): boolean {
  const begin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(Buffer.of(9, 8, 0x10, 0, 0, 6))
  return begin >= 0 && bytes[begin + 20] === 0x2f && bytes[begin + 21] === 0
}

function refusalOfText(text: string): Decoded | null {
  const start = text.slice(0, 2000).trimStart().toLowerCase()
  if (start === '' && text.trim() === '')
    return text === '' ? empty('The file is empty.') : empty('The file holds only white space.')
  if (/^(?:<!doctype html|<html|<head|<body|<table|<meta|<\?xml[^>]*>\s*<html)/.test(start)) {
    return refuse(
      'html',
      'This is a web page, not a table. It is often a sign-in page that was saved instead of the file.',
      'Sign in to the other system again, then download the grades as CSV.',
    )
  }
  if (start.startsWith('<?xml')) {
    return refuse(
      'xml',
      'This is an XML file, not a table.',
      'If it is a spreadsheet, open it, choose Save As, "CSV UTF-8", and upload that file.',
    )
  }
  if (start.startsWith('version https://git-lfs.github.com/spec/')) {
    return refuse(
      'lfs_pointer',
      'This is only a Git LFS pointer to a file, not the file itself.',
      'Fetch the real file with "git lfs pull".',
    )
  }
  return null
}

function empty(message: string): Decoded {
  return refuse('empty', message, 'Choose the file again; it may not have been saved fully.')
}

function refuse(code: string, message: string, fix: string): Decoded {
  return { kind: 'refused', problem: problem({ code, message, fix, severity: 'block' }) }
}

function contains(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text, 0, 'latin1')
}

/** Windows-1252 is the last guess: where the bytes speak against it, the other readings of the first such word are shown. */
function doubtsOfEncoding(bytes: Uint8Array): ImportProblem[] {
  const isMac = !bytes.includes(0x0a) && bytes.includes(0x0d)
  const word = isMac ? findHighWord(bytes, () => true) : findHighWord(bytes, isUnlikelyIn1252)
  if (word === null) return []
  const readings = (['windows-1252', 'macintosh', 'windows-1251', 'big5'] as const)
    .map((encoding) => `${decodeBytes(word, encoding)} (${encoding})`)
    .join(', ')
  return [
    problem({
      code: 'encoding_doubt',
      severity: 'warn',
      value: decodeBytes(word, 'windows-1252'),
      message: `The file does not say how its letters are written. One word can be read as: ${readings}. It was read as windows-1252.`,
      fix: 'If names look wrong, save the file as "CSV UTF-8" and upload it again.',
    }),
  ]
}

// Signs no name holds, and the five bytes Windows-1252 leaves undefined.
function isUnlikelyIn1252(byte: number): boolean {
  return (
    (byte >= 0x80 && byte <= 0x90 && byte !== 0x85 && byte !== 0x8a && byte !== 0x8c && byte !== 0x8e) ||
    byte === 0x9d ||
    (byte >= 0xa1 && byte <= 0xbf && byte !== 0xaa && byte !== 0xba && byte !== 0xb7 && byte !== 0xb4)
  )
}

function findHighWord(bytes: Uint8Array, isSign: (byte: number) => boolean): Uint8Array | null {
  const at = bytes.findIndex((byte) => byte >= 0x80 && isSign(byte))
  if (at < 0) return null
  const isInWord = (byte: number | undefined) => byte !== undefined && (byte >= 0x80 || (byte | 0x20) >= 0x61) && byte !== 0x7c
  let from = at
  let to = at
  while (at - from < 20 && isInWord(bytes[from - 1])) from--
  while (to - at < 20 && isInWord(bytes[to + 1])) to++
  return bytes.slice(from, to + 1)
}
