import { type Format, formatDay, formatPercent } from '@/components/ui/format'

type Point = Readonly<{ on: string; percent: string }>

const width = 240
const height = 56
const inset = 5

/** How the current grade went: a line with the school's lower limit, the numbers behind it in a table, and a sentence for those who see neither. */
export function Trend({
  label,
  points,
  amberPercent,
  format,
}: Readonly<{ label: string; points: readonly Point[]; amberPercent: number; format: Format }>) {
  const first = points[0]
  const last = points[points.length - 1]
  if (first === undefined || last === undefined || points.length < 2) {
    return <p className="text-sm text-ink-soft">The trend shows here after two graded pieces of work.</p>
  }
  const values = points.map(({ percent }) => Number(percent))
  const scale = scaleOf([...values, amberPercent])
  const at = (index: number) => inset + (index / (points.length - 1)) * (width - 2 * inset)
  const line = values.map((value, index) => `${at(index).toFixed(1)},${scale(value).toFixed(1)}`).join(' ')
  const sentence = `${label}: from ${formatPercent(first.percent, format)} on ${formatDay(first.on, format)} to ${formatPercent(last.percent, format)} on ${formatDay(last.on, format)}.`
  return (
    <div className="grid gap-1">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={sentence} className="h-14 w-full max-w-60 rtl:-scale-x-100">
        <line
          x1={inset}
          x2={width - inset}
          y1={scale(amberPercent)}
          y2={scale(amberPercent)}
          strokeDasharray="3 4"
          className="stroke-line-strong"
        />
        <polyline
          points={line}
          fill="none"
          strokeWidth="2"
          strokeLinejoin="round"
          strokeLinecap="round"
          className="stroke-accent"
        />
        <circle cx={at(points.length - 1)} cy={scale(values[values.length - 1] ?? 0)} r="3.5" className="fill-accent" />
      </svg>
      <details className="text-sm">
        <summary className="inline-block py-1 text-accent underline">Trend as a table</summary>
        <table className="figures mt-1">
          <caption className="sr-only">{label}</caption>
          <thead>
            <tr>
              <th scope="col" className="pe-6 text-start font-medium text-ink-soft">
                Day
              </th>
              <th scope="col" className="text-end font-medium text-ink-soft">
                Current grade
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ on, percent }, index) => (
              // Two pieces of work may share a day.
              // biome-ignore lint/suspicious/noArrayIndexKey: the points of a day have no other identity and never reorder
              <tr key={`${on} ${index}`}>
                <td className="pe-6">{formatDay(on, format)}</td>
                <td className="text-end">{formatPercent(percent, format)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}

/** From percent to the drawing's height, wide enough for all values and never narrower than twenty points. */
function scaleOf(values: readonly number[]): (percent: number) => number {
  const high = Math.max(...values)
  const low = Math.min(Math.min(...values), high - 20)
  return (percent) => height - inset - ((percent - low) / (high - low)) * (height - 2 * inset)
}
