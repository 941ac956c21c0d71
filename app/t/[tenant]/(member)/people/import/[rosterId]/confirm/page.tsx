import type { Metadata } from 'next'
import { randomUUID } from 'node:crypto'
import { redirect } from 'next/navigation'
import { seen } from '@/app/seen'
import { RosterConfirm } from '@/components/people/roster-confirm'
import { RosterFacts } from '@/components/people/roster-parts'
import { removalText } from '@/components/people/roster-words'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { Alert } from '@/components/ui/alert'
import { formatNumber } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import { requireMember } from '@/lib/auth/session'
import { loadRosterReview } from '@/lib/rosters/review-roster'
import { commitRosterPlan } from '../../actions'

export const metadata: Metadata = { title: 'Really remove so much?' }

type Props = Readonly<{ params: Promise<{ tenant: string; rosterId: string }> }>

/** The second question of a roster that removes more than a tenth of a kind. */
export default async function ConfirmRosterPage({ params }: Props) {
  const { tenant, rosterId } = await params
  const { ctx, viewer } = await requireMember('people.import', { tenant })
  const { summary, planHash, removals, numberToRepeat } = await seen(loadRosterReview(ctx, viewer, rosterId, { limit: 0 }))
  if (summary.state !== 'planned' || numberToRepeat === null || ctx.status === 'read_only') redirect(`/people/import/${rosterId}`)
  const { locale, timeZone } = ctx
  const format = { locale, timeZone }
  const large = removals.filter(({ isLarge }) => isLarge)
  return (
    <>
      <Breadcrumbs
        trail={[
          { href: '/people/import', label: 'Rosters' },
          { href: `/people/import/${rosterId}`, label: summary.fileName },
        ]}
      />
      <PageHeader title="Really remove so much?" facts={<RosterFacts summary={summary} format={format} />} />
      <Alert tone="bad" title="More than a tenth of the school would go">
        <ul className="list-disc ps-5">
          {large.map((removal) => (
            <li key={removal.kind}>
              <bdi>{removalText(removal, format)}</bdi>
            </li>
          ))}
        </ul>
        <p>
          Together that is {formatNumber(numberToRepeat, format)}. A file of another school, or one that was cut off, looks just
          like this. Grades stay, and the whole can be undone for 30 days.
        </p>
      </Alert>
      <RosterConfirm
        action={commitRosterPlan}
        rosterId={rosterId}
        planHash={planHash}
        idempotencyKey={randomUUID()}
        shownNumber={formatNumber(numberToRepeat, format)}
      />
    </>
  )
}
