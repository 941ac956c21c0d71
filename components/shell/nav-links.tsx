'use client'

import Link, { useLinkStatus } from 'next/link'
import { useSelectedLayoutSegment } from 'next/navigation'

/** `segment` is the first folder of the route under the layout, null for the home page. */
export type NavItem = Readonly<{ href: string; label: string; segment: string | null }>

/** The parts of the site this person may open, with the current one marked. */
export function NavLinks({ label, items }: Readonly<{ label: string; items: readonly NavItem[] }>) {
  // The route's own segments and not the address: the middleware rewrites it, so server and browser would disagree.
  const current = useSelectedLayoutSegment()
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-x-1">
        {items.map(({ href, label: text, segment }) => {
          const isCurrent = current === segment
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={isCurrent ? 'page' : undefined}
                className={`flex min-h-10 items-center gap-1 border-b-2 px-2 text-[0.875rem] font-medium no-underline sm:px-3 sm:text-[0.9375rem] ${
                  isCurrent ? 'border-accent text-ink' : 'border-transparent text-ink-soft hover:text-ink'
                }`}
              >
                {text}
                <PendingMark />
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

/** Turns while the page behind the link is on its way; its room is always kept, so nothing moves. */
function PendingMark() {
  const { pending } = useLinkStatus()
  return (
    <span aria-hidden="true" className={pending ? 'text-xs opacity-100' : 'hidden'}>
      <span className="spinner inline-block" />
    </span>
  )
}
