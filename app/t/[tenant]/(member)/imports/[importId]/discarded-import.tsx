import { seen } from '@/app/seen'
import { ImportFacts } from '@/components/imports/import-facts'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { loadSummary } from '@/lib/imports/load-summary'
import { formatOf, type Shown } from './shown'

/** An import that was put away unwritten. */
export async function DiscardedImport(shown: Shown) {
  const summary = await seen(loadSummary(shown.ctx, shown.viewer, shown.importId))
  return (
    <>
      <PageHeader title="Discarded import" facts={<ImportFacts summary={summary} format={formatOf(shown)} />} />
      <Alert tone="info" title="This import was discarded">
        <p>Nothing of it was written. Upload the file again if you still need it.</p>
      </Alert>
      {shown.ctx.status !== 'read_only' && (
        <div className="no-print">
          <ButtonLink href={`/imports/new?class=${summary.classId}`}>Upload the file again</ButtonLink>
        </div>
      )}
    </>
  )
}
