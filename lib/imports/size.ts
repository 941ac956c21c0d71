/** Whether an import is too large for the request that asks for it, so that a worker does it. Pure. */
import { requestBytesMax, requestCellsMax, requestPackedBytesMax } from './limits'
import type { ImportCounts } from './views'

/** An upload, told by its bytes before anything of it is read: how many there are, and how many cells they seem to hold. */
export function isLargeUpload(bytes: Uint8Array): boolean {
  if (bytes.length > requestBytesMax) return true
  // A workbook or an archive: what is in it is many times larger.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return bytes.length > requestPackedBytesMax
  return hasMoreCells(bytes, requestCellsMax)
}

/** A commit or an undo, told by the cells it writes. */
export function isLargeWrite({ cellsNew, cellsChanged, cellsCleared }: ImportCounts): boolean {
  return cellsNew + cellsChanged + cellsCleared > requestCellsMax
}

/** A file that was read, told by the cells its plan speaks of. */
export function isLargePlan({
  cellsNew,
  cellsChanged,
  cellsCleared,
  cellsUnchanged,
  cellsKept,
  cellsRejected,
}: ImportCounts): boolean {
  return cellsNew + cellsChanged + cellsCleared + cellsUnchanged + cellsKept + cellsRejected > requestCellsMax
}

// Comma, semicolon, tab, bar and line feed, in every encoding that an upload may have.
const ends = new Set([0x2c, 0x3b, 0x09, 0x7c, 0x0a])

function hasMoreCells(bytes: Uint8Array, max: number): boolean {
  let count = 0
  for (const byte of bytes) if (ends.has(byte) && ++count > max) return true
  return false
}
