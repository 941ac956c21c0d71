import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { PlainPage } from '@/components/shell/plain-page'
import { SignInForm } from '@/components/shell/sign-in-form'
import { signIn } from '@/lib/auth/actions'
import { returnPath } from '@/lib/auth/return-path'
import { findMember } from '@/lib/auth/session'
import { requireTenant } from '@/lib/tenancy/request'

export const metadata: Metadata = { title: 'Sign in' }

type Props = Readonly<{ params: Promise<{ tenant: string }>; searchParams: Promise<{ next?: string | string[] }> }>

export default async function SignInPage({ params, searchParams }: Props) {
  const ctx = await requireTenant((await params).tenant)
  const next = returnPath((await searchParams).next)
  if ((await findMember(ctx)) !== null) redirect(next)
  return (
    <PlainPage placeName={ctx.name}>
      <div className="grid gap-1">
        <h1 className="text-2xl">Sign in</h1>
        <p className="text-ink-soft">With the e-mail and password your school gave you.</p>
      </div>
      <SignInForm action={signIn} next={next} />
      <p className="text-sm text-ink-soft">No password, or it does not work? Your school's office can set a new one.</p>
    </PlainPage>
  )
}
