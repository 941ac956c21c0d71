import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { found } from '@/lib/errors'
import { exportClass } from '@/lib/gradebook/export'

export const GET = apiRoute(operations.exportClass, async ({ ctx, viewer, params, query }) =>
  found(await exportClass(ctx, viewer, { classId: params.id, termId: query.term ?? null, format: query.format })),
)
