import type { Metadata } from 'next'
import { SignOutEverywhere } from '@/components/shell/sign-out-everywhere'
import { roleNames } from '@/components/shell/role-names'
import { Card, Section } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { signOutEverywhere } from '@/lib/auth/actions'
import { requireReader } from '../../reader'

export const metadata: Metadata = { title: 'Your account' }

export default async function AccountPage({ params }: Readonly<{ params: Promise<{ tenant: string }> }>) {
  const { ctx, member } = await requireReader(await params)
  const facts = [
    ['Name', member.displayName],
    ['E-mail', member.email],
    ['School', ctx.name],
    ['Role', roleNames(member.roles)],
  ] as const
  return (
    <>
      <PageHeader title="Your account" />
      <Card className="max-w-2xl">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2">
          {facts.map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-ink-soft">{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        <p className="mt-4 text-sm text-ink-soft">Something wrong here? Your school's office can change it.</p>
      </Card>
      <Section id="everywhere" title="Sign out everywhere">
        <p className="max-w-prose">
          If you signed in on a computer that is not yours, or lost a phone, end every session now. You will have to sign in again
          here as well.
        </p>
        <SignOutEverywhere action={signOutEverywhere} />
      </Section>
    </>
  )
}
