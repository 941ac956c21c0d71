import type { BandLimits } from '@/components/gradebook/bands'
import { gradeLook, TotalCell } from '@/components/gradebook/grid-cells'
import type { GridRow, shownAssignments } from '@/components/gradebook/rows'
import { type Format, formatNumber } from '@/components/ui/format'

const assignmentsOnPaper = 7

/** The whole gradebook for paper, in tables as wide as a page; drawn only while printing. */
export function PrintTables({
  label,
  rows,
  assignments,
  colours,
  format,
}: Readonly<{
  label: string
  rows: readonly GridRow[]
  assignments: ReturnType<typeof shownAssignments>
  colours: BandLimits
  format: Format
}>) {
  const pages = Array.from({ length: Math.max(1, Math.ceil(assignments.length / assignmentsOnPaper)) }, (_, page) =>
    assignments.slice(page * assignmentsOnPaper, (page + 1) * assignmentsOnPaper),
  )
  return pages.map((columns, page) => (
    <table key={columns[0]?.assignment.id ?? label} className="mb-6 w-full border-collapse text-start text-xs">
      <caption className="text-start font-semibold">
        {label}
        {pages.length > 1 && `, part ${page + 1} of ${pages.length}`}
      </caption>
      <thead>
        <tr>
          <th scope="col" className="border border-line p-1 text-start">
            Student
          </th>
          <th scope="col" className="border border-line p-1 text-start">
            Current grade
          </th>
          {columns.map(({ assignment }) => (
            <th key={assignment.id} scope="col" className="border border-line p-1 text-start font-medium">
              {assignment.title} (of {formatNumber(assignment.maxPoints, format)})
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ student, cells }) => (
          <tr key={student.id}>
            <th scope="row" className="border border-line p-1 text-start font-medium">
              {student.name}
            </th>
            <td className="border border-line p-1">
              <TotalCell total={student.totals.current} colours={colours} format={format} />
            </td>
            {columns.map(({ assignment, position }) => {
              const { text, className } = gradeLook(cells[position] ?? '', assignment.maxPoints, { colours, format })
              return (
                <td key={assignment.id} className="border border-line p-1">
                  <span className={className}>{text}</span>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  ))
}
