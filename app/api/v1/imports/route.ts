import { choicesOf, plannedOrLater, plannedOrRefused } from '@/lib/api/imports'
import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { startPlan } from '@/lib/jobs/start'

export const POST = apiRoute(operations.planImport, {
  act: async ({ ctx, viewer, query, body: { file, choices }, idempotencyKey }) => {
    const answers = choicesOf(choices)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const upload = { classId: query.class, termId: query.term, file: { name: file.name, bytes }, answers, idempotencyKey }
    return plannedOrRefused(await startPlan(ctx, viewer, upload))
  },
  show: ({ ctx, viewer }, importId) => plannedOrLater(ctx, viewer, importId),
})
