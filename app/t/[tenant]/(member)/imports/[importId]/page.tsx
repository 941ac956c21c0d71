import type { Metadata } from 'next'
import { randomUUID } from 'node:crypto'
import { seen, single } from '@/app/seen'
import { ImportReceiptView } from '@/components/imports/import-receipt'
import { ImportReviewView } from '@/components/imports/import-review'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { requireMember } from '@/lib/auth/session'
import { loadReceipt } from '@/lib/imports/receipt'
import { loadReview } from '@/lib/imports/review'
import { commitReviewed, discardReviewed, undoCommitted } from '../actions'

export const metadata: Metadata = { title: 'Import' }

type Props = Readonly<{
  params: Promise<{ tenant: string; importId: string }>
  searchParams: Promise<{ from?: string | string[] }>
}>

const rowLimit = 500

/** One import under one address: its review until it is decided, and from then on its receipt. */
export default async function ImportPage({ params, searchParams }: Props) {
  const { tenant, importId } = await params
  const { ctx, viewer } = await requireMember('grades.import', { tenant })
  const from = Number(single((await searchParams).from) ?? 0)
  const rowOffset = Number.isSafeInteger(from) && from > 0 ? from : 0
  const review = await seen(loadReview(ctx, viewer, importId, { rowOffset, rowLimit }))
  const { locale, timeZone } = ctx
  const format = { locale, timeZone }
  const isWritten = review.summary.state === 'committed' || review.summary.state === 'undone'
  const receipt = isWritten ? await seen(loadReceipt(ctx, viewer, importId)) : null
  const common = { review, idempotencyKey: randomUUID(), isReadOnly: ctx.status === 'read_only', rowOffset, format }
  return (
    <>
      <Breadcrumbs trail={[{ href: '/imports', label: 'Imports' }]} />
      {receipt === null ? (
        <ImportReviewView commit={commitReviewed} discard={discardReviewed} {...common} />
      ) : (
        <ImportReceiptView receipt={receipt.commit} undone={receipt.undo} undo={undoCommitted} {...common} />
      )}
    </>
  )
}
