import type { Metadata } from 'next'
import { RosterUploadForm } from '@/components/people/roster-upload-form'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { Alert } from '@/components/ui/alert'
import { PageHeader } from '@/components/ui/page-header'
import { requireMember } from '@/lib/auth/session'
import { importBytesMax } from '@/lib/imports/limits'
import { uploadRoster } from '../actions'

export const metadata: Metadata = { title: 'Upload a roster' }

export default async function NewRosterPage({ params }: Readonly<{ params: Promise<{ tenant: string }> }>) {
  const { ctx } = await requireMember('people.import', await params)
  const { locale, timeZone } = ctx
  return (
    <>
      <Breadcrumbs
        trail={[
          { href: '/people', label: 'People' },
          { href: '/people/import', label: 'Rosters' },
        ]}
      />
      <PageHeader title="Upload a roster" facts="First you see what will change. Nothing is written before you say so." />
      {ctx.status === 'read_only' ? (
        <Alert tone="watch" title="This school can only be read right now">
          <p>Rosters can be uploaded again when the district opens the school.</p>
        </Alert>
      ) : (
        <>
          <RosterUploadForm action={uploadRoster} bytesMax={importBytesMax} format={{ locale, timeZone }} />
          <p className="max-w-prose text-sm text-ink-soft">
            Birth dates, addresses, phone numbers and other personal columns are not read. Accounts of teachers are never made by
            a file; guardians get an account that nobody can sign in to before they are invited.
          </p>
        </>
      )}
    </>
  )
}
