import type { Metadata } from 'next'
import { randomUUID } from 'node:crypto'
import { seen, single } from '@/app/seen'
import { RosterReceiptView } from '@/components/people/roster-receipt'
import { RosterReviewView } from '@/components/people/roster-review'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { requireMember } from '@/lib/auth/session'
import { loadRosterReview } from '@/lib/rosters/review-roster'
import { rosterLists } from '@/lib/rosters/views'
import { commitRosterPlan, discardRosterPlan, undoRosterCommit } from '../actions'

export const metadata: Metadata = { title: 'Roster' }

type Query = Readonly<{ list?: string | string[]; q?: string | string[]; from?: string | string[] }>
type Props = Readonly<{ params: Promise<{ tenant: string; rosterId: string }>; searchParams: Promise<Query> }>

const pageSize = 50

/** One roster under one address: its review until it is decided, and from then on its receipt. */
export default async function RosterPage({ params, searchParams }: Props) {
  const { tenant, rosterId } = await params
  const { ctx, viewer } = await requireMember('people.import', { tenant })
  const shown = shownBy(await searchParams)
  const { undo, ...review } = await seen(loadRosterReview(ctx, viewer, rosterId, { ...shown, limit: pageSize }))
  const { locale, timeZone } = ctx
  const isReadOnly = ctx.status === 'read_only'
  const common = { review, idempotencyKey: randomUUID(), isReadOnly, pageSize, format: { locale, timeZone } }
  const isWritten = review.summary.state === 'committed' || review.summary.state === 'undone'
  return (
    <>
      <Breadcrumbs
        trail={[
          { href: '/people', label: 'People' },
          { href: '/people/import', label: 'Rosters' },
        ]}
      />
      {isWritten ? (
        <RosterReceiptView undone={undo} undo={undoRosterCommit} {...common} />
      ) : (
        <RosterReviewView commit={commitRosterPlan} discard={discardRosterPlan} {...common} />
      )}
    </>
  )
}

function shownBy({ list, q, from }: Query) {
  const place = Number(single(from) ?? 0)
  return {
    list: rosterLists.find((name) => name === single(list)),
    query: single(q) ?? '',
    from: Number.isSafeInteger(place) && place > 0 ? place : 0,
  }
}
