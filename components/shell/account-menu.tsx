'use client'

import Link from 'next/link'
import { type ReactNode, useEffect, useRef } from 'react'
import { ThemeSwitch } from '@/components/shell/theme-switch'
import type { Theme } from '@/components/shell/theme'

/** Name, account, colours and the way out. A native disclosure: it opens without JavaScript; Escape and a click outside close it. */
export function AccountMenu({
  name,
  detail,
  theme,
  accountHref,
  signOut,
}: Readonly<{ name: string; detail: string; theme: Theme; accountHref: string | null; signOut: ReactNode }>) {
  const menu = useRef<HTMLDetailsElement>(null)

  useEffect(() => {
    const close = (event: Event) => {
      const details = menu.current
      if (!details?.open) return
      const isEscape = event instanceof KeyboardEvent && event.key === 'Escape'
      const isOutside = event instanceof PointerEvent && event.target instanceof Node && !details.contains(event.target)
      if (!isEscape && !isOutside) return
      details.open = false
      if (isEscape) details.querySelector('summary')?.focus()
    }
    document.addEventListener('keydown', close)
    document.addEventListener('pointerdown', close)
    return () => {
      document.removeEventListener('keydown', close)
      document.removeEventListener('pointerdown', close)
    }
  }, [])

  return (
    <details ref={menu} className="relative">
      <summary className="flex min-h-10 items-center gap-2 rounded-md px-2 hover:bg-sunken">
        <span className="sr-only">Account of {name}</span>
        <span
          aria-hidden="true"
          className="grid size-7 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent-strong"
        >
          {initialsOf(name)}
        </span>
        <bdi aria-hidden="true" className="hidden max-w-40 truncate sm:inline">
          {name}
        </bdi>
        <span aria-hidden="true" className="text-xs text-ink-soft">
          ▾
        </span>
      </summary>
      <div className="absolute end-0 z-30 mt-1 grid w-64 gap-4 rounded-lg border border-line bg-surface p-4 shadow-raised">
        <div className="grid">
          <span className="font-semibold">
            <bdi>{name}</bdi>
          </span>
          <span className="text-sm text-ink-soft">{detail}</span>
        </div>
        {accountHref !== null && <Link href={accountHref}>Your account</Link>}
        <ThemeSwitch initial={theme} />
        {signOut}
      </div>
    </details>
  )
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words
  return picked.map((word) => [...(word ?? '')][0] ?? '').join('')
}
