import type { ImportChoices } from './choices'

type Row = readonly string[]

/** Rows with the teacher's own texts in place of the file's; a place the file does not have makes none. Pure. */
export function editRows(rows: readonly Row[], edits: ImportChoices['cells']): readonly Row[] {
  const texts = Object.entries(edits ?? {})
  if (texts.length === 0) return rows
  const edited = [...rows]
  for (const [place, text] of texts) {
    const [row = 0, column = 0] = place.split(':').map(Number)
    const cells = edited[row - 1]
    if (cells === undefined) continue
    const filled = [...cells, ...new Array<string>(Math.max(0, column + 1 - cells.length)).fill('')]
    edited[row - 1] = filled.with(column, text)
  }
  return edited
}
