import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { single } from '@/app/seen'
import { PlainPage } from '@/components/shell/plain-page'
import { SignInForm } from '@/components/shell/sign-in-form'
import { consoleSignIn } from '@/lib/auth/actions'
import { returnPath } from '@/lib/auth/return-path'
import { findConsoleMember } from '@/lib/auth/session'
import { requireHostKind } from '@/lib/tenancy/request'

export const metadata: Metadata = { title: 'Sign in' }

export default async function ConsoleSignInPage({
  searchParams,
}: Readonly<{ searchParams: Promise<{ next?: string | string[] }> }>) {
  await requireHostKind('console')
  const next = returnPath(single((await searchParams).next))
  if ((await findConsoleMember()) !== null) redirect(next)
  return (
    <PlainPage placeName="District console">
      <div className="grid gap-1">
        <h1 className="text-2xl">Sign in</h1>
        <p className="text-ink-soft">
          For people who look after many schools. Teachers and families sign in at their own school.
        </p>
      </div>
      <SignInForm action={consoleSignIn} next={next} />
    </PlainPage>
  )
}
