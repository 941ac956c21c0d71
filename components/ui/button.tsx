import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'

type Look = 'primary' | 'quiet' | 'danger'

const shape =
  'inline-flex min-h-10 items-center justify-center gap-2 rounded-md px-4 py-2 text-[0.9375rem] font-medium leading-tight no-underline transition-colors disabled:cursor-not-allowed aria-disabled:cursor-not-allowed'
const looks: Readonly<Record<Look, string>> = {
  primary:
    'bg-accent text-on-accent hover:bg-accent-strong disabled:bg-sunken disabled:text-ink-soft disabled:shadow-[inset_0_0_0_1px_var(--line)]',
  quiet: 'bg-surface text-ink shadow-[inset_0_0_0_1px_var(--line-strong)] hover:bg-accent-soft disabled:text-ink-soft',
  danger: 'bg-surface text-bad shadow-[inset_0_0_0_1px_currentColor] hover:bg-bad-soft disabled:text-ink-soft',
}

/** A button of the house; `type` must be said, because a forgotten one submits the form. */
export function Button({
  look = 'quiet',
  type,
  className = '',
  ...rest
}: Readonly<{ look?: Look; type: 'button' | 'submit' }> & Omit<ComponentProps<'button'>, 'type'>) {
  return <button type={type} className={`${shape} ${looks[look]} ${className}`} {...rest} />
}

/** A link that looks like a button: for going somewhere, never for changing something. */
export function ButtonLink({
  look = 'quiet',
  href,
  className = '',
  children,
  prefetch,
}: Readonly<{ look?: Look; href: string; className?: string; children: ReactNode; prefetch?: boolean }>) {
  return (
    <Link href={href} prefetch={prefetch} className={`${shape} ${looks[look]} ${className}`}>
      {children}
    </Link>
  )
}

/**
 * A plain anchor that looks like a button, for files: the router must not try to render a download. `label` begins with the words that
 * are seen and says which of several it is.
 */
export function DownloadLink({ href, label, children }: Readonly<{ href: string; label?: string; children: ReactNode }>) {
  return (
    <a href={href} download aria-label={label} className={`${shape} ${looks.quiet}`}>
      {children}
    </a>
  )
}
