import { Badge } from '@/components/ui/badge'
import { formatNumber, type Format } from '@/components/ui/format'
import type { ShapeView } from '@/lib/imports/wizard-views'

const roleWords: Readonly<Record<string, string>> = {
  heading: 'Headings',
  describing: 'About the columns',
  header: 'Headings',
  dates: 'Dates',
  points: 'Points',
  categories: 'Categories',
  student: 'Student',
  totals: 'Not a student',
  skipped: 'Skipped',
  title: 'Title',
  blank: 'Blank',
  test: 'Test student',
}

/** The word for what a row of the file is; a role this page has no word for is shown as it is called. */
export function rowRoleWord(role: string): string {
  return roleWords[role] ?? role
}

/** The first rows of the file as they were read, with what each row is. */
export function PreviewTable({ preview, format }: Readonly<{ preview: ShapeView['preview']; format: Format }>) {
  const width = Math.max(0, ...preview.map(({ cells }) => cells.length))
  return (
    <section
      aria-label="First rows of the file"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="relative overflow-x-auto rounded-lg border border-line bg-surface"
    >
      <table className="figures min-w-full border-separate border-spacing-0 text-start text-sm">
        <caption className="sr-only">First rows of the file as they were read</caption>
        <thead>
          <tr>
            <th scope="col" className="border-b border-line bg-sunken px-3 py-2 text-start font-medium text-ink-soft">
              Row
            </th>
            <th scope="col" className="border-b border-line bg-sunken px-3 py-2 text-start font-medium text-ink-soft">
              What it is
            </th>
            {Array.from({ length: width }, (_, at) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file have no identity but their place
                key={at}
                scope="col"
                className="border-b border-line bg-sunken px-3 py-2 text-start font-medium text-ink-soft"
              >
                <span className="sr-only">Column </span>
                {columnName(at)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.map(({ row, role, cells }) => (
            <tr key={row}>
              <th scope="row" className="border-b border-line px-3 py-1.5 text-start font-normal text-ink-soft">
                {formatNumber(row, format)}
              </th>
              <td className="border-b border-line px-3 py-1.5">
                <Badge tone={role === 'student' ? 'plain' : 'accent'}>{rowRoleWord(role)}</Badge>
              </td>
              {Array.from({ length: width }, (_, at) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  key={at}
                  className="max-w-56 truncate whitespace-nowrap border-b border-line px-3 py-1.5"
                >
                  <bdi>{cells[at] ?? ''}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A column as a spreadsheet names it: A, Z, AA. `at` counts from 0. */
export function columnName(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26))
  return at < 26 ? letter : columnName(Math.floor(at / 26) - 1) + letter
}
