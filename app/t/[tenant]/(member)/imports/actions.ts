'use server'

import { RedirectType, redirect } from 'next/navigation'
import { z } from 'zod'
import type { FormProblem } from '@/components/imports/action-form'
import type { UploadState } from '@/components/imports/upload-form'
import { tenantAction } from '@/lib/action'
import { commitImport } from '@/lib/imports/commit'
import { discardImport } from '@/lib/imports/discard'
import { planImport } from '@/lib/imports/plan'
import { undoImport } from '@/lib/imports/undo'

// An empty choice is the importer's to make, and so is one that the form never had.
const choice = <Value extends string>(values: readonly [Value, ...Value[]]) => z.enum(values).optional().catch(undefined)

const upload = tenantAction(
  {
    right: 'grades.import',
    perMinute: 20,
    input: z.object({
      classId: z.uuid('Choose a class.'),
      termId: z.uuid('Choose a term.'),
      file: z.instanceof(File, { error: 'Choose a file.' }).refine(({ name }) => name !== '', 'Choose a file.'),
      numbers: choice(['.', ',']),
      dates: choice(['dmy', 'mdy']),
      negatives: choice(['take', 'leave_out']),
      sameTitles: choice(['different']),
      conflicts: choice(['take']),
    }),
  },
  async ({ ctx, viewer, input: { classId, termId, file, ...answers } }) => {
    const bytes = new Uint8Array(await file.arrayBuffer())
    return planImport(ctx, viewer, { classId, termId, file: { name: file.name, bytes }, answers })
  },
)

/** Reads a file into a plan and goes to its review; a refusal comes back with every problem and the choices made. */
export async function uploadGrades(_state: UploadState, form: FormData): Promise<UploadState> {
  const answer = await upload(null, form)
  if (answer.ok && answer.data.kind !== 'refused') redirect(`/imports/${answer.data.importId}`)
  const chosen = { classId: String(form.get('classId') ?? ''), termId: String(form.get('termId') ?? '') }
  if (answer.ok) {
    const problems = answer.data.kind === 'refused' ? answer.data.problems : []
    return {
      ...chosen,
      message: 'Mend what is listed below in your spreadsheet, save it, and choose the file again.',
      problems,
      fields: {},
      needsSignIn: false,
    }
  }
  const { message, fields, code } = answer
  const fileMessage = fields.file === undefined ? message : fields.file
  return { ...chosen, message: fileMessage, problems: [], fields, needsSignIn: code === 'sign_in_required' }
}

const commit = tenantAction(
  { right: 'grades.import', input: z.object({ importId: z.uuid(), planHash: z.string().min(1) }) },
  ({ ctx, viewer, input }) => commitImport(ctx, viewer, input),
)

/** Writes what the review showed, and nothing else; then the same address shows the receipt. */
export async function commitReviewed(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await commit(null, form)
  if (!answer.ok) return { message: answer.message }
  // Replaced and not pushed, so that Back does not return to a review that is over.
  redirect(`/imports/${answer.data.importId}`, RedirectType.replace)
}

const discard = tenantAction({ right: 'grades.import', input: z.object({ importId: z.uuid() }) }, ({ ctx, viewer, input }) =>
  discardImport(ctx, viewer, input),
)

/** Puts a plan away unwritten. */
export async function discardReviewed(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await discard(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect('/imports', RedirectType.replace)
}

const undo = tenantAction({ right: 'grades.import', input: z.object({ importId: z.uuid() }) }, ({ ctx, viewer, input }) =>
  undoImport(ctx, viewer, input),
)

/** Takes an import back as one unit; its address then says what stayed because somebody changed it since. */
export async function undoCommitted(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await undo(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect(`/imports/${answer.data.importId}`, RedirectType.replace)
}
