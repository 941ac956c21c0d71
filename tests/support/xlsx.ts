import { zipSync } from 'fflate'

/** A workbook written part by part, as other programs write them: what a sheet's cells are is given as their XML. */
export type SheetXml = Readonly<{ name: string; rows: string; state?: string }>

export type WorkbookXml = Readonly<{
  sheets: readonly SheetXml[]
  texts?: string
  /** `numFmtId` of each style, and formats with ids of their own. */
  styles?: readonly number[]
  formats?: Readonly<Record<number, string>>
  is1904?: boolean
}>

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageXml = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'

export const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The files of a workbook, by name. */
export function workbookParts({ sheets, texts, styles = [], formats = {}, is1904 = false }: WorkbookXml): Record<string, string> {
  const parts: Record<string, string> = {
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': `${head}<Relationships ${packageXml}><Relationship Id="rId1" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook ${main}><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets>${sheets
      .map(
        ({ name, state }, at) =>
          `<sheet name="${escapeXml(name)}" sheetId="${at + 1}"${state ? ` state="${state}"` : ''} r:id="rId${at + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships ${packageXml}>${sheets
      .map((_, at) => `<Relationship Id="rId${at + 1}" Type="${relation}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`)
      .join('')}<Relationship Id="rId90" Type="${relation}/styles" Target="/xl/styles.xml"/>${
      texts === undefined ? '' : `<Relationship Id="rId91" Type="${relation}/sharedStrings" Target="sharedStrings.xml"/>`
    }</Relationships>`,
    'xl/styles.xml': `${head}<styleSheet ${main}><numFmts>${Object.entries(formats)
      .map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${escapeXml(code)}"/>`)
      .join('')}</numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles
      .map((id) => `<xf numFmtId="${id}" xfId="0"><alignment/></xf>`)
      .join('')}</cellXfs></styleSheet>`,
  }
  if (texts !== undefined) parts['xl/sharedStrings.xml'] = `${head}<sst ${main}>${texts}</sst>`
  for (const [at, { rows }] of sheets.entries()) {
    parts[`xl/worksheets/sheet${at + 1}.xml`] =
      `${head}<worksheet ${main}><dimension ref="A1"/><sheetData>${rows}</sheetData></worksheet>`
  }
  return parts
}

/** The workbook as it is uploaded. */
export function workbookOf(workbook: WorkbookXml, level: 0 | 6 = 6): Uint8Array {
  return zipOf(workbookParts(workbook), level)
}

/** An archive of texts and bytes by name; `level` 0 only puts them together. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>, level: 0 | 6 = 6): Uint8Array {
  const bytes = Object.entries(files).map(([name, value]) => [
    name,
    typeof value === 'string' ? new TextEncoder().encode(value) : value,
  ])
  return zipSync(Object.fromEntries(bytes), { level })
}

/** Rows of texts and numbers as the cells of a sheet, without references, as small writers do. */
export function rowsXml(rows: readonly (readonly (string | number)[])[]): string {
  return rows
    .map(
      (row) =>
        `<row>${row.map((cell) => (typeof cell === 'number' ? `<c><v>${cell}</v></c>` : `<c t="inlineStr"><is><t>${escapeXml(cell)}</t></is></c>`)).join('')}</row>`,
    )
    .join('')
}
