/** A table on its way: the same rows and heights as the real one, so nothing jumps when it arrives. */
export function TableSkeleton({ label, rows, columns }: Readonly<{ label: string; rows: number; columns: number }>) {
  return (
    <div role="status" aria-label={label} className="overflow-hidden rounded-lg border border-line bg-surface">
      <div className="h-10 border-b border-line bg-sunken" />
      {Array.from({ length: rows }, (_, row) => (
        // Placeholder rows have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never reorders
        <div key={row} className="flex h-12 items-center gap-6 border-b border-line px-4 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never reorders
            <div key={column} className="skeleton h-4 flex-1" />
          ))}
        </div>
      ))}
    </div>
  )
}
