/** What exactly a job was asked for, beside its kind: as it stands on the shard, and checked again when a worker reads it. Pure. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { choicesPatchSchema } from '@/lib/imports/merge-choices'

const ids = z.array(z.uuid()).readonly()

/** Of an undo: its part, or null for the whole import. */
export const undoWishSchema = z
  .strictObject({ only: z.union([z.strictObject({ studentIds: ids }), z.strictObject({ assignmentIds: ids })]) })
  .nullable()

/** Of a re-reading: what changes of the choices, and whether the file came with it. */
export const rereadWishSchema = z.strictObject({ choices: choicesPatchSchema, isFileSent: z.boolean() })

export type Wish = z.input<typeof undoWishSchema> | z.input<typeof rereadWishSchema>

/** Whether what stands on the shard is this wish, whatever order its fields came back in. */
export function isSameWish(stored: unknown, wish: Wish): boolean {
  // What is undefined is not stored.
  return isDeepStrictEqual(stored, JSON.parse(JSON.stringify(wish)))
}
