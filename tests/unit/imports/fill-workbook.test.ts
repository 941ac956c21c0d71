import fc from 'fast-check'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { isArchive, openArchive } from '@/lib/imports/archive'
import { columnName } from '@/lib/imports/column-name'
import { fillWorkbook } from '@/lib/imports/fill-workbook'
import type { CellEdit } from '@/lib/imports/fill-text'
import { openWorkbook } from '@/lib/imports/workbook'
import { workbookParts } from '../../support/xlsx'

const sheetFile = 'xl/worksheets/sheet1.xml'

function workbookOf(rows: string, more: Readonly<Record<string, string>> = {}): Uint8Array {
  const parts = { ...workbookParts({ sheets: [{ name: 'Scores', rows }], texts: '<si><t>shared</t></si>' }), ...more }
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])))
}

async function rowsOf(bytes: Uint8Array): Promise<readonly (readonly string[])[]> {
  const archive = isArchive(bytes) ? openArchive(bytes) : null
  if (archive?.kind !== 'archive') throw new Error('no archive')
  const workbook = await openWorkbook(archive.files)
  const read = workbook.kind === 'workbook' ? await workbook.sheets[0]?.read() : undefined
  if (read?.kind !== 'rows') throw new Error('no rows')
  return read.rows
}

const sheetXml = (bytes: Uint8Array | null) => strFromU8(unzipSync(bytes ?? new Uint8Array())[sheetFile] ?? new Uint8Array())

/** Cells as programs write them: with and without a place, plain, shared, inline, styled and empty, formulas. */
const cell = fc.constantFrom(
  ...['<v>5</v>', '<v>-0.5</v>', '<is><t>text &amp; more</t></is>', '<v>0</v>', '<f>A1+1</f><v>6</v>', ''].map((inner, kind) => ({
    inner,
    kind,
  })),
)
const grid = fc.record({
  prefix: fc.constantFrom('', 'x:'),
  rows: fc.array(fc.array(fc.option(cell), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
  edits: fc.array(fc.record({ row: fc.nat(), column: fc.nat({ max: 7 }), text: fc.constantFrom('85', '-3.25', 'EX', '0.001') }), {
    maxLength: 5,
  }),
})

describe('cells of a workbook are set in place', () => {
  test('every other cell is the text it was, formulas stay, and what was set is read back', async () => {
    await fc.assert(
      fc.asyncProperty(grid, async ({ prefix: p, rows, edits }) => {
        const cellXml = (row: number, column: number, { inner, kind }: { inner: string; kind: number }) => {
          const type = kind === 2 ? ' t="inlineStr"' : kind === 3 ? ' t="s"' : ''
          const own = inner.replace(/<(\/?)/g, `<$1${p}`)
          return `<${p}c r="${columnName(column)}${row}" s="1"${type}${inner === '' ? '/>' : `>${own}</${p}c>`}`
        }
        const first = `<${p}c r="Z1"><${p}v>1</${p}v></${p}c>`
        const written = rows.map((cells, at) => cells.map((each, column) => (each === null ? '' : cellXml(at + 1, column, each))))
        const body = written
          .map((cells, at) => `<${p}row r="${at + 1}" ht="15">${cells.join('\n ')}${first.replace('Z1', `Z${at + 1}`)}</${p}row>`)
          .join('')
        const bytes = workbookOf(body)
        const wanted = new Map<string, CellEdit>()
        for (const { row, column, text } of edits) {
          const at = (row % rows.length) + 1
          wanted.set(`${at} ${column}`, { row: at, column, text })
        }
        const filled = fillWorkbook(bytes, sheetFile, [...wanted.values()])
        if (filled === null) throw new Error('not filled')
        const [before, after] = [await rowsOf(bytes), await rowsOf(filled)]
        const xml = sheetXml(filled)
        for (const [at, cells] of rows.entries()) {
          for (let column = 0; column < 9; column++) {
            const edit = wanted.get(`${at + 1} ${column}`)
            const isFormula = cells[column]?.kind === 4
            const shown = edit === undefined || isFormula ? (before[at]?.[column] ?? '') : edit.text
            expect(after[at]?.[column] ?? '').toBe(shown)
            const own = written[at]?.[column] ?? ''
            if (own !== '' && (edit === undefined || isFormula)) expect(xml).toContain(own)
          }
        }
        expect(xml.replace(/<(?:x:)?c .*?(?:\/>|<\/(?:x:)?c>)/gs, '')).toBe(
          sheetXml(bytes).replace(/<(?:x:)?c .*?(?:\/>|<\/(?:x:)?c>)/gs, ''),
        )
        if (wanted.size === 0) expect(xml).toBe(sheetXml(bytes))
      }),
      { numRuns: 80 },
    )
  })

  test('sums are asked to be worked out again, and nothing else of the workbook changes', () => {
    const workbook = workbookParts({ sheets: [{ name: 'Scores', rows: '' }] })['xl/workbook.xml'] ?? ''
    const more = {
      'xl/workbook.xml': workbook.replace('</workbook>', '<calcPr calcId="191029"/></workbook>'),
      'xl/media/a.png': 'picture',
    }
    const bytes = workbookOf('<row r="1"><c r="A1"/><c r="B1"><f>A1+1</f><v>1</v></c></row>', more)
    const filled = fillWorkbook(bytes, sheetFile, [{ row: 1, column: 0, text: '7' }]) ?? new Uint8Array()
    const [before, after] = [unzipSync(bytes), unzipSync(filled)]
    const changed = Object.keys(before).filter(
      (name) => strFromU8(before[name] ?? new Uint8Array()) !== strFromU8(after[name] ?? new Uint8Array()),
    )
    expect(changed.sort()).toEqual(['xl/workbook.xml', sheetFile])
    expect(strFromU8(after['xl/workbook.xml'] ?? new Uint8Array())).toContain('<calcPr fullCalcOnLoad="1" calcId="191029"/>')
  })

  test('a row that is not there, or a sheet that is not, is no workbook to fill', () => {
    const bytes = workbookOf('<row r="1"><c r="A1"/></row>')
    expect(fillWorkbook(bytes, sheetFile, [{ row: 2, column: 0, text: '7' }])).toBeNull()
    expect(fillWorkbook(bytes, 'xl/worksheets/sheet9.xml', [])).toBeNull()
  })
})
