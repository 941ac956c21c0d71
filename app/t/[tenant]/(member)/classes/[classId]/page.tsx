import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { ExportList } from '@/components/gradebook/export-list'
import { Gradebook } from '@/components/gradebook/gradebook'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { Alert } from '@/components/ui/alert'
import { ButtonLink, DownloadLink } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { formatInstant } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import { TermSwitch } from '@/components/ui/term-switch'
import { requireMember } from '@/lib/auth/session'
import { exportFormats } from '@/lib/gradebook/exports/formats'
import { loadGradebook } from '@/lib/gradebook/gradebook'

export const metadata: Metadata = { title: 'Gradebook' }

type Props = Readonly<{
  params: Promise<{ tenant: string; classId: string }>
  searchParams: Promise<{ term?: string | string[] }>
}>

export default async function GradebookPage({ params, searchParams }: Props) {
  const { tenant, classId } = await params
  const { ctx, viewer } = await requireMember('grades.read', { tenant })
  const termId = single((await searchParams).term) ?? null
  const view = await seen(loadGradebook(ctx, viewer, { classId, termId }))
  const { locale, timeZone } = ctx
  const format = { locale, timeZone }
  const canImport = view.canImport && ctx.status !== 'read_only' && !view.term.isLocked
  const path = `/classes/${classId}`
  const facts = [
    view.class.subject ?? '',
    view.term.name,
    view.gradedAt === null ? 'no grades yet' : `grades last changed ${formatInstant(view.gradedAt, format)}`,
  ]
  const upload = (
    <ButtonLink href={`/imports/new?class=${classId}&term=${view.term.id}`} look="primary" prefetch={false}>
      Upload a grade file
    </ButtonLink>
  )
  return (
    <>
      <Breadcrumbs trail={[{ href: '/classes', label: 'Classes' }]} />
      <PageHeader
        title={<bdi>{view.class.name}</bdi>}
        facts={facts.filter((fact) => fact !== '').join(' · ')}
        actions={
          <>
            {canImport && upload}
            {view.canExport && (
              <DownloadLink href={`${path}/template?term=${view.term.id}&grades=1`}>Download grades</DownloadLink>
            )}
            {view.canExport && <DownloadLink href={`${path}/template?term=${view.term.id}`}>Empty template</DownloadLink>}
            {view.canExport && (
              <a href="#export" className="inline-flex min-h-10 items-center px-2">
                More files
              </a>
            )}
          </>
        }
      />
      <TermSwitch path={path} terms={view.terms} current={view.term} />
      {view.term.isLocked && (
        <Alert tone="watch" title={`${view.term.name} is locked`}>
          <p>Its grades can be read but not changed. Your school's office can open it again.</p>
        </Alert>
      )}
      {view.students.length === 0 || view.assignments.length === 0 ? (
        <EmptyState
          title={view.students.length === 0 ? 'No students in this class yet' : 'No grades in this term yet'}
          action={canImport ? upload : undefined}
        >
          Upload the grade file you already have. You see every change before anything is written, and you can undo it for 30
          days.
        </EmptyState>
      ) : (
        <Gradebook view={view} format={format} />
      )}
      {view.canExport && (
        <ExportList
          path={path}
          termId={view.term.id}
          choices={exportFormats.map(({ id, label, purpose, cannotHold }) => ({ id, label, purpose, cannotHold }))}
        />
      )}
    </>
  )
}
