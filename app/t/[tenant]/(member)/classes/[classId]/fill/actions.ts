'use server'

import { z } from 'zod'
import type { FillState } from '@/components/imports/fill-form'
import { tenantAction } from '@/lib/action'
import { found } from '@/lib/errors'
import { fillFile } from '@/lib/imports/fill'

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/, 'Choose the file again.')
const columnField = /^column-(\d{1,4})$/
const leaveAlone = 'leave'

const fill = tenantAction(
  {
    right: 'grades.export',
    perMinute: 20,
    input: z.looseObject({
      classId: z.uuid(),
      termId: z.uuid(),
      file: z.instanceof(File).optional(),
      /** The file as it was first given, carried by the page: nothing of it is kept here. */
      original: base64.optional(),
      fileName: z.string().max(300).optional(),
      decimal: z.enum(['.', ',']).optional().catch(undefined),
      overwrites: z.literal('on').optional().catch(undefined),
    }),
  },
  async ({ ctx, viewer, input }) => {
    const { classId, termId, decimal, overwrites } = input
    const file = await fileOf(input)
    const choices = { columns: columnsOf(input), decimal, overwrites: overwrites === 'on' }
    return { file, outcome: found(await fillFile(ctx, viewer, { classId, termId, file, choices })) }
  },
)

type Given = Readonly<{ file?: File | undefined; original?: string | undefined; fileName?: string | undefined }>

async function fileOf({ file, original, fileName }: Given): Promise<Readonly<{ name: string; bytes: Uint8Array }>> {
  if (file !== undefined && file.size > 0) return { name: shortName(file.name), bytes: new Uint8Array(await file.arrayBuffer()) }
  return { name: shortName(fileName ?? 'file'), bytes: new Uint8Array(Buffer.from(original ?? '', 'base64')) }
}

const shortName = (name: string) => name.replace(/^.*[\\/]/, '').slice(0, 200) || 'file'

function columnsOf(input: Readonly<Record<string, unknown>>): Record<string, string | null> {
  const entries = Object.entries(input).flatMap(([field, value]) => {
    const at = columnField.exec(field)?.[1]
    if (at === undefined || typeof value !== 'string' || value === '') return []
    return [[at, value === leaveAlone ? null : value] as const]
  })
  return Object.fromEntries(entries)
}

/** Fills the file with the grades of the class; the page gets both the filled and the given one, and the server keeps neither. */
export async function fillGivenFile(_state: FillState, form: FormData): Promise<FillState> {
  const answer = await fill(null, form)
  if (!answer.ok) {
    const message = answer.fields.original ?? answer.message
    return { kind: 'failed', message, problems: [], needsSignIn: answer.code === 'sign_in_required' }
  }
  const { file, outcome } = answer.data
  if (outcome.kind === 'refused') {
    const message = 'Nothing was filled. What is in the way is listed below.'
    return { kind: 'failed', message, problems: outcome.problems, needsSignIn: false }
  }
  const { view, bytes, mediaType } = outcome
  const [filled, original] = [bytes, file.bytes].map((content) => Buffer.from(content).toString('base64'))
  return { kind: 'filled', view, mediaType, filled: filled ?? '', original: original ?? '' }
}
