import { type BandLimits, bandOf, bandWords } from '@/components/gradebook/bands'
import { wordsOfCell } from '@/components/gradebook/cell-words'
import { type Format, formatPercent } from '@/components/ui/format'
import type { TotalView } from '@/lib/gradebook/views'

type Shown = Readonly<{ colours: BandLimits; format: Format }>

/** What a cell of an assignment shows, and what it is called for those who cannot see it. */
export function gradeLook(cell: string, maxPoints: string, { colours, format }: Shown) {
  const { text, words, band, status } = wordsOfCell(cell, maxPoints, colours, format)
  const mark = status === 'missing' ? 'g-mark g-mark-missing' : 'g-mark'
  const className = band !== null ? `g-${band}` : status !== null ? mark : cell === '' ? 'g-none' : 'g-mark'
  return { text, words, className }
}

/** A total as it stands in a row: percent, letter and band, or a dash when nothing counts yet. */
export function TotalCell({ total, colours, format }: Readonly<{ total: TotalView }> & Shown) {
  if (total.percent === null) {
    return (
      <span className="g-none">
        <span aria-hidden="true">–</span>
        <span className="sr-only">nothing graded yet</span>
      </span>
    )
  }
  const band = bandOf(Number(total.percent), colours)
  return (
    <>
      <span className={band === null ? 'g-mark' : `g-${band}`}>{formatPercent(total.percent, format)}</span>
      {total.letter !== null && (
        <span className="ms-1.5 font-medium">
          <bdi>{total.letter}</bdi>
        </span>
      )}
      {band !== null && <span className="sr-only">, {bandWords[band]}</span>}
    </>
  )
}
