'use server'

import { refresh } from 'next/cache'
import { RedirectType, redirect } from 'next/navigation'
import { z } from 'zod'
import type { FormProblem } from '@/components/imports/action-form'
import { patchFromForm } from '@/components/imports/choice-fields'
import type { UploadState } from '@/components/imports/upload-form'
import { tenantAction } from '@/lib/action'
import type { ActionResult } from '@/lib/action-result'
import { commitImport } from '@/lib/imports/commit'
import { discardImport } from '@/lib/imports/discard'
import { forgetMapping, saveMapping } from '@/lib/imports/mapping'
import { choicesPatchSchema } from '@/lib/imports/merge-choices'
import { planImport } from '@/lib/imports/plan'
import { rereadImport } from '@/lib/imports/reread'
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

/** How an answer of the wizard ended; null before anything was sent. */
type WizardAnswer = Readonly<{ isDone: boolean; message: string; needsSignIn?: boolean }> | null

const reread = tenantAction(
  {
    right: 'grades.import',
    perMinute: 60,
    input: z.object({ importId: z.uuid(), choices: choicesPatchSchema, file: z.instanceof(File).optional() }),
  },
  async ({ ctx, viewer, input: { importId, choices, file } }) => {
    const again = file === undefined || file.size === 0 ? undefined : { bytes: new Uint8Array(await file.arrayBuffer()) }
    return rereadImport(ctx, viewer, { importId, choices, file: again })
  },
)

/** Takes what a form of the wizard says, reads the file again under it and shows the same step anew. */
export async function answerWizard(_state: WizardAnswer, form: FormData): Promise<WizardAnswer> {
  const file = form.get('file')
  const answer = await reread(null, {
    importId: form.get('importId'),
    choices: patchFromForm(form),
    ...(file instanceof File ? { file } : {}),
  })
  const isBlocked = answer.ok && answer.data.kind === 'blocked'
  return answered(answer, isBlocked ? 'The file was read again. A question is still open.' : 'The file was read again.')
}

const remember = tenantAction({ right: 'grades.import', input: z.object({ importId: z.uuid() }) }, ({ ctx, viewer, input }) =>
  saveMapping(ctx, viewer, input),
)

/** Keeps the columns as they are mapped for the next file of this shape. */
export async function rememberColumns(_state: WizardAnswer, form: FormData): Promise<WizardAnswer> {
  return answered(
    await remember(null, { importId: form.get('importId') }),
    'Saved. The next file with these headings is read alike.',
  )
}

const forget = tenantAction({ right: 'grades.import', input: z.object({ importId: z.uuid() }) }, ({ ctx, viewer, input }) =>
  forgetMapping(ctx, viewer, input),
)

/** Forgets how files of this shape were mapped; this import stays as it is. */
export async function forgetColumns(_state: WizardAnswer, form: FormData): Promise<WizardAnswer> {
  return answered(await forget(null, { importId: form.get('importId') }), 'Forgotten. The next file is read anew.')
}

function answered(answer: ActionResult<unknown>, message: string): WizardAnswer {
  if (answer.ok) {
    refresh()
    return { isDone: true, message }
  }
  return { isDone: false, message: firstField(answer.fields) ?? answer.message, needsSignIn: answer.code === 'sign_in_required' }
}

/** What is wrong with one answer says more than that something is. */
function firstField(fields: Readonly<Record<string, string>>): string | undefined {
  return Object.values(fields)[0]
}
