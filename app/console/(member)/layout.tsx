import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { AccountMenu } from '@/components/shell/account-menu'
import { roleNames } from '@/components/shell/role-names'
import { Shell } from '@/components/shell/shell'
import { themeCookie, themeOf } from '@/components/shell/theme'
import { Button } from '@/components/ui/button'
import { consoleSignOut } from '@/lib/auth/actions'
import { findConsoleMember } from '@/lib/auth/session'

/** The frame around the console's pages. It decides nothing: the pages check session and rights themselves. */
export default async function ConsoleMemberLayout({ children }: Readonly<{ children: ReactNode }>) {
  const member = await findConsoleMember()
  if (member === null) return children
  const account = (
    <AccountMenu
      name={member.displayName}
      detail={roleNames([member.role])}
      theme={themeOf((await cookies()).get(themeCookie)?.value)}
      accountHref={null}
      signOut={
        <form action={consoleSignOut}>
          <Button type="submit">Sign out</Button>
        </form>
      }
    />
  )
  return (
    <Shell placeName="District console" nav={[{ href: '/', label: 'Schools', segment: null }]} account={account}>
      {children}
    </Shell>
  )
}
