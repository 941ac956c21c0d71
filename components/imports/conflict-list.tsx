import { textOfCell } from '@/components/gradebook/cell-words'
import { SlicePages } from '@/components/imports/slice-pages'
import { WizardForm, type WizardAction } from '@/components/imports/wizard-form'
import { Button } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { DataTable } from '@/components/ui/data-table'
import { countOf, type Format, formatInstant, formatNumber } from '@/components/ui/format'
import { SubmitButton } from '@/components/ui/submit-button'
import type { ConflictCell, WizardView } from '@/lib/imports/wizard-views'

const conflictsPerPage = 50

/** Cells somebody changed after the file's value: both values, who and when, and which one counts, one by one or all at once. */
export function ConflictList({
  conflicts,
  counts,
  from,
  addressOf,
  action,
  hidden,
  isReadOnly,
  format,
}: Readonly<{
  conflicts: readonly ConflictCell[]
  /** Of all of them, listed or not. */
  counts: WizardView['conflictCounts']
  from: number
  addressOf: (from: number) => string
  action: WizardAction
  hidden: Readonly<Record<string, string>>
  isReadOnly: boolean
  format: Format
}>) {
  const shown = conflicts.slice(from, from + conflictsPerPage)
  return (
    <Section
      id="conflicts"
      title={countOf(counts.all, 'grade was changed by somebody', 'grades were changed by somebody', format)}
    >
      <p className="max-w-prose">
        These grades were changed in the gradebook, and your file says something else. We keep the gradebook’s grade unless you
        say otherwise. Now: {countOf(counts.kept, 'is kept', 'are kept', format)},{' '}
        {countOf(counts.all - counts.kept, 'is', 'are', format)} taken from the file.
        {counts.all > conflicts.length &&
          ` The first ${formatNumber(conflicts.length, format)} are listed below; the two buttons decide for all of them.`}
      </p>
      {!isReadOnly && (
        <WizardForm action={action} hidden={hidden} label="One answer for all these grades" className="grid gap-2">
          <div className="flex flex-wrap gap-2">
            <Button type="submit" name="set.conflicts" value="keep">
              Keep all as they are now
            </Button>
            <Button type="submit" name="set.conflicts" value="take">
              Take all from the file
            </Button>
          </div>
        </WizardForm>
      )}
      <WizardForm action={action} hidden={hidden} label="Which grade counts">
        <fieldset disabled={isReadOnly} className="grid min-w-0 gap-3">
          <legend className="sr-only">Which grade counts</legend>
          <DataTable
            caption="Grades that differ"
            items={shown}
            keyOf={({ row, column }) => `${row}:${column}`}
            columns={[
              {
                heading: 'Student',
                cell: ({ student, assignment }) => (
                  <span className="grid">
                    <span>
                      <bdi>{student}</bdi>
                    </span>
                    <span className="text-sm font-normal text-ink-soft">
                      <bdi>{assignment}</bdi>
                    </span>
                  </span>
                ),
              },
              { heading: 'Changed', cell: (conflict) => <ChangedBy conflict={conflict} format={format} /> },
              { heading: 'Which grade counts', cell: (conflict) => <Choice conflict={conflict} format={format} /> },
            ]}
          />
          <div>
            <SubmitButton look="quiet" pendingText="Reading the file again…">
              Use these answers
            </SubmitButton>
          </div>
        </fieldset>
      </WizardForm>
      <SlicePages
        label="Changed grades"
        addressOf={addressOf}
        from={from}
        shown={shown.length}
        count={conflicts.length}
        pageSize={conflictsPerPage}
        format={format}
      />
    </Section>
  )
}

function ChangedBy({ conflict: { by, at }, format }: Readonly<{ conflict: ConflictCell; format: Format }>) {
  if (by === null && at === null) return <>After the last import</>
  return (
    <span className="grid">
      <span>
        <bdi>{by ?? 'Somebody'}</bdi>
      </span>
      {at !== null && (
        <time dateTime={at} className="text-sm text-ink-soft">
          {formatInstant(at, format)}
        </time>
      )}
    </span>
  )
}

function Choice({ conflict, format }: Readonly<{ conflict: ConflictCell; format: Format }>) {
  const { row, column, student, assignment, now, wanted, choice } = conflict
  const ways = [
    { value: 'keep', words: 'Keep', cell: now },
    { value: 'take', words: 'Take', cell: wanted },
  ] as const
  return (
    <fieldset className="flex flex-wrap justify-end gap-2 sm:justify-start">
      <legend className="sr-only">
        {student}, {assignment}
      </legend>
      {ways.map(({ value, words, cell }) => (
        <label
          key={value}
          className="flex min-h-9 items-center gap-2 rounded-md border border-line px-3 py-1 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            // Anew when the server knows another answer; the same one leaves what was picked alone.
            key={choice}
            type="radio"
            name={`conflict.${row}:${column}`}
            value={value}
            defaultChecked={value === choice}
            className="size-4 accent-accent"
          />
          <span>
            {words}{' '}
            <strong className="font-semibold">
              <bdi>{cell === '' ? 'no grade' : textOfCell(cell, format)}</bdi>
            </strong>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
