import { plannedOrRefused } from '@/lib/api/imports'
import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { found } from '@/lib/errors'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'

export const POST = apiRoute(operations.planImport, async ({ ctx, viewer, query, body: { file }, idempotencyKey }) => {
  const plan = await planImport(ctx, viewer, {
    classId: query.class,
    ...(query.term === undefined ? {} : { termId: query.term }),
    file: { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  return found(await loadReview(ctx, viewer, plannedOrRefused(plan)))
})
