/**
 * A ZIP archive to its files, guarded. The directory at its end is read first, and everything that could harm is refused by what
 * it says before anything is unpacked: passwords, paths that climb, two files of one name, files that overlap, bombs. A file is
 * unpacked only when it is asked for, and never beyond the size the directory gave. Pure but for waiting.
 */
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { crc32, createInflateRaw, inflateRaw } from 'node:zlib'
import { decodeBytes } from './decode-bytes'
import { archiveBytesMax, archiveFilesMax, archiveRatioMax } from './limits'
import { problem } from './problems'
import type { ImportProblem } from './views'

type Refused = Readonly<{ kind: 'refused'; problem: ImportProblem }>
export type Unpacked = Readonly<{ kind: 'bytes'; bytes: Uint8Array }> | Refused

/** One file of an archive. */
export type ArchiveFile = Readonly<{
  /** With its folders, by '/'. */
  name: string
  /** Bytes when unpacked. */
  size: number
  /** Unpacks it; `refused` when it is damaged or larger than it said. */
  read: () => Promise<Unpacked>
  /** Unpacks it piece by piece, for what is too large to be held whole. Throws `DamagedFile`. */
  chunks: () => AsyncIterable<Uint8Array>
}>

/** What a file of an archive ends with when it does not hold what the directory said. */
export class DamagedFile extends Error {}

/** Files in the order of the archive's directory; folders and what systems add for themselves are left out. */
export type Archive = Readonly<{ kind: 'archive'; files: readonly ArchiveFile[] }> | Refused

/** Whether the bytes begin as a ZIP archive does, an empty one included. XLSX is one as well. */
export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
}

/** Opens an archive without unpacking anything, or says why it is not opened. */
export function openArchive(bytes: Uint8Array): Archive {
  const entries = readDirectory(bytes)
  if (entries === null) return damaged()
  const refusal = refusalOf(entries, bytes.length)
  if (refusal) return refusal
  const files = entries
    .filter(({ name }) => !isAside(name))
    .map((entry) => ({
      name: entry.name,
      size: entry.size,
      read: () => unpack(bytes, entry),
      chunks: () => unpackSlowly(bytes, entry),
    }))
  return { kind: 'archive', files }
}

type Entry = Readonly<{
  name: string
  isEncrypted: boolean
  method: number
  crc: number
  packed: number
  size: number
  at: number
}>

const directoryEnd = 0x06054b50
const directoryEntry = 0x02014b50
const localHeader = 0x04034b50

function readDirectory(bytes: Uint8Array): Entry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  if (end === null) return null
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const entries: Entry[] = []
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== directoryEntry) return null
    const nameLength = view.getUint16(at + 28, true)
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > end) return null
    entries.push(readEntry(view, at, bytes.subarray(at + 46, at + 46 + nameLength)))
    at = next
  }
  return entries
}

// The end record stands last, before a comment of at most 65,535 bytes.
function findEnd(view: DataView): number | null {
  const last = view.byteLength - 22
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === directoryEnd && at + 22 + view.getUint16(at + 20, true) <= view.byteLength) return at
  }
  return null
}

function readEntry(view: DataView, at: number, name: Uint8Array): Entry {
  return {
    name: decodeName(name),
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    at: view.getUint32(at + 42, true),
  }
}

// Not every writer that uses UTF-8 says so.
function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return decodeBytes(bytes, 'windows-1252')
  }
}

const isAside = (name: string) => name.endsWith('/') || /(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$)/.test(name)
const climbs = (name: string) => /^(?:[\\/]|[a-z]:)|(?:^|[\\/])\.\.(?:[\\/]|$)|\0/i.test(name)

function refusalOf(entries: readonly Entry[], length: number): Refused | null {
  const isBroken = entries.some(({ size, packed, at }) => Math.max(size, packed, at) === 0xffffffff || at + packed > length)
  const isOverlapping = entries.reduce((sum, { packed }) => sum + packed, 0) > length
  if (entries.some(({ isEncrypted }) => isEncrypted)) {
    return refuse(
      'encrypted_zip',
      'This ZIP archive is locked with a password.',
      'Unpack it with the password and upload the file inside.',
    )
  }
  if (entries.length > archiveFilesMax) {
    return refuse(
      'zip_too_many_files',
      `The archive holds ${entries.length} files; at most ${archiveFilesMax} can be read.`,
      'Unpack it and upload the one file with the grades.',
    )
  }
  const total = entries.reduce((sum, { size }) => sum + size, 0)
  if (total > archiveBytesMax || entries.some(isBomb)) {
    return refuse(
      'zip_too_large',
      `Unpacked, the archive would have ${Math.ceil(total / 1024 / 1024)} MB; at most ${archiveBytesMax / 1024 / 1024} MB can be read, and no file more than ${archiveRatioMax} times its packed size.`,
      'Unpack it and upload the one file with the grades.',
    )
  }
  const names = new Set(entries.map(({ name }) => name))
  if (isBroken || isOverlapping || names.size < entries.length) return damaged()
  if (entries.some(({ name }) => climbs(name))) {
    return refuse(
      'zip_path',
      'The archive names a file outside of itself, as harmful archives do. It was not opened.',
      'Download it again from the other system.',
    )
  }
  if (entries.some(({ method }) => method !== 0 && method !== 8)) {
    return refuse('zip_method', 'The archive is packed in a way that is not read here.', 'Unpack it and upload the file inside.')
  }
  return null
}

const isBomb = ({ size, packed }: Entry) => size > 1024 * 1024 && size > packed * archiveRatioMax

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw)

async function unpack(bytes: Uint8Array, entry: Entry): Promise<Unpacked> {
  const packed = packedBytes(bytes, entry)
  if (packed === null) return damaged()
  try {
    // Node refuses a length of 0; an empty file has no byte to unpack.
    const content = entry.method === 0 ? packed : await inflate(packed, { maxOutputLength: Math.max(1, entry.size) })
    return content.length === entry.size && crc32(content) === entry.crc ? { kind: 'bytes', bytes: content } : damaged()
  } catch {
    return damaged()
  }
}

async function* unpackSlowly(bytes: Uint8Array, entry: Entry): AsyncIterable<Uint8Array> {
  const packed = packedBytes(bytes, entry)
  if (packed === null) throw new DamagedFile()
  let size = 0
  let sum = 0
  for await (const chunk of entry.method === 0 ? [packed] : inflateSlowly(packed)) {
    size += chunk.length
    if (size > entry.size) throw new DamagedFile()
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (size !== entry.size || sum !== entry.crc) throw new DamagedFile()
}

async function* inflateSlowly(packed: Uint8Array): AsyncIterable<Uint8Array> {
  const inflated = Readable.from([packed]).pipe(createInflateRaw({ chunkSize: chunkBytes }))
  try {
    for await (const chunk of inflated) yield chunk
  } catch (cause) {
    throw new DamagedFile(undefined, { cause })
  }
}

const chunkBytes = 256 * 1024

function packedBytes(bytes: Uint8Array, { at, packed }: Entry): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (at + 30 > bytes.length || view.getUint32(at, true) !== localHeader) return null
  const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  return from + packed > bytes.length ? null : bytes.subarray(from, from + packed)
}

function damaged(): Refused {
  return refuse(
    'zip_damaged',
    'The archive is damaged or was not saved fully.',
    'Download it again from the other system and upload the new file.',
  )
}

function refuse(code: string, message: string, fix: string): Refused {
  return { kind: 'refused', problem: problem({ code, message, fix, severity: 'block' }) }
}
