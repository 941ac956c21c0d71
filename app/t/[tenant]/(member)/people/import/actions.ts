'use server'

import { RedirectType, redirect } from 'next/navigation'
import { z } from 'zod'
import type { FormProblem } from '@/components/imports/action-form'
import type { RosterUploadState } from '@/components/people/roster-upload-form'
import { tenantAction } from '@/lib/action'
import { cleanDigits } from '@/lib/imports/text'
import { commitRoster } from '@/lib/rosters/commit-roster'
import { discardRoster } from '@/lib/rosters/discard-roster'
import { planRoster } from '@/lib/rosters/plan-roster'
import { type Coverage, coverages, type RosterProblem } from '@/lib/rosters/roster-file'
import { undoRoster } from '@/lib/rosters/undo-roster'

const coverageSchema = z.enum(coverages).catch('file')

const upload = tenantAction(
  {
    right: 'people.import',
    perMinute: 10,
    input: z.object({
      file: z.instanceof(File, { error: 'Choose a file.' }).refine(({ name }) => name !== '', 'Choose a file.'),
      coverage: coverageSchema,
    }),
  },
  async ({ ctx, viewer, input: { file, coverage } }) =>
    planRoster(ctx, viewer, { file: { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }, coverage }),
)

/** Reads a roster into a plan and goes to its review; a refusal comes back with every problem. */
export async function uploadRoster(_state: RosterUploadState, form: FormData): Promise<RosterUploadState> {
  const answer = await upload(null, form)
  if (answer.ok && answer.data.kind === 'planned') redirect(`/people/import/${answer.data.rosterId}`)
  const coverage: Coverage = coverageSchema.parse(form.get('coverage'))
  if (!answer.ok) {
    const message = answer.fields.file ?? answer.message
    return { message, problems: [], coverage, needsSignIn: answer.code === 'sign_in_required' }
  }
  const problems = answer.data.kind === 'refused' ? answer.data.problems : []
  return { message: messageOf(problems), problems, coverage, needsSignIn: false }
}

function messageOf(problems: readonly RosterProblem[]): string {
  const isQuestion = problems.every(({ code, severity }) => severity !== 'block' || code === 'ask_coverage')
  return isQuestion
    ? 'One question is open. Answer it below, and press the button again.'
    : 'Mend what is listed below where the file comes from, and choose the new file.'
}

const commit = tenantAction(
  {
    right: 'people.import',
    input: z.object({
      rosterId: z.uuid(),
      planHash: z.string().min(1),
      // As people type numbers: with the school's digits, and with separators between thousands.
      repeated: z
        .string()
        .transform((text) => Number(cleanDigits(text).replace(/[\s.,'’]/g, '') || Number.NaN))
        .pipe(z.int('Type the number in digits.'))
        .optional(),
    }),
  },
  ({ ctx, viewer, input }) => commitRoster(ctx, viewer, input),
)

/** Writes what the review showed, and nothing else; then the same address shows the receipt. */
export async function commitRosterPlan(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await commit(null, form)
  if (!answer.ok) return { message: answer.fields.repeated ?? answer.message }
  // Replaced and not pushed, so that Back does not return to a review that is over.
  redirect(`/people/import/${answer.data.rosterId}`, RedirectType.replace)
}

const discard = tenantAction({ right: 'people.import', input: z.object({ rosterId: z.uuid() }) }, ({ ctx, viewer, input }) =>
  discardRoster(ctx, viewer, input),
)

/** Puts a roster away unwritten. */
export async function discardRosterPlan(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await discard(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect('/people/import', RedirectType.replace)
}

const undo = tenantAction({ right: 'people.import', input: z.object({ rosterId: z.uuid() }) }, ({ ctx, viewer, input }) =>
  undoRoster(ctx, viewer, input),
)

/** Takes a roster back as one unit; its address then says what stayed because somebody changed it since. */
export async function undoRosterCommit(_state: FormProblem, form: FormData): Promise<FormProblem> {
  const answer = await undo(null, form)
  if (!answer.ok) return { message: answer.message }
  redirect(`/people/import/${answer.data.rosterId}`, RedirectType.replace)
}
