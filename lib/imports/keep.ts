/**
 * What is kept of an upload: the file itself, or, where it holds personal data that no gradebook needs, a copy without it. Of a
 * workbook or archive of which any part holds such data only the part that was read is kept, as CSV; a OneRoster archive is kept as
 * one, with its own files alone and without those columns. Pure but for pausing.
 */
import { zipSync } from 'fflate'
import { type ArchiveFile, isArchive, openArchive } from './archive'
import { privacyOfHeading } from './formats/private'
import { isOneRoster } from './oneroster/archive'
import { openTable } from './open'
import type { ParsedFile } from './parsed'
import { pause } from './pause'
import { lineOf, redactFile } from './redact'
import { foldHeading } from './text'
import { isWorkbook } from './workbook'

export type Kept = Readonly<{
  bytes: Uint8Array
  isRedacted: boolean
  /** Columns (from 0) of what was read whose values are not kept. */
  privateColumns: readonly number[]
}>

/** What of the upload may be kept, once it is known what it says. */
export async function keptOf(bytes: Uint8Array, file: ParsedFile): Promise<Kept> {
  const { privateColumns } = file
  const archive = isArchive(bytes) ? openArchive(bytes) : null
  if (archive?.kind === 'archive' && !isWorkbook(archive.files) && isOneRoster(archive.files)) {
    const copy = await redactOneRoster(archive.files)
    return { bytes: copy ?? bytes, isRedacted: copy !== null, privateColumns: [] }
  }
  const isWhole =
    privateColumns.length === 0 && (archive === null || (archive.kind === 'archive' && (await areHarmless(archive.files))))
  return isWhole
    ? { bytes, isRedacted: false, privateColumns: [] }
    : { bytes: await redactFile(file), isRedacted: true, privateColumns }
}

/** Whether no part of a workbook or archive, read or not, says anything private, as far as its words tell. */
async function areHarmless(files: readonly ArchiveFile[]): Promise<boolean> {
  if (isWorkbook(files)) {
    // Nearly all texts of all sheets, hidden ones too, stand in one file; the others in the sheets themselves.
    const texts = files.filter(({ name }) => /^xl\/(?:sharedStrings|worksheets\/[^/]+|comments[^/]*)\.xml$/i.test(name))
    for (const text of texts) if (await saysPrivate(text)) return false
    return true
  }
  for (const file of files) {
    const read = await file.read()
    if (read.kind === 'refused') return false
    const opened = await openTable(read.bytes, { fileName: file.name })
    // What is no table may hold anything.
    if (opened.kind === 'refused' || opened.table.parts.length > 1) return false
    if (opened.table.rows.some((row) => row.some(isPrivateText))) return false
    await pause()
  }
  return true
}

async function saysPrivate(file: ArchiveFile): Promise<boolean> {
  const read = await file.read()
  if (read.kind === 'refused') return true
  const xml = new TextDecoder().decode(read.bytes)
  let seen = 0
  for (const [, text = ''] of xml.matchAll(/<t(?:\s[^>]*)?>([^<]{1,200})<\/t>/g)) {
    if (isPrivateText(text)) return true
    if (++seen % 20_000 === 0) await pause()
  }
  return false
}

function isPrivateText(text: string): boolean {
  if (text.length < 3 || text.length > 60) return false
  return /^\d{3}[- ]\d{2}[- ]\d{4}$/.test(text) || (/\p{L}/u.test(text) && privacyOfHeading(foldHeading(text)) === 'always')
}

/** Files the importer reads results from. Others, such as demographics.csv, are not kept. */
const neededFiles = new Set([
  ...['manifest', 'orgs', 'academicsessions', 'courses', 'classes', 'users', 'roles', 'enrollments'],
  ...['categories', 'lineitems', 'results'],
])
const privateFields = new Set(['sms', 'phone', 'password', 'preferredpronouns', 'pronouns', 'agentsourcedids', 'comment'])

/** The archive again without what nobody needs; null when there is nothing to leave out. */
async function redactOneRoster(files: readonly ArchiveFile[]): Promise<Uint8Array | null> {
  const kept: Record<string, Uint8Array> = {}
  let isChanged = false
  for (const file of files) {
    const name = file.name.replace(/^.*\//, '').toLowerCase()
    const isNeeded = neededFiles.has(name.replace(/\.csv$/, ''))
    const read = isNeeded ? await file.read() : null
    if (read === null || read.kind === 'refused') {
      isChanged = true
      continue
    }
    const blanked = await blankFields(read.bytes, file.name)
    kept[file.name] = blanked ?? read.bytes
    if (blanked !== null) isChanged = true
  }
  return isChanged ? zipSync(kept, { level: 0 }) : null
}

async function blankFields(bytes: Uint8Array, fileName: string): Promise<Uint8Array | null> {
  const opened = await openTable(bytes, { fileName, encoding: 'utf-8', delimiter: ',' })
  if (opened.kind === 'refused') return null
  const { rows } = opened.table
  const hidden = new Set((rows[0] ?? []).flatMap((heading, at) => (isPrivateField(heading) ? [at] : [])))
  if (!rows.some((row, at) => at > 0 && row.some((cell, column) => hidden.has(column) && cell !== ''))) return null
  const lines = rows.map((row, at) => lineOf(at === 0 ? row : row.map((cell, column) => (hidden.has(column) ? '' : cell)), ','))
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n`)
}

function isPrivateField(heading: string): boolean {
  const field = heading.trim().toLowerCase()
  return privateFields.has(field) || field.startsWith('metadata.') || privacyOfHeading(foldHeading(heading)) !== null
}
