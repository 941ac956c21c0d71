'use server'

import { RedirectType, redirect } from 'next/navigation'
import { z } from 'zod'
import type { FormProblem } from '@/components/imports/action-form'
import { tenantAction } from '@/lib/action'
import { redoImport } from '@/lib/imports/redo'
import { undoImport } from '@/lib/imports/undo'

// One box of a form comes as a text, several as a list.
const ids = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.uuid()).min(1).max(1000).optional())

const undoSome = tenantAction(
  { right: 'grades.import', input: z.object({ importId: z.uuid(), studentIds: ids, assignmentIds: ids }) },
  async ({ ctx, viewer, input: { importId, studentIds, assignmentIds } }) => {
    if (studentIds !== undefined) await undoImport(ctx, viewer, { importId, only: { studentIds } })
    if (assignmentIds !== undefined) await undoImport(ctx, viewer, { importId, only: { assignmentIds } })
    return { importId, isNothing: studentIds === undefined && assignmentIds === undefined }
  },
)

/** Takes back what an import did to the chosen students or assignments; the rest of it stands. */
export async function undoPart(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await undoSome(null, form)
  if (!answer.ok) return { message: answer.message }
  if (answer.data.isNothing) return { message: 'Choose at least one student or assignment to undo.' }
  redirect(`/imports/${answer.data.importId}`, RedirectType.replace)
}

const redo = tenantAction({ right: 'grades.import', input: z.object({ importId: z.uuid() }) }, ({ ctx, viewer, input }) =>
  redoImport(ctx, viewer, input),
)

/** Writes again what undos took back; the import's address then says what stayed because somebody changed it since. */
export async function redoUndone(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await redo(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect(`/imports/${answer.data.importId}`, RedirectType.replace)
}
