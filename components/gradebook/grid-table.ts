'use client'

import {
  columnFilteringFeature,
  createColumnHelper,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useMemo } from 'react'
import { fold, type GridRow, rowsOf, sortValue } from '@/components/gradebook/rows'
import type { GradebookView } from '@/lib/gradebook/views'

const features = tableFeatures({
  columnFilteringFeature,
  globalFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
})
const helper = createColumnHelper<typeof features, GridRow>()

/** The column ids that are not assignments. */
export const nameColumn = 'name'
export const currentColumn = 'current'
export const ifMissingColumn = 'ifMissing'
export const missingColumn = 'missing'

/** The column id of the assignment at a position of the gradebook. */
export function assignmentColumn(position: number): string {
  return `item:${position}`
}

// All that sorting by number needs of a row; values that are undefined never reach it (sortUndefined).
type Valued = { getValue: (columnId: string) => unknown }

/** The table model of a gradebook: sorting by any column, filtering by student name. Rows without a value always come last. */
export function useGradebookTable(view: GradebookView, locale: string) {
  const data = useMemo(() => rowsOf(view), [view])
  const columns = useMemo(() => {
    const collator = new Intl.Collator(locale, { numeric: true })
    const byNumber = {
      sortUndefined: 'last' as const,
      sortDescFirst: false,
      sortFn: (a: Valued, b: Valued, id: string) => Number(a.getValue(id)) - Number(b.getValue(id)),
    }
    return helper.columns([
      helper.accessor((row) => row.student.name, {
        id: nameColumn,
        sortDescFirst: false,
        sortFn: (a, b) => collator.compare(a.original.student.name, b.original.student.name),
      }),
      helper.accessor((row) => percentNumber(row.student.totals.current.percent), { id: currentColumn, ...byNumber }),
      helper.accessor((row) => percentNumber(row.student.totals.ifMissingIsZero.percent), { id: ifMissingColumn, ...byNumber }),
      helper.accessor((row) => row.missingCount, { id: missingColumn, ...byNumber }),
      ...view.assignments.map(({ maxPoints }, position) =>
        helper.accessor((row) => sortValue(row.cells[position], maxPoints), { id: assignmentColumn(position), ...byNumber }),
      ),
    ])
  }, [view.assignments, locale])

  return useTable({
    features,
    columns,
    data,
    getRowId: (row) => row.student.id,
    getColumnCanGlobalFilter: (column) => column.id === nameColumn,
    globalFilterFn: (row, _columnId, wanted) => fold(row.original.student.name).includes(fold(String(wanted))),
    enableMultiSort: false,
  })
}

function percentNumber(percent: string | null): number | undefined {
  return percent === null ? undefined : Number(percent)
}
