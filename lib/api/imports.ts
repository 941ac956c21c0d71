import 'server-only'
import type { z } from 'zod'
import type { Viewer } from '@/lib/auth/rights'
import { found } from '@/lib/errors'
import { type ImportChoices, importChoicesSchema } from '@/lib/imports/choices'
import { loadSummary } from '@/lib/imports/load-summary'
import { isRunning, type ImportProgress } from '@/lib/imports/progress'
import { loadReview } from '@/lib/imports/review'
import type { ImportProblem, ImportReview } from '@/lib/imports/views'
import { loadProgress } from '@/lib/jobs/load-progress'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { wrongFields } from './body'
import { fieldProblem, RequestProblem } from './problem'
import { Later } from './route'

type Planned =
  | Readonly<{ kind: 'planned' | 'blocked' | 'queued'; importId: string }>
  | Readonly<{ kind: 'refused'; problems: readonly ImportProblem[] }>

/** Id of the planned import, or of the one a worker plans. A file that cannot be read at all is refused with everything that is wrong with it. */
export function plannedOrRefused(plan: Planned): string {
  if (plan.kind !== 'refused') return plan.importId
  const problems = plan.problems.map(({ severity: _, ...problem }) => ({ field: null, ...problem }))
  throw new RequestProblem('invalid_input', 'This file cannot be imported. `problems` says why and what to do.', problems)
}

/** Answers as an upload's form gives them. Throws `RequestProblem` with everything that is wrong with them. */
export function choicesOf(text: string | undefined): ImportChoices {
  if (text === undefined || text === '') return {}
  const parsed = importChoicesSchema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw wrongFields('body.choices', parsed.error)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new RequestProblem('invalid_input', 'The field `choices` is not JSON.', [fieldProblem('body.choices', 'Not JSON.')])
  }
}

type View = ImportReview & Readonly<{ progress: ImportProgress | null }>
type Slice = Readonly<{ rowOffset?: number; rowLimit?: number }>

/** An import with what a worker does for it; while it does, or has not read the upload, without the plan. Null when it cannot be seen. */
export async function loadImport(ctx: TenantContext, viewer: Viewer, importId: string, slice: Slice = {}): Promise<View | null> {
  const view = await loadProgress(ctx, viewer, importId)
  if (view === null) return null
  const { state, progress } = view
  // Who polls gets no plan: it is megabytes, and is not what they wait for.
  const isBusy = state === 'reading' || (progress !== null && isRunning(progress))
  const review = isBusy ? await loadBare(ctx, viewer, importId) : await loadReview(ctx, viewer, importId, slice)
  return review && { ...review, progress }
}

/** What an idempotency key keeps of a commit or an undo: its receipt, or that a worker does it. */
export function noteStarted(started: Readonly<{ kind: 'done'; receipt: object } | { kind: 'queued' }>): string {
  return JSON.stringify(started.kind === 'done' ? started.receipt : null)
}

/** The receipt that was noted, or how far the worker is by now. */
export async function receiptOrLater<Receipt>(
  { ctx, viewer, params }: Readonly<{ ctx: TenantContext; viewer: Viewer; params: Readonly<{ id: string }> }>,
  noted: string,
  schema: z.ZodType<Receipt>,
): Promise<Receipt | Later> {
  const receipt = schema.nullable().parse(JSON.parse(noted))
  return receipt ?? new Later(found((await loadProgress(ctx, viewer, params.id))?.progress ?? null))
}

/** The import as it is planned, or how far the worker is with its plan. */
export async function plannedOrLater(ctx: TenantContext, viewer: Viewer, importId: string): Promise<View | Later> {
  const view = found(await loadImport(ctx, viewer, importId))
  const { progress } = view
  return progress?.kind === 'plan' && isRunning(progress) ? new Later(progress) : view
}

async function loadBare(ctx: TenantContext, viewer: Viewer, importId: string): Promise<ImportReview | null> {
  const summary = await loadSummary(ctx, viewer, importId)
  return summary && { summary, planHash: '', columns: [], rows: [], rowCount: 0, problems: [], ignored: [], warnings: [] }
}
