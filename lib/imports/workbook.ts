/**
 * An Excel workbook (XLSX) to the rows of one of its sheets, as the teacher sees them. The workbook is an archive of XML files;
 * the sheet is read piece by piece, so that neither a large one nor one made to harm fills the memory. Pure but for waiting.
 */
import { type ArchiveFile, DamagedFile } from './archive'
import { problem } from './problems'
import { dropBlankEnd } from './tokenize'
import type { ImportProblem } from './views'
import { readRows, readSharedStrings, type SheetContext } from './workbook-sheet'
import { readStyles } from './workbook-styles'
import { attribute, elements, hasEnd } from './xml'

type Refused = Readonly<{ kind: 'refused'; problem: ImportProblem }>
type Rows = readonly (readonly string[])[]

export type WorkbookSheet = Readonly<{
  name: string
  /** The file of the archive it stands in. */
  file: string
  /** Reads it to its end, or only its first rows. */
  read: (rowsMax?: number) => Promise<Readonly<{ kind: 'rows'; rows: Rows }> | Refused>
}>

export type Workbook = Readonly<{ kind: 'workbook'; sheets: readonly WorkbookSheet[] }> | Refused

/** Whether an archive's files are those of a workbook that is read here. */
export function isWorkbook(files: readonly ArchiveFile[]): boolean {
  return files.some(({ name }) => name === '[Content_Types].xml') && files.some(({ name }) => /^xl\/.*\.xml$/i.test(name))
}

/** Opens a workbook's list of sheets, in their order, without those that are hidden or hold only a chart. */
export async function openWorkbook(files: readonly ArchiveFile[]): Promise<Workbook> {
  try {
    const parts = createParts(files)
    const main = (await relations(parts, '')).find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml'
    const xml = await parts.text(main, 'workbook')
    if (xml === null) return damaged()
    const links = await relations(parts, main)
    const context = createContext(parts, links, xml)
    const sheets = [...elements(xml, 'sheet')].flatMap(({ attributes }) => {
      const link = links.find(({ id, type }) => type === 'worksheet' && id === attribute(attributes, 'id'))
      const file = link === undefined ? undefined : parts.find(link.target)
      const isHidden = (attribute(attributes, 'state') ?? 'visible') !== 'visible'
      return file === undefined || isHidden ? [] : [sheetOf(attribute(attributes, 'name') ?? '', file, context)]
    })
    return sheets.length === 0 ? noSheet() : { kind: 'workbook', sheets }
  } catch (error) {
    return refuseDamaged(error)
  }
}

function sheetOf(name: string, file: ArchiveFile, context: () => Promise<SheetContext>): WorkbookSheet {
  return {
    name,
    file: file.name,
    async read(rowsMax = Number.POSITIVE_INFINITY) {
      try {
        const rows: (readonly string[])[] = []
        for await (const read of readRows(file, await context())) {
          if (read.kind === 'refused') return read
          // Rows that hold nothing are left out of a sheet.
          while (rows.length < read.number - 1) rows.push(noCells)
          rows.push(read.cells)
          if (rows.length >= rowsMax) break
        }
        dropBlankEnd(rows)
        return { kind: 'rows', rows }
      } catch (error) {
        return refuseDamaged(error)
      }
    },
  }
}

const noCells: readonly string[] = []

/** `text`: a part as text, null without it; throws `DamagedFile` when the element around all of it has no end. */
type Parts = Readonly<{
  find: (name: string) => ArchiveFile | undefined
  text: (name: string, around: string) => Promise<string | null>
}>

function createParts(files: readonly ArchiveFile[]): Parts {
  const byName = new Map(files.map((file) => [file.name.toLowerCase(), file]))
  const find = (name: string) => byName.get(name.toLowerCase())
  return {
    find,
    async text(name, around) {
      const read = await find(name)?.read()
      if (read === undefined) return null
      if (read.kind === 'refused') throw new DamagedFile()
      const encoding = read.bytes[0] === 0xff ? 'utf-16le' : read.bytes[0] === 0xfe ? 'utf-16be' : 'utf-8'
      const xml = new TextDecoder(encoding).decode(read.bytes)
      if (!hasEnd(xml, around)) throw new DamagedFile()
      return xml
    },
  }
}

type Relation = Readonly<{ id: string; type: string; target: string }>

/** What a part of the workbook points to, with whole names: the main part of all for ''. */
async function relations(parts: Parts, name: string): Promise<Relation[]> {
  const slash = name.lastIndexOf('/') + 1
  const folder = name.slice(0, slash)
  const xml = (await parts.text(`${folder}_rels/${name.slice(slash)}.rels`, 'Relationships')) ?? ''
  return [...elements(xml, 'Relationship')].map(({ attributes }) => {
    const target = attribute(attributes, 'Target') ?? ''
    return {
      id: attribute(attributes, 'Id') ?? '',
      type: (attribute(attributes, 'Type') ?? '').replace(/^.*\//, ''),
      target: target.startsWith('/') ? target.slice(1) : `${folder}${target.replace(/^\.\//, '')}`,
    }
  })
}

/** Texts and styles that all sheets share, read when the first sheet is. */
function createContext(parts: Parts, links: readonly Relation[], workbook: string): () => Promise<SheetContext> {
  const [properties] = [...elements(workbook, 'workbookPr')]
  const fileOf = (type: string) => links.find((link) => link.type === type)?.target ?? `no ${type}`
  let context: Promise<SheetContext> | null = null
  const read = async () => ({
    texts: await readSharedStrings(parts.find(fileOf('sharedStrings'))),
    styles: readStyles((await parts.text(fileOf('styles'), 'styleSheet')) ?? ''),
    is1904: ['1', 'true'].includes(attribute(properties?.attributes ?? '', 'date1904') ?? ''),
  })
  return () => {
    context ??= read()
    return context
  }
}

function refuseDamaged(error: unknown): Refused {
  if (error instanceof DamagedFile) return damaged()
  throw error
}

function damaged(): Refused {
  return refuse(
    'xlsx_damaged',
    'The Excel workbook is damaged or was not saved fully.',
    'Open it in Excel, choose Save As, and upload the new file.',
  )
}

function noSheet(): Refused {
  return refuse(
    'xlsx_no_sheet',
    'The Excel workbook has no sheet with cells that can be seen.',
    'Unhide the sheet with the grades and save the workbook.',
  )
}

function refuse(code: string, message: string, fix: string): Refused {
  return { kind: 'refused', problem: problem({ code, message, fix, severity: 'block' }) }
}
