import { plannedOrRefused } from '@/lib/api/imports'
import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { found } from '@/lib/errors'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'

export const POST = apiRoute(operations.planImport, {
  act: async ({ ctx, viewer, query, body: { file }, idempotencyKey }) => {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const upload = { classId: query.class, termId: query.term, file: { name: file.name, bytes }, idempotencyKey }
    return plannedOrRefused(await planImport(ctx, viewer, upload))
  },
  show: async ({ ctx, viewer }, importId) => found(await loadReview(ctx, viewer, importId)),
})
