import { ButtonLink } from '@/components/ui/button'

/** Keyset paging: only ever onwards, or back to the start. */
export function Pagination({
  path,
  query,
  nextCursor,
  isFirst,
}: Readonly<{ path: string; query: Readonly<Record<string, string | undefined>>; nextCursor: string | null; isFirst: boolean }>) {
  if (nextCursor === null && isFirst) return null
  return (
    <nav aria-label="Pages" className="no-print flex gap-2">
      {!isFirst && <ButtonLink href={address(path, query)}>Back to the start</ButtonLink>}
      {nextCursor !== null && <ButtonLink href={address(path, { ...query, cursor: nextCursor })}>Show more</ButtonLink>}
    </nav>
  )
}

function address(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const present = Object.entries(query).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, value]]))
  const text = new URLSearchParams(present).toString()
  return text === '' ? path : `${path}?${text}`
}
