import type { ReactNode } from 'react'
import { WizardForm, type WizardAction } from '@/components/imports/wizard-form'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { countOf, type Format, formatNumber } from '@/components/ui/format'
import { SubmitButton } from '@/components/ui/submit-button'
import { type UnmatchedRow, unmatchedMax } from '@/lib/imports/wizard-views'

type Common = Readonly<{ action: WizardAction; hidden: Readonly<Record<string, string>>; isReadOnly: boolean; format: Format }>

/** Rows whose student is not known for sure: each beside the students it may mean, one answer a row, or one for all. */
export function UnmatchedRows({ rows, ...common }: Common & Readonly<{ rows: readonly UnmatchedRow[] }>) {
  const { action, hidden, isReadOnly, format } = common
  return (
    <Section id="unmatched" title={countOf(rows.length, 'student we are not sure of', 'students we are not sure of', format)}>
      <p className="max-w-prose">
        The file names them in a way we do not know for sure. Say who each one is. What you do not answer is left out, and said
        so.
        {rows.length === unmatchedMax &&
          ` These are the first ${formatNumber(unmatchedMax, format)}: the next ones come when you have answered.`}
      </p>
      {rows.length > 1 && !isReadOnly && (
        <WizardForm action={action} hidden={hidden} label="One answer for all these students" className="grid gap-2">
          {rows.map(({ row }) => (
            <input key={row} type="hidden" name={`row.${row}`} value="" />
          ))}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" name="all.students" value="new">
              All {formatNumber(rows.length, format)} are new students
            </Button>
            <Button type="submit" name="all.students" value="skip">
              Leave all {formatNumber(rows.length, format)} out
            </Button>
          </div>
        </WizardForm>
      )}
      <WizardForm action={action} hidden={hidden} label="Who these students are">
        <fieldset disabled={isReadOnly} className="grid min-w-0 gap-3">
          <legend className="sr-only">Who these students are</legend>
          <div className="grid gap-3 lg:grid-cols-2">
            {rows.map((row) => (
              <UnmatchedCard key={row.row} unmatched={row} format={format} />
            ))}
          </div>
          <div>
            <SubmitButton pendingText="Reading the file again…">Use these answers</SubmitButton>
          </div>
        </fieldset>
      </WizardForm>
    </Section>
  )
}

function UnmatchedCard({ unmatched, format }: Readonly<{ unmatched: UnmatchedRow; format: Format }>) {
  const { row, name, identifiers, candidates, choice } = unmatched
  const chosen = choice === null ? '' : choice.use === 'student' ? choice.studentId : choice.use
  return (
    <fieldset className="keep-together grid min-w-0 content-start gap-2 rounded-lg border border-line bg-surface p-4">
      <legend className="float-start grid w-full gap-0.5">
        <span className="text-sm text-ink-soft">Row {formatNumber(row, format)} of the file</span>
        <span className="flex flex-wrap items-baseline gap-2 font-semibold">
          <bdi>{name}</bdi>
          {choice !== null && <Badge tone="accent">You answered</Badge>}
        </span>
        {identifiers.length > 0 && <Identifiers values={identifiers} />}
      </legend>
      <div className="clear-both grid gap-1.5">
        {candidates.map((candidate) => (
          <Answer key={candidate.studentId} row={row} value={candidate.studentId} chosen={chosen}>
            <span className="font-medium">
              <span className="sr-only">This student: </span>
              <bdi>{candidate.name}</bdi>
            </span>
            <Identifiers values={candidate.identifiers} />
            <span className="text-sm text-ink-soft">{candidate.why}</span>
          </Answer>
        ))}
        <Answer row={row} value="new" chosen={chosen}>
          <span className="font-medium">A new student</span>
          <span className="text-sm text-ink-soft">The school gets one more student with this name.</span>
        </Answer>
        <Answer row={row} value="skip" chosen={chosen}>
          <span className="font-medium">Leave this row out</span>
          <span className="text-sm text-ink-soft">Nothing of it is written. It stays in the file of left-out rows.</span>
        </Answer>
      </div>
    </fieldset>
  )
}

function Answer({ row, value, chosen, children }: Readonly<{ row: number; value: string; chosen: string; children: ReactNode }>) {
  return (
    <label className="flex items-start gap-2.5 rounded-md border border-line px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft">
      <input
        // Anew when the server knows another answer; the same one leaves what was picked alone.
        key={chosen}
        type="radio"
        name={`student.${row}`}
        value={value}
        defaultChecked={value === chosen}
        className="mt-1 size-4 flex-none accent-accent"
      />
      <span className="grid min-w-0 gap-0.5">{children}</span>
    </label>
  )
}

function Identifiers({ values }: Readonly<{ values: readonly string[] }>) {
  return (
    <span className="text-sm font-normal [overflow-wrap:anywhere]">
      {values.map((value, index) => (
        <span key={value}>
          {index > 0 && ', '}
          <bdi>{value}</bdi>
        </span>
      ))}
    </span>
  )
}
