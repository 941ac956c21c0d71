import Link from 'next/link'
import type { TermView } from '@/lib/gradebook/views'

/** The terms of a school as links, the shown one marked. Nothing to switch when there is only one. */
export function TermSwitch({ path, terms, current }: Readonly<{ path: string; terms: readonly TermView[]; current: TermView }>) {
  if (terms.length < 2) return null
  return (
    <nav aria-label="Terms" className="no-print">
      <ul className="flex flex-wrap gap-1">
        {terms.map(({ id, name }) => (
          <li key={id}>
            <Link
              href={`${path}?term=${id}`}
              prefetch={false}
              aria-current={id === current.id ? 'true' : undefined}
              className={`inline-flex min-h-8 items-center rounded-full px-3 text-sm no-underline ${
                id === current.id
                  ? 'bg-ink text-paper'
                  : 'text-ink shadow-[inset_0_0_0_1px_var(--line-strong)] hover:bg-accent-soft'
              }`}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
