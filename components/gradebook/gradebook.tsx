'use client'

import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { Cards } from '@/components/gradebook/cards'
import { Grid } from '@/components/gradebook/grid'
import { currentColumn, missingColumn, nameColumn, useGradebookTable } from '@/components/gradebook/grid-table'
import { Legend } from '@/components/gradebook/legend'
import { PrintTables } from '@/components/gradebook/print-tables'
import { shownAssignments, tagsOf } from '@/components/gradebook/rows'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { SelectField, TextField } from '@/components/ui/field'
import { type Format, formatNumber } from '@/components/ui/format'
import type { GradebookView } from '@/lib/gradebook/views'

const phoneSorts = [
  { value: '', label: 'As in the class list', sort: null },
  { value: 'name', label: 'Name', sort: { id: nameColumn, desc: false } },
  { value: 'lowest', label: 'Lowest grade first', sort: { id: currentColumn, desc: false } },
  { value: 'highest', label: 'Highest grade first', sort: { id: currentColumn, desc: true } },
  { value: 'missing', label: 'Most missing work first', sort: { id: missingColumn, desc: true } },
] as const

/** A class and term to look through: filters, then the grid, or cards on a phone. The first screen is in the server's markup. */
export function Gradebook({ view, format }: Readonly<{ view: GradebookView; format: Format }>) {
  const [student, setStudent] = useState('')
  const [title, setTitle] = useState('')
  const [tag, setTag] = useState('')
  const isPrinting = usePrinting()

  const table = useGradebookTable(view, format.locale)
  const wantedTitle = useDeferredValue(title)
  const assignments = useMemo(
    () => shownAssignments(view.assignments, { title: wantedTitle, tag }),
    [view.assignments, wantedTitle, tag],
  )
  const tags = useMemo(() => tagsOf(view.assignments, format.locale), [view.assignments, format.locale])
  const { sorting } = table.state
  const sort =
    sorting[0] === undefined ? null : { column: sorting[0].id, direction: sorting[0].desc ? ('desc' as const) : ('asc' as const) }
  const rows = table.getRowModel().rows.map((row) => row.original)

  const filterStudents = (text: string) => {
    setStudent(text)
    table.setGlobalFilter(text)
  }
  const clear = () => {
    filterStudents('')
    setTitle('')
    setTag('')
  }
  const isFiltered = student !== '' || title !== '' || tag !== ''
  const label = `Grades of ${view.class.name}, ${view.term.name}`
  const shown = { rows, assignments, colours: view.colours, format }

  if (isPrinting) return <PrintTables label={label} {...shown} />
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <search className="no-print grid grid-cols-2 items-end gap-3 lg:grid-cols-[minmax(0,16rem)_minmax(0,16rem)_minmax(0,12rem)_auto_1fr]">
        <TextField
          id="filter-student"
          label="Student"
          type="search"
          autoComplete="off"
          value={student}
          onChange={(event) => filterStudents(event.target.value)}
        />
        <TextField
          id="filter-title"
          label="Assignment"
          type="search"
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        {tags.length > 0 && (
          <SelectField id="filter-tag" label="Tag" value={tag} onChange={(event) => setTag(event.target.value)}>
            <option value="">All tags</option>
            {tags.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </SelectField>
        )}
        <div className="sm:hidden">
          <SelectField
            id="sort"
            label="Order"
            value={
              phoneSorts.find((option) => option.sort?.id === sort?.column && option.sort?.desc === (sort?.direction === 'desc'))
                ?.value ?? ''
            }
            onChange={(event) => {
              const chosen = phoneSorts.find(({ value }) => value === event.target.value)?.sort ?? null
              table.setSorting(chosen === null ? [] : [chosen])
            }}
          >
            {phoneSorts.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </SelectField>
        </div>
        {isFiltered && (
          <Button type="button" onClick={clear}>
            Show all
          </Button>
        )}
      </search>

      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 text-sm text-ink-soft">
        <p role="status">
          {isFiltered
            ? `Showing ${formatNumber(rows.length, format)} of ${formatNumber(view.students.length, format)} students and ${formatNumber(assignments.length, format)} of ${formatNumber(view.assignments.length, format)} assignments.`
            : `${formatNumber(view.students.length, format)} students, ${formatNumber(view.assignments.length, format)} assignments.`}
        </p>
        <Legend colours={view.colours} format={format} />
      </div>

      {rows.length === 0 ? (
        <EmptyState
          title="No student matches"
          action={
            <Button type="button" onClick={clear}>
              Show all
            </Button>
          }
        >
          No name in this class holds “{student}”.
        </EmptyState>
      ) : (
        <>
          <div className="hidden sm:block">
            <Grid label={label} sorting={sort} onSort={(column) => table.getColumn(column)?.toggleSorting()} {...shown} />
          </div>
          <div className="sm:hidden">
            <Cards {...shown} />
          </div>
        </>
      )}
    </div>
  )
}

/** True while the browser prints: paper cannot scroll, so the windowed grid gives way to whole tables. */
function usePrinting(): boolean {
  const [isPrinting, setIsPrinting] = useState(false)
  useEffect(() => {
    // The browser takes its picture as soon as this event returns, so the tables must stand before that.
    const start = () => flushSync(() => setIsPrinting(true))
    const end = () => setIsPrinting(false)
    window.addEventListener('beforeprint', start)
    window.addEventListener('afterprint', end)
    return () => {
      window.removeEventListener('beforeprint', start)
      window.removeEventListener('afterprint', end)
    }
  }, [])
  return isPrinting
}
