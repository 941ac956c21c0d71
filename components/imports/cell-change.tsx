import { textOfCell } from '@/components/gradebook/cell-words'
import { cellKindWords } from '@/components/imports/import-words'
import type { Format } from '@/components/ui/format'
import type { ReviewRow } from '@/lib/imports/views'

const signs: Readonly<Record<'new' | 'changed' | 'cleared' | 'rejected', string>> = {
  new: '+',
  changed: '',
  cleared: '−',
  rejected: '×',
}

/** What happens to one cell: a sign, the old value struck through, the new one, and a word for it. Colour only helps. */
export function CellChange({ cell, format }: Readonly<{ cell: ReviewRow['cells'][number] | undefined; format: Format }>) {
  if (cell === undefined) return null
  const [kind, old, next] = cell
  if (kind === 'kept' && old !== next) {
    return (
      <span className="whitespace-normal">
        <bdi>{textOfCell(old, format)}</bdi>{' '}
        <span className="text-watch">
          kept, the file says <bdi>{textOfCell(next, format)}</bdi>
        </span>
      </span>
    )
  }
  if (kind === 'same' || kind === 'kept') return <bdi className="text-ink-soft">{textOfCell(old, format)}</bdi>
  return (
    <span className={`d-${kind} inline-flex gap-1.5 rounded px-1.5`}>
      {signs[kind] !== '' && <span aria-hidden="true">{signs[kind]}</span>}
      {kind !== 'new' && old !== '' && (
        <>
          <del>
            <bdi>{textOfCell(old, format)}</bdi>
          </del>{' '}
          <Arrow />
        </>
      )}
      <strong className="font-semibold">
        <bdi>{kind === 'cleared' ? 'cleared' : kind === 'rejected' ? 'left out' : textOfCell(next, format)}</bdi>
      </strong>
      {(kind === 'new' || kind === 'changed') && <span className="sr-only">, {cellKindWords[kind]}</span>}
    </span>
  )
}

/** From before to after, in the direction of reading. */
export function Arrow() {
  return (
    <>
      <span aria-hidden="true" className="inline-block rtl:-scale-x-100">
        →
      </span>
      <span className="sr-only">becomes</span>
    </>
  )
}
