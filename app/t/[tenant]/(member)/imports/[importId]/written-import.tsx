import { randomUUID } from 'node:crypto'
import { seen } from '@/app/seen'
import { ImportReceiptView } from '@/components/imports/import-receipt'
import { ProgressEnded } from '@/components/imports/progress-ended'
import { readLook, readPlace } from '@/components/imports/review-address'
import { rowsPerPage } from '@/components/imports/review-table'
import { loadOriginalState } from '@/lib/imports/downloads'
import { loadReceipt } from '@/lib/imports/receipt'
import { loadReviewPage } from '@/lib/imports/review'
import { loadUndoParts, loadUndos } from '@/lib/imports/undo-history'
import { undoCommitted } from '../actions'
import { redoUndone, undoPart } from '../undo-actions'
import { formatOf, type Shown } from './shown'

/** An import that was written, whether it stands or was undone. */
export async function WrittenImport({ ctx, viewer, importId, query, progress }: Shown) {
  const look = readLook(query)
  const slice = { rowOffset: look.from, rowLimit: rowsPerPage, column: look.column ?? undefined }
  const [review, receipt, undos, parts, original] = await Promise.all([
    seen(loadReviewPage(ctx, viewer, importId, slice)),
    seen(loadReceipt(ctx, viewer, importId)),
    seen(loadUndos(ctx, viewer, importId)),
    seen(loadUndoParts(ctx, viewer, importId)),
    seen(loadOriginalState(ctx, viewer, importId)),
  ])
  const partsFrom = readPlace(query.undo) ?? 0
  const format = formatOf({ ctx })
  return (
    <>
      <ProgressEnded progress={progress} format={format} />
      <ImportReceiptView
        review={review}
        done={{ receipt: receipt.commit, undone: receipt.undo, undos, parts, partsFrom, original }}
        actions={{ undo: undoCommitted, undoPart, redo: redoUndone }}
        idempotencyKey={randomUUID()}
        look={look}
        path={`/imports/${importId}`}
        isReadOnly={ctx.status === 'read_only'}
        format={format}
      />
    </>
  )
}
