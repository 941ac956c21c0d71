import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { DropStepper } from '@/components/imports/stepper'
import { UploadForm } from '@/components/imports/upload-form'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { Alert } from '@/components/ui/alert'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { requireMember } from '@/lib/auth/session'
import { listClasses } from '@/lib/gradebook/classes'
import { listTerms } from '@/lib/gradebook/terms'
import { importBytesMax } from '@/lib/imports/limits'
import { uploadGrades } from '../actions'

export const metadata: Metadata = { title: 'Upload a grade file' }

type Props = Readonly<{
  params: Promise<{ tenant: string }>
  searchParams: Promise<{ class?: string | string[]; term?: string | string[] }>
}>

export default async function NewImportPage({ params, searchParams }: Props) {
  const { ctx, viewer } = await requireMember('grades.import', await params)
  const [{ items: classes }, terms] = await Promise.all([seen(listClasses(ctx, viewer, { limit: 200 })), listTerms(ctx)])
  const query = await searchParams
  const { locale, timeZone } = ctx
  const open = terms.filter(({ isLocked }) => !isLocked)
  const current = open.find(({ isCurrent }) => isCurrent)
  const [onlyClass] = classes.length === 1 ? classes : []
  return (
    <>
      <Breadcrumbs trail={[{ href: '/imports', label: 'Imports' }]} />
      <PageHeader title="Upload a grade file" facts="First you see what will change. Nothing is written before you say so." />
      <DropStepper />
      {ctx.status === 'read_only' ? (
        <Alert tone="watch" title="This school can only be read right now">
          <p>Files can be uploaded again when the district opens the school.</p>
        </Alert>
      ) : classes.length === 0 ? (
        <EmptyState title="You have no class yet">Ask your school's office to add you as the teacher of a class.</EmptyState>
      ) : open.length === 0 ? (
        <EmptyState title="No term is open">Grades belong to a term. Ask your school's office to open one.</EmptyState>
      ) : (
        <>
          <UploadForm
            action={uploadGrades}
            classes={classes.map(({ id, name }) => ({ id, name }))}
            terms={open.map(({ id, name, isCurrent }) => ({ id, name: isCurrent ? `${name} (now)` : name }))}
            classId={single(query.class) ?? onlyClass?.id ?? ''}
            termId={single(query.term) ?? current?.id ?? ''}
            bytesMax={importBytesMax}
            format={{ locale, timeZone }}
          />
          <p className="max-w-prose text-sm text-ink-soft">
            New here?{' '}
            <a href="/gradebook-template.csv" download>
              Download a sample file
            </a>{' '}
            to see the shape, or open a class and download its template with the students already in it.
          </p>
        </>
      )}
    </>
  )
}
