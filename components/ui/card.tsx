import type { ReactNode } from 'react'

/** A quiet raised box for one thing. */
export function Card({ className = '', children }: Readonly<{ className?: string; children: ReactNode }>) {
  return <div className={`rounded-lg border border-line bg-surface p-4 sm:p-5 ${className}`}>{children}</div>
}

/** A part of a page with its heading; `aside` stands at the end of the heading's line. */
export function Section({
  id,
  title,
  aside,
  children,
}: Readonly<{ id: string; title: string; aside?: ReactNode; children: ReactNode }>) {
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 id={id} className="text-lg">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
