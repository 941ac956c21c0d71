import type { ReactNode } from 'react'

/** The top of a page: its name, one line of facts, and what can be done here. */
export function PageHeader({ title, facts, actions }: Readonly<{ title: ReactNode; facts?: ReactNode; actions?: ReactNode }>) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="grid min-w-0 gap-1">
        <h1 className="text-2xl sm:text-[1.75rem]">{title}</h1>
        {facts !== undefined && <p className="text-ink-soft">{facts}</p>}
      </div>
      {actions !== undefined && <div className="no-print flex flex-wrap gap-2">{actions}</div>}
    </header>
  )
}
