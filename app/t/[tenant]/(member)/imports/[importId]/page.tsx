import type { Metadata } from 'next'
import { randomUUID } from 'node:crypto'
import { seen } from '@/app/seen'
import { ImportReceiptView } from '@/components/imports/import-receipt'
import { ImportReviewView } from '@/components/imports/import-review'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { requireMember } from '@/lib/auth/session'
import { loadReceipt } from '@/lib/imports/receipt'
import { loadReview } from '@/lib/imports/review'
import { commitReviewed, discardReviewed, undoCommitted } from '../actions'

export const metadata: Metadata = { title: 'Import' }

/** One import under one address: its review until it is decided, and from then on its receipt. */
export default async function ImportPage({ params }: Readonly<{ params: Promise<{ tenant: string; importId: string }> }>) {
  const { tenant, importId } = await params
  const { ctx, viewer } = await requireMember('grades.import', { tenant })
  const review = await seen(loadReview(ctx, viewer, importId))
  const { locale, timeZone } = ctx
  const format = { locale, timeZone }
  const isWritten = review.summary.state === 'committed' || review.summary.state === 'undone'
  return (
    <>
      <Breadcrumbs trail={[{ href: '/imports', label: 'Imports' }]} />
      {isWritten ? (
        <ImportReceiptView
          review={review}
          receipt={await seen(loadReceipt(ctx, viewer, importId))}
          undo={undoCommitted}
          idempotencyKey={randomUUID()}
          isReadOnly={ctx.status === 'read_only'}
          format={format}
        />
      ) : (
        <ImportReviewView
          review={review}
          commit={commitReviewed}
          discard={discardReviewed}
          idempotencyKey={randomUUID()}
          isReadOnly={ctx.status === 'read_only'}
          format={format}
        />
      )}
    </>
  )
}
