'use server'

import { RedirectType, redirect } from 'next/navigation'
import { z } from 'zod'
import type { FormProblem } from '@/components/imports/action-form'
import { tenantAction } from '@/lib/action'
import { ProblemError } from '@/lib/errors'
import { startRedo, startUndo } from '@/lib/jobs/start'

// One box of a form comes as a text, several as a list.
const ids = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.uuid()).min(1).max(1000).optional())

const undoSome = tenantAction(
  { right: 'grades.import', input: z.object({ importId: z.uuid(), studentIds: ids, assignmentIds: ids }) },
  async ({ ctx, viewer, input: { importId, studentIds, assignmentIds } }) => {
    // Each is a job of its own when the import is large, and an import has one job at a time.
    if (studentIds !== undefined && assignmentIds !== undefined)
      throw new ProblemError('invalid_input', 'Undo for students or for assignments, one after the other.')
    const only = studentIds === undefined ? assignmentIds && { assignmentIds } : { studentIds }
    if (only !== undefined) await startUndo(ctx, viewer, { importId, only })
    return { importId, isNothing: only === undefined }
  },
)

/** Takes back what an import did to the chosen students or assignments, or has a worker do it; the rest of it stands. */
export async function undoPart(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await undoSome(null, form)
  if (!answer.ok) return { message: answer.message }
  if (answer.data.isNothing) return { message: 'Choose at least one student or assignment to undo.' }
  redirect(`/imports/${answer.data.importId}`, RedirectType.replace)
}

const redo = tenantAction({ right: 'grades.import', input: z.object({ importId: z.uuid() }) }, ({ ctx, viewer, input }) =>
  startRedo(ctx, viewer, input),
)

/** Writes again what undos took back, or has a worker do it; the import's address then says what stayed because somebody changed it since. */
export async function redoUndone(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await redo(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect(`/imports/${form.get('importId')}`, RedirectType.replace)
}
