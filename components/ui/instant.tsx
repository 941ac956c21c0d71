import { type Format, formatInstant } from '@/components/ui/format'

/** A moment in the school's own time, with the exact instant for machines. */
export function Instant({ at, format }: Readonly<{ at: string; format: Format }>) {
  return (
    <time dateTime={at} className="sm:whitespace-nowrap">
      {formatInstant(at, format)}
    </time>
  )
}
