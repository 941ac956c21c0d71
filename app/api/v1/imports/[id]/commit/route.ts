import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { commitImport } from '@/lib/imports/commit'

export const POST = apiRoute(operations.commitImport, ({ ctx, viewer, params, body }) =>
  commitImport(ctx, viewer, { importId: params.id, planHash: body.planHash }),
)
