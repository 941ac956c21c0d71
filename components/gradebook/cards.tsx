'use client'

import Link from 'next/link'
import { useState } from 'react'
import type { BandLimits } from '@/components/gradebook/bands'
import { gradeLook, TotalCell } from '@/components/gradebook/grid-cells'
import type { GridRow, shownAssignments } from '@/components/gradebook/rows'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { countOf, type Format, formatNumber } from '@/components/ui/format'

const cardsAtOnce = 30

/** The gradebook on a phone: a card for each student, their grades behind one tap. */
export function Cards({
  rows,
  assignments,
  colours,
  format,
}: Readonly<{
  rows: readonly GridRow[]
  assignments: ReturnType<typeof shownAssignments>
  colours: BandLimits
  format: Format
}>) {
  const [count, setCount] = useState(cardsAtOnce)
  const hidden = rows.length - count
  return (
    <div className="grid gap-3">
      <ul className="grid gap-2">
        {rows.slice(0, count).map((row) => (
          <Card key={row.student.id} row={row} assignments={assignments} colours={colours} format={format} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button type="button" onClick={() => setCount(count + cardsAtOnce)}>
          Show {countOf(Math.min(hidden, cardsAtOnce), 'more student', 'more students', format)}
        </Button>
      )}
    </div>
  )
}

function Card({
  row,
  assignments,
  colours,
  format,
}: Readonly<{ row: GridRow; assignments: ReturnType<typeof shownAssignments>; colours: BandLimits; format: Format }>) {
  const [isOpen, setIsOpen] = useState(false)
  const { student, cells, missingCount } = row
  const listId = `grades-${student.id}`
  return (
    <li className="grid gap-2 rounded-lg border border-line bg-surface p-3">
      <div className="flex items-start justify-between gap-3">
        <Link href={`/students/${student.id}`} prefetch={false} className="font-semibold text-ink">
          <bdi>{student.name}</bdi>
        </Link>
        {missingCount > 0 && <Badge tone="bad">{formatNumber(missingCount, format)} missing</Badge>}
      </div>
      <dl className="grid grid-cols-2 gap-2 text-sm">
        <div>
          <dt className="text-ink-soft">Current grade</dt>
          <dd className="figures">
            <TotalCell total={student.totals.current} colours={colours} format={format} />
          </dd>
        </div>
        <div>
          <dt className="text-ink-soft">If missing is 0</dt>
          <dd className="figures">
            <TotalCell total={student.totals.ifMissingIsZero} colours={colours} format={format} />
          </dd>
        </div>
      </dl>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={listId}
        onClick={() => setIsOpen(!isOpen)}
        className="min-h-8 justify-self-start text-sm font-medium text-accent underline"
      >
        {isOpen ? 'Hide grades' : 'Show grades'}
        <span className="sr-only"> of {student.name}</span>
      </button>
      <dl id={listId} hidden={!isOpen} className="grid gap-1 text-sm">
        {isOpen &&
          assignments.map(({ assignment, position }) => {
            const { text, words, className } = gradeLook(cells[position] ?? '', assignment.maxPoints, { colours, format })
            return (
              <div key={assignment.id} className="flex items-baseline justify-between gap-3 border-t border-line pt-1">
                <dt className="min-w-0">
                  <bdi>{assignment.title}</bdi>
                </dt>
                <dd className="figures flex-none">
                  <span className={className} aria-hidden="true">
                    {text}
                  </span>
                  <span className="sr-only">{words}</span>
                </dd>
              </div>
            )
          })}
      </dl>
    </li>
  )
}
