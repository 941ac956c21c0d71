import Link from 'next/link'

/** Where this page stands; the page itself is named by its heading, so only the way here is listed. */
export function Breadcrumbs({ trail }: Readonly<{ trail: readonly Readonly<{ href: string; label: string }>[] }>) {
  return (
    <nav aria-label="Breadcrumb" className="no-print -mb-4 text-sm">
      <ol className="flex flex-wrap gap-x-2">
        {trail.map(({ href, label }) => (
          <li key={href} className="flex gap-2 text-ink-soft">
            <Link href={href} className="inline-block py-1">
              <bdi>{label}</bdi>
            </Link>
            <span aria-hidden="true" className="py-1 rtl:-scale-x-100">
              /
            </span>
          </li>
        ))}
      </ol>
    </nav>
  )
}
