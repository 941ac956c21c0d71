'use client'

import { useActionState, useEffect, useRef } from 'react'
import { FillLists } from '@/components/imports/fill-lists'
import { ProblemList } from '@/components/imports/problem-list'
import { Alert } from '@/components/ui/alert'
import { Section } from '@/components/ui/card'
import { type Column, DataTable } from '@/components/ui/data-table'
import { SelectField } from '@/components/ui/field'
import { countOf, type Format, formatNumber } from '@/components/ui/format'
import { SignInAgain } from '@/components/ui/sign-in-again'
import { SubmitButton } from '@/components/ui/submit-button'
import type { FillColumn, FillView } from '@/lib/imports/fill-views'
import type { ImportProblem } from '@/lib/imports/views'

/** What came of a file. Both files travel with the page as base64, so that the server has to keep neither. */
export type FillState =
  | Readonly<{ kind: 'failed'; message: string; problems: readonly ImportProblem[]; needsSignIn: boolean }>
  | Readonly<{ kind: 'filled'; view: FillView; mediaType: string; filled: string; original: string }>
  | null

type Filled = Extract<FillState, { kind: 'filled' }>
type Action = (state: FillState, form: FormData) => Promise<FillState>

/** Two plain forms: one takes the file, the other what the teacher chooses about it. Neither needs a script. */
export function FillForm({
  action,
  classId,
  termId,
  bytesMax,
  format,
}: Readonly<{ action: Action; classId: string; termId: string; bytesMax: number; format: Format }>) {
  const [state, submit] = useActionState(action, null)
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state !== null) outcome.current?.focus()
  }, [state])
  const place = (
    <>
      <input type="hidden" name="classId" value={classId} />
      <input type="hidden" name="termId" value={termId} />
    </>
  )
  return (
    <div className="grid min-w-0 gap-6">
      <form action={submit} className="grid max-w-3xl gap-3 rounded-lg border border-line bg-surface p-4 sm:p-5">
        {place}
        <label htmlFor="fill-file" className="text-lg font-semibold">
          {state?.kind === 'filled' ? 'Another file' : 'File of the other system'}
        </label>
        <p id="fill-hint" className="text-ink-soft">
          CSV, tab-separated text or an Excel workbook, up to {formatNumber(bytesMax / 1024 / 1024, format)} MB.
        </p>
        <input
          id="fill-file"
          name="file"
          type="file"
          required
          accept=".csv,.tsv,.txt,.xls,.xlsx"
          aria-describedby="fill-hint"
          className="w-full file:me-3 file:min-h-10 file:cursor-pointer file:rounded-md file:border-0 file:bg-accent-soft file:px-4 file:font-medium file:text-accent-strong"
        />
        <div>
          <SubmitButton look={state?.kind === 'filled' ? 'quiet' : 'primary'} pendingText="Reading the file…">
            Fill this file
          </SubmitButton>
        </div>
      </form>
      <div ref={outcome} tabIndex={-1} className={state === null ? 'hidden' : 'grid min-w-0 gap-6 outline-none'}>
        {state?.kind === 'failed' && <Failed state={state} format={format} />}
        {state?.kind === 'filled' && (
          <>
            <FilledFile state={state} format={format} />
            <form action={submit} className="grid min-w-0 gap-4">
              {place}
              <input type="hidden" name="original" value={state.original} />
              <input type="hidden" name="fileName" value={state.view.fileName} />
              <Choices view={state.view} format={format} />
            </form>
            <FillLists view={state.view} format={format} />
          </>
        )}
      </div>
    </div>
  )
}

function Failed({ state, format }: Readonly<{ state: Extract<FillState, { kind: 'failed' }>; format: Format }>) {
  return (
    <div className="grid gap-3">
      <Alert tone="bad" title="This file was not filled" isLive>
        <p>{state.message}</p>
        {state.needsSignIn && <SignInAgain />}
      </Alert>
      {state.problems.length > 0 && <ProblemList problems={state.problems} format={format} />}
    </div>
  )
}

/** What was done, and the file: a plain link that holds it, so that it needs neither a script nor a second question to the server. */
function FilledFile({ state, format }: Readonly<{ state: Filled; format: Format }>) {
  const { view, mediaType, filled } = state
  const cells = countOf(view.filled, 'cell was', 'cells were', format)
  return (
    <div className="grid gap-3">
      <Alert tone={view.filled === 0 ? 'watch' : 'good'} title={`${cells} filled`} isLive>
        <p>
          <bdi>{view.fileName}</bdi>: {view.sourceLabel}; {view.shape}.{' '}
          {countOf(view.studentsMatched, 'student was', 'students were', format)} found in it. Everything else in the file is as
          you gave it.
        </p>
      </Alert>
      <div>
        <a
          href={`data:${mediaType};base64,${filled}`}
          download={view.fileName}
          className="inline-flex min-h-10 items-center rounded-md bg-accent px-4 py-2 font-medium text-on-accent no-underline hover:bg-accent-strong"
        >
          Download the filled file
        </a>
      </div>
    </div>
  )
}

function Choices({ view, format }: Readonly<{ view: FillView; format: Format }>) {
  const number = (count: number) => formatNumber(count, format)
  const columns: readonly Column<FillColumn>[] = [
    {
      heading: 'Column of the file',
      cell: ({ name, title, points }) => (
        <>
          {name}: <bdi>{title}</bdi>
          {points !== null && (
            <span className="block text-sm font-normal text-watch">
              out of {points.file} there, out of {points.own} here
            </span>
          )}
        </>
      ),
    },
    { heading: 'Gets the grades of', cell: (column) => <TargetSelect column={column} assignments={view.assignments} /> },
    { heading: 'Filled', isNumber: true, cell: ({ filled }) => number(filled) },
    { heading: 'Already the same', isNumber: true, cell: ({ same }) => number(same) },
    { heading: 'Already different', isNumber: true, cell: ({ different }) => number(different) },
    { heading: 'Not written', isNumber: true, cell: ({ unwritten }) => number(unwritten) },
  ]
  return (
    <Section id="columns" title="Columns">
      <DataTable caption="Columns of the file" columns={columns} items={view.columns} keyOf={({ at }) => String(at)} />
      <div className="grid items-end gap-4 sm:grid-cols-2">
        <SelectField id="decimal" name="decimal" label="Decimal mark in the file" defaultValue={view.decimal}>
          <option value=".">Point: 8.5</option>
          <option value=",">Comma: 8,5</option>
        </SelectField>
        <label className="flex min-h-10 items-center gap-2">
          <input type="checkbox" name="overwrites" defaultChecked={view.overwrites} className="size-5" />
          Put the grades from here also where the file holds something else
        </label>
      </div>
      <div>
        <SubmitButton look="quiet" pendingText="Filling…">
          Fill again with these choices
        </SubmitButton>
      </div>
    </Section>
  )
}

function TargetSelect({ column, assignments }: Readonly<{ column: FillColumn; assignments: FillView['assignments'] }>) {
  return (
    <select
      name={`column-${column.at}`}
      aria-label={`Column ${column.name} gets the grades of`}
      defaultValue={column.assignmentId ?? 'leave'}
      className="min-h-10 w-full max-w-72 rounded-md bg-surface px-3 py-2 shadow-[inset_0_0_0_1px_var(--line-strong)]"
    >
      <option value="leave">Nothing: leave it as it is</option>
      {assignments.map(({ id, title, dueOn }) => (
        <option key={id} value={id}>
          {dueOn === null ? title : `${title} (${dueOn})`}
        </option>
      ))}
    </select>
  )
}
