import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { FillForm } from '@/components/imports/fill-form'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { PageHeader } from '@/components/ui/page-header'
import { requireMember } from '@/lib/auth/session'
import { findExportPlace } from '@/lib/gradebook/export'
import { fillBytesMax } from '@/lib/imports/limits'
import { fillGivenFile } from './actions'

export const metadata: Metadata = { title: 'Fill a file' }

type Props = Readonly<{
  params: Promise<{ tenant: string; classId: string }>
  searchParams: Promise<{ term?: string | string[] }>
}>

export default async function FillPage({ params, searchParams }: Props) {
  const { tenant, classId } = await params
  const { ctx, viewer } = await requireMember('grades.export', { tenant })
  const termId = single((await searchParams).term) ?? null
  const place = await seen(findExportPlace(ctx, viewer, { classId, termId }))
  const { locale, timeZone } = ctx
  return (
    <>
      <Breadcrumbs
        trail={[
          { href: '/classes', label: 'Classes' },
          { href: `/classes/${classId}?term=${place.termId}`, label: place.className },
        ]}
      />
      <PageHeader title="Fill a file of another system" facts={`${place.className} · ${place.termName}`} />
      <p className="max-w-prose">
        Give the file as your other system exported it, empty or partly filled. You get the very same file back with the grades of
        this class and term in its empty cells: same columns, same order, same encoding. Nothing of the file is kept here.
      </p>
      <FillForm
        action={fillGivenFile}
        classId={classId}
        termId={place.termId}
        bytesMax={fillBytesMax}
        format={{ locale, timeZone }}
      />
    </>
  )
}
