import Link from 'next/link'
import { listWords, toneOfChange } from '@/components/people/roster-words'
import { Badge } from '@/components/ui/badge'
import { Button, ButtonLink } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { TextField } from '@/components/ui/field'
import { countOf, type Format, formatNumber } from '@/components/ui/format'
import { type RosterChange, type RosterListName, rosterLists, type RosterReview } from '@/lib/rosters/views'

/** The lists of a plan: one at a time, searched and paged by address, so it works without scripts and Back returns. */
export function RosterChanges({
  path,
  review: { list, sizes },
  pageSize,
  format,
}: Readonly<{ path: string; review: Pick<RosterReview, 'list' | 'sizes'>; pageSize: number; format: Format }>) {
  const address = (name: RosterListName, query: string, from: number) => {
    const fields = { list: name, ...(query === '' ? {} : { q: query }), ...(from === 0 ? {} : { from: String(from) }) }
    return `${path}?${new URLSearchParams(fields)}`
  }
  const last = Math.min(list.from + pageSize, list.total)
  return (
    <div className="grid gap-4">
      <nav aria-label="Lists of changes" className="no-print">
        <ul className="flex flex-wrap gap-x-1">
          {rosterLists.map((name) => (
            <li key={name}>
              <Link
                href={address(name, '', 0)}
                prefetch={false}
                scroll={false}
                aria-current={name === list.name ? 'page' : undefined}
                className={`flex min-h-10 items-center gap-2 border-b-2 px-2 font-medium no-underline sm:px-3 ${
                  name === list.name ? 'border-accent text-ink' : 'border-transparent text-ink-soft hover:text-ink'
                }`}
              >
                {listWords[name]} <span className="figures text-sm">{formatNumber(sizes[name], format)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <search className="no-print">
        <form action={path} method="get" className="flex max-w-xl flex-wrap items-end gap-2">
          <input type="hidden" name="list" value={list.name} />
          <div className="min-w-0 flex-1 basis-60">
            <TextField
              id="q"
              name="q"
              label={`Search in ${listWords[list.name].toLowerCase()}`}
              type="search"
              defaultValue={list.query}
              autoComplete="off"
            />
          </div>
          <Button type="submit">Search</Button>
        </form>
      </search>
      {list.changes.length === 0 ? (
        <p className="text-ink-soft">
          {list.query === '' ? 'Nothing changes here.' : `No change names “${list.query}”. Try fewer letters.`}
        </p>
      ) : (
        <>
          <ChangeTable name={list.name} changes={list.changes} />
          <nav aria-label="Pages of changes" className="no-print flex flex-wrap items-center gap-2">
            <p className="me-2 text-sm text-ink-soft">
              {formatNumber(list.from + 1, format)} to {formatNumber(last, format)} of{' '}
              {countOf(list.total, 'change', 'changes', format)}
            </p>
            {list.from > 0 && (
              <ButtonLink href={address(list.name, list.query, Math.max(0, list.from - pageSize))}>Earlier</ButtonLink>
            )}
            {last < list.total && <ButtonLink href={address(list.name, list.query, last)}>Show more</ButtonLink>}
          </nav>
        </>
      )}
    </div>
  )
}

function ChangeTable({ name, changes }: Readonly<{ name: RosterListName; changes: readonly RosterChange[] }>) {
  return (
    <DataTable
      caption={`${listWords[name]} that change`}
      items={changes}
      keyOf={({ key }) => key}
      columns={[
        { heading: 'Who or what', cell: ({ what }) => <bdi>{what}</bdi> },
        { heading: 'What happens', cell: ({ state, tone }) => <Badge tone={toneOfChange[tone]}>{state}</Badge> },
        { heading: 'Details', cell: ({ details }) => <Details details={details} /> },
      ]}
    />
  )
}

function Details({ details }: Pick<RosterChange, 'details'>) {
  if (details.length === 0) return <span className="text-ink-soft">none</span>
  return (
    <span className="grid gap-0.5">
      {details.map(({ label, old, next }) => (
        <span key={`${label} ${next}`}>
          <span className="text-ink-soft">{label}: </span>
          {old !== null && (
            <>
              <del>
                <bdi>{old}</bdi>
              </del>{' '}
            </>
          )}
          <bdi>{next ?? 'none'}</bdi>
        </span>
      ))}
    </span>
  )
}
