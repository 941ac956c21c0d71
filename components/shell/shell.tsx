import Link from 'next/link'
import type { ReactNode } from 'react'
import { type NavItem, NavLinks } from '@/components/shell/nav-links'

/** The frame of every signed-in page: whose place this is, where one can go, who one is, and the page itself. */
export function Shell({
  placeName,
  nav,
  account,
  notice,
  children,
}: Readonly<{ placeName: string; nav: readonly NavItem[]; account: ReactNode; notice?: ReactNode; children: ReactNode }>) {
  return (
    <>
      <a
        href="#main"
        className="sr-only rounded-md bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-50"
      >
        Skip to the page
      </a>
      <header className="no-print border-b border-line bg-surface">
        <div className="mx-auto flex max-w-[110rem] flex-wrap items-center justify-between gap-x-6 px-3 sm:px-6">
          <Link href="/" className="flex min-h-12 min-w-0 items-center gap-2.5 font-semibold text-ink no-underline">
            <Mark />
            <bdi>{placeName}</bdi>
          </Link>
          <div className="order-3 -mx-2 w-full sm:order-2 sm:mx-0 sm:w-auto sm:flex-1">
            <NavLinks label="Main" items={nav} />
          </div>
          <div className="order-2 sm:order-3">{account}</div>
        </div>
      </header>
      {notice}
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto grid max-w-[110rem] grid-cols-[minmax(0,1fr)] gap-6 px-3 py-6 outline-none sm:px-6 sm:py-8"
      >
        {children}
      </main>
    </>
  )
}

/** The sign of Grade Insight: three bars, the tallest whole. */
export function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" className="flex-none text-accent">
      <rect x="1" y="12" width="5" height="9" rx="1.25" fill="currentColor" opacity="0.45" />
      <rect x="8.5" y="7" width="5" height="14" rx="1.25" fill="currentColor" opacity="0.7" />
      <rect x="16" y="1" width="5" height="20" rx="1.25" fill="currentColor" />
    </svg>
  )
}
