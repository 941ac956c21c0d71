'use server'

import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { RedirectType, redirect } from 'next/navigation'
import { z } from 'zod'
import type { FormProblem } from '@/components/imports/action-form'
import { patchFromForm } from '@/components/imports/choice-fields'
import { refusalWords } from '@/components/imports/refusal-words'
import type { UploadState } from '@/components/imports/upload-form'
import type { WizardAnswer } from '@/components/imports/wizard-form'
import { tenantAction } from '@/lib/action'
import type { ActionResult } from '@/lib/action-result'
import { discardImport } from '@/lib/imports/discard'
import { forgetMapping, saveMapping } from '@/lib/imports/mapping'
import { choicesPatchSchema } from '@/lib/imports/merge-choices'
import { wizardSteps } from '@/lib/imports/wizard-views'
import { cancelImport, startCommit, startPlan, startReread, startUndo } from '@/lib/jobs/start'

const upload = tenantAction(
  {
    right: 'grades.import',
    perMinute: 20,
    input: z.object({
      classId: z.uuid('Choose a class.'),
      termId: z.uuid('Choose a term.'),
      file: z.instanceof(File, { error: 'Choose a file.' }).refine(({ name }) => name !== '', 'Choose a file.'),
    }),
  },
  async ({ ctx, viewer, input: { classId, termId, file } }) => {
    const bytes = new Uint8Array(await file.arrayBuffer())
    return startPlan(ctx, viewer, { classId, termId, file: { name: file.name, bytes } })
  },
)

/** Reads a file into a plan, or has a worker do it, and goes to the first step with something open; a refusal comes back with every problem, class and term still chosen. */
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

const reread = tenantAction(
  {
    right: 'grades.import',
    perMinute: 60,
    input: z.object({ importId: z.uuid(), choices: choicesPatchSchema, file: z.instanceof(File).optional() }),
  },
  async ({ ctx, viewer, input: { importId, choices, file } }) => {
    const again = file && { bytes: new Uint8Array(await file.arrayBuffer()) }
    return startReread(ctx, viewer, { importId, choices, file: again })
  },
)

/** Takes what a form of the wizard says of the file and reads it again, or has a worker do it; the page then shows how it stands. */
export async function answerWizard(_state: WizardAnswer, form: FormData): Promise<WizardAnswer> {
  const file = form.get('file')
  const again = file instanceof File && file.size > 0 ? { file } : {}
  const answer = await reread(null, { importId: form.get('importId'), choices: patchFromForm(form), ...again })
  return endOfStep(answer, form, answer.ok ? readAgainWords[answer.data.kind] : '')
}

const readAgainWords = {
  planned: 'The file was read again.',
  blocked: 'The file was read again. A question is still open.',
  queued: 'The file is being read again.',
}

const ownImport = z.object({ importId: z.uuid() })

const remember = tenantAction({ right: 'grades.import', input: ownImport }, ({ ctx, viewer, input }) =>
  saveMapping(ctx, viewer, input),
)

/** Keeps how the columns are mapped for the member's next file of this shape. */
export async function rememberColumns(_state: WizardAnswer, form: FormData): Promise<WizardAnswer> {
  const answer = await remember(null, { importId: form.get('importId') })
  return endOfStep(answer, form, 'Saved for your next file of this kind.')
}

const forget = tenantAction({ right: 'grades.import', input: ownImport }, ({ ctx, viewer, input }) =>
  forgetMapping(ctx, viewer, input),
)

/** Forgets what was saved for files of this shape; this import's columns stay as they are. */
export async function forgetColumns(_state: WizardAnswer, form: FormData): Promise<WizardAnswer> {
  const answer = await forget(null, { importId: form.get('importId') })
  return endOfStep(answer, form, 'Forgotten. This file’s columns stay as they are.')
}

/** With scripts the page renews itself where it stands; without them it is asked for anew, so that a reload sends nothing twice. */
async function endOfStep(answer: ActionResult<unknown>, form: FormData, message: string): Promise<WizardAnswer> {
  if (!answer.ok) return { isDone: false, message: refusalWords(answer), needsSignIn: answer.code === 'sign_in_required' }
  if ((await headers()).has('next-action')) {
    refresh()
    return { isDone: true, message }
  }
  const step = wizardSteps.find((each) => each === form.get('step')) ?? 'review'
  redirect(`/imports/${form.get('importId')}?step=${step}`, RedirectType.replace)
}

const commit = tenantAction(
  { right: 'grades.import', input: z.object({ importId: z.uuid(), planHash: z.string().min(1) }) },
  async ({ ctx, viewer, input }) => {
    const outcome = await startCommit(ctx, viewer, input)
    // The same plan may have been written from another tab as another import: its receipt is the one to show.
    return { importId: outcome.kind === 'done' ? outcome.receipt.importId : outcome.importId }
  },
)

/** Writes what the review showed, and nothing else; then the same address shows the receipt. */
export async function commitReviewed(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await commit(null, form)
  if (!answer.ok) return { message: answer.message }
  // Replaced and not pushed, so that Back does not return to a review that is over.
  redirect(`/imports/${answer.data.importId}`, RedirectType.replace)
}

const discard = tenantAction({ right: 'grades.import', input: ownImport }, ({ ctx, viewer, input }) =>
  discardImport(ctx, viewer, input),
)

/** Puts a plan away unwritten. */
export async function discardReviewed(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await discard(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect('/imports', RedirectType.replace)
}

const cancel = tenantAction({ right: 'grades.import', input: ownImport }, ({ ctx, viewer, input }) =>
  cancelImport(ctx, viewer, input),
)

/** Stops what a worker does for an import; its address then says what became of it. */
export async function cancelWaiting(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await cancel(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect(`/imports/${form.get('importId')}`, RedirectType.replace)
}

const undo = tenantAction({ right: 'grades.import', input: ownImport }, ({ ctx, viewer, input }) => startUndo(ctx, viewer, input))

/** Takes an import back as one unit; its address then says what stayed because somebody changed it since. */
export async function undoCommitted(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await undo(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect(`/imports/${form.get('importId')}`, RedirectType.replace)
}
