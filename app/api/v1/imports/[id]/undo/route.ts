import { noteStarted, receiptOrLater } from '@/lib/api/imports'
import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { undoReceipt } from '@/lib/api/schemas'
import { startUndo } from '@/lib/jobs/start'

export const POST = apiRoute(operations.undoImport, {
  act: async ({ ctx, viewer, params }) => noteStarted(await startUndo(ctx, viewer, { importId: params.id })),
  show: (call, noted) => receiptOrLater(call, noted, undoReceipt),
})
