import { noteStarted, receiptOrLater } from '@/lib/api/imports'
import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { importReceipt } from '@/lib/api/schemas'
import { startCommit } from '@/lib/jobs/start'

export const POST = apiRoute(operations.commitImport, {
  act: async ({ ctx, viewer, params, body }) =>
    noteStarted(await startCommit(ctx, viewer, { importId: params.id, planHash: body.planHash })),
  show: (call, noted) => receiptOrLater(call, noted, importReceipt),
})
