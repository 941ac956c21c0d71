import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { found } from '@/lib/errors'
import { loadReview } from '@/lib/imports/review'

export const GET = apiRoute(operations.readImport, async ({ ctx, viewer, params, query: { offset, limit } }) =>
  found(await loadReview(ctx, viewer, params.id, { rowOffset: offset, rowLimit: limit })),
)
