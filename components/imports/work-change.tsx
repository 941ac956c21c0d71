import { type Format, formatDay, formatNumber } from '@/components/ui/format'
import type { ReviewColumn } from '@/lib/imports/views'

/** Points, date, category and tags of an assignment after an import; what will be something else is struck out before it. */
export function WorkChange({
  column: { maxPoints, dueOn, category, tags },
  format,
}: Readonly<{ column: ReviewColumn; format: Format }>) {
  const points = (text: string) => formatNumber(text, format)
  const day = (text: string | null) => (text === null ? 'no date' : formatDay(text, format))
  return (
    <span className="block text-xs font-normal text-ink-soft">
      of {maxPoints.old !== null && maxPoints.old !== maxPoints.new && <del>{points(maxPoints.old)}</del>} {points(maxPoints.new)}
      {(dueOn.new !== null || dueOn.old !== null) && <> · </>}
      {dueOn.old !== null && dueOn.old !== dueOn.new && <del>{day(dueOn.old)}</del>} {dueOn.new !== null && day(dueOn.new)}
      {category !== null && (
        <span className="block [overflow-wrap:anywhere]">
          Category{' '}
          {category.old !== null && (
            <del>
              <bdi>{category.old}</bdi>
            </del>
          )}{' '}
          <bdi>{category.new}</bdi>
        </span>
      )}
      {tags.length > 0 && (
        <span className="block [overflow-wrap:anywhere]">
          Tags <bdi>{tags.join(', ')}</bdi>
        </span>
      )}
    </span>
  )
}
