import { type Format, formatNumber } from '@/components/ui/format'

/** A few numbers side by side, each with its name below. */
export function CountsStrip({
  counts,
  format,
}: Readonly<{
  /** `one`: the label of a single one, where it is another. */
  counts: readonly Readonly<{ label: string; one?: string; count: number; isBad?: boolean }>[]
  format: Format
}>) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-[repeat(auto-fit,minmax(8rem,1fr))]">
      {counts.map(({ label, one = label, count, isBad }) => (
        <div key={label} className="flex flex-col-reverse justify-end bg-surface px-4 py-3">
          <dt className="text-sm text-ink-soft">{count === 1 ? one : label}</dt>
          <dd
            className={`figures text-2xl font-semibold ${isBad && count > 0 ? 'text-bad' : count === 0 ? 'text-ink-soft' : ''}`}
          >
            {formatNumber(count, format)}
          </dd>
        </div>
      ))}
    </dl>
  )
}
