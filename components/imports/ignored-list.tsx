import type { IgnoredPart } from '@/lib/imports/views'
import { countOf, type Format } from '@/components/ui/format'

/** Everything of the file that is not a grade, each with its reason: nothing is lost without a word. */
export function IgnoredList({ parts, format }: Readonly<{ parts: readonly IgnoredPart[]; format: Format }>) {
  return (
    <details className="rounded-lg border border-line bg-surface">
      <summary className="flex min-h-11 items-center gap-2 px-4 py-2 font-medium">
        <span aria-hidden="true" className="inline-block rtl:-scale-x-100">
          ▸
        </span>
        {countOf(parts.length, 'part of the file is', 'parts of the file are', format)} not used
      </summary>
      <ul className="grid gap-1 border-t border-line px-4 py-3 text-sm">
        {parts.map(({ kind, where, reason }) => (
          <li key={`${kind} ${where}`}>
            <span className="font-medium">{where}</span>: {reason}
          </li>
        ))}
      </ul>
    </details>
  )
}
