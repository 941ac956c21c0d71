import { seen } from '@/app/seen'
import { ImportFacts } from '@/components/imports/import-facts'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { loadSummary } from '@/lib/imports/load-summary'
import { loadTwin } from '@/lib/imports/load-twin'
import { formatOf, type Shown } from './shown'

/** An import that was put away unwritten. */
export async function DiscardedImport(shown: Shown) {
  const { ctx, viewer, importId } = shown
  const [summary, twin] = await Promise.all([seen(loadSummary(ctx, viewer, importId)), loadTwin(ctx, viewer, importId)])
  const anew =
    ctx.status === 'read_only' ? null : { href: `/imports/new?class=${summary.classId}`, label: 'Upload the file again' }
  const next = twin === null ? anew : { href: `/imports/${twin}`, label: 'See that import' }
  return (
    <>
      <PageHeader title="Discarded import" facts={<ImportFacts summary={summary} format={formatOf(shown)} />} />
      <Alert tone="info" title={twin === null ? 'This import was discarded' : 'The same file was imported already'}>
        {twin === null ? (
          <p>Nothing of it was written. Upload the file again if you still need it.</p>
        ) : (
          <p>Another import of this file made the same changes, so this one was put away and nothing was written twice.</p>
        )}
      </Alert>
      {next !== null && (
        <div className="no-print">
          <ButtonLink href={next.href}>{next.label}</ButtonLink>
        </div>
      )}
    </>
  )
}
