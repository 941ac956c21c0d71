import { ButtonLink } from '@/components/ui/button'
import { type Format, formatNumber } from '@/components/ui/format'

/** The way through something long, page by page, with where one is. Nothing when all of it is shown. `from` counts from 0. */
export function SlicePages({
  label,
  addressOf,
  from,
  shown,
  count,
  pageSize,
  format,
}: Readonly<{
  label: string
  /** The address of the page that starts there. */
  addressOf: (from: number) => string
  from: number
  shown: number
  count: number
  pageSize: number
  format: Format
}>) {
  if (shown >= count) return null
  const number = (value: number) => formatNumber(value, format)
  return (
    <nav aria-label={`Pages of: ${label}`} className="no-print flex flex-wrap items-center gap-2">
      <p className="text-sm text-ink-soft">
        {label} {number(Math.min(from + 1, count))} to {number(from + shown)} of {number(count)}
      </p>
      {from > 0 && <ButtonLink href={addressOf(Math.max(0, from - pageSize))}>Earlier</ButtonLink>}
      {from + shown < count && <ButtonLink href={addressOf(from + pageSize)}>Next</ButtonLink>}
    </nav>
  )
}
