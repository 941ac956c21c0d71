import 'server-only'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { env } from '@/lib/env'
import { fieldProblem, RequestProblem } from './problem'

/**
 * Cursors leave the server sealed: opaque, and good only for the school and list they were made for. What is inside is the
 * business of the list.
 */

/** For which school and list a cursor is. */
export type CursorPlace = Readonly<{ tenantId: string; list: string }>

/** The cursor to hand out, or null at the end of a list. */
export function sealCursor(place: CursorPlace, inner: string | null): string | null {
  return inner === null ? null : `${Buffer.from(inner).toString('base64url')}.${sealOf(place, inner)}`
}

/** The list's own cursor. Throws `invalid_input` for anything that was not sealed for this very place. */
export function openCursor(place: CursorPlace, sealed: string): string {
  const [text = '', seal = ''] = sealed.split('.')
  const inner = Buffer.from(text, 'base64url').toString()
  const [given, wanted] = [Buffer.from(seal), Buffer.from(sealOf(place, inner))]
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return inner
  throw new RequestProblem('invalid_input', 'This cursor is not one of this list. Start again without a cursor.', [
    fieldProblem('cursor', 'Not a cursor of this list.'),
  ])
}

function sealOf({ tenantId, list }: CursorPlace, inner: string): string {
  return createHmac('sha256', env().TOKEN_SECRET)
    .update(JSON.stringify(['cursor', tenantId, list, inner]))
    .digest('base64url')
}
