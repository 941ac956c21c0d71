import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { AccountMenu } from '@/components/shell/account-menu'
import { schoolNavigation } from '@/components/shell/navigation'
import { roleNames } from '@/components/shell/role-names'
import { Shell } from '@/components/shell/shell'
import { themeCookie, themeOf } from '@/components/shell/theme'
import { Alert } from '@/components/ui/alert'
import { Button } from '@/components/ui/button'
import { signOut } from '@/lib/auth/actions'
import { viewerOf } from '@/lib/auth/member'
import { findMember } from '@/lib/auth/session'
import { requireTenant } from '@/lib/tenancy/request'

/** The frame around every page of a signed-in member. It decides nothing: the pages check session and rights themselves. */
export default async function MemberLayout({
  params,
  children,
}: Readonly<{ params: Promise<{ tenant: string }>; children: ReactNode }>) {
  const ctx = await requireTenant((await params).tenant)
  const member = await findMember(ctx)
  // Without a session the page redirects to sign-in; there is nobody to draw a frame for.
  if (member === null) return children
  const account = (
    <AccountMenu
      name={member.displayName}
      detail={roleNames(member.roles)}
      theme={themeOf((await cookies()).get(themeCookie)?.value)}
      accountHref="/account"
      signOut={
        <form action={signOut}>
          <Button type="submit">Sign out</Button>
        </form>
      }
    />
  )
  const notice =
    ctx.status === 'read_only' ? (
      <div className="mx-auto max-w-[110rem] px-3 pt-4 sm:px-6">
        <Alert tone="watch" title="This school can only be read right now">
          <p>You can look at everything, but nothing can be changed until the district opens it again.</p>
        </Alert>
      </div>
    ) : undefined
  return (
    <Shell placeName={ctx.name} nav={schoolNavigation(viewerOf(member).rights)} account={account} notice={notice}>
      {children}
    </Shell>
  )
}
