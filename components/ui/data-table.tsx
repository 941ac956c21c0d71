import type { ReactNode } from 'react'

export type Column<Item> = Readonly<{
  heading: string
  cell: (item: Item) => ReactNode
  /** Numbers stand at the end of their column. */
  isNumber?: boolean
}>

/**
 * A plain list of records: a table where there is room, a card for each record on a phone. The first column names the record.
 * One markup for both, so that screen readers and browsers without JavaScript get a real table.
 */
export function DataTable<Item>({
  caption,
  columns,
  items,
  keyOf,
}: Readonly<{ caption: string; columns: readonly Column<Item>[]; items: readonly Item[]; keyOf: (item: Item) => string }>) {
  return (
    <div className="relative overflow-x-auto rounded-lg border border-line bg-surface">
      {/* Roles are said again because a table shown as blocks loses them in some browsers. */}
      {/* biome-ignore-start lint/a11y/noRedundantRoles: display: block on a phone drops the native roles */}
      <table role="table" className="block w-full text-start sm:table">
        <caption className="sr-only">{caption}</caption>
        <thead role="rowgroup" className="sr-only sm:not-sr-only sm:table-header-group">
          <tr role="row" className="bg-sunken">
            {columns.map((column) => (
              <th
                key={column.heading}
                role="columnheader"
                scope="col"
                className={`px-4 py-2.5 text-sm font-medium text-ink-soft ${column.isNumber ? 'text-end' : 'text-start'}`}
              >
                {column.heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="block sm:table-row-group">
          {items.map((item) => (
            <tr
              key={keyOf(item)}
              role="row"
              className="block border-t border-line px-4 py-3 first:border-t-0 sm:table-row sm:p-0"
            >
              {columns.map((column, index) =>
                index === 0 ? (
                  <th
                    key={column.heading}
                    role="rowheader"
                    scope="row"
                    className="block text-start align-top font-medium sm:table-cell sm:border-t sm:border-line sm:px-4 sm:py-3"
                  >
                    {column.cell(item)}
                  </th>
                ) : (
                  <td
                    key={column.heading}
                    role="cell"
                    className={`figures flex justify-between gap-4 py-0.5 align-top sm:table-cell sm:border-t sm:border-line sm:px-4 sm:py-3 ${column.isNumber ? 'sm:text-end' : ''}`}
                  >
                    <span aria-hidden="true" className="max-w-1/2 shrink-0 text-sm text-ink-soft sm:hidden">
                      {column.heading}
                    </span>
                    {/* Two, so that the page's direction says which side is the end, and the text's own how it runs. */}
                    <span className={`min-w-0 text-end [unicode-bidi:normal] ${column.isNumber ? '' : 'sm:text-start'}`}>
                      <span className="block">{column.cell(item)}</span>
                    </span>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: see above */}
    </div>
  )
}
