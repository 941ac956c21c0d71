import { loadImport } from '@/lib/api/imports'
import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { found } from '@/lib/errors'

export const GET = apiRoute(operations.readImport, async ({ ctx, viewer, params, query: { offset, limit } }) =>
  found(await loadImport(ctx, viewer, params.id, { rowOffset: offset, rowLimit: limit })),
)
