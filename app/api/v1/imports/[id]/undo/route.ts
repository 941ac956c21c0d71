import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { undoImport } from '@/lib/imports/undo'

export const POST = apiRoute(operations.undoImport, ({ ctx, viewer, params }) => undoImport(ctx, viewer, { importId: params.id }))
