import { type BandLimits, bandWords } from '@/components/gradebook/bands'
import { type Format, formatNumber } from '@/components/ui/format'

/** What the three colours and their discs mean, with the limits the school chose. */
export function Legend({ colours, format }: Readonly<{ colours: BandLimits; format: Format }>) {
  const green = formatNumber(colours.greenPercent, format)
  const amber = formatNumber(colours.amberPercent, format)
  const entry = 'inline-flex items-baseline rounded px-1.5 py-0.5 text-[0.8125rem]'
  return (
    <ul aria-label="What the colours mean" className="flex flex-wrap gap-1.5">
      <li className={`band-good ${entry}`}>
        {bandWords.good}: {green}% and up
      </li>
      <li className={`band-watch ${entry}`}>
        {bandWords.watch}: {amber} to {green}%
      </li>
      <li className={`band-bad ${entry}`}>
        {bandWords.bad}: below {amber}%
      </li>
    </ul>
  )
}
