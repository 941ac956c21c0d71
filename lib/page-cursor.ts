import 'server-only'
import { createHash } from 'node:crypto'
import { ProblemError } from './errors'

/**
 * Where a list goes on. A cursor holds the id of the last row shown and a mark of the list it belongs to (a school's id and
 * the list's name), so that a cursor of another school or list is refused; it holds no name, because cursors stand in
 * addresses and logs. It is no secret and grants nothing: the row it names is looked up as the viewer's own query sees it.
 */
export function writeCursor(list: string, id: string): string {
  return Buffer.concat([markOf(list), Buffer.from(id.replaceAll('-', ''), 'hex')]).toString('base64url')
}

/** The id to go on after, or null for the start. Throws `invalid_input` for a cursor that is not of this list. */
export function readCursor(list: string, cursor: string | undefined): string | null {
  if (cursor === undefined || cursor === '') return null
  const bytes = Buffer.from(cursor, 'base64url')
  const mark = markOf(list)
  if (bytes.length !== mark.length + 16 || !bytes.subarray(0, mark.length).equals(mark)) throw lostPlace()
  const hex = bytes.subarray(mark.length).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** The row a cursor names is gone, so the place in the list is lost. Going on from elsewhere would skip rows silently. */
export function lostPlace(): ProblemError {
  const message = 'This list has changed, so it cannot go on from here. Open it again from the start.'
  return new ProblemError('invalid_input', message, { fields: { cursor: message } })
}

/** A page of `limit` rows out of the `limit + 1` that were asked for: the surplus row says that there is more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { list, idOf, itemOf }: { list: string; idOf: (row: Row) => string; itemOf: (row: Row) => Item },
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(itemOf),
    nextCursor: rows.length > limit && last !== undefined ? writeCursor(list, idOf(last)) : null,
  }
}

/** How many rows a page has: what was asked for, between 1 and `most`. */
export function pageLimit(limit: number | undefined, usual: number, most: number): number {
  return Math.min(Math.max(Math.trunc(limit ?? usual), 1), most)
}

function markOf(list: string): Buffer {
  return createHash('sha256').update(list).digest().subarray(0, 6)
}
