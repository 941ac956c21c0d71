import { seen } from '@/app/seen'
import { ImportFacts } from '@/components/imports/import-facts'
import { ProgressEnded } from '@/components/imports/progress-ended'
import { ProgressView } from '@/components/imports/progress-view'
import { waitingTitles } from '@/components/imports/progress-words'
import { ButtonLink } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { loadSummary } from '@/lib/imports/load-summary'
import type { ImportProgress } from '@/lib/imports/progress'
import { cancelWaiting } from '../actions'
import { formatOf, type Shown } from './shown'

/** An import a worker is busy with. */
export async function WaitingImport({ progress, ...shown }: Omit<Shown, 'progress'> & Readonly<{ progress: ImportProgress }>) {
  const format = formatOf(shown)
  const summary = await seen(loadSummary(shown.ctx, shown.viewer, shown.importId))
  return (
    <>
      <PageHeader title={waitingTitles[progress.kind]} facts={<ImportFacts summary={summary} isBusy format={format} />} />
      <ProgressView progress={progress} cancel={cancelWaiting} format={format} />
    </>
  )
}

/** A file a worker could not read, or was told not to. */
export function UnreadImport({ progress, ...shown }: Shown) {
  return (
    <>
      <PageHeader title="This import ended early" facts="Nothing was written." />
      <ProgressEnded progress={progress} format={formatOf(shown)} />
      <div className="no-print">
        <ButtonLink href="/imports/new" look="primary">
          Upload a file again
        </ButtonLink>
      </div>
    </>
  )
}
