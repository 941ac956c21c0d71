import type { Metadata } from 'next'
import { seen } from '@/app/seen'
import { endedWords } from '@/components/imports/progress-words'
import { WorkNotice } from '@/components/imports/work-notice'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { requireMember } from '@/lib/auth/session'
import { isRunning } from '@/lib/imports/progress'
import { loadProgress } from '@/lib/jobs/load-progress'
import { DiscardedImport } from './discarded-import'
import { OpenImport } from './open-import'
import { UnreadImport, WaitingImport } from './waiting-import'
import { WrittenImport } from './written-import'

export const metadata: Metadata = { title: 'Import' }

type Props = Readonly<{
  params: Promise<{ tenant: string; importId: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}>

/** One import under one address: its steps until it is decided, and from then on its receipt. */
export default async function ImportPage({ params, searchParams }: Props) {
  const { tenant, importId } = await params
  const { ctx, viewer } = await requireMember('grades.import', { tenant })
  const { state, progress } = await seen(loadProgress(ctx, viewer, importId))
  const shown = { ctx, viewer, importId, progress, query: await searchParams }
  return (
    <>
      <Breadcrumbs trail={[{ href: '/imports', label: 'Imports' }]} />
      <WorkNotice isRunning={progress !== null && isRunning(progress)} ended={endedWords(progress)} />
      {progress !== null && isRunning(progress) ? (
        <WaitingImport {...shown} progress={progress} />
      ) : state === 'reading' ? (
        <UnreadImport {...shown} />
      ) : state === 'planned' || state === 'blocked' ? (
        <OpenImport {...shown} />
      ) : state === 'discarded' ? (
        <DiscardedImport {...shown} />
      ) : (
        <WrittenImport {...shown} />
      )}
    </>
  )
}
